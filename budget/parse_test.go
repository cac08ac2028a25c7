package budget_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/budget"
)

// amount reads an amount that has to be one.
func amount(tb testing.TB, text string) budget.Amount {
	tb.Helper()
	a, err := budget.ParseAmount(text)
	if err != nil {
		tb.Fatalf("ParseAmount: %v", err)
	}
	return a
}

func nines(n int) string { return strings.Repeat("9", n) }

func zeros(n int) string { return strings.Repeat("0", n) }

func TestParseAmountReadsJSONNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"zero", "0", "0"},
		{"negative zero", "-0", "0"},
		{"zero in long", "0.000e5", "0"},
		{"zero with any exponent", "0e999999999", "0"},
		{"zero with a long exponent", "0e-" + nines(60), "0"},
		{"whole", "5", "5"},
		{"negative", "-3", "-3"},
		{"negative fraction", "-0.12", "-0.12"},
		{"zeros at the end", "5.00", "5"},
		{"round", "1000", "1000"},
		{"a price of one token", "0.00000015", "0.00000015"},
		{"the same as an exponent", "1.5e-7", "0.00000015"},
		{"what a float64 printed", "4.4999999999999993e-07", "0.00000044999999999999993"},
		{"large E", "5E0", "5"},
		{"exponent with plus", "1e+2", "100"},
		{"exponent with zeros", "1e-007", "0.0000001"},
		{"exponent against fraction", "0.5e1", "5"},
		{"exponent into the digits", "12.5e1", "125"},
		{"exponent against zeros", "500e-2", "5"},
		{"zeros between", "0.0010e2", "0.1"},
		{"19 digits", "1234567890123456789", "1234567890123456789"},
		{"20 digits", "12345678901234567890", "12345678901234567890"},
		{"most digits before the point", nines(24), nines(24)},
		{"most before the point, as an exponent", "1e23", "1" + zeros(23)},
		{"most digits after the point", "0." + nines(40), "0." + nines(40)},
		{"finest", "1e-40", "0." + zeros(39) + "1"},
		{"finest with zeros", "10.0e-41", "0." + zeros(39) + "1"},
		{"64 characters", nines(23) + "." + nines(40), nines(23) + "." + nines(40)},
		{"largest and finest", nines(20) + nines(40) + "e-36", nines(24) + "." + nines(36)},
		{"zeros that carry nothing", "0." + zeros(60) + "e1", "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := amount(t, c.text).String(); got != c.want {
				t.Errorf("ParseAmount(%q) = %s, want %s", c.text, got, c.want)
			}
		})
	}
}

func TestParseAmountRefusesTheRest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       budget.Problem
	}{
		{"empty", "", budget.Empty},
		{"65 characters", zeros(65), budget.TooLong},
		{"a million digits", nines(1_000_000), budget.TooLong},
		{"a million decimal places", "0." + nines(1_000_000), budget.TooLong},
		{"25 digits", "1" + zeros(24), budget.TooLarge},
		{"25 digits as an exponent", "1e24", budget.TooLarge},
		{"25 digits below zero", "-1e24", budget.TooLarge},
		{"huge exponent", "1e999999999", budget.TooLarge},
		{"exponent beyond every integer", "1e" + nines(60), budget.TooLarge},
		{"exponent of 2^64", "1e18446744073709551616", budget.TooLarge},
		{"41 places", "0." + zeros(40) + "1", budget.TooFine},
		{"41 places as an exponent", "1e-41", budget.TooFine},
		{"a digit below the last place", "15e-41", budget.TooFine},
		{"tiny exponent", "1e-999999999", budget.TooFine},
		{"exponent below every integer", "1e-" + nines(60), budget.TooFine},
		{"plus", "+5", budget.NotANumber},
		{"minus alone", "-", budget.NotANumber},
		{"two signs", "--5", budget.NotANumber},
		{"sign behind", "5-", budget.NotANumber},
		{"zero in front", "05", budget.NotANumber},
		{"zeros in front", "00", budget.NotANumber},
		{"negative zero in front", "-05", budget.NotANumber},
		{"no whole", ".5", budget.NotANumber},
		{"no fraction", "5.", budget.NotANumber},
		{"no fraction before an exponent", "5.e1", budget.NotANumber},
		{"point alone", ".", budget.NotANumber},
		{"two points", "1.2.3", budget.NotANumber},
		{"comma", "5,0", budget.NotANumber},
		{"no exponent digits", "5e", budget.NotANumber},
		{"no exponent digits after the sign", "5e+", budget.NotANumber},
		{"two exponent signs", "5e+-1", budget.NotANumber},
		{"exponent with a point", "5e1.0", budget.NotANumber},
		{"two exponents", "5e1e1", budget.NotANumber},
		{"exponent alone", "e5", budget.NotANumber},
		{"space in front", " 5", budget.NotANumber},
		{"space behind", "5 ", budget.NotANumber},
		{"line break", "5\n", budget.NotANumber},
		{"NUL", "5\x00", budget.NotANumber},
		{"NaN", "NaN", budget.NotANumber},
		{"infinite", "Infinity", budget.NotANumber},
		{"hexadecimal", "0x10", budget.NotANumber},
		{"hexadecimal float", "0x1p4", budget.NotANumber},
		{"underscore", "1_000", budget.NotANumber},
		{"a quotient", "1/3", budget.NotANumber},
		{"a string", `"5"`, budget.NotANumber},
		{"null", "null", budget.NotANumber},
		{"digits of another script", "٣", budget.NotANumber},
		{"wide digits", "５", budget.NotANumber},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := budget.ParseAmount(c.text)
			wantSyntax(t, err, c.text, c.want)
			if !got.IsZero() {
				t.Errorf("%v beside the error, want 0", got)
			}
		})
	}
}

func wantSyntax(t *testing.T, err error, text string, problem budget.Problem) {
	t.Helper()
	var syntax *budget.SyntaxError
	if !errors.As(err, &syntax) || syntax.Text != text || syntax.Problem != problem {
		t.Fatalf("got %v, want a *SyntaxError: %s", err, problem)
	}
	if len(err.Error()) > 400 {
		t.Errorf("%d bytes of error", len(err.Error()))
	}
}
