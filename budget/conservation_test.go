package budget_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/budget"
)

// tree is a ledger of eight jobs of random shape, in which each child was granted a random part of what its parent
// has, or has no budget of its own.
func tree(t *rapid.T, granted budget.Amount) *budget.Ledger[int] {
	l, err := budget.New(0, []budget.Grant{{Currency: "USD", Amount: granted}})
	if err != nil {
		t.Fatal(err)
	}
	for child := 1; child < 8; child++ {
		parent := rapid.IntRange(0, child-1).Draw(t, "parent")
		part := amountOf(drawCost(t, 0, 40))
		if err := l.Delegate(parent, child, []budget.Grant{{Currency: "USD", Amount: part}}); err == nil {
			continue
		}
		if err := l.Delegate(parent, child, nil); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// Money is neither made nor lost: what the root has left, and all that was booked in its tree, is what it was granted,
// whoever booked it and whoever was forgotten since.
func TestMoneyIsConserved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		granted := amountOf(drawCost(t, 0, 40))
		l := tree(t, granted)
		var total budget.Amount
		for range rapid.IntRange(0, 60).Draw(t, "costs") {
			call := l.Report
			if rapid.Bool().Draw(t, "charged") {
				call = l.Charge
			}
			cost := amountOf(drawCost(t, 0, 10))
			if _, booked, err := call(drawJob(t, "job"), "USD", cost); err == nil && booked {
				total, _ = total.Add(cost)
			}
			if job := drawJob(t, "forgotten"); job > 0 && rapid.IntRange(0, 9).Draw(t, "forget") == 0 {
				l.Forget(job)
			}
			left, _ := l.Remaining(0, "USD")
			if sum, err := left.Add(total); err != nil || sum != granted {
				t.Fatalf("%v left, %v booked, of %v", left, total, granted)
			}
		}
	})
}

// A tree whose costs are all asked for first never spends more than it was given, nor does any part of it.
func TestChargesAloneNeverOverspend(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := tree(t, amountOf(drawCost(t, 0, 40)))
		for range rapid.IntRange(0, 60).Draw(t, "charges") {
			// A refused charge is part of the game.
			_, _, _ = l.Charge(drawJob(t, "job"), "USD", amountOf(drawCost(t, 0, 20)))
			for job := range 8 {
				if left, _ := l.Remaining(job, "USD"); left.Sign() < 0 {
					t.Fatalf("job %d has %v left", job, left)
				}
			}
		}
	})
}
