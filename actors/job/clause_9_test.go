package job_test

import (
	"encoding/json"
	"testing"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

var exhausted = &protocol.Error{Code: protocol.BudgetExhausted, Message: "USD is exhausted"}

func TestClause_9_3_LeaseIsEvaluatedBeforeTheOperation(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	wantDone(t, b.operate("tool.call", "search"))
	wantRefused(t, b.operate("tool.call", "rm"), protocol.PermissionDenied)
	wantRefused(t, b.operate("fs.read", "search"), protocol.PermissionDenied)
	withBudget := startedBench(t, "USD:1")
	wantRefused(t, withBudget.operate("tool.call", "rm"), protocol.PermissionDenied)
}

func TestClause_9_6_CountersAreCheckedBeforeAuthorising(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	check := only[job.CheckBudget](t, b.operate("tool.call", "search"))
	wantDone(t, b.step(job.BudgetChecked{Call: check.Call}))
	check = only[job.CheckBudget](t, b.operate("tool.call", "search"))
	effects := b.step(job.BudgetChecked{Call: check.Call, Err: exhausted})
	wantRefused(t, effects, protocol.BudgetExhausted)
	if all[job.Reply](effects)[0].Err.Retryable {
		t.Error("BUDGET_EXHAUSTED is retryable")
	}
	wantDone(t, b.emit(protocol.KindThought, `{"text":"the agent can go on without cost"}`))
}

func TestClause_9_6_CostIsBookedThenToldThenGauged(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1.00", "credits:5")
	body := `{"name":"cost.search","value":4.20e-1,"unit":"USD","dimensions":{"a":1}}`
	book := only[job.BookCost](t, b.emit(protocol.KindMetric, body))
	if book.Currency != "USD" || book.Amount.String() != amount(t, "0.42").String() {
		t.Errorf("got %s", transcript.Render(book))
	}
	effects := b.step(job.CostBooked{Call: book.Call, Remaining: amount(t, "-0.12")})
	wantEvents(t, effects, "metric "+body, `metric {"name":"cost.budget.remaining","value":-0.12,"unit":"USD"}`)
	if reply, ok := effects[2].(job.Reply); !ok || reply.Call != book.Call || reply.Err != nil {
		t.Errorf("got %s", transcript.Render(effects))
	}
}

func TestClause_9_6_BookingsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	first := only[job.BookCost](t, b.metric("cost.a", "0.1", "USD"))
	second := only[job.BookCost](t, b.metric("cost.b", "0.2", "USD"))
	check := only[job.CheckBudget](t, b.operate("tool.call", "search"))
	effects := b.step(job.CostBooked{Call: first.Call, Remaining: amount(t, "0.9")})
	effects = append(effects, b.step(job.CostBooked{Call: second.Call, Remaining: amount(t, "0.7")})...)
	wantEvents(t, effects,
		`metric {"name":"cost.a","value":0.1,"unit":"USD"}`,
		`metric {"name":"cost.budget.remaining","value":0.9,"unit":"USD"}`,
		`metric {"name":"cost.b","value":0.2,"unit":"USD"}`,
		`metric {"name":"cost.budget.remaining","value":0.7,"unit":"USD"}`)
	wantDone(t, b.step(job.BudgetChecked{Call: check.Call}))
}

func TestClause_9_6_WhatTakesNothingOff(t *testing.T) {
	t.Parallel()
	told := []struct{ name, value, unit string }{
		{"cost.x", "1", "EUR"},
		{"cost.x", "1", "usd"},
		{"costs.x", "1", "USD"},
		{"latency", "-5", "USD"},
		{"cost", "1", "USD"},
	}
	for _, test := range told {
		b := startedBench(t, "USD:1")
		effects := b.metric(test.name, test.value, test.unit)
		wantDone(t, effects)
		if len(effects) != 2 || len(events(effects)) != 1 {
			t.Errorf("%v: got %s", test, transcript.Render(effects))
		}
	}
	b := startedBench(t, "USD:1")
	wantDone(t, b.emit(protocol.KindMetric, `{"name":"cost.x","value":1}`))
	if booked := all[job.BookCost](b.effects); booked != nil {
		t.Errorf("a cost without a unit was booked: %v", booked)
	}
}

func TestClause_9_6_RefusedCosts(t *testing.T) {
	t.Parallel()
	refused := []struct{ name, value, unit string }{
		{"cost.x", "-0.01", "USD"},
		{"cost.x", "-1e-30", "USD"},
		{"cost.x", "-1", "EUR"}, // §9.6 rejects a negative cost, budgeted or not
		{"cost.x", "1e999999999", "USD"},
		{"cost.x", `"1"`, "USD"},
		{"cost.x", "null", "USD"},
		{"cost.x", "true", "USD"},
		{"cost.budget.remaining", "1", "USD"},
		{"cost.budget.remaining", "1", "EUR"},
		{"cost.budget.other", "1", "USD"},
	}
	for _, test := range refused {
		b := startedBench(t, "USD:1")
		effects := b.metric(test.name, test.value, test.unit)
		if len(effects) != 1 {
			t.Errorf("%v", test)
		}
		wantRefused(t, effects, protocol.InvalidRequest)
		wantRefused(t, startedBench(t, "USD:1").chargeMetric(test.name, test.value, test.unit), protocol.InvalidRequest)
	}
	zero := startedBench(t, "USD:1")
	only[job.BookCost](t, zero.metric("cost.x", "-0.0", "USD")) // zero is not negative
}

func (b *bench) chargeMetric(name, value, unit string) []job.Effect {
	b.t.Helper()
	body := `{"name":"` + name + `","value":` + value + `,"unit":"` + unit + `"}`
	return b.step(job.ChargeRequested{Call: b.call(), Body: json.RawMessage(body)})
}

func TestClause_9_6_ChargeIsTakenWholeOrRefused(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	charge := only[job.ChargeCost](t, b.chargeMetric("cost.x", "0.9", "USD"))
	effects := b.step(job.CostBooked{Call: charge.Call, Remaining: amount(t, "0.1")})
	wantDone(t, effects)
	if len(events(effects)) != 2 {
		t.Errorf("got %s", transcript.Render(effects))
	}
	charge = only[job.ChargeCost](t, b.chargeMetric("cost.x", "0.9", "USD"))
	wantRefused(t, b.step(job.CostBooked{Call: charge.Call, Err: exhausted}), protocol.BudgetExhausted)
	wantRefused(t, b.chargeMetric("latency", "1", "USD"), protocol.InvalidRequest)
	wantDone(t, b.chargeMetric("cost.x", "9", "EUR"))
	b.cancel()
	wantRefused(t, b.chargeMetric("cost.x", "0.01", "USD"), protocol.Cancelled)
	only[job.BookCost](t, b.metric("cost.x", "0.01", "USD")) // incurred is incurred
}

func TestClause_9_6_EndingWaitsForBookings(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	first := only[job.BookCost](t, b.metric("cost.a", "0.1", "USD"))
	second := only[job.BookCost](t, b.metric("cost.b", "0.1", "USD"))
	if effects := b.step(job.AgentReturned{}); effects != nil {
		t.Fatalf("got %s", transcript.Render(effects))
	}
	wantRefused(t, b.metric("cost.c", "0.1", "USD"), protocol.InvalidRequest)
	b.step(job.CostBooked{Call: first.Call, Remaining: amount(t, "0.9")})
	if len(all[job.SendEnding](b.effects)) != 0 {
		t.Fatal("ended over a booking")
	}
	last := b.step(job.CostBooked{Call: second.Call, Remaining: amount(t, "0.8")})
	if _, ok := last[len(last)-2].(job.SendEnding); !ok || len(last) != 6 {
		t.Errorf("got %s", transcript.Render(last))
	}
}

func TestClause_9_6_OperationUnderWayWhenStopped(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	check := only[job.CheckBudget](t, b.operate("tool.call", "search"))
	b.cancel()
	wantRefused(t, b.step(job.BudgetChecked{Call: check.Call}), protocol.Cancelled)
}

func TestClause_9_6_LostBudgetEndsTheJob(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	b.metric("cost.a", "0.1", "USD")
	b.operate("tool.call", "search")
	effects := b.step(job.BudgetLost{})
	replies := all[job.Reply](effects)
	if len(replies) != 2 || len(all[job.StopAgent](effects)) != 1 {
		t.Fatalf("got %s", transcript.Render(effects))
	}
	wantRefused(t, b.metric("cost.a", "0.1", "USD"), protocol.InternalError)
	if late := b.step(job.CostBooked{Call: replies[0].Call}); late != nil {
		t.Errorf("answered twice: %s", transcript.Render(late))
	}
	b.step(job.AgentReturned{})
	b.wantFailed(protocol.InternalError, protocol.StatusError)

	finishing := startedBench(t, "USD:1")
	finishing.metric("cost.a", "0.1", "USD")
	finishing.step(job.AgentReturned{})
	finishing.step(job.BudgetLost{})
	finishing.wantFailed(protocol.InternalError, protocol.StatusError)
}
