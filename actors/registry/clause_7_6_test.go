package registry_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

// open lets carol observe alice.
func openPolicy(observer, owner string) bool { return observer == "carol" && owner == "alice" }

// policyBench has a session of carol too, sess_4, and a job of each of alice and bob: job_1 and job_2.
func policyBench(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, &registry.Config{MayObserve: openPolicy})
	b.open("sess_4", "carol")
	b.start("sess_1", "")
	b.start("sess_3", "")
	return b
}

func TestClause_7_6_SamePrincipalOnlyByDefault(t *testing.T) {
	t.Parallel() // R7.6-5, R14-1
	b := newBench(t, nil)
	id := b.start("sess_1", "")
	b.submit("sess_1", "", 1) // job_2 is starting
	for _, c := range []struct {
		session protocol.SessionID
		job     protocol.JobID
		allowed bool
	}{
		{"sess_1", id, true}, {"sess_2", id, true}, {"sess_3", id, false},
		{"sess_1", "job_2", false}, {"sess_1", "job_9", false}, {"sess_9", id, false},
	} {
		effects := b.step(registry.SubscribeRequested{RequestID: "m", SessionID: c.session, JobID: c.job})
		if routed := len(all[registry.RouteSubscribe](effects)) == 1; routed != c.allowed || len(effects) != 2 {
			t.Errorf("%s, %s: got %s", c.session, c.job, transcript.Render(effects))
		}
	}
}

func TestClause_7_6_APermittedSubscriptionIsPassedOn(t *testing.T) {
	t.Parallel()
	b := policyBench(t)
	for _, c := range []struct {
		session   protocol.SessionID
		principal string
		submitter bool
	}{{"sess_2", "alice", true}, {"sess_4", "carol", false}} {
		want := []registry.Effect{
			registry.AuditSubscribe{SessionID: c.session, Subscriber: c.principal, JobID: "job_1", Owner: "alice", Allowed: true},
			registry.RouteSubscribe{
				RequestID: "m", SessionID: c.session, Principal: c.principal, Submitter: c.submitter, JobID: "job_1", History: true, From: 7,
			},
		}
		in := registry.SubscribeRequested{RequestID: "m", SessionID: c.session, JobID: "job_1", History: true, From: 7}
		if diff := cmp.Diff(want, b.step(in)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

func TestClause_7_6_ForeignAndUnknownAreOneAnswer(t *testing.T) {
	t.Parallel() // R7.6-5, R6.6-5: who may not know of a job cannot find out that there is one
	b := policyBench(t)
	b.submit("sess_1", "", 1) // job_3 is starting
	for _, ask := range []func(protocol.SessionID, protocol.JobID) registry.Input{
		func(s protocol.SessionID, j protocol.JobID) registry.Input {
			return registry.SubscribeRequested{RequestID: "m", SessionID: s, JobID: j}
		},
		func(s protocol.SessionID, j protocol.JobID) registry.Input {
			return registry.CancelRequested{RequestID: "m", SessionID: s, JobID: j}
		},
	} {
		for _, c := range []struct {
			session protocol.SessionID
			job     protocol.JobID
		}{{"sess_3", "job_1"}, {"sess_4", "job_2"}, {"sess_1", "job_2"}, {"sess_1", "job_3"}, {"sess_1", "job_9"}, {"sess_9", "job_1"}} {
			refused := all[registry.Refuse](b.step(ask(c.session, c.job)))
			want := protocol.Error{Code: protocol.JobNotFound, Message: "no such job"}
			if len(refused) != 1 || *refused[0].Err != want || refused[0].JobID != c.job || refused[0].SessionID != c.session {
				t.Errorf("%s, %s: got %s", c.session, c.job, transcript.Render(refused))
			}
		}
	}
}

func TestClause_7_6_FinishedJobsCanBeObserved(t *testing.T) {
	t.Parallel() // R7.6-9
	b := policyBench(t)
	b.end("job_1", protocol.StatusSuccess)
	effects := b.step(registry.SubscribeRequested{SessionID: "sess_2", JobID: "job_1"})
	if len(all[registry.RouteSubscribe](effects)) != 1 {
		t.Errorf("got %s", transcript.Render(effects))
	}
}

func TestClause_7_6_Unsubscribe(t *testing.T) {
	t.Parallel() // R7.6-6
	b := policyBench(t)
	for _, c := range []struct {
		session protocol.SessionID
		job     protocol.JobID
		routed  int
	}{{"sess_2", "job_1", 1}, {"sess_4", "job_1", 1}, {"sess_3", "job_1", 0}, {"sess_2", "job_9", 0}, {"sess_9", "job_1", 0}} {
		effects := b.step(registry.UnsubscribeRequested{SessionID: c.session, JobID: c.job})
		if len(effects) != c.routed || len(all[registry.RouteUnsubscribe](effects)) != c.routed {
			t.Errorf("%s, %s: got %s", c.session, c.job, transcript.Render(effects))
		}
	}
}

func TestClause_7_6_ASessionThatIsOverObservesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for range 6 {
		b.start("sess_1", "")
	}
	own := b.start("sess_2", "")
	for _, id := range []protocol.JobID{"job_5", "job_1", "job_3", "job_4", "job_2", "job_1", own} {
		b.step(registry.SubscribeRequested{SessionID: "sess_2", JobID: id})
	}
	b.step(registry.UnsubscribeRequested{SessionID: "sess_2", JobID: "job_4"})
	b.end("job_2", protocol.StatusSuccess)
	want := []registry.Effect{
		registry.RouteUnsubscribe{SessionID: "sess_2", JobID: "job_1"},
		registry.RouteUnsubscribe{SessionID: "sess_2", JobID: "job_3"},
		registry.RouteUnsubscribe{SessionID: "sess_2", JobID: "job_5"},
	}
	if diff := cmp.Diff(want, b.step(registry.SessionEnded{SessionID: "sess_2"})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if effects := b.step(registry.SessionEnded{SessionID: "sess_2"}); len(effects) != 0 {
		t.Errorf("got %s", transcript.Render(effects))
	}
}

func TestClause_7_4_OnlyTheSubmittingSessionCancels(t *testing.T) {
	t.Parallel() // R7.4-2, R7.6-7
	b := policyBench(t)
	for _, session := range []protocol.SessionID{"sess_2", "sess_4"} {
		b.step(registry.SubscribeRequested{SessionID: session, JobID: "job_1"})
		err := wantRefused(t, b.step(registry.CancelRequested{RequestID: "m", SessionID: session, JobID: "job_1"}), protocol.PermissionDenied)
		if err.Retryable {
			t.Errorf("%v is retryable", err)
		}
	}
	want := registry.RouteCancel{RequestID: "m", SessionID: "sess_1", Principal: "alice", JobID: "job_1"}
	for range 2 { // a finished one too: its job refuses it (R7.4-3)
		if got := only[registry.RouteCancel](t, b.step(registry.CancelRequested{RequestID: "m", SessionID: "sess_1", JobID: "job_1"})); got != want {
			t.Errorf("got %s", transcript.Render(got))
		}
		b.end("job_1", protocol.StatusSuccess)
	}
}

func TestClause_7_4_ADelegatedJobIsItsRootsSessions(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	parent := b.start("sess_1", "")
	child := only[registry.StartJob](t, b.step(registry.DelegationRequested{ParentJobID: parent, JobID: "child"}))
	want := registry.StartJob{SessionID: "sess_1", Principal: "alice", JobID: "child", ParentJobID: parent}
	if child != want {
		t.Errorf("got %s", transcript.Render(child))
	}
	refused := only[registry.RefuseDelegation](t, b.step(registry.DelegationRequested{ParentJobID: "child", JobID: "grandchild"}))
	if refused.Err.Code != protocol.InvalidRequest { // it is not accepted yet
		t.Errorf("got %s", transcript.Render(refused))
	}
	b.accept("child")
	only[registry.RouteCancel](t, b.step(registry.CancelRequested{SessionID: "sess_1", JobID: "child"}))
	b.step(registry.SessionEnded{SessionID: "sess_1"})
	only[registry.StartJob](t, b.step(registry.DelegationRequested{ParentJobID: "child", JobID: "grandchild"}))
	b.end("child", protocol.StatusSuccess)
	only[registry.RefuseDelegation](t, b.step(registry.DelegationRequested{ParentJobID: "child", JobID: "late"}))
}
