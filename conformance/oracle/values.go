package oracle

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// decimal is the exact value of a JSON number, unless writing it out would take more room than any honest number needs.
func decimal(v any) (*big.Rat, bool) {
	n, ok := v.(json.Number)
	if !ok || len(n) > 400 {
		return nil, false
	}
	if e := strings.IndexAny(string(n), "eE"); e >= 0 {
		if exponent, err := strconv.Atoi(string(n[e+1:])); err != nil || exponent > 400 || exponent < -400 {
			return nil, false
		}
	}
	return wire.Decimal(n)
}

// digits is how many significant decimal digits r needs; 0 needs none.
func digits(r *big.Rat) int {
	places, _ := r.FloatPrec() // every r of this package came from a decimal
	text := strings.TrimLeft(strings.ReplaceAll(strings.TrimPrefix(r.FloatString(places), "-"), ".", ""), "0")
	return len(strings.TrimRight(text, "0"))
}

// amount reads "USD:5.00" (§9.6).
func amount(v any) (unit string, value *big.Rat, ok bool) {
	text, _ := v.(string)
	unit, number, ok := strings.Cut(text, ":")
	if !ok || unit == "" {
		return "", nil, false
	}
	value, ok = plain(number)
	return unit, value, ok
}

// plain reads digits with at most one dot between them.
func plain(text string) (*big.Rat, bool) {
	if text == "" || len(text) > 400 || strings.Trim(text, "0123456789.") != "" ||
		text[0] == '.' || text[len(text)-1] == '.' || strings.Count(text, ".") > 1 {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// counter reads the value of a budget counter: a number, or what some peers write in its place.
func counter(v any) (*big.Rat, bool) {
	text, isText := v.(string)
	if !isText {
		return decimal(v)
	}
	if _, number, ok := strings.Cut(text, ":"); ok {
		text = number
	}
	negative := strings.HasPrefix(text, "-")
	r, ok := plain(strings.TrimPrefix(text, "-"))
	if ok && negative {
		r.Neg(r)
	}
	return r, ok
}

// whole is the whole number at path in v, not negative.
func whole(v any, path ...string) (uint64, bool) {
	at, _ := wire.Lookup(v, path...)
	r, ok := decimal(at)
	if !ok || !r.IsInt() || !r.Num().IsUint64() {
		return 0, false
	}
	return r.Num().Uint64(), true
}

// same compares parsed JSON by meaning: order of members, spelling of numbers, and null for absent do not matter.
func same(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && sameMembers(a, b)
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !same(a[i], b[i]) {
				return false
			}
		}
		return true
	case json.Number:
		b, ok := b.(json.Number)
		if !ok || a == b {
			return ok
		}
		x, okX := decimal(a)
		y, okY := decimal(b)
		return okX && okY && x.Cmp(y) == 0
	}
	return a == b
}

// sameMembers takes a member that is null for one that is not there.
func sameMembers(a, b map[string]any) bool {
	for name, v := range a {
		if v != nil && !same(v, b[name]) {
			return false
		}
	}
	for name, v := range b {
		if v != nil && a[name] == nil {
			return false
		}
	}
	return true
}

// contains says whether list is a list with the string name in it.
func contains(list any, name string) bool {
	elements, _ := list.([]any)
	for _, e := range elements {
		if e == name {
			return name != ""
		}
	}
	return false
}
