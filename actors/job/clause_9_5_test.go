package job_test

import (
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

// expiring has a running job whose lease ends in so long.
func expiring(t *testing.T, in time.Duration, amounts ...string) *bench {
	t.Helper()
	submitted := submission(amounts...)
	submitted.Submit.LeaseConstraints = until(beginning.Add(in))
	return benchOf(t, nil, submitted)
}

func TestClause_9_5_ExpiresAtMustBeUTCAndAhead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, at string
		accepted bool
	}{
		{"in a nanosecond", "2026-05-13T19:42:13.000000001Z", true},
		{"in a second", "2026-05-13T19:42:14Z", true},
		{"in ten years", "2036-05-13T19:42:13Z", true},
		{"beyond every duration", "9999-12-31T23:59:59Z", true},
		{"now", "2026-05-13T19:42:13Z", false},
		{"past", "2026-05-13T19:42:12.999Z", false},
		{"the zero time", "0001-01-01T00:00:00Z", false},
		{"an offset", "2036-05-13T19:42:13+01:00", false},
		{"an offset of nothing", "2036-05-13T19:42:13+00:00", false},
		{"no zone", "2036-05-13T19:42:13", false},
		{"a day", "2036-05-13", false},
		{"no such day", "2036-02-30T00:00:00Z", false},
		{"words", "tomorrow", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, nil)
			in := submission()
			in.Submit.LeaseConstraints = &protocol.LeaseConstraints{ExpiresAt: test.at}
			effects := b.step(in)
			if test.accepted {
				accept := effects[0].(job.Accept)
				if echo := accept.Payload.LeaseConstraints; echo == nil || echo.ExpiresAt != test.at { // §7.1
					t.Errorf("echoed %s", transcript.Render(echo))
				}
				return
			}
			if refused, ok := effects[0].(job.Refuse); !ok || refused.Err.Code != protocol.InvalidRequest || len(effects) != 2 {
				t.Errorf("got %s", transcript.Render(effects))
			}
		})
	}
}

func TestClause_9_5_WithoutAnExpiryALeaseLasts(t *testing.T) {
	t.Parallel()
	for _, constraints := range []*protocol.LeaseConstraints{nil, {}} {
		in := submission()
		in.Submit.LeaseConstraints = constraints
		b := benchOf(t, nil, in)
		b.now = beginning.AddDate(1000, 0, 0)
		wantDone(t, b.operate("tool.call", "search"))
	}
}

func TestClause_9_5_AnOperationAtTheEndFailsAndEndsTheJob(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{time.Nanosecond, time.Second, 30 * 24 * time.Hour, 10 * 365 * 24 * time.Hour, 1<<63 - 1} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			b := expiring(t, ahead)
			b.wait(ahead - 1)
			wantDone(t, b.operate("tool.call", "search"))
			b.wait(1)
			effects := b.operate("tool.call", "search")
			reply, first := effects[0].(job.Reply)
			if !first || reply.Err == nil || reply.Err.Code != protocol.LeaseExpired || reply.Err.Retryable {
				t.Fatalf("got %s", transcript.Render(effects))
			}
			if stops := all[job.StopAgent](effects); len(stops) != 1 || stops[0].Cause.Code != protocol.LeaseExpired {
				t.Fatalf("got %s", transcript.Render(effects))
			}
			wantDone(t, b.thought("the agent may unwind"))
			wantRefused(t, b.operate("tool.call", "search"), protocol.LeaseExpired)
			b.step(job.AgentReturned{}) // too late to be a success
			if failure := b.wantFailed(protocol.LeaseExpired, protocol.StatusError); failure.Retryable {
				t.Error("LEASE_EXPIRED is retryable")
			}
		})
	}
}

func TestClause_9_5_NothingIsDueAtTheEndItself(t *testing.T) {
	t.Parallel()
	b := expiring(t, time.Second)
	if deadline := b.machine.Deadline(); !deadline.IsZero() {
		t.Errorf("due at %v", deadline)
	}
	b.wait(time.Hour)
	b.step(job.Tick{})
	wantDone(t, b.thought("no operation, no violation"))
	b.step(job.AgentReturned{})
	if result, ok := b.ending().(protocol.JobResult); !ok || result.FinalStatus != protocol.StatusSuccess {
		t.Errorf("got %s", transcript.Render(b.ending()))
	}
}

func TestClause_9_5_ExpiryComesBeforePermissionAndBudget(t *testing.T) {
	t.Parallel()
	b := expiring(t, time.Second, "USD:1")
	b.wait(time.Second)
	if effects := b.operate("fs.read", "/etc"); all[job.Reply](effects)[0].Err.Code != protocol.LeaseExpired {
		t.Errorf("got %s", transcript.Render(effects))
	}
	if asked := all[job.CheckBudget](b.effects); asked != nil {
		t.Errorf("asked %v", asked)
	}
	stopped := expiring(t, time.Second)
	stopped.wait(time.Second)
	stopped.cancel()
	wantRefused(t, stopped.operate("tool.call", "search"), protocol.LeaseExpired)
	stopped.step(job.AgentReturned{})
	stopped.wantFailed(protocol.Cancelled, protocol.StatusCancelled)
}

func TestClause_9_5_ALeaseThatEndsWhileTheBudgetIsAsked(t *testing.T) {
	t.Parallel()
	for _, err := range []*protocol.Error{nil, exhausted} {
		b := expiring(t, time.Second, "USD:1")
		check := only[job.CheckBudget](t, b.operate("tool.call", "search"))
		b.wait(time.Second)
		effects := b.step(job.BudgetChecked{Call: check.Call, Err: err})
		if reply := all[job.Reply](effects)[0]; reply.Err == nil || reply.Err.Code != protocol.LeaseExpired {
			t.Errorf("got %s", transcript.Render(effects))
		}
		b.step(job.AgentReturned{})
		b.wantFailed(protocol.LeaseExpired, protocol.StatusError)
	}
}

func TestClause_9_5_CostsAreBookedAfterTheEnd(t *testing.T) {
	t.Parallel()
	b := expiring(t, time.Second, "USD:1")
	b.wait(time.Second)
	only[job.BookCost](t, b.metric("cost.x", "0.1", "USD"))
	wantDone(t, b.step(job.CostBooked{Call: b.lastCall, Remaining: amount(t, "0.9")}))
	b.operate("tool.call", "search")
	only[job.BookCost](t, b.metric("cost.x", "0.1", "USD"))
	wantDone(t, b.step(job.CostBooked{Call: b.lastCall, Remaining: amount(t, "0.8")}))
}

func TestClause_9_5_AnAgentThatDoesNotComeBackIsLeftBehind(t *testing.T) {
	t.Parallel()
	b := expiring(t, time.Second)
	b.wait(time.Second)
	b.operate("tool.call", "search")
	b.now = b.machine.Deadline()
	b.step(job.Tick{})
	b.wantFailed(protocol.LeaseExpired, protocol.StatusError)
}

func TestClause_9_7_NoModelWithoutModelUse(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	wantRefused(t, b.operate("model.use", "tier-fast/a"), protocol.PermissionDenied)
	in := submission()
	in.Submit.LeaseRequest = protocol.Lease{"model.use": {"tier-fast/*"}}
	with := benchOf(t, nil, in)
	wantDone(t, with.operate("model.use", "tier-fast/a"))
	wantRefused(t, with.operate("model.use", "tier-slow/a"), protocol.PermissionDenied)
}
