package job

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/arcp-conformance/arcp/budget"
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
	return strings.HasPrefix(metric.Name, costPrefix) && slices.Contains(m.currencies, metric.Unit)
}

// operation authorises an operation before it is dispatched (§9.3).
func (t *turn) operation(in OperationRequested) {
	t.running()
	if t.state == Stopping {
		t.reply(in.Call, t.stopped())
		return
	}
	if err := t.lease.Permits(in.Operation); err != nil {
		t.reply(in.Call, protocol.NewError(protocol.PermissionDenied, err.Error()))
		return
	}
	switch {
	case len(t.currencies) == 0:
		t.reply(in.Call, nil)
	case t.budgetLost:
		t.reply(in.Call, lostBudget())
	default:
		// §9.6: all counters are checked before any operation. The answer stands
		// behind every cost that was booked before.
		t.pending[in.Call] = awaited{}
		t.do(CheckBudget{Call: in.Call})
	}
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
		t.publish(protocol.KindMetric, marshal(protocol.Metric{
			Name: gaugeName, Value: protocol.Number(in.Remaining.String()), Unit: question.currency,
		}))
	}
	t.reply(in.Call, in.Err)
	t.finish()
}

// checked answers an operation with what the counters say.
func (t *turn) checked(in BudgetChecked) {
	question, open := t.pending[in.Call]
	if !open || question.metric != nil {
		return
	}
	delete(t.pending, in.Call)
	switch {
	case in.Err != nil:
		t.reply(in.Call, in.Err)
	case t.state == Stopping || t.state == Finishing:
		// The job was stopped while the question was under way: nothing begins now.
		t.reply(in.Call, t.stopped())
	default:
		t.reply(in.Call, nil)
	}
	t.finish()
}

// loseBudget ends the job: without counters no operation can be authorised.
func (t *turn) loseBudget() {
	if t.state == Unsubmitted || t.state == Ended || len(t.currencies) == 0 || t.budgetLost {
		return
	}
	t.budgetLost = true
	for _, call := range slices.Sorted(maps.Keys(t.pending)) {
		delete(t.pending, call)
		t.reply(call, lostBudget())
	}
	t.stop(lostBudget())
	if _, success := t.ending.(protocol.JobResult); success {
		// A success whose costs could not all be booked is none.
		t.ending = failed(lostBudget())
	}
	t.finish()
}

func lostBudget() *protocol.Error {
	return protocol.NewError(protocol.InternalError, "the budget of the job failed")
}
