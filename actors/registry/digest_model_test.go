package registry_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

// figure is a number of a model value: digits, of which the last is not 0, and a power of ten.
type figure struct{ digits, power int }

// value draws a JSON value: nil, a bool, a string, a figure, a list or a map of such.
func value(t *rapid.T, depth int) any {
	kinds := 4
	if depth > 0 {
		kinds = 6
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return rapid.SampledFrom([]any{nil, true, false}).Draw(t, "word")
	case 1:
		return rapid.SampledFrom([]string{"", "a", "b", "\"", "\\", "/", "é", "😀", "a,b", "\n"}).Draw(t, "text")
	case 2, 3:
		digits := rapid.SampledFrom([]int{0, 1, -1, 5, 12, 21, 105, 999999999}).Draw(t, "digits")
		if digits == 0 {
			return figure{}
		}
		return figure{digits, rapid.IntRange(-3, 3).Draw(t, "power")}
	case 4:
		list := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			list = append(list, value(t, depth-1))
		}
		return list
	default:
		object := map[string]any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			object[rapid.SampledFrom([]string{"", "a", "b", "ab", "é"}).Draw(t, "key")] = value(t, depth-1)
		}
		return object
	}
}

// write renders a value in one of the many ways that there are.
func write(t *rapid.T, v any) string {
	space := rapid.SampledFrom([]string{"", "", " ", "\n\t"}).Draw(t, "space")
	var parts []string
	switch v := v.(type) {
	case figure:
		return space + writeFigure(t, v) + space
	case string:
		return space + writeText(t, v) + space
	case []any:
		for _, element := range v {
			parts = append(parts, write(t, element))
		}
		return space + "[" + strings.Join(parts, ",") + space + "]"
	case map[string]any:
		for _, key := range rapid.Permutation(slices.Sorted(maps.Keys(v))).Draw(t, "order") {
			parts = append(parts, space+writeText(t, key)+space+":"+write(t, v[key]))
		}
		return "{" + strings.Join(parts, ",") + space + "}" + space
	default:
		text, _ := json.Marshal(v)
		return space + string(text) + space
	}
}

// writeFigure moves digits behind the point and zeros to the end, and makes up for it with the exponent.
func writeFigure(t *rapid.T, f figure) string {
	text := fmt.Sprint(f.digits)
	sign := ""
	if f.digits < 0 {
		sign, text = "-", text[1:]
	}
	if f.digits == 0 {
		return rapid.SampledFrom([]string{"0", "-0", "0.00", "0e7", "-0.0E-99999999999999999999"}).Draw(t, "zero")
	}
	zeros, behind := rapid.IntRange(0, 3).Draw(t, "zeros"), rapid.IntRange(0, 5).Draw(t, "behind")
	power := f.power - zeros + behind
	text += strings.Repeat("0", zeros)
	for len(text) <= behind {
		text = "0" + text
	}
	if behind > 0 {
		text = text[:len(text)-behind] + "." + text[len(text)-behind:]
	}
	if power == 0 && rapid.Bool().Draw(t, "plain") {
		return sign + text
	}
	return sign + text + fmt.Sprintf(rapid.SampledFrom([]string{"e%d", "E%+d", "e%+030d"}).Draw(t, "exponent"), power)
}

func writeText(t *rapid.T, text string) string {
	quoted, _ := json.Marshal(text)
	if !rapid.Bool().Draw(t, "escaped") {
		return string(quoted)
	}
	var escaped strings.Builder
	for _, r := range text {
		if r > 0xffff {
			escaped.WriteString(`\ud83d\ude00`) // the only one that is drawn
			continue
		}
		fmt.Fprintf(&escaped, `\u%04X`, r)
	}
	return `"` + escaped.String() + `"`
}

// TestDigestIsOfTheValue holds that two texts have one digest where they say the same, and else not.
func TestDigestIsOfTheValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		depth := rapid.IntRange(0, 2).Draw(t, "depth")
		a := value(t, depth)
		b := a
		if rapid.Bool().Draw(t, "another") {
			b = value(t, depth)
		}
		one, other := write(t, a), write(t, b)
		if !json.Valid([]byte(one)) {
			t.Fatalf("not JSON: %s", one)
		}
		same := registry.Digest(protocol.JobSubmit{Input: json.RawMessage(one)}) == registry.Digest(protocol.JobSubmit{Input: json.RawMessage(other)})
		if same != reflect.DeepEqual(a, b) {
			t.Fatalf("%s and %s: one digest is %v", one, other, same)
		}
	})
}

// FuzzDigest looks for inputs that break the reader, or that mean the same by encoding/json and not here.
func FuzzDigest(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,-0e9],"b":"\u0061"}`, `1e99999999999999999999`, `[]`, `"`, `{"a":}`, ` null `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		digest := registry.Digest(protocol.JobSubmit{Input: input})
		if len(input) == 0 || protocol.CheckValue(input) != nil {
			return
		}
		decoder := json.NewDecoder(strings.NewReader(string(input)))
		decoder.UseNumber() // which keeps the text, and so says less than the value
		var v any
		if err := decoder.Decode(&v); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(v) // in the order of the keys, and without white space
		if err != nil {
			t.Fatal(err)
		}
		if registry.Digest(protocol.JobSubmit{Input: again}) != digest {
			t.Fatalf("%s and %s differ", input, again)
		}
	})
}
