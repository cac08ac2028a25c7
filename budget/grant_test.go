package budget_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/budget"
)

// grant reads an amount string that has to be one.
func grant(tb testing.TB, text string) budget.Grant {
	tb.Helper()
	g, err := budget.ParseGrant(text)
	if err != nil {
		tb.Fatalf("ParseGrant: %v", err)
	}
	return g
}

func TestClause_9_6_AmountStrings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, currency, amount, canonical string }{
		{"dollars of the draft", "USD:5.00", "USD", "5", "USD:5"},
		{"credits of the draft", "credits:1000", "credits", "1000", "credits:1000"},
		{"zero", "EUR:0", "EUR", "0", "EUR:0"},
		{"zero in long", "EUR:0.00", "EUR", "0", "EUR:0"},
		{"zeros in front", "USD:007.50", "USD", "7.5", "USD:7.5"},
		{"small", "USD:0.00000015", "USD", "0.00000015", "USD:0.00000015"},
		{"most digits", "USD:" + nines(24), "USD", nines(24), "USD:" + nines(24)},
		{"finest", "USD:0." + zeros(39) + "1", "USD", "1e-40", "USD:0." + zeros(39) + "1"},
		{"lower case is another currency", "usd:1", "usd", "1", "usd:1"},
		{"one letter", "x:1", "x", "1", "x:1"},
		{"all characters", "Acme_v2.gpu-h:1", "Acme_v2.gpu-h", "1", "Acme_v2.gpu-h:1"},
		{"longest currency", strings.Repeat("c", 32) + ":1", strings.Repeat("c", 32), "1", strings.Repeat("c", 32) + ":1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := grant(t, c.text)
			if want := (budget.Grant{Currency: c.currency, Amount: amount(t, c.amount)}); got != want {
				t.Errorf("ParseGrant(%q) = %v, want %v", c.text, got, want)
			}
			if got.String() != c.canonical {
				t.Errorf("String() = %s, want %s", got, c.canonical)
			}
			if again := grant(t, got.String()); again != got {
				t.Errorf("%v reads back as %v", got, again)
			}
		})
	}
}

func TestClause_9_6_MalformedAmountStringsAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want budget.Problem
	}{
		{"", budget.Empty},
		{"USD", budget.NoColon},
		{"5", budget.NoColon},
		{"5.00", budget.NoColon},
		{":", budget.NoCurrency},
		{":5", budget.NoCurrency},
		{"5:USD", budget.BadCurrency},
		{"$:5", budget.BadCurrency},
		{"€:5", budget.BadCurrency},
		{"-USD:5", budget.BadCurrency},
		{"US/D:5", budget.BadCurrency},
		{"US\x00D:5", budget.BadCurrency},
		{"US\u00a0D:5", budget.BadCurrency},
		{strings.Repeat("c", 33) + ":1", budget.BadCurrency},
		{"USD:", budget.NoDecimal},
		{"USD:-1", budget.Signed},
		{"USD:-0", budget.Signed},
		{"USD:+5", budget.Signed},
		{"USD:-", budget.Signed},
		{"USD:1e3", budget.Exponent},
		{"USD:1E3", budget.Exponent},
		{"USD:1.5e-7", budget.Exponent},
		{"USD:1e", budget.Exponent},
		{"USD: 5", budget.Spaced},
		{" USD:5", budget.Spaced},
		{"USD :5", budget.Spaced},
		{"USD:5 ", budget.Spaced},
		{"USD:5\n", budget.Spaced},
		{"USD:\t5", budget.Spaced},
		{"USD:1 000", budget.Spaced},
		{" ", budget.Spaced},
		{"USD:.5", budget.NoWhole},
		{"USD:.", budget.NoWhole},
		{"USD:5.", budget.NoFraction},
		{"USD:5.e3", budget.NoFraction},
		{"USD:NaN", budget.NotADecimal},
		{"USD:Infinity", budget.NotADecimal},
		{"USD:0x1p4", budget.NotADecimal},
		{"USD:0x10", budget.NotADecimal},
		{"USD:1_000", budget.NotADecimal},
		{"USD:1,000", budget.NotADecimal},
		{"USD:5,00", budget.NotADecimal},
		{"USD:1.2.3", budget.NotADecimal},
		{"USD:5-", budget.NotADecimal},
		{"USD::5", budget.NotADecimal},
		{"USD:5:6", budget.NotADecimal},
		{"USD:5\x00", budget.NotADecimal},
		{"USD:5\u00a0", budget.NotADecimal},
		{"USD:٣", budget.NotADecimal},
		{"USD:５", budget.NotADecimal},
		{"USD:1" + zeros(24), budget.TooLarge},
		{"USD:0." + zeros(40) + "1", budget.TooFine},
		{"USD:" + zeros(65), budget.TooLong},
		{"USD:" + nines(1_000_000), budget.TooLong},
	} {
		got, err := budget.ParseGrant(c.text)
		wantSyntax(t, err, c.text, c.want)
		if got != (budget.Grant{}) {
			t.Errorf("%.40q: %v beside the error", c.text, got)
		}
	}
}

func TestIsCurrency(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"USD": true, "credits": true, "x": true, "gpu.h": true, "a-b_c9": true, strings.Repeat("c", 32): true,
		"": false, "9": false, ".a": false, "U SD": false, "USD:": false, "ä": false, strings.Repeat("c", 33): false,
	} {
		if got := budget.IsCurrency(text); got != want {
			t.Errorf("IsCurrency(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestSortGrants(t *testing.T) {
	t.Parallel()
	given := []budget.Grant{grant(t, "credits:1"), grant(t, "USD:2"), grant(t, "EUR:3")}
	got, err := budget.SortGrants(given)
	if err != nil {
		t.Fatal(err)
	}
	want := []budget.Grant{grant(t, "EUR:3"), grant(t, "USD:2"), grant(t, "credits:1")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if given[0].Currency != "credits" {
		t.Error("the list that was given has changed")
	}
	_, err = budget.SortGrants([]budget.Grant{grant(t, "USD:2"), grant(t, "EUR:3"), grant(t, "USD:2")})
	var duplicate *budget.DuplicateCurrency
	if !errors.As(err, &duplicate) || duplicate.Currency != "USD" {
		t.Errorf("got %v, want a *DuplicateCurrency that names USD", err)
	}
}
