package budget_test

import (
	"fmt"
	"testing"

	"github.com/arcp-conformance/arcp/budget"
)

// TestSpendable: what a job can spend is the least that is left on the way to its root.
func TestSpendable(t *testing.T) {
	t.Parallel()
	grant := func(text string) budget.Grant {
		g, err := budget.ParseGrant(text)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	ledger, err := budget.New("root", []budget.Grant{grant("USD:5"), grant("EUR:1")})
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range []struct {
		parent, name string
		grants       []budget.Grant
	}{
		{"root", "own", []budget.Grant{grant("USD:4")}},
		{"root", "none", nil},
		{"own", "below", nil},
	} {
		if err := ledger.Delegate(child.parent, child.name, child.grants); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(job, want string) {
		t.Helper()
		got := ""
		for _, counter := range ledger.Spendable(job) {
			got += fmt.Sprintf("%s:%s ", counter.Currency, counter.Remaining)
		}
		if got != want {
			t.Errorf("%s can spend %q, want %q", job, got, want)
		}
	}
	expect("root", "EUR:1 USD:5 ")
	expect("own", "EUR:1 USD:4 ")
	expect("none", "EUR:1 USD:5 ")
	expect("below", "EUR:1 USD:4 ")
	if _, _, err := ledger.Report("none", "USD", grant("USD:3").Amount); err != nil {
		t.Fatal(err)
	}
	expect("own", "EUR:1 USD:2 ")
	expect("below", "EUR:1 USD:2 ")
	expect("unknown", "")
	if _, _, err := ledger.Report("below", "USD", grant("USD:2.5").Amount); err != nil {
		t.Fatal(err)
	}
	expect("root", "EUR:1 USD:-0.5 ")
	if left, _ := ledger.Remaining("root", "USD"); left.String() != "-0.5" {
		t.Errorf("the ledger was changed: %v", left)
	}
}
