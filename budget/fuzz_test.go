package budget_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/budget"
)

// FuzzParseAmount compares the reading of any text with the standard library's: encoding/json says what a number
// is, and math/big which.
func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{
		"", "0", "-0", "5.00", "0.0234", "0.00000015", "4.4999999999999993e-07", "1e999999999", "1e-999999999", "0e999999999",
		nines(24), "1" + zeros(24), "1e-40", "1e-41", nines(23) + "." + nines(40), "05", "+5", ".5", "5.", "NaN", "0x1p4", "1_0", "1/3", " 1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := budget.ParseAmount(text)
		switch {
		case !isNumber(text) || len(text) > budget.MaxText:
			if err == nil {
				t.Fatalf("%q is %v", text, got)
			}
		case unwritable(text):
			mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
			if isZero := !strings.ContainsAny(mantissa, "123456789"); isZero != (err == nil) || !got.IsZero() {
				t.Fatalf("%q is %v, %v", text, got, err)
			}
		default:
			want, _ := rat(text)
			parsed(t, text, want)
		}
		if err != nil {
			return
		}
		if again, err := budget.ParseAmount(got.String()); err == nil && again != got {
			t.Fatalf("%q is %v, which is %v", text, got, again)
		}
	})
}

// unwritable says whether a number's exponent has more than four digits: too many for the model to write it out.
func unwritable(text string) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	return len(strings.TrimLeft(exponent, "+-0")) > 4
}

// FuzzParseGrant holds that a grant is a currency, a colon, and digits with at most one point between them.
func FuzzParseGrant(f *testing.F) {
	for _, seed := range []string{
		"USD:5.00", "credits:1000", "USD:0", "x:0.00000015", "USD:" + nines(24), "USD:-1", "USD:1e3", "USD:", ":5", "USD:.5", "USD:5.",
		"USD:+5", "USD: 5", "USD:NaN", "USD:0x1p4", "USD:1_000", "USD", "5", "", "USD:1:2", "a-b.c_d:007.50",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := budget.ParseGrant(text)
		currency, decimal, _ := strings.Cut(text, ":")
		number, grammatical := decimalOf(decimal)
		if !grammatical || !budget.IsCurrency(currency) || len(decimal) > budget.MaxText || limits(number) != "" {
			if err == nil {
				t.Fatalf("%q is %v", text, got)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		same(t, text, got.Amount, number)
		if got.Currency != currency || got.String() != currency+":"+canonical(number) {
			t.Fatalf("%q is %v", text, got)
		}
	})
}

// decimalOf reads `digits ( "." digits )?`.
func decimalOf(text string) (*big.Rat, bool) {
	whole, fraction, pointed := strings.Cut(text, ".")
	if whole == "" || pointed && fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return nil, false
	}
	if len(text) > budget.MaxText {
		return nil, true
	}
	return new(big.Rat).SetString(text)
}
