package job_test

import (
	"context"
	"encoding/json"
	"flag"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/protocol"
)

var rewrite = flag.Bool("rewrite", false, "renew the transcripts under testdata")

func TestTranscripts(t *testing.T) {
	t.Parallel()
	conversations := map[string]func(*bench){
		"budget.txt":  budgetSpent,
		"stream.txt":  streamed,
		"cancel.txt":  cancelled,
		"timeout.txt": timedOut,
		"refused.txt": refusedSubmit,

		"subscribe.txt": watched,
		"expiry.txt":    expired,
	}
	for name, talk := range conversations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, &job.Config{MaxChunk: 8})
			talk(b)
			b.log.Compare(t, name, *rewrite)
		})
	}
}

func budgetSpent(b *bench) {
	b.log.Note("§13.5: 0.42 and 0.70 of USD:1.00; then every operation is refused")
	b.step(submission("USD:1.00"))
	spend := func(id, cost, remaining string) {
		b.wait(time.Second)
		b.emit(protocol.KindToolCall, `{"tool":"search","args":{},"call_id":"`+id+`"}`)
		b.operate("tool.call", "search")
		b.step(job.BudgetChecked{Call: b.lastCall})
		b.emit(protocol.KindToolResult, `{"call_id":"`+id+`","result":{"ok":true}}`)
		b.metric("cost.search", cost, "USD")
		b.step(job.CostBooked{Call: b.lastCall, Remaining: amount(b.t, remaining)})
	}
	spend("c1", "0.42", "0.58")
	spend("c2", "0.70", "-0.12")
	b.emit(protocol.KindToolCall, `{"tool":"search","args":{},"call_id":"c3"}`)
	b.operate("tool.call", "search")
	b.step(job.BudgetChecked{Call: b.lastCall, Err: exhausted})
	b.emit(protocol.KindToolResult, `{"call_id":"c3","error":{"code":"BUDGET_EXHAUSTED","message":"USD is exhausted","retryable":false}}`)
	b.step(job.AgentReturned{Result: json.RawMessage(`{"partial":true}`)})
}

func streamed(b *bench) {
	b.log.Note("§8.4: a text in chunks of at most 8 bytes, and its job.result")
	b.step(submission())
	b.openStream(protocol.UTF8)
	b.write("a text, ")
	b.write("with \xe2\x82")
	b.write("\xac and more")
	b.closeStream()
	b.write("too late")
	b.step(job.AgentReturned{})
}

func cancelled(b *bench) {
	b.log.Note("§7.4: cancelled while a cost is being booked")
	b.step(submission("USD:1.00"))
	b.metric("cost.search", "0.10", "USD")
	b.step(job.CancelRequested{RequestID: "m9", SessionID: "sess_2", Principal: "alice"})
	b.cancel()
	b.emit(protocol.KindLog, `{"level":"info","message":"tidying up"}`)
	b.step(job.AgentFailed{Err: context.Canceled})
	b.step(job.CostBooked{Call: 1, Remaining: amount(b.t, "0.9")})
	b.cancel()
}

func timedOut(b *bench) {
	b.log.Note("§7.3: max_runtime_sec is over, and the agent does not come back in its grace")
	in := submission()
	limit := protocol.Number("1.5")
	in.Submit.MaxRuntimeSec = &limit
	b.step(in)
	b.emit(protocol.KindStatus, `{"phase":"working"}`)
	b.now = b.machine.Deadline()
	b.step(job.Tick{})
	b.now = b.machine.Deadline()
	b.step(job.Tick{})
	b.emit(protocol.KindStatus, `{"phase":"still working"}`)
	b.step(job.AgentReturned{})
}

func refusedSubmit(b *bench) {
	b.log.Note("§7.1: a submit that does not hold starts nothing")
	in := submission()
	limit := protocol.Number("-1")
	in.Submit.MaxRuntimeSec = &limit
	b.step(in)
	b.cancel()
}

func watched(b *bench) {
	b.log.Note("§7.6: two observers of a job with a budget, one with history, one who leaves, and one who comes late")
	b.step(submission("USD:1.00"))
	b.thought("before anybody looked")
	b.metric("cost.search", "0.10", "USD")
	b.subscribe("sess_2", 1)
	b.subscribe("sess_3")
	b.step(job.CostBooked{Call: b.lastCall, Remaining: amount(b.t, "0.9")})
	b.step(job.BudgetShown{Counters: counters(b.t, "0.9")})
	b.thought("seen by both")
	b.step(job.UnsubscribeRequested{SessionID: "sess_3"})
	b.thought("seen by one")
	b.step(job.CancelRequested{RequestID: "m9", SessionID: "sess_2", Principal: "alice"})
	b.step(job.AgentReturned{})
	b.step(job.BudgetShown{Counters: counters(b.t, "0.9")})
	b.subscribe("sess_4", 4)
}

func expired(b *bench) {
	b.log.Note("§13.4: the lease ends, the next operation is refused, the agent unwinds, the job ends")
	in := submission("USD:1.00")
	in.Submit.LeaseConstraints = until(beginning.Add(time.Minute))
	b.step(in)
	b.wait(time.Minute - 1)
	b.emit(protocol.KindToolCall, `{"tool":"search","args":{},"call_id":"c1"}`)
	b.operate("tool.call", "search")
	b.step(job.BudgetChecked{Call: b.lastCall})
	b.emit(protocol.KindToolResult, `{"call_id":"c1","result":{"ok":true}}`)
	b.wait(1)
	b.emit(protocol.KindToolCall, `{"tool":"search","args":{},"call_id":"c2"}`)
	b.operate("tool.call", "search")
	b.emit(protocol.KindToolResult, `{"call_id":"c2","error":{"code":"LEASE_EXPIRED","message":"the lease has expired","retryable":false}}`)
	b.metric("cost.search", "0.10", "USD")
	b.step(job.CostBooked{Call: b.lastCall, Remaining: amount(b.t, "0.9")})
	b.step(job.AgentReturned{Result: json.RawMessage(`{"partial":true}`)})
}
