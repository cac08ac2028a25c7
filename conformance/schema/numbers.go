package schema

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Numbers longer than this, or with a greater exponent, never reach the validator: it would write them out in full, and
// breaks on those that it cannot.
const monstrous = 400

// tame gives v with an ordinary number of the same sign in place of every monstrous one. Without one, it is v itself.
func tame(v any) any {
	if !holdsMonster(v) {
		return v
	}
	return tamed(v)
}

func holdsMonster(v any) bool {
	switch v := v.(type) {
	case json.Number:
		return isMonster(string(v))
	case map[string]any:
		for _, member := range v {
			if holdsMonster(member) {
				return true
			}
		}
	case []any:
		for _, element := range v {
			if holdsMonster(element) {
				return true
			}
		}
	}
	return false
}

func isMonster(text string) bool {
	if len(text) > monstrous {
		return true
	}
	e := strings.IndexAny(text, "eE")
	if e < 0 {
		return false
	}
	exponent, err := strconv.Atoi(text[e+1:])
	return err != nil || exponent > monstrous || exponent < -monstrous
}

func tamed(v any) any {
	switch v := v.(type) {
	case json.Number:
		return json.Number(tamedText(string(v)))
	case map[string]any:
		members := make(map[string]any, len(v))
		for name, member := range v {
			members[name] = tamed(member)
		}
		return members
	case []any:
		elements := make([]any, len(v))
		for i, element := range v {
			elements[i] = tamed(element)
		}
		return elements
	}
	return v
}

// tamedText keeps of a monstrous number what a schema may ask for: its sign, whether it is nothing, and whether it is
// whole or a fraction.
func tamedText(text string) string {
	if !isMonster(text) {
		return text
	}
	sign, digits := "", text
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	mantissa, exponent := digits, ""
	if e := strings.IndexAny(digits, "eE"); e >= 0 {
		mantissa, exponent = digits[:e], digits[e+1:]
	}
	switch {
	case strings.Trim(mantissa, "0.") == "":
		return "0"
	case strings.HasPrefix(exponent, "-"), exponent == "" && strings.Contains(mantissa, "."):
		return sign + "0.5"
	}
	return sign + "1e300"
}
