package job_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/google/go-cmp/cmp"
)

// copies returns the bodies of the events among the effects that go to one session, and its ending.
func copies(effects []job.Effect, session protocol.SessionID) []string {
	var found []string
	for _, effect := range effects {
		switch effect := effect.(type) {
		case job.CopyEvent:
			if effect.SessionID == session {
				found = append(found, strings.NewReplacer(`{"text":"`, "", `"}`, "").Replace(string(effect.Event.Body)))
			}
		case job.CopyEnding:
			if effect.SessionID == session {
				found = append(found, "ending")
			}
		}
	}
	return found
}

func wantCopies(t *testing.T, effects []job.Effect, session protocol.SessionID, want ...string) {
	t.Helper()
	if got := copies(effects, session); !slices.Equal(got, want) {
		t.Errorf("%s got %q, want %q", session, got, want)
	}
}

// thoughts emits events named by their positions in the log.
func (b *bench) thoughts(from, to int) {
	b.t.Helper()
	for i := from; i <= to; i++ {
		wantDone(b.t, b.thought(fmt.Sprint(i)))
	}
}

func answered(t *testing.T, effects []job.Effect) job.Subscribed {
	t.Helper()
	found := all[job.Subscribed](effects)
	if len(found) != 1 {
		t.Fatalf("got %s, want one answer", transcript.Render(effects))
	}
	return found[0]
}

func TestClause_7_6_TheAnswerDescribesTheJob(t *testing.T) {
	t.Parallel()
	in := submission("USD:1.00")
	in.ParentJobID = "job_0"
	in.Submit.LeaseConstraints = until(beginning.Add(time.Hour))
	b := benchOf(t, nil, in)
	b.thoughts(1, 3)
	only[job.ShowBudget](t, b.subscribe("sess_2"))
	parent := protocol.JobID("job_0")
	want := job.Subscribed{RequestID: "s1", SessionID: "sess_2", Payload: protocol.JobSubscribed{
		JobID: "job_1", CurrentStatus: protocol.StatusRunning, Agent: "writer@2.0.0",
		Lease:            protocol.Lease{"tool.call": {"search"}, "cost.budget": {"USD:1.00"}},
		LeaseConstraints: &protocol.LeaseConstraints{ExpiresAt: "2026-05-13T20:42:13Z"},
		Budget:           protocol.Budget{"USD": "0.4"}, ParentJobID: &parent, TraceID: "4bf92f", SubscribedFrom: 3,
	}}
	got := only[job.Subscribed](t, b.step(job.BudgetShown{Counters: counters(t, "0.4")}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	plain := startedBench(t)
	payload := only[job.Subscribed](t, plain.subscribe("sess_2")).Payload
	if payload.ParentJobID != nil || payload.Budget != nil || payload.LeaseConstraints != nil || payload.CurrentStatus != protocol.StatusPending {
		t.Errorf("got %s", transcript.Render(payload))
	}
}

func TestClause_7_6_HistoryComesAfterTheAnswerAndBeforeLiveEvents(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		from     []uint64
		replayed []string
	}{
		{"no history", nil, nil},
		{"all", []uint64{0}, []string{"1", "2", "3"}},
		{"some", []uint64{2}, []string{"3"}},
		{"none is left", []uint64{3}, nil},
		{"beyond the log", []uint64{1830}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := startedBench(t)
			b.thoughts(1, 3)
			effects := b.subscribe("sess_2", test.from...)
			answer, first := effects[0].(job.Subscribed)
			if !first || answer.Payload.Replayed != (test.replayed != nil) || answer.Payload.SubscribedFrom != 3 {
				t.Errorf("got %s", transcript.Render(effects))
			}
			wantCopies(t, effects, "sess_2", test.replayed...)
			wantCopies(t, b.thought("4"), "sess_2", "4")
			wantCopies(t, b.step(job.AgentReturned{}), "sess_2", "ending")
		})
	}
}

func TestClause_7_6_TheLogIsBounded(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]*job.Config{
		"events": {LogEvents: 2},
		"bytes":  {LogBytes: 2 * (128 + int64(len(`{"text":"1"}`)))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := benchOf(t, config, submission())
			b.thoughts(1, 5)
			effects := b.subscribe("sess_2", 1)
			if from := answered(t, effects).Payload.SubscribedFrom; from != 5 {
				t.Errorf("subscribed from %d", from)
			}
			wantCopies(t, effects, "sess_2", "4", "5")
		})
	}
	b := benchOf(t, &job.Config{LogBytes: 200}, submission())
	b.thoughts(1, 1)
	b.thought(strings.Repeat("x", 200))
	effects := b.subscribe("sess_2", 0)
	if from := answered(t, effects).Payload.SubscribedFrom; from != 2 {
		t.Errorf("subscribed from %d", from)
	}
	wantCopies(t, effects, "sess_2")
}

func TestClause_7_6_SubscribingTwiceDeliversOnce(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	b.thoughts(1, 1)
	b.subscribe("sess_2", 0)
	effects := b.subscribe("sess_2", 0)
	if answered(t, effects).Payload.Replayed {
		t.Error("replayed again")
	}
	wantCopies(t, effects, "sess_2")
	wantCopies(t, b.thought("2"), "sess_2", "2")
}

func TestClause_7_6_TheSubmittingSessionHasItsEventsOnce(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	b.thoughts(1, 1)
	answer := only[job.Subscribed](t, b.subscribe("sess_1", 0))
	if !answer.Own || answer.Payload.Replayed {
		t.Errorf("got %s", transcript.Render(answer))
	}
	wantCopies(t, b.thought("2"), "sess_1")
	b.step(job.AgentReturned{})
	only[job.Subscribed](t, b.subscribe("sess_1", 0))
}

// TestClause_7_6_WhoMayObserveIsDecidedBefore: the registry asks the policy, and the job does not ask again.
func TestClause_7_6_WhoMayObserveIsDecidedBefore(t *testing.T) {
	t.Parallel()
	stranger := job.SubscribeRequested{RequestID: "s1", SessionID: "sess_9", Principal: "bob"}
	if none := only[job.Refuse](t, newBench(t, nil).step(stranger)); none.Err.Code != protocol.JobNotFound {
		t.Errorf("a job that does not exist: %s", transcript.Render(none))
	}
	b := startedBench(t)
	only[job.Subscribed](t, b.step(stranger))
	wantCopies(t, b.thought("1"), "sess_9", "1")
	if refused := only[job.Refuse](t, b.step(job.CancelRequested{RequestID: "c", SessionID: "sess_9", Principal: "bob"})); refused.Err.Code != protocol.JobNotFound {
		t.Errorf("cancelled by an observer: %s", transcript.Render(refused))
	}
}

func TestClause_7_6_NoEventFollowsAnUnsubscribe(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	b.subscribe("sess_2")
	b.subscribe("sess_3")
	if effects := b.step(job.UnsubscribeRequested{SessionID: "sess_2"}); effects != nil {
		t.Errorf("got %s", transcript.Render(effects))
	}
	effects := b.thought("1")
	wantCopies(t, effects, "sess_2")
	wantCopies(t, effects, "sess_3", "1")
	wantCopies(t, b.step(job.AgentReturned{}), "sess_2")

	waiting := startedBench(t, "USD:1")
	waiting.subscribe("sess_2", 0)
	waiting.step(job.UnsubscribeRequested{SessionID: "sess_2"})
	only[job.Subscribed](t, waiting.step(job.BudgetShown{Counters: counters(t, "1")}))
	wantCopies(t, waiting.thought("1"), "sess_2")
}

func TestClause_7_6_SubscribingGivesNoAuthority(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	b.subscribe("sess_2")
	refused := only[job.Refuse](t, b.step(job.CancelRequested{RequestID: "c", SessionID: "sess_2", Principal: "alice"}))
	if refused.Err.Code != protocol.PermissionDenied {
		t.Errorf("got %s", transcript.Render(refused))
	}
}

func TestClause_7_6_AFinishedJobShowsItsHistoryAndEnding(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	b.thoughts(1, 2)
	b.cancel()
	b.step(job.AgentReturned{})
	for _, test := range []struct {
		from []uint64
		want []string
	}{
		{nil, nil},
		{[]uint64{0}, []string{"1", "2", "ending"}},
		{[]uint64{2}, []string{"ending"}},
		{[]uint64{3}, nil}, // it has the ending
	} {
		effects := b.subscribe("sess_2", test.from...)
		payload := answered(t, effects).Payload
		if payload.CurrentStatus != protocol.StatusCancelled || payload.SubscribedFrom != 3 || payload.Replayed != (test.want != nil) {
			t.Errorf("from %v: %s", test.from, transcript.Render(payload))
		}
		wantCopies(t, effects, "sess_2", test.want...)
		if b.machine.Observes("sess_2") {
			t.Error("the subscription stays")
		}
	}
}

func TestClause_7_6_CountersAreThoseAtSubscriptionTime(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	b.metric("cost.x", "0.1", "USD")
	only[job.ShowBudget](t, b.subscribe("sess_2"))
	if effects := b.subscribe("sess_3", 0); effects != nil { // the answer that is on its way is as good
		t.Errorf("got %s", transcript.Render(effects))
	}
	wantCopies(t, b.step(job.CostBooked{Call: b.lastCall, Remaining: amount(t, "0.9")}), "sess_2")
	effects := b.step(job.BudgetShown{Counters: counters(t, "0.9")})
	for _, answer := range all[job.Subscribed](effects) {
		if answer.Payload.Budget["USD"] != "0.9" || answer.Payload.SubscribedFrom != 2 {
			t.Errorf("got %s", transcript.Render(answer))
		}
	}
	wantCopies(t, effects, "sess_2")
	if got := copies(effects, "sess_3"); len(got) != 2 {
		t.Errorf("got %q", got)
	}
	wantCopies(t, b.thought("3"), "sess_2", "3")

	// When the job is over, so is its budget: what it said last stays.
	if effects := b.step(job.AgentReturned{}); len(all[job.ShowBudget](effects)) != 1 {
		t.Errorf("got %s", transcript.Render(effects))
	}
	if effects := b.subscribe("sess_4"); effects != nil {
		t.Errorf("got %s", transcript.Render(effects))
	}
	for _, effects := range [][]job.Effect{b.step(job.BudgetShown{Counters: counters(t, "0.7")}), b.subscribe("sess_5")} {
		if shown := only[job.Subscribed](t, effects).Payload.Budget["USD"]; shown != "0.7" {
			t.Errorf("got %s", shown)
		}
	}
}

func TestClause_7_6_ALostBudgetKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	b := startedBench(t, "USD:1")
	b.metric("cost.x", "0.1", "USD")
	b.step(job.CostBooked{Call: b.lastCall, Remaining: amount(t, "0.9")})
	b.subscribe("sess_2")
	answer := answered(t, b.step(job.BudgetLost{}))
	if answer.Payload.Budget["USD"] != "0.9" {
		t.Errorf("got %s", transcript.Render(answer))
	}
	only[job.Subscribed](t, b.subscribe("sess_3"))
	wantCopies(t, b.step(job.AgentReturned{}), "sess_2", "ending")
}
