package actors

import (
	"fmt"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/protocol"
)

// budgetMessage is one question to the actor that owns the ledger of a tree of jobs. Exactly one of its parts is set.
type budgetMessage struct {
	job       protocol.JobID
	to        *engine.Ref[jobMessage] // who is answered
	book      *job.BookCost
	spend     *job.ChargeCost
	check     *job.CheckBudget
	show      *job.ShowBudget
	delegate  *job.DelegateBudget
	forget    protocol.JobID // whose counters go
	spendable *engine.Question[[]budget.Counter]
	view      *engine.Question[[]budget.Counter]
}

// budgetActor owns one ledger. Its mailbox is what makes exhaustion exact (§9.6): every cost is taken off, and every
// operation is checked, in the one order in which they came.
type budgetActor struct {
	ledger *budget.Ledger[protocol.JobID]
}

// openBudget starts the ledger of a root job. Root is told when it is lost.
func (r *Runtime) openBudget(id protocol.JobID, root *engine.Ref[jobMessage], grants []budget.Grant) *engine.Ref[budgetMessage] {
	ledger, err := budget.New(id, grants)
	if err != nil {
		panic("actors: a lease was read that no ledger takes: " + err.Error())
	}
	a := &budgetActor{ledger: ledger}
	return engine.Spawn(r.engine, "budget", engine.Behaviour[budgetMessage]{
		Receive: a.receive,
		Panicked: func(reason any, stack []byte) {
			r.log.Error("budget failed", "job", id, "panic", fmt.Sprint(reason), "stack", string(stack))
			_ = root.Tell(jobMessage{input: job.BudgetLost{}})
		},
	})
}

func (a *budgetActor) receive(m budgetMessage) {
	switch {
	case m.book != nil:
		remaining, _, err := a.ledger.Report(m.job, m.book.Currency, m.book.Amount)
		m.answer(m.book.Call, job.CostBooked{Call: m.book.Call, Remaining: remaining, Err: job.BudgetRefusal(err)})
	case m.spend != nil:
		remaining, _, err := a.ledger.Charge(m.job, m.spend.Currency, m.spend.Amount)
		m.answer(m.spend.Call, job.CostBooked{Call: m.spend.Call, Remaining: remaining, Err: job.BudgetRefusal(err)})
	case m.check != nil:
		err := a.ledger.Authorise(m.job)
		m.answer(m.check.Call, job.BudgetChecked{Call: m.check.Call, Err: job.BudgetRefusal(err)})
	case m.delegate != nil:
		d := m.delegate
		err := a.ledger.Authorise(m.job)
		if err == nil {
			err = a.ledger.Delegate(m.job, d.ChildID, d.Grants)
		}
		m.answer(d.Call, job.BudgetDelegated{Call: d.Call, Err: job.BudgetRefusal(err)})
	case m.forget != "":
		a.ledger.Forget(m.forget)
	case m.show != nil:
		m.answer(0, job.BudgetShown{Counters: a.ledger.Snapshot(m.job)})
	case m.spendable != nil:
		if m.spendable.Claim() {
			m.spendable.Answer(a.ledger.Spendable(m.job))
		}
	case m.view != nil:
		if m.view.Claim() {
			m.view.Answer(a.ledger.Snapshot(m.job))
		}
	}
}

// answer tells the job. One that has ended meanwhile needs no answer.
func (m budgetMessage) answer(call job.CallID, input job.Input) {
	_ = m.to.Tell(jobMessage{input: input, call: call})
}
