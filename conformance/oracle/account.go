package oracle

import (
	"math/big"
	"sort"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// maxDigits is how many significant digits a peer must keep. Beyond them, the suite only tells.
const maxDigits = 15

// account is one counter of one job: what it must have been, and what the gauges said.
type account struct {
	unit     string
	left     []*big.Rat // the budget, and what was left after each cost; never rising
	refunds  *big.Rat   // sum of the negative costs, which move nothing
	readings []reading
	synced   int // costs seen when the last tool_result came
	unclear  bool
}

// reading is one gauge.
type reading struct {
	value  *big.Rat
	costs  int // seen before it
	synced int // of those, the ones that an operation had to take into account
	m      *wire.Message
}

// judge looks at every gauge. It is right when the counter had its value at some point, not before the point that an
// earlier gauge showed; where branches ran at once, the order of gauges says nothing.
func (a *account) judge(d *docket, parallel bool) {
	shown := 0
	for _, r := range a.readings {
		d.checks["R9.6-3"]++
		first := a.below(r.value, shown)
		if !a.is(first, r.value) {
			a.explain(d, r, shown, parallel)
			continue
		}
		if parallel {
			continue
		}
		shown = first
		for first < r.synced && a.is(first+1, r.value) { // costs of nothing
			first++
		}
		d.demand("R9.6-11", first >= r.synced, r.m, "the counter as it was at the operation before, or later: %s",
			text(a.left[r.synced]))
	}
}

// below is the first point from start on at which the counter was at most value.
func (a *account) below(value *big.Rat, start int) int {
	return start + sort.Search(len(a.left)-start, func(i int) bool { return a.left[start+i].Cmp(value) <= 0 })
}

func (a *account) is(i int, value *big.Rat) bool { return i < len(a.left) && a.left[i].Cmp(value) == 0 }

// explain finds the clause that a gauge breaks whose value the counter did not have.
func (a *account) explain(d *docket, r reading, shown int, parallel bool) {
	last := a.left[len(a.left)-1]
	refunded := new(big.Rat).Sub(r.value, a.refunds)
	switch {
	case r.value.Sign() == 0 && last.Sign() < 0:
		d.prefer("R9.6-8", false, r.m, "an overdrawn counter as it is, down to %s", text(last))
	case parallel && a.reachable(r.value):
	case a.needed() > maxDigits:
		d.inform("R9.6-3", r.m, "exact would be %s, which needs more digits than %d", text(a.left[r.costs]), maxDigits)
	case a.refunds.Sign() > 0 && a.is(a.below(refunded, 0), refunded):
		d.demand("R9.6-4", false, r.m, "a counter that negative costs do not move, %s", text(a.left[r.costs]))
	case a.is(a.below(r.value, 0), r.value):
		d.demand("R9.6-3", false, r.m, "a counter that does not rise; %s was shown before", text(a.left[shown]))
	default:
		d.demand("R9.6-3", false, r.m, "the budget less the costs, %s %s", text(a.left[r.costs]), a.unit)
	}
}

// reachable says whether some of the costs could have left value: in steps of their greatest common divisor, between
// all and none of them. Which branches came first is not known, so no more than that can be held against a gauge.
func (a *account) reachable(value *big.Rat) bool {
	spent := new(big.Rat).Sub(a.left[0], value)
	if spent.Sign() < 0 || value.Cmp(a.left[len(a.left)-1]) < 0 {
		return false
	}
	step := new(big.Rat)
	for i := 1; i < len(a.left); i++ {
		step = divisor(step, new(big.Rat).Sub(a.left[i-1], a.left[i]))
	}
	return step.Sign() != 0 && new(big.Rat).Quo(spent, step).IsInt()
}

// divisor is the greatest number of which both a and b are whole multiples.
func divisor(a, b *big.Rat) *big.Rat {
	x := new(big.Int).Mul(a.Num(), b.Denom())
	y := new(big.Int).Mul(b.Num(), a.Denom())
	return new(big.Rat).SetFrac(new(big.Int).GCD(nil, nil, x, y), new(big.Int).Mul(a.Denom(), b.Denom()))
}

// needed is how many significant digits budget, costs and counter need.
func (a *account) needed() int {
	n := digits(a.left[0])
	for i := 1; i < len(a.left); i++ {
		n = max(n, digits(a.left[i]), digits(new(big.Rat).Sub(a.left[i-1], a.left[i])))
	}
	return n
}

// text writes r as a decimal, in full.
func text(r *big.Rat) string {
	places, _ := r.FloatPrec()
	return r.FloatString(places)
}
