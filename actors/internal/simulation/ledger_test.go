package simulation_test

import (
	"fmt"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/protocol"
)

// ledgerActor owns the ledger of a tree, and the second one that it is held against.
type ledgerActor struct {
	*actor
	ledger *budget.Ledger[protocol.JobID]
	purses map[protocol.JobID]*purse
	order  []protocol.JobID // of those that the ledger knows
}

// purse is the second ledger's account, in cents.
type purse struct {
	parent  *purse
	granted map[string]int
	spent   map[string]int // by the job and all below it
}

// budgetMessage is one question of a job.
type budgetMessage struct {
	from   *jobActor
	effect job.Effect // BookCost and the others; nil with forget
	forget protocol.JobID
}

var currencies = []string{"EUR", "USD"}

func cents(n int) string {
	if n < 0 {
		return "-" + cents(-n)
	}
	return fmt.Sprintf("%d.%02d", n/100, n%100)
}

func amount(n int) budget.Amount {
	a, err := budget.ParseAmount(cents(n))
	if err != nil {
		panic(err)
	}
	return a
}

func inCents(grants []budget.Grant) map[string]int {
	granted := map[string]int{}
	for _, grant := range grants {
		for n := range 100_000 {
			if grant.Amount == amount(n) {
				granted[grant.Currency] = n
				break
			}
		}
	}
	return granted
}

func (w *world) openLedger(root protocol.JobID, grants []budget.Grant) *ledgerActor {
	ledger, err := budget.New(root, grants)
	if err != nil {
		w.fail("%s: no ledger for a lease that was read: %v", root, err)
	}
	l := &ledgerActor{ledger: ledger, order: []protocol.JobID{root}, purses: map[protocol.JobID]*purse{
		root: {granted: inCents(grants), spent: map[string]int{}},
	}}
	l.actor = w.actor(w.name("ledger"), l.take)
	return l
}

func (l *ledgerActor) take(message any) {
	m := message.(budgetMessage)
	if m.forget != "" {
		l.ledger.Forget(m.forget)
		return
	}
	id := m.from.id
	answer := func(in job.Input, call job.CallID) {
		l.then(func() { m.from.tell(jobMessage{input: in, call: call}) })
	}
	switch effect := m.effect.(type) {
	case job.BookCost:
		remaining, _, err := l.ledger.Report(id, effect.Currency, effect.Amount)
		l.spent(m.from, effect.Call, effect.Currency, false, err)
		answer(job.CostBooked{Call: effect.Call, Remaining: remaining, Err: job.BudgetRefusal(err)}, effect.Call)
	case job.ChargeCost:
		remaining, _, err := l.ledger.Charge(id, effect.Currency, effect.Amount)
		l.spent(m.from, effect.Call, effect.Currency, true, err)
		answer(job.CostBooked{Call: effect.Call, Remaining: remaining, Err: job.BudgetRefusal(err)}, effect.Call)
	case job.CheckBudget:
		answer(job.BudgetChecked{Call: effect.Call, Err: job.BudgetRefusal(l.authorise(id))}, effect.Call)
	case job.DelegateBudget:
		err := l.authorise(id)
		if err == nil {
			err = l.ledger.Delegate(id, effect.ChildID, effect.Grants)
		}
		if err == nil {
			l.purses[effect.ChildID] = &purse{
				parent: l.purses[id], granted: inCents(effect.Grants), spent: map[string]int{},
			}
			l.order = append(l.order, effect.ChildID)
		}
		answer(job.BudgetDelegated{Call: effect.Call, Err: job.BudgetRefusal(err)}, effect.Call)
	case job.ShowBudget:
		l.show(m.from)
		answer(job.BudgetShown{Counters: l.ledger.Snapshot(id)}, 0)
	}
	l.compare()
}

// authorise asks the ledger, and wants it refused exactly where a counter on the way up is used up (§9.6).
func (l *ledgerActor) authorise(id protocol.JobID) error {
	empty := false
	for p := l.purses[id]; p != nil; p = p.parent {
		for currency, granted := range p.granted {
			empty = empty || granted <= p.spent[currency]
		}
	}
	err := l.ledger.Authorise(id)
	if (err != nil) != empty {
		l.world.fail("%s: an operation is answered %v where a counter is used up: %v", id, err, empty)
	}
	return err
}

// spent books what the agent asked for on the job and on all above it. §9.6: a charge must be taken where every counter
// has enough, and must not be where one has not.
func (l *ledgerActor) spent(j *jobActor, call job.CallID, currency string, limited bool, err error) {
	cost := j.costs[call]
	fits := true
	for p := l.purses[j.id]; p != nil; p = p.parent {
		if granted, budgeted := p.granted[currency]; budgeted && p.spent[currency]+cost > granted {
			fits = false
		}
	}
	if want := fits || !limited; (err == nil) != want {
		l.world.fail("%s: a cost of %s %s (a charge: %v) is answered %v, and it fits: %v",
			j.id, cents(cost), currency, limited, err, fits)
	}
	if err != nil {
		return
	}
	for p := l.purses[j.id]; p != nil; p = p.parent {
		p.spent[currency] += cost
	}
	if p := l.purses[j.id]; p.has(currency) {
		j.gauges[call] = cents(p.granted[currency] - p.spent[currency])
	}
}

// show notes what the job is about to be shown of its counters.
func (l *ledgerActor) show(j *jobActor) {
	j.shown = map[string]string{}
	for currency, granted := range l.purses[j.id].granted {
		j.shown[currency] = amountText(cents(granted - l.purses[j.id].spent[currency]))
	}
}

func (p *purse) has(currency string) bool {
	_, budgeted := p.granted[currency]
	return budgeted
}

// compare holds all counters against the second ledger.
func (l *ledgerActor) compare() {
	for _, id := range l.order {
		for _, currency := range currencies {
			remaining, known := l.ledger.Remaining(id, currency)
			if p := l.purses[id]; known && (!p.has(currency) || remaining != amount(p.granted[currency]-p.spent[currency])) {
				l.world.fail("%s has %s %s, and was granted %d and spent %d cents",
					id, remaining, currency, p.granted[currency], p.spent[currency])
			}
		}
	}
}
