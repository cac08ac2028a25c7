package budget_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/budget"
)

// open returns the ledger of a job "root" with a budget.
func open(tb testing.TB, amounts ...string) *budget.Ledger[string] {
	tb.Helper()
	grants := make([]budget.Grant, len(amounts))
	for i, text := range amounts {
		grants[i] = grant(tb, text)
	}
	l, err := budget.New("root", grants)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// book is Report or Charge.
type book func(job, currency string, cost budget.Amount) (budget.Amount, bool, error)

// spend books a cost that has to be booked, and returns what is left.
func spend(tb testing.TB, b book, job, currency, cost string) budget.Amount {
	tb.Helper()
	left, booked, err := b(job, currency, amount(tb, cost))
	if err != nil || !booked {
		tb.Fatalf("%s %s of %s: booked %v, %v", cost, currency, job, booked, err)
	}
	return left
}

// exhausted wants the next operation of the job refused.
func exhausted(t *testing.T, l *budget.Ledger[string], job, currency, remaining string) {
	t.Helper()
	want := &budget.Exhausted{Currency: currency, Remaining: amount(t, remaining)}
	if diff := cmp.Diff(error(want), l.Authorise(job)); diff != "" {
		t.Errorf("operation of %s (-want +got):\n%s", job, diff)
	}
}

func allowed(t *testing.T, l *budget.Ledger[string], job string) {
	t.Helper()
	if err := l.Authorise(job); err != nil {
		t.Errorf("operation of %s: %v", job, err)
	}
}

func left(t *testing.T, l *budget.Ledger[string], job, currency, want string) {
	t.Helper()
	if got, found := l.Remaining(job, currency); !found || got != amount(t, want) {
		t.Errorf("%s has %v %s left (found: %v), want %s", job, got, currency, found, want)
	}
}

func times(n int, cost string) []string { return slices.Repeat([]string{cost}, n) }

// Each list adds up to its budget in decimals, and in one order or the other not in floats: the last cost exhausts
// the budget, and none before it.
func TestClause_9_6_ExhaustionIsExact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		budget string
		costs  []string
	}{
		{"1.00", times(10, "0.1")},
		{"1.00", []string{"0.7", "0.2", "0.1"}},
		{"0.80", []string{"0.1", "0.7"}},
		{"1.10", []string{"0.4", "0.7"}},
		{"0.30", times(3, "0.1")},
		{"0.0015", times(10_000, "0.00000015")},
		{"0.00000044999999999999993", []string{"4.4999999999999993e-07"}},
		{"0.00000044999999999999993", []string{"0.00000044999999999999992", "1e-23"}},
		{nines(24), []string{nines(23) + "." + nines(40), "8" + nines(23), "1e-40"}},
	} {
		backward := slices.Clone(c.costs)
		slices.Reverse(backward)
		for order, costs := range map[string][]string{"forward": c.costs, "backward": backward} {
			t.Run(fmt.Sprintf("%s in %d/%s", c.budget, len(costs), order), func(t *testing.T) {
				t.Parallel()
				reported, charged := open(t, "USD:"+c.budget), open(t, "USD:"+c.budget)
				for _, cost := range costs {
					allowed(t, reported, "root")
					allowed(t, charged, "root")
					spend(t, reported.Report, "root", "USD", cost)
					spend(t, charged.Charge, "root", "USD", cost)
				}
				exhausted(t, reported, "root", "USD", "0")
				exhausted(t, charged, "root", "USD", "0")
			})
		}
	}
}

func TestClause_9_6_NineTenthsAreNotExhaustion(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:1.00")
	for range 9 {
		spend(t, l.Report, "root", "USD", "0.1")
	}
	allowed(t, l, "root")
	left(t, l, "root", "USD", "0.1")
}

func TestClause_9_6_TheSmallestRestStillAllows(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:1")
	spend(t, l.Report, "root", "USD", "0."+nines(40))
	left(t, l, "root", "USD", "1e-40")
	allowed(t, l, "root")
	spend(t, l.Report, "root", "USD", "1e-40")
	exhausted(t, l, "root", "USD", "0")
}

func TestClause_9_6_ExponentAndPlainFormAreOneCost(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:1", "EUR:1")
	for _, form := range []struct{ usd, eur string }{{"1.5e-7", "0.00000015"}, {"2E-1", "0.20"}, {"0.01e1", "0.1"}} {
		if a, b := spend(t, l.Report, "root", "USD", form.usd), spend(t, l.Report, "root", "EUR", form.eur); a != b {
			t.Errorf("after %s: %v, after %s: %v", form.usd, a, form.eur, b)
		}
	}
	left(t, l, "root", "USD", "0.69999985")
}

func TestClause_9_6_CostsAlreadyIncurredGoBelowZero(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:1.00")
	if got := spend(t, l.Report, "root", "USD", "0.42"); got.String() != "0.58" {
		t.Errorf("after 0.42: %v, want 0.58", got)
	}
	if got := spend(t, l.Report, "root", "USD", "0.70"); got.String() != "-0.12" {
		t.Errorf("after 0.70 more: %v, want -0.12", got)
	}
	exhausted(t, l, "root", "USD", "-0.12")
	if got := spend(t, l.Report, "root", "USD", "1"); got.String() != "-1.12" {
		t.Errorf("after 1 more: %v, want -1.12", got)
	}
}

func TestClause_9_6_CurrenciesAreCountedApart(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5.00", "credits:1000", "EUR:2")
	spend(t, l.Report, "root", "credits", "999")
	spend(t, l.Report, "root", "USD", "0.0234")
	want := []budget.Counter{
		{Currency: "EUR", Remaining: amount(t, "2")},
		{Currency: "USD", Remaining: amount(t, "4.9766")},
		{Currency: "credits", Remaining: amount(t, "1")},
	}
	got := l.Snapshot("root")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counters (-want +got):\n%s", diff)
	}
	got[0].Remaining = budget.Amount{}
	left(t, l, "root", "EUR", "2") // a snapshot is a copy
}

func TestClause_9_6_AnyExhaustedCounterDenies(t *testing.T) {
	t.Parallel()
	for _, spent := range []string{"USD", "EUR", "credits"} {
		l := open(t, "USD:1", "credits:1", "EUR:1")
		spend(t, l.Report, "root", spent, "1")
		exhausted(t, l, "root", spent, "0")
	}
	l := open(t, "USD:1", "EUR:1")
	spend(t, l.Report, "root", "USD", "1")
	spend(t, l.Report, "root", "EUR", "2")
	exhausted(t, l, "root", "EUR", "-1") // of several, the first in the alphabet
}

func TestClause_9_6_ABudgetOfZeroIsExhaustedFromTheStart(t *testing.T) {
	t.Parallel()
	exhausted(t, open(t, "USD:0.00"), "root", "USD", "0")
}

func TestClause_9_6_WhatIsNotBudgetedMovesNothing(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:1")
	for _, currency := range []string{"EUR", "", "usd", "USD ", "US", "USDC"} {
		for name, b := range map[string]book{"Report": l.Report, "Charge": l.Charge} {
			if got, booked, err := b("root", currency, amount(t, "9")); booked || err != nil || !got.IsZero() {
				t.Errorf("%s of 9 %q: %v, booked %v, %v", name, currency, got, booked, err)
			}
		}
	}
	left(t, l, "root", "USD", "1")
	if got, found := l.Remaining("root", "EUR"); found || !got.IsZero() {
		t.Errorf("EUR has %v left", got)
	}
}

func TestClause_9_6_NegativeCostsAreRejected(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:1")
	for _, currency := range []string{"USD", "EUR"} {
		want := error(&budget.NegativeCost{Currency: currency, Cost: amount(t, "-1e-40")})
		for name, b := range map[string]book{"Report": l.Report, "Charge": l.Charge} {
			_, booked, err := b("root", currency, amount(t, "-1e-40"))
			if diff := cmp.Diff(want, err); diff != "" || booked {
				t.Errorf("%s in %s: booked %v (-want +got):\n%s", name, currency, booked, diff)
			}
		}
	}
	left(t, l, "root", "USD", "1")
}

func TestClause_9_6_AChargeIsRefusedWhole(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:1.00")
	spend(t, l.Charge, "root", "USD", "0.42")
	_, booked, err := l.Charge("root", "USD", amount(t, "0.5800000000000000000000000000000000000001"))
	want := &budget.Overspend{
		Currency: "USD", Cost: amount(t, "0.5800000000000000000000000000000000000001"), Remaining: amount(t, "0.58"),
	}
	if diff := cmp.Diff(error(want), err); diff != "" || booked {
		t.Errorf("booked %v (-want +got):\n%s", booked, diff)
	}
	left(t, l, "root", "USD", "0.58")
	allowed(t, l, "root")
	spend(t, l.Charge, "root", "USD", "0.58")
	exhausted(t, l, "root", "USD", "0")
}

func TestClause_9_6_ACostOfNothingIsNeverRefused(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:1")
	spend(t, l.Report, "root", "USD", "3")
	if got := spend(t, l.Charge, "root", "USD", "0"); got.String() != "-2" {
		t.Errorf("%v left, want -2", got)
	}
}

func TestClause_9_6_WithoutABudgetNothingIsExhausted(t *testing.T) {
	t.Parallel()
	l := open(t)
	if _, booked, err := l.Charge("root", "USD", amount(t, "1e23")); booked || err != nil {
		t.Errorf("booked %v, %v", booked, err)
	}
	allowed(t, l, "root")
	if got := l.Snapshot("root"); got != nil {
		t.Errorf("counters %v, want none", got)
	}
}

// Where one counter on the way up cannot hold a cost, none moves.
func TestWhatACounterCannotHoldIsNotBooked(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:0")
	delegate(t, l, "root", "child", "USD:0")
	if _, _, err := l.Report("root", "USD", largest(t)); err != nil {
		t.Fatal(err)
	}
	_, booked, err := l.Report("child", "USD", amount(t, "1e-40"))
	var beyond *budget.RangeError
	if !errors.As(err, &beyond) || booked {
		t.Errorf("booked %v, %v, want a *RangeError", booked, err)
	}
	left(t, l, "child", "USD", "0")
}

func TestNewRefusesGrantsThatAreNone(t *testing.T) {
	t.Parallel()
	_, err := budget.New("root", []budget.Grant{grant(t, "USD:1"), grant(t, "EUR:1"), grant(t, "USD:1")})
	if diff := cmp.Diff(error(&budget.DuplicateCurrency{Currency: "USD"}), err); diff != "" {
		t.Errorf("one currency twice (-want +got):\n%s", diff)
	}
	_, err = budget.New("root", []budget.Grant{{Currency: "USD", Amount: amount(t, "-1")}})
	var negative *budget.NegativeCost
	if !errors.As(err, &negative) || negative.Currency != "USD" {
		t.Errorf("a negative grant: %v", err)
	}
}
