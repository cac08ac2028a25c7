package job_test

import (
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
	"pgregory.net/rapid"
)

// lifeModel knows what ends a job, and nothing else.
type lifeModel struct {
	cause     protocol.Code // what came first; success for an agent that returned
	cancelled bool
	lost      bool // the budget was lost before the ending
}

const success = protocol.Code("success")

// first notes a cause, if there is none yet.
func (l *lifeModel) first(code protocol.Code) {
	if l.cause == "" {
		l.cause = code
	}
}

// live takes one input of a job whose ending is not out. due says that the deadline is over, expired that the lease is.
func (l *lifeModel) live(in job.Input, due, expired bool, effects []job.Effect) {
	switch in := in.(type) {
	case job.OperationRequested:
		if expired {
			l.first(protocol.LeaseExpired)
		}
	case job.BudgetChecked:
		if expired && in.Call != nobodys {
			l.first(protocol.LeaseExpired)
		}
	case job.Tick:
		if due {
			l.first(protocol.Timeout)
		}
	case job.ShutdownRequested, job.AgentPanicked:
		l.first(protocol.InternalError)
	case job.BudgetLost:
		l.lost = true
		l.first(protocol.InternalError)
	case job.AgentFailed:
		if _, verdict := in.Err.(*protocol.Error); verdict {
			l.first(protocol.BudgetExhausted)
		}
		l.first(protocol.InternalError)
	case job.AgentReturned:
		l.first(success)
	case job.CancelRequested:
		l.cancelled = l.cancelled || len(all[job.AcknowledgeCancel](effects)) > 0
	}
}

// TestLifecycleModel holds long random lives against a model that knows only what ends a
// job, and in which order of precedence.
func TestLifecycleModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWalker()
		if _, err := w.step(w.input(0)); err != nil {
			t.Fatal(err)
		}
		var model lifeModel
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "seconds")) * time.Second)
			in := w.input(rapid.IntRange(0, inputs-1).Draw(t, "input"))
			due := !w.machine.Deadline().IsZero() && !w.now.Before(w.machine.Deadline())
			alive := !w.watch.ended
			effects, err := w.step(in)
			if err != nil {
				t.Fatal(err)
			}
			acknowledged := len(all[job.AcknowledgeCancel](effects)) > 0
			if in, ok := in.(job.CancelRequested); ok && in.SessionID == "sess_1" && in.Principal == "alice" && alive != acknowledged {
				t.Fatalf("alive is %v: %s", alive, transcript.Render(effects)) // §7.4
			}
			if alive {
				model.live(in, due, !w.now.Before(expiry), effects)
			}
			for _, ending := range all[job.SendEnding](effects) {
				model.check(t, ending.Payload)
			}
		}
		if err := w.finish(); err != nil {
			t.Fatal(err)
		}
	})
}

// check compares an ending with what the model says.
func (l *lifeModel) check(t *rapid.T, payload protocol.Payload) {
	failure, failed := payload.(protocol.JobError)
	switch {
	case l.cancelled:
		if failure.Code != protocol.Cancelled {
			t.Fatalf("cancelled, ends with %s", transcript.Render(payload))
		}
	case l.cause == success:
		// A stream that is not finished, or not alone, makes a failure of a success.
		if failed && failure.Code != protocol.InternalError || !failed && l.lost {
			t.Fatalf("returned (lost: %v), ends with %s", l.lost, transcript.Render(payload))
		}
	case failure.Code == protocol.InternalError && l.cause == protocol.BudgetExhausted:
		// A streamed result beyond its cap.
	case failure.Code != l.cause:
		t.Fatalf("want %s, ends with %s", l.cause, transcript.Render(payload))
	}
}
