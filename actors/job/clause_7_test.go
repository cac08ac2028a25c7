package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/google/go-cmp/cmp"
)

func TestClause_7_1_AcceptedBeforeAnythingElse(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	effects := b.step(submission("USD:5.00", "credits:1000"))
	if len(effects) != 3 {
		t.Fatalf("got %s", transcript.Render(effects))
	}
	if got := effects[0].(job.OpenBudget).Grants; len(got) != 2 {
		t.Errorf("grants: %v", got)
	}
	want := job.Accept{RequestID: "m1", Payload: protocol.JobAccepted{
		JobID: "job_1", Agent: "writer@2.0.0", AcceptedAt: "2026-05-13T19:42:13.000Z", TraceID: "4bf92f",
		Lease:  protocol.Lease{"tool.call": {"search"}, "cost.budget": {"USD:5.00", "credits:1000"}},
		Budget: protocol.Budget{"USD": "5", "credits": "1000"},
	}}
	if diff := cmp.Diff(want, effects[1]); diff != "" {
		t.Error(diff)
	}
	start := effects[2].(job.StartAgent)
	if start.Name != "writer" || start.Version != "2.0.0" || string(start.Input) != `{"n":1}` || start.TraceID != "4bf92f" {
		t.Errorf("got %s", transcript.Render(start))
	}
}

func TestClause_7_1_WithoutLeaseNoAuthorityAndNoBudget(t *testing.T) {
	t.Parallel()
	in := submission()
	in.Submit.LeaseRequest = nil
	b := benchOf(t, nil, in)
	accepted := all[job.Accept](b.effects)[0].Payload
	if accepted.Lease == nil || len(accepted.Lease) != 0 || accepted.Budget != nil {
		t.Errorf("got %s", transcript.Render(accepted))
	}
	if opened := all[job.OpenBudget](b.effects); opened != nil {
		t.Errorf("a ledger without a budget: %v", opened)
	}
	wantRefused(t, b.operate("tool.call", "search"), protocol.PermissionDenied)
}

func TestClause_7_1_BadSubmitStartsNothing(t *testing.T) {
	t.Parallel()
	number := func(text string) *protocol.Number { n := protocol.Number(text); return &n }
	tests := []struct {
		name   string
		submit protocol.JobSubmit
	}{
		{"amount", protocol.JobSubmit{LeaseRequest: protocol.Lease{"cost.budget": {"USD"}}}},
		{"zero", protocol.JobSubmit{MaxRuntimeSec: number("0")}},
		{"zero with exponent", protocol.JobSubmit{MaxRuntimeSec: number("0.00e9")}},
		{"negative", protocol.JobSubmit{MaxRuntimeSec: number("-1")}},
		{"no number", protocol.JobSubmit{MaxRuntimeSec: number("true")}},
		{"empty", protocol.JobSubmit{MaxRuntimeSec: number("")}},
		{"hexadecimal", protocol.JobSubmit{MaxRuntimeSec: number("0x10")}},
	}
	for _, test := range tests {
		b := newBench(t, nil)
		in := submission()
		in.Submit = test.submit
		effects := b.step(in)
		if len(effects) != 2 || effects[1] != (job.End{}) {
			t.Fatalf("%s: got %s", test.name, transcript.Render(effects))
		}
		refused := effects[0].(job.Refuse)
		if refused.Err.Code != protocol.InvalidRequest || refused.RequestID != "m1" || refused.SessionID != "sess_1" {
			t.Errorf("%s: got %s", test.name, transcript.Render(refused))
		}
		if err := only[job.Refuse](t, b.cancel()).Err; err.Code != protocol.JobNotFound {
			t.Errorf("%s: cancelling what never was: %v", test.name, err)
		}
	}
}

func TestClause_7_3_MaxRuntime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want time.Duration // 0: no limit
	}{
		{"1800", 1800 * time.Second},
		{"0.25", 250 * time.Millisecond},
		{"1e2", 100 * time.Second},
		{"1e-300", 1},
		{"1e-99999", 1},
		{"1e99999", 0},
		{"99999999999999999999", 0},
	}
	for _, test := range tests {
		in := submission()
		limit := protocol.Number(test.text)
		in.Submit.MaxRuntimeSec = &limit
		b := benchOf(t, nil, in)
		got := b.machine.Deadline()
		if test.want == 0 {
			if !got.IsZero() {
				t.Errorf("%s: deadline %v", test.text, got)
			}
			continue
		}
		if got.Sub(beginning) != test.want {
			t.Errorf("%s: deadline after %v", test.text, got.Sub(beginning))
		}
		b.wait(test.want - 1)
		if early := b.step(job.Tick{}); early != nil {
			t.Fatalf("%s: too early: %s", test.text, transcript.Render(early))
		}
		b.wait(1)
		if cause := only[job.StopAgent](t, b.step(job.Tick{})).Cause; cause.Code != protocol.Timeout {
			t.Errorf("%s: stopped for %v", test.text, cause)
		}
		b.step(job.AgentFailed{Err: context.Canceled})
		b.wantFailed(protocol.Timeout, protocol.StatusTimedOut)
	}
}

func TestClause_7_3_RunningAtTheFirstEventOrOperation(t *testing.T) {
	t.Parallel()
	first := map[string]func(*bench){
		"event":             func(b *bench) { b.emit(protocol.KindThought, `{"text":"hm"}`) },
		"operation":         func(b *bench) { b.operate("tool.call", "search") },
		"refused operation": func(b *bench) { b.operate("tool.call", "other") },
	}
	for name, do := range first {
		b := startedBench(t)
		b.emit("nonsense", `{}`)
		if got := b.machine.Status(); got != protocol.StatusPending {
			t.Errorf("%s: status is %s before", name, got)
		}
		do(b)
		if got := b.machine.Status(); got != protocol.StatusRunning {
			t.Errorf("%s: status is %s after", name, got)
		}
	}
}

func TestClause_7_3_HowAnAgentEnds(t *testing.T) {
	t.Parallel()
	secret := errors.New("password is hunter2")
	tests := []struct {
		name      string
		in        job.Input
		code      protocol.Code
		status    protocol.JobStatus
		retryable bool
	}{
		{"plain error", job.AgentFailed{Err: secret}, protocol.InternalError, "error", true},
		{"nil error", job.AgentFailed{}, protocol.InternalError, "error", true},
		{"panic", job.AgentPanicked{}, protocol.InternalError, "error", true},
		{"exhausted", failedWith(protocol.BudgetExhausted, true), protocol.BudgetExhausted, "error", false},
		{"expired", failedWith(protocol.LeaseExpired, true), protocol.LeaseExpired, "error", false},
		{"internal", failedWith(protocol.InternalError, false), protocol.InternalError, "error", true},
		{"its own retryable", failedWith(protocol.PermissionDenied, true), protocol.PermissionDenied, "error", true},
		{"not retryable", failedWith(protocol.AgentNotAvailable, false), protocol.AgentNotAvailable, "error", false},
		{"unknown code", failedWith("WEIRD", false), protocol.InternalError, "error", true},
		{"cancelled", failedWith(protocol.Cancelled, false), protocol.Cancelled, "cancelled", false},
		{"timed out", failedWith(protocol.Timeout, false), protocol.Timeout, "timed_out", false},
		{"no JSON", job.AgentReturned{Result: json.RawMessage(`{`)}, protocol.InternalError, "error", true},
	}
	for _, test := range tests {
		b := startedBench(t)
		effects := b.step(test.in)
		failure := b.wantFailed(test.code, test.status)
		if failure.Retryable != test.retryable {
			t.Errorf("%s: retryable is %v", test.name, failure.Retryable)
		}
		if strings.Contains(failure.Message, "hunter2") || strings.Contains(failure.Message, "WEIRD") {
			t.Errorf("%s: leaks %q", test.name, failure.Message)
		}
		if effects[len(effects)-1] != (job.End{}) {
			t.Errorf("%s: got %s", test.name, transcript.Render(effects))
		}
	}
}

func failedWith(code protocol.Code, retryable bool) job.AgentFailed {
	return job.AgentFailed{Err: fmt.Errorf("wrapped: %w", &protocol.Error{Code: code, Message: "so it says " + string(code), Retryable: retryable})}
}

func TestClause_7_3_InlineResult(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"": "null", "null": "null", " {\"a\": 1} ": `{"a": 1}`, "7": "7"} {
		b := startedBench(t)
		b.step(job.AgentReturned{Result: json.RawMessage(value)})
		result := b.ending().(protocol.JobResult)
		if result.FinalStatus != protocol.StatusSuccess || string(result.Result) != want || result.ResultID != "" || result.ResultSize != nil {
			t.Errorf("%q: got %s", value, transcript.Render(result))
		}
	}
}

func TestClause_7_3_NothingFollowsTheEnding(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	b.step(job.AgentReturned{})
	for _, in := range questions(b) {
		wantRefused(t, b.step(in), protocol.InvalidRequest)
	}
	for _, in := range []job.Input{job.AgentReturned{}, job.AgentPanicked{}, job.Tick{}, job.ShutdownRequested{}, job.BudgetLost{}} {
		if effects := b.step(in); effects != nil {
			t.Errorf("%T: got %s", in, transcript.Render(effects))
		}
	}
}
