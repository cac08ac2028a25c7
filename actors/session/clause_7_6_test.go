package session_test

import (
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/google/go-cmp/cmp"
)

func TestClause_6_6_AListingIsAskedForAsItWasMeant(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	limit, cursor := int64(7), "next"
	got := only[session.ListJobs](t, b.receive("l", protocol.SessionListJobs{
		Filter: &protocol.JobFilter{
			Status: []protocol.JobStatus{"running", "pending"}, Agent: "writer", CreatedAfter: "2026-05-13T00:00:00Z",
		},
		Limit: &limit, Cursor: &cursor,
	}))
	want := session.ListJobs{
		RequestID: "l", SessionID: sessionID, Principal: "alice", Statuses: []protocol.JobStatus{"running", "pending"},
		Agent: "writer", CreatedAfter: time.Date(2026, 5, 13, 0, 0, 0, 0, time.UTC), Limit: 7, Cursor: "next",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	answer := sent(b.step(session.JobsListed{RequestID: "l", Payload: protocol.SessionJobs{RequestID: "l"}}))
	if len(answer) != 1 || answer[0].RequestID != "l" || answer[0].EventSeq != 0 {
		t.Errorf("answered %s", transcript.Render(answer))
	}
}

func TestClause_6_6_AListingThatCannotBeUnderstoodIsRefused(t *testing.T) {
	t.Parallel()
	zero := int64(0)
	for name, list := range map[string]protocol.SessionListJobs{
		"an unknown status": {Filter: &protocol.JobFilter{Status: []protocol.JobStatus{"paused"}}},
		"a bad time":        {Filter: &protocol.JobFilter{CreatedAfter: "yesterday"}},
		"a bad agent":       {Filter: &protocol.JobFilter{Agent: "No Agent"}},
		"no limit":          {Limit: &zero},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBench(t)
			wantInvalid(t, b.receive("l", list), "l")
		})
	}
}

func TestClause_6_2_ListingAndSubscribingNeedTheirFeatures(t *testing.T) {
	t.Parallel()
	b := openBench(t, protocol.FeatureProgress)
	wantInvalid(t, b.receive("l", protocol.SessionListJobs{}), "l")
	wantInvalid(t, b.receive("s", protocol.JobSubscribe{JobID: "job_9"}), "s")
	wantInvalid(t, b.receive("u", protocol.JobUnsubscribe{JobID: "job_9"}), "u")
}

// copied is an event of a job that another session submitted.
func copied(job protocol.JobID) session.JobEvent {
	return session.JobEvent{Copied: true, JobID: job, Payload: protocol.JobEvent{Kind: protocol.KindLog}}
}

func TestClause_7_6_SubscribedEventsStandInTheSessionsOwnNumbers(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.emit(2)
	from := uint64(3)
	asked := only[session.SubscribeJob](t, b.receive("s", protocol.JobSubscribe{JobID: "job_9", FromEventSeq: &from, History: true}))
	want := session.SubscribeJob{
		RequestID: "s", SessionID: sessionID, Principal: "alice", JobID: "job_9", History: true, From: 3,
	}
	if asked != want {
		t.Errorf("asked %s", transcript.Render(asked))
	}
	if early := b.step(copied("job_9")); len(early) != 0 {
		t.Errorf("before the answer: %s", transcript.Render(early))
	}
	effects := b.step(session.JobSubscribed{RequestID: "s", JobID: "job_9", Payload: protocol.JobSubscribed{JobID: "job_9"}})
	effects = append(effects, b.step(copied("job_9"))...)
	b.emit(1)
	effects = append(effects, b.step(session.JobEnded{Copied: true, JobID: "job_9", Payload: protocol.JobResult{}})...)
	var numbers []uint64
	for _, message := range sent(effects) {
		numbers = append(numbers, message.EventSeq)
	}
	if diff := cmp.Diff([]uint64{0, 3, 5}, numbers); diff != "" {
		t.Error(diff)
	}
	if late := b.step(copied("job_9")); len(late) != 0 {
		t.Errorf("after the ending: %s", transcript.Render(late))
	}
}

func TestClause_7_6_AfterUnsubscribeNothingComes(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.step(session.JobSubscribed{RequestID: "s", JobID: "job_9", Payload: protocol.JobSubscribed{}})
	asked := only[session.UnsubscribeJob](t, b.receive("u", protocol.JobUnsubscribe{JobID: "job_9"}))
	if asked.JobID != "job_9" || asked.SessionID != sessionID {
		t.Errorf("asked %s", transcript.Render(asked))
	}
	before := b.machine.LastSeq()
	if late := b.step(copied("job_9")); len(late) != 0 || b.machine.LastSeq() != before {
		t.Errorf("an event that was under way: %s", transcript.Render(late))
	}
	if err := refusal(t, b.receive("u2", protocol.JobUnsubscribe{JobID: "job_9"}), "u2"); err.Code != protocol.JobNotFound {
		t.Errorf("twice: %s", err.Code)
	}
}

func TestClause_7_6_ASubscriptionOutlivesItsConnection(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.step(session.JobSubscribed{RequestID: "s", JobID: "job_9", Payload: protocol.JobSubscribed{}})
	b.step(session.ConnectionLost{})
	b.step(copied("job_9"))
	messages := sent(b.step(comeBack(0, "secret1")))
	if len(messages) != 2 || messages[1].JobID != "job_9" || messages[1].EventSeq != 1 {
		t.Errorf("resumed with %s", transcript.Render(messages))
	}
}

func TestClause_7_6_ANewJobOfTheSessionItselfIsNotDoubled(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.step(session.JobSubscribed{Own: true, RequestID: "s", JobID: "job_1", Payload: protocol.JobSubscribed{}})
	if effects := b.step(copied("job_1")); len(effects) != 0 {
		t.Errorf("a copy of an own event: %s", transcript.Render(effects))
	}
	b.emit(1)
	if b.machine.LastSeq() != 1 {
		t.Errorf("last seq %d", b.machine.LastSeq())
	}
}
