package budget_test

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/budget"
)

// The dumb model of an amount is a *big.Rat; this file says what the package must do in its terms.

// rat returns the number that a JSON number's text is, and false for a text that is none. The exponent must be
// one that big.Rat can write out.
func rat(text string) (*big.Rat, bool) {
	if !isNumber(text) {
		return nil, false
	}
	r, ok := new(big.Rat).SetString(text)
	return r, ok
}

// isNumber says whether a text is a number of the JSON grammar, and nothing else. The standard library knows.
func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "-0123456789.eE+") == "" && json.Valid([]byte(text))
}

func tenTo(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }

// limits says what is wrong with a number by the package's documentation.
func limits(r *big.Rat) budget.Problem {
	units := new(big.Rat).Mul(r, new(big.Rat).SetInt(tenTo(40)))
	switch {
	case !units.IsInt():
		return budget.TooFine
	case new(big.Rat).Abs(r).Cmp(new(big.Rat).SetInt(tenTo(24))) >= 0:
		return budget.TooLarge
	}
	return ""
}

// canonical writes a number without an exponent and without zeros that carry nothing.
func canonical(r *big.Rat) string {
	return strings.TrimSuffix(strings.TrimRight(r.FloatString(40), "0"), ".")
}

// same wants an amount to be the number in every respect.
func same(t rapid.TB, what string, got budget.Amount, want *big.Rat) {
	t.Helper()
	if got.String() != canonical(want) {
		t.Fatalf("%s = %v, want %s", what, got, canonical(want))
	}
	if got.Sign() != want.Sign() || got.IsZero() != (want.Sign() == 0) {
		t.Fatalf("%s = %v with sign %d", what, got, got.Sign())
	}
	if text, err := got.MarshalJSON(); err != nil || string(text) != canonical(want) {
		t.Fatalf("%s = %v in JSON: %s, %v", what, got, text, err)
	}
}

// parsed wants a number's text read or refused as the model says.
func parsed(t rapid.TB, text string, want *big.Rat) {
	t.Helper()
	got, err := budget.ParseAmount(text)
	problem := limits(want)
	if len(text) > budget.MaxText {
		problem = budget.TooLong
	}
	if problem == "" {
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		same(t, text, got, want)
		return
	}
	if syntax, ok := err.(*budget.SyntaxError); !ok || syntax.Problem != problem {
		t.Fatalf("%s: got %v, %v, want: %s", text, got, err, problem)
	}
}

func digitsOf(t *rapid.T, label string, least, most int) string {
	return rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), least, most, -1).Draw(t, label)
}

// numberText draws the text of a JSON number about as long and as far from 1 as the limits allow.
func numberText(t *rapid.T) string {
	var text strings.Builder
	if rapid.Bool().Draw(t, "negative") {
		text.WriteByte('-')
	}
	whole := strings.TrimLeft(digitsOf(t, "whole", 0, 27), "0")
	if whole == "" {
		whole = "0"
	}
	text.WriteString(whole)
	if rapid.Bool().Draw(t, "pointed") {
		text.WriteString("." + digitsOf(t, "fraction", 1, 42))
	}
	if rapid.Bool().Draw(t, "scaled") {
		text.WriteString(rapid.SampledFrom([]string{"e", "E", "e+", "e-", "E-"}).Draw(t, "e"))
		text.WriteString(rapid.SampledFrom([]string{"", "", "0", "000"}).Draw(t, "zeros"))
		text.WriteString(strconv.Itoa(rapid.IntRange(0, 70).Draw(t, "power")))
	}
	return text.String()
}

func TestEveryJSONNumberIsReadOrRefusedAsTheModelSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := numberText(t)
		want, ok := rat(text)
		if !ok {
			t.Fatalf("%s is no number", text)
		}
		parsed(t, text, want)
	})
}

// drawAmount draws an amount within the limits, with its model.
func drawAmount(t *rapid.T, label string) (budget.Amount, *big.Rat) {
	whole := digitsOf(t, label+", whole", 1, 24)
	fraction := digitsOf(t, label+", fraction", 0, 40)
	negative := rapid.Bool().Draw(t, label+", negative")
	units, _ := new(big.Int).SetString(whole+fraction, 10)
	if negative {
		units.Neg(units)
	}
	text := units.String() + "e-" + strconv.Itoa(len(fraction))
	if len(text) > budget.MaxText {
		t.Skip("longer than a text may be")
	}
	a, err := budget.ParseAmount(text)
	if err != nil {
		t.Fatal(err)
	}
	return a, new(big.Rat).SetFrac(units, tenTo(int64(len(fraction))))
}

func TestArithmeticIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, x := drawAmount(t, "a")
		b, y := drawAmount(t, "b")
		sum, err := a.Add(b)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "a+b", sum, new(big.Rat).Add(x, y))
		difference, err := a.Sub(b)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "a-b", difference, new(big.Rat).Sub(x, y))
		same(t, "-a", a.Neg(), new(big.Rat).Neg(x))
		if got, want := a.Cmp(b), x.Cmp(y); got != want || (a == b) != (want == 0) || a.Equal(b) != (want == 0) {
			t.Fatalf("(%v).Cmp(%v) = %d, want %d", a, b, got, want)
		}
		if again, err := sum.Sub(b); err != nil || again != a {
			t.Fatalf("a+b-b = %v, %v, want %v", again, err, a)
		}
	})
}

// However many amounts are summed, and in whatever order, no digit is lost.
func TestSumsAreExactInEveryOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var costs []budget.Amount
		total := new(big.Rat)
		for range rapid.IntRange(0, 50).Draw(t, "n") {
			a, x := drawAmount(t, "cost")
			costs = append(costs, a)
			total.Add(total, x)
		}
		for range 2 {
			var sum budget.Amount
			for _, cost := range costs {
				var err error
				if sum, err = sum.Add(cost); err != nil {
					t.Fatal(err)
				}
			}
			same(t, "sum", sum, total)
			costs = rapid.Permutation(costs).Draw(t, "order")
		}
	})
}
