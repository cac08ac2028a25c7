package budget_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/budget"
)

// delegate asks for a child that has to be allowed.
func delegate(tb testing.TB, l *budget.Ledger[string], parent, child string, amounts ...string) {
	tb.Helper()
	if err := tryDelegate(tb, l, parent, child, amounts...); err != nil {
		tb.Fatalf("%s delegates %v to %s: %v", parent, amounts, child, err)
	}
}

func tryDelegate(tb testing.TB, l *budget.Ledger[string], parent, child string, amounts ...string) error {
	tb.Helper()
	grants := make([]budget.Grant, len(amounts))
	for i, text := range amounts {
		grants[i] = grant(tb, text)
	}
	return l.Delegate(parent, child, grants)
}

// refused wants a delegation refused, and no child.
func refused(t *testing.T, l *budget.Ledger[string], want error, parent, child string, amounts ...string) {
	t.Helper()
	if diff := cmp.Diff(want, tryDelegate(t, l, parent, child, amounts...)); diff != "" {
		t.Errorf("%s delegates %v to %s (-want +got):\n%s", parent, amounts, child, diff)
	}
	unknown := error(&budget.UnknownJob{Job: child})
	if diff := cmp.Diff(unknown, l.Authorise(child)); diff != "" {
		t.Errorf("there is a child all the same (-want +got):\n%s", diff)
	}
}

func beyond(t *testing.T, currency, asked, remaining string) error {
	t.Helper()
	return &budget.BeyondParent{
		Currency: currency, Asked: amount(t, asked), Remaining: amount(t, remaining), Budgeted: true,
	}
}

// The draft's own numbers: of 5.00 are 3.00 spent, so 2.00 may be handed on.
func TestClause_9_4_ExactlyWhatIsLeftIsGranted(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5.00")
	spend(t, l.Report, "root", "USD", "3.00")
	const above = "2.0000000000000000000000000000000000000001"
	refused(t, l, beyond(t, "USD", above, "2"), "root", "child", "USD:"+above)
	delegate(t, l, "root", "child", "USD:2.00")
	left(t, l, "child", "USD", "2")
}

func TestClause_9_4_NoCurrencyThatTheParentLacks(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5")
	delegate(t, l, "root", "child")
	for _, parent := range []string{"root", "child"} {
		want := &budget.BeyondParent{Currency: "EUR", Asked: amount(t, "1")}
		refused(t, l, want, parent, "other", "USD:1", "EUR:1")
	}
	// The child may spend dollars of its ancestors, but its lease does not name them.
	refused(t, l, &budget.BeyondParent{Currency: "USD", Asked: amount(t, "1")}, "child", "other", "USD:1")
}

func TestClause_9_4_EveryCurrencyHasToBeCovered(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5", "credits:10")
	refused(t, l, beyond(t, "credits", "11", "10"), "root", "child", "USD:1", "credits:11")
	refused(t, l, beyond(t, "USD", "6", "5"), "root", "child", "credits:11", "USD:6")
	delegate(t, l, "root", "child", "USD:5", "credits:10")
}

func TestClause_9_4_NothingLeftIsNothingToGrant(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:1")
	spend(t, l.Report, "root", "USD", "1.12")
	refused(t, l, beyond(t, "USD", "0.01", "-0.12"), "root", "child", "USD:0.01")
	refused(t, l, beyond(t, "USD", "0", "-0.12"), "root", "child", "USD:0")
}

func TestClause_9_4_DelegatingMovesNoCounter(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5")
	delegate(t, l, "root", "a", "USD:5")
	delegate(t, l, "root", "b", "USD:5")
	left(t, l, "root", "USD", "5")
	allowed(t, l, "root")
	spend(t, l.Report, "a", "USD", "5")
	exhausted(t, l, "a", "USD", "0")
	exhausted(t, l, "root", "USD", "0")
	left(t, l, "b", "USD", "5")
	exhausted(t, l, "b", "USD", "0") // what is exhausted is the root
}

// The table of the package documentation.
func TestClause_9_4_ACostCountsAgainstEveryAncestor(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5.00")
	delegate(t, l, "root", "a", "USD:2.00")
	delegate(t, l, "root", "b")
	delegate(t, l, "a", "c", "USD:1.00")
	if got := spend(t, l.Report, "a", "USD", "0.75"); got.String() != "1.25" {
		t.Errorf("a has %v left, want 1.25", got)
	}
	if got := spend(t, l.Report, "c", "USD", "0.50"); got.String() != "0.5" {
		t.Errorf("c has %v left, want 0.5", got)
	}
	if got := spend(t, l.Report, "b", "USD", "1.00"); got.String() != "2.75" {
		t.Errorf("b sees %v left, want the root's 2.75", got)
	}
	left(t, l, "root", "USD", "2.75")
	left(t, l, "a", "USD", "0.75")
	left(t, l, "c", "USD", "0.5")
	if got, found := l.Remaining("b", "USD"); found {
		t.Errorf("b has %v of its own", got)
	}
}

// 64 branches, each with 0.01 a hundred times, take turns: the very last cost exhausts the tree.
func TestClause_9_4_BranchesShareTheRootsBudgetExactly(t *testing.T) {
	t.Parallel()
	const branches, costs = 64, 100
	l := open(t, "USD:64.00")
	for branch := range branches {
		delegate(t, l, "root", fmt.Sprint(branch), "USD:64.00")
	}
	for turn := range branches * costs {
		branch := fmt.Sprint(turn % branches)
		allowed(t, l, branch)
		spend(t, l.Charge, branch, "USD", "0.01")
	}
	for branch := range branches {
		left(t, l, fmt.Sprint(branch), "USD", "63")
		exhausted(t, l, fmt.Sprint(branch), "USD", "0")
	}
}

func TestClause_9_4_AnAncestorWithLessIsTheLimit(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5")
	delegate(t, l, "root", "a", "USD:4")
	spend(t, l.Report, "root", "USD", "3")
	refused(t, l, beyond(t, "USD", "2.01", "2"), "a", "b", "USD:2.01")
	delegate(t, l, "a", "b", "USD:2")
	// A charge has to fit every counter on the way up; of a refused one nothing is booked anywhere.
	spend(t, l.Report, "root", "USD", "1.5")
	_, booked, err := l.Charge("b", "USD", amount(t, "0.51"))
	want := &budget.Overspend{Currency: "USD", Cost: amount(t, "0.51"), Remaining: amount(t, "0.5")}
	if diff := cmp.Diff(error(want), err); diff != "" || booked {
		t.Errorf("booked %v (-want +got):\n%s", booked, diff)
	}
	left(t, l, "b", "USD", "2")
	left(t, l, "a", "USD", "4")
	left(t, l, "root", "USD", "0.5")
	spend(t, l.Charge, "b", "USD", "0.5")
	exhausted(t, l, "b", "USD", "0")
	left(t, l, "b", "USD", "1.5")
}

func TestClause_9_4_AForgottenJobStaysBooked(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5")
	delegate(t, l, "root", "a", "USD:4")
	delegate(t, l, "a", "b", "USD:3")
	spend(t, l.Report, "a", "USD", "1")
	l.Forget("a")
	l.Forget("a")
	left(t, l, "root", "USD", "4")
	// Its child goes on, and counts against what a had left as well as against the root.
	spend(t, l.Charge, "b", "USD", "2")
	left(t, l, "root", "USD", "2")
	if _, _, err := l.Charge("b", "USD", amount(t, "1.01")); err == nil {
		t.Error("b spent more than a had left")
	}
	unknown := error(&budget.UnknownJob{Job: "a"})
	_, booked, err := l.Report("a", "USD", amount(t, "1"))
	if diff := cmp.Diff(unknown, err); diff != "" || booked {
		t.Errorf("a cost of a forgotten job: booked %v (-want +got):\n%s", booked, diff)
	}
	if diff := cmp.Diff(unknown, l.Delegate("a", "c", nil)); diff != "" {
		t.Errorf("a child of a forgotten job (-want +got):\n%s", diff)
	}
	if _, found := l.Remaining("a", "USD"); found || l.Snapshot("a") != nil {
		t.Error("a forgotten job has counters")
	}
}

func TestClause_9_4_OneJobIsOpenedOnce(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5")
	delegate(t, l, "root", "a", "USD:4")
	spend(t, l.Report, "a", "USD", "1")
	for _, child := range []string{"root", "a"} {
		if diff := cmp.Diff(error(&budget.JobExists{Job: child}), l.Delegate("root", child, nil)); diff != "" {
			t.Errorf("%s again (-want +got):\n%s", child, diff)
		}
	}
	left(t, l, "a", "USD", "3")
}

func TestClause_9_4_GrantsOfAChildHaveToBeSound(t *testing.T) {
	t.Parallel()
	l := open(t, "USD:5")
	refused(t, l, &budget.DuplicateCurrency{Currency: "USD"}, "root", "a", "USD:1", "USD:1")
	err := l.Delegate("root", "a", []budget.Grant{{Currency: "USD", Amount: amount(t, "-1")}})
	want := &budget.NegativeCost{Currency: "USD", Cost: amount(t, "-1")}
	if diff := cmp.Diff(error(want), err); diff != "" {
		t.Errorf("a negative grant (-want +got):\n%s", diff)
	}
}
