package job_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

func TestClause_7_4_CancelIsAcknowledgedThenEnds(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	effects := b.cancel()
	if len(effects) != 2 || effects[0] != (job.AcknowledgeCancel{RequestID: "m2", SessionID: "sess_1"}) {
		t.Fatalf("got %s", transcript.Render(effects))
	}
	if cause := effects[1].(job.StopAgent).Cause; cause.Code != protocol.Cancelled {
		t.Errorf("stopped for %v", cause)
	}
	wantDone(t, b.emit(protocol.KindThought, `{"text":"tidying up"}`))
	wantRefused(t, b.operate("tool.call", "search"), protocol.Cancelled)
	only[job.AcknowledgeCancel](t, b.cancel()) // again: still acknowledged, one ending
	b.step(job.AgentReturned{Result: json.RawMessage(`"too late"`)})
	b.wantFailed(protocol.Cancelled, protocol.StatusCancelled)
}

func TestClause_7_4_OnlyTheSubmittingSessionCancels(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	other := b.step(job.CancelRequested{RequestID: "m9", SessionID: "sess_2", Principal: "alice"})
	refused := only[job.Refuse](t, other)
	if refused.Err.Code != protocol.PermissionDenied || refused.SessionID != "sess_2" || refused.RequestID != "m9" {
		t.Errorf("got %s", transcript.Render(refused))
	}
	// §6.6: to another principal the job does not exist.
	foreign := only[job.Refuse](t, b.step(job.CancelRequested{RequestID: "m9", SessionID: "sess_3", Principal: "bob"}))
	if *foreign.Err != *job.NotFound() {
		t.Errorf("got %v", foreign.Err)
	}
	if b.machine.Status() != protocol.StatusPending {
		t.Errorf("status is %s", b.machine.Status())
	}
}

func TestClause_7_4_FinishedJobIsRefused(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	b.step(job.AgentReturned{})
	if err := only[job.Refuse](t, b.cancel()).Err; err.Code != protocol.InvalidRequest {
		t.Errorf("got %v", err)
	}
	b.ending()
}

func TestClause_7_4_CancelRacingWithTheReturn(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	booking := only[job.BookCost](t, b.metric("cost.x", "0.5", "USD"))
	if effects := b.step(job.AgentReturned{}); effects != nil {
		t.Fatalf("ended over a booking: %s", transcript.Render(effects))
	}
	only[job.AcknowledgeCancel](t, b.cancel())
	effects := b.step(job.CostBooked{Call: booking.Call, Remaining: amount(t, "0.5")})
	if len(events(effects)) != 2 {
		t.Errorf("the booked cost is not told: %s", transcript.Render(effects))
	}
	b.wantFailed(protocol.Cancelled, protocol.StatusCancelled)
}

func TestClause_7_4_AgentThatDoesNotComeBack(t *testing.T) {
	t.Parallel()
	b := benchOf(t, &job.Config{CancelGrace: 2 * time.Second}, submission())
	b.cancel()
	b.wait(2*time.Second - 1)
	if effects := b.step(job.Tick{}); effects != nil {
		t.Fatalf("too early: %s", transcript.Render(effects))
	}
	b.wait(1)
	only[job.SendEnding](t, b.step(job.Tick{}))
	b.wantFailed(protocol.Cancelled, protocol.StatusCancelled)
	wantRefused(t, b.emit(protocol.KindThought, `{"text":"late"}`), protocol.InvalidRequest)
	only[job.End](t, b.step(job.AgentReturned{}))
}

func TestShutdownEndsTheJob(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	only[job.StopAgent](t, b.step(job.ShutdownRequested{}))
	b.step(job.AgentFailed{Err: context.Canceled})
	if failure := b.wantFailed(protocol.InternalError, protocol.StatusError); !failure.Retryable {
		t.Error("a shutdown is not retryable")
	}
}
