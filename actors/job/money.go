package job

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// The names of metrics that mean something to the budget (§9.6).
const (
	costPrefix  = "cost."
	gaugePrefix = "cost.budget."
	gaugeName   = "cost.budget.remaining"
)

// awaited is a question of the agent that waits for the budget.
type awaited struct {
	metric   json.RawMessage // the cost metric to emit when booked; nil for an operation
	currency string
	child    *delegation // nil for what is no delegation
}

// metric takes a metric: a cost is booked first, another goes out at once.
func (t *turn) metric(call CallID, raw json.RawMessage, metric protocol.Metric) {
	amount, err := t.cost(metric)
	switch {
	case err != nil:
		t.reply(call, err)
	case !t.counts(metric):
		t.publish(protocol.KindMetric, raw)
		t.reply(call, nil)
	case t.budgetLost:
		t.reply(call, lostBudget())
	default:
		// §9.6: a cost reported is incurred, so it is booked whatever is left, and
		// before any later operation is authorised.
		t.pending[call] = awaited{metric: raw, currency: metric.Unit}
		t.do(BookCost{Call: call, Currency: metric.Unit, Amount: amount})
	}
}

// charge asks before it spends (§9.6, choice).
func (t *turn) charge(in ChargeRequested) {
	body, err := protocol.DecodeBody(protocol.KindMetric, in.Body)
	if err != nil {
		t.reply(in.Call, err)
		return
	}
	metric := body.(protocol.Metric)
	amount, err := t.cost(metric)
	switch {
	case err != nil:
		t.reply(in.Call, err)
	case !strings.HasPrefix(metric.Name, costPrefix):
		t.reply(in.Call, invalid("a charge is a metric whose name begins with cost."))
	case t.state == Stopping:
		t.reply(in.Call, t.stopped())
	case !t.counts(metric):
		// No counter, no limit: the cost is only told.
		t.publish(protocol.KindMetric, in.Body)
		t.reply(in.Call, nil)
	case t.budgetLost:
		t.reply(in.Call, lostBudget())
	default:
		t.pending[in.Call] = awaited{metric: in.Body, currency: metric.Unit}
		t.do(ChargeCost{Call: in.Call, Currency: metric.Unit, Amount: amount})
	}
}

// cost reads the amount of a cost metric, and refuses one that must not be. Other
// metrics have no amount.
func (m *Machine) cost(metric protocol.Metric) (budget.Amount, *protocol.Error) {
	if !strings.HasPrefix(metric.Name, costPrefix) {
		return budget.Amount{}, nil
	}
	if strings.HasPrefix(metric.Name, gaugePrefix) {
		// §9.6 (choice): a gauge is the runtime's to emit, and is no cost.
		return budget.Amount{}, invalid("metrics named " + gaugePrefix + "* are the runtime's")
	}
	amount, err := budget.ParseAmount(string(metric.Value))
	if err != nil {
		return budget.Amount{}, invalid(err.Error())
	}
	if amount.Sign() < 0 {
		// §9.6: rejected, and no decrement.
		return budget.Amount{}, invalid("a cost is not negative")
	}
	return amount, nil
}

// counts tells whether a metric takes something off a counter. §9.6: its name begins with
// cost. and its unit is a budgeted currency.
func (m *Machine) counts(metric protocol.Metric) bool {
	return strings.HasPrefix(metric.Name, costPrefix) &&
		(m.counter(metric.Unit) != nil || slices.Contains(m.currencies(), metric.Unit))
}

// counter is the job's counter in a currency; nil where it has none.
func (m *Machine) counter(currency string) *budget.Counter {
	for i := range m.counters {
		if m.counters[i].Currency == currency {
			return &m.counters[i]
		}
	}
	return nil
}

// operation authorises an operation before it is dispatched (§9.3).
func (t *turn) operation(in OperationRequested) {
	if !t.permitted(in.Call, in.Operation) {
		return
	}
	switch {
	case !t.budgeted():
		t.reply(in.Call, nil)
	case t.budgetLost:
		t.reply(in.Call, lostBudget())
	default:
		// §9.6: all counters are checked before any operation. (choice) model.use is one too: a model costs money,
		// although the draft does not name it there. The answer stands behind every cost that was booked before.
		t.pending[in.Call] = awaited{}
		t.do(CheckBudget{Call: in.Call})
	}
}

// permitted holds an operation against the lease, and answers it where it may not be.
func (t *turn) permitted(call CallID, operation lease.Operation) bool {
	t.running()
	if t.lease.Expired(t.now) {
		// §9.5: looked at first, since a lease that is over grants nothing that patterns or counters could deny.
		t.expire(call)
		return false
	}
	if t.state == Stopping {
		t.reply(call, t.stopped())
		return false
	}
	// §9.7 (choice): model.use is required like every namespace, so a lease without it permits no model.
	if err := t.lease.Permits(operation); err != nil {
		t.reply(call, protocol.NewError(protocol.PermissionDenied, err.Error()))
		return false
	}
	return true
}

// booked emits a cost that is taken off, and what is left (§9.6).
func (t *turn) booked(in CostBooked) {
	question, open := t.pending[in.Call]
	if !open || question.metric == nil {
		return // answered when the budget was lost
	}
	delete(t.pending, in.Call)
	if in.Err == nil {
		t.publish(protocol.KindMetric, question.metric)
		t.gauge(question.currency, in.Remaining)
	}
	t.reply(in.Call, in.Err)
	t.finish()
}

// gauge shows what is left in a currency. §9.6 (choice): only of the job's own counters: what a job without one spends
// is its ancestors', and under its id would look as if it were its own.
func (t *turn) gauge(currency string, remaining budget.Amount) {
	own := t.counter(currency)
	if own == nil {
		return
	}
	own.Remaining = remaining
	t.publish(protocol.KindMetric, marshal(protocol.Metric{
		Name: gaugeName, Value: protocol.Number(remaining.String()), Unit: currency,
	}))
}

// checked answers an operation with what the counters say.
func (t *turn) checked(in BudgetChecked) {
	question, open := t.pending[in.Call]
	if !open || question.metric != nil {
		return
	}
	delete(t.pending, in.Call)
	switch {
	case t.lease.Expired(t.now):
		// §9.5: it ran out while the question was under way, and nothing begins after its end.
		t.expire(in.Call)
	case in.Err != nil:
		t.reply(in.Call, in.Err)
	case t.state == Stopping || t.state == Finishing:
		// The job was stopped while the question was under way: nothing begins now.
		t.reply(in.Call, t.stopped())
	case question.child != nil:
		t.reply(in.Call, question.child.refusal) // the counters would have let it pass
	default:
		t.reply(in.Call, nil)
	}
	t.finish()
}

// loseBudget ends the job: without counters no operation can be authorised.
func (t *turn) loseBudget() {
	if !t.budgeted() || t.budgetLost {
		return
	}
	t.budgetLost = true
	t.tellChildren(BudgetLost{})
	for _, call := range slices.Sorted(maps.Keys(t.pending)) {
		if child := t.pending[call].child; child != nil && child.starting {
			continue // that is not the budget's to answer
		}
		delete(t.pending, call)
		t.reply(call, lostBudget())
	}
	t.stop(lostBudget())
	if _, success := t.ending.(protocol.JobResult); success && t.state != Ended {
		// A success whose costs could not all be booked is none.
		t.ending = failed(lostBudget())
	}
	t.finish()
	t.shows = 0
	t.attachWaiting() // with the counters as they were last heard of
}

func lostBudget() *protocol.Error {
	return protocol.NewError(protocol.InternalError, "the budget of the job failed")
}
