package budget_test

import (
	"math/big"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/budget"
)

// ledgerModel is the dumb model of a ledger: a list of all that was ever booked. What is left in a counter is summed
// up anew each time it is asked for.
type ledgerModel struct {
	jobs     map[int]*modelJob // those not forgotten
	bookings []booking
}

type modelJob struct {
	parent  *modelJob // nil for the root
	granted map[string]*big.Rat
}

type booking struct {
	job      *modelJob
	currency string
	cost     *big.Rat
}

// up lists a job and its ancestors.
func (j *modelJob) up() (line []*modelJob) {
	for ; j != nil; j = j.parent {
		line = append(line, j)
	}
	return line
}

// left is the grant without every cost of the job and of all below it.
func (m *ledgerModel) left(job *modelJob, currency string) *big.Rat {
	left := new(big.Rat).Set(job.granted[currency])
	for _, b := range m.bookings {
		if b.currency == currency && slices.Contains(b.job.up(), job) {
			left.Sub(left, b.cost)
		}
	}
	return left
}

// counters lists what is left of a job, by currency.
func (m *ledgerModel) counters(job *modelJob) []budget.Counter {
	var counters []budget.Counter
	for _, currency := range modelCurrencies {
		if job.granted[currency] != nil {
			counters = append(counters, budget.Counter{Currency: currency, Remaining: amountOf(m.left(job, currency))})
		}
	}
	return counters
}

// modelCurrencies are sorted. The last is in nobody's grants.
var modelCurrencies = []string{"EUR", "USD", "credits", "x"}

// amountOf is a model's number as an amount; the tests keep far from the limits.
func amountOf(r *big.Rat) budget.Amount {
	a, err := budget.ParseAmount(canonical(r))
	if err != nil {
		panic(err)
	}
	return a
}

func (m *ledgerModel) book(id int, currency string, cost *big.Rat, limited bool) (budget.Amount, bool, error) {
	job := m.jobs[id]
	switch {
	case job == nil:
		return budget.Amount{}, false, &budget.UnknownJob{Job: id}
	case cost.Sign() < 0:
		return budget.Amount{}, false, &budget.NegativeCost{Currency: currency, Cost: amountOf(cost)}
	}
	var counted []*modelJob
	for _, j := range job.up() {
		if j.granted[currency] == nil {
			continue
		}
		counted = append(counted, j)
		if left := m.left(j, currency); limited && cost.Sign() > 0 && left.Cmp(cost) < 0 {
			return budget.Amount{}, false, &budget.Overspend{Currency: currency, Cost: amountOf(cost), Remaining: amountOf(left)}
		}
	}
	if counted == nil {
		return budget.Amount{}, false, nil
	}
	m.bookings = append(m.bookings, booking{job, currency, cost})
	return amountOf(m.left(counted[0], currency)), true, nil
}

func (m *ledgerModel) authorise(id int) error {
	job := m.jobs[id]
	if job == nil {
		return &budget.UnknownJob{Job: id}
	}
	for _, j := range job.up() {
		for _, counter := range m.counters(j) {
			if counter.Remaining.Sign() <= 0 {
				return &budget.Exhausted{Currency: counter.Currency, Remaining: counter.Remaining}
			}
		}
	}
	return nil
}

func (m *ledgerModel) delegate(parent, child int, granted map[string]*big.Rat) error {
	above := m.jobs[parent]
	if above == nil {
		return &budget.UnknownJob{Job: parent}
	}
	if m.jobs[child] != nil {
		return &budget.JobExists{Job: child}
	}
	for _, currency := range modelCurrencies {
		asked := granted[currency]
		if asked == nil {
			continue
		}
		if above.granted[currency] == nil {
			return &budget.BeyondParent{Currency: currency, Asked: amountOf(asked)}
		}
		for _, j := range above.up() {
			if j.granted[currency] != nil && asked.Cmp(m.left(j, currency)) > 0 {
				return &budget.BeyondParent{
					Currency: currency, Asked: amountOf(asked), Remaining: amountOf(m.left(j, currency)), Budgeted: true,
				}
			}
		}
	}
	m.jobs[child] = &modelJob{parent: above, granted: granted}
	return nil
}

// bothLedgers is the ledger and its model, taken through the same calls.
type bothLedgers struct {
	real  *budget.Ledger[int]
	model *ledgerModel
	root  *modelJob
}

func newBothLedgers(t *rapid.T) *bothLedgers {
	granted := drawGranted(t)
	l, err := budget.New(0, grantsOf(granted))
	if err != nil {
		t.Fatal(err)
	}
	root := &modelJob{granted: granted}
	return &bothLedgers{real: l, model: &ledgerModel{jobs: map[int]*modelJob{0: root}}, root: root}
}

// drawGranted draws a budget in some of the currencies.
func drawGranted(t *rapid.T) map[string]*big.Rat {
	granted := map[string]*big.Rat{}
	for _, currency := range modelCurrencies[:3] {
		if rapid.IntRange(0, 3).Draw(t, currency+" granted") > 0 {
			granted[currency] = drawCost(t, 0, 40)
		}
	}
	return granted
}

// drawCost draws a multiple of a unit small enough to be lost, so that sums often meet a budget exactly.
func drawCost(t *rapid.T, least, most int) *big.Rat {
	unit := rapid.SampledFrom([]string{"0.1", "0.1", "1e-40", "0.00000015", "1e15"}).Draw(t, "unit")
	r, _ := rat(unit)
	return r.Mul(r, big.NewRat(int64(rapid.IntRange(least, most).Draw(t, "units")), 1))
}

// grantsOf lists grants in an order of the map's choosing.
func grantsOf(granted map[string]*big.Rat) []budget.Grant {
	var grants []budget.Grant
	for currency, r := range granted {
		grants = append(grants, budget.Grant{Currency: currency, Amount: amountOf(r)})
	}
	return grants
}

func drawJob(t *rapid.T, label string) int { return rapid.IntRange(0, 7).Draw(t, label) }

// answer is what a booking returned, to be compared as a whole.
type answer struct {
	Remaining budget.Amount
	Booked    bool
	Err       error
}

func (b *bothLedgers) book(t *rapid.T, limited bool) {
	job, currency := drawJob(t, "job"), rapid.SampledFrom(modelCurrencies).Draw(t, "currency")
	cost := drawCost(t, -2, 15)
	call := b.real.Report
	if limited {
		call = b.real.Charge
	}
	var got, want answer
	want.Remaining, want.Booked, want.Err = b.model.book(job, currency, cost, limited)
	got.Remaining, got.Booked, got.Err = call(job, currency, amountOf(cost))
	differ(t, "job "+strconv.Itoa(job)+", "+currency, want, got)
}

func (b *bothLedgers) delegate(t *rapid.T) {
	parent, child, granted := drawJob(t, "parent"), drawJob(t, "child"), drawGranted(t)
	// Half of the time exactly what the parent has left in one currency is asked for.
	if above := b.model.jobs[parent]; above != nil && rapid.Bool().Draw(t, "exactly") {
		for currency := range above.granted {
			if left := b.model.left(above, currency); left.Sign() >= 0 {
				granted[currency] = left
			}
		}
	}
	differ(t, "delegate", b.model.delegate(parent, child, granted), b.real.Delegate(parent, child, grantsOf(granted)))
}

// check compares all that can be seen of the ledger.
func (b *bothLedgers) check(t *rapid.T) {
	for id := range 8 {
		differ(t, "authorise "+strconv.Itoa(id), b.model.authorise(id), b.real.Authorise(id))
		var want []budget.Counter
		if job := b.model.jobs[id]; job != nil {
			want = b.model.counters(job)
		}
		differ(t, "snapshot of "+strconv.Itoa(id), want, b.real.Snapshot(id))
		for _, currency := range modelCurrencies {
			got, found := b.real.Remaining(id, currency)
			i := slices.IndexFunc(want, func(c budget.Counter) bool { return c.Currency == currency })
			if found != (i >= 0) || found && got != want[i].Remaining {
				t.Fatalf("job %d has %v %s left (found: %v), want %v", id, got, currency, found, want)
			}
		}
	}
}

func differ[T any](t *rapid.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s (-model +ledger):\n%s", what, diff)
	}
}

func TestLedgerDoesWhatTheModelDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := newBothLedgers(t)
		t.Repeat(map[string]func(*rapid.T){
			"report":   func(t *rapid.T) { b.book(t, false) },
			"charge":   func(t *rapid.T) { b.book(t, true) },
			"delegate": b.delegate,
			"forget": func(t *rapid.T) {
				if job := drawJob(t, "job"); job > 0 {
					b.real.Forget(job)
					delete(b.model.jobs, job)
				}
			},
			"": b.check,
		})
	})
}
