package registry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

func TestClause_6_3_AResumeGoesToItsSession(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.step(registry.SessionEnded{SessionID: "sess_2"})
	for _, c := range []struct {
		session   protocol.SessionID
		principal string
		routed    bool
	}{{"sess_1", "alice", true}, {"sess_1", "bob", false}, {"sess_2", "alice", false}, {"sess_9", "alice", false}, {"", "alice", false}} {
		effects := b.step(registry.ResumeRequested{RequestID: "m", SessionID: c.session, Principal: c.principal})
		var want registry.Effect = registry.NotResumable{RequestID: "m"}
		if c.routed {
			want = registry.RouteResume{RequestID: "m", SessionID: c.session}
		}
		if diff := cmp.Diff([]registry.Effect{want}, effects); diff != "" {
			t.Errorf("%s of %s: -want +got:\n%s", c.session, c.principal, diff)
		}
	}
}

func TestShutdownEndsJobsThenSessionsThenConnections(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	want := func(effects []registry.Effect, want ...registry.Effect) {
		t.Helper()
		if diff := cmp.Diff(want, effects); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
	}
	b.step(registry.ConnectionOpened{})
	first, second := b.start("sess_1", ""), b.start("sess_3", "")
	third := only[registry.StartJob](t, b.submit("sess_1", "", 1)).JobID
	want(b.step(registry.ShutdownRequested{}), registry.StopJobs{})
	want(b.step(registry.ShutdownRequested{}))
	if err := wantRefused(t, b.submit("sess_1", "", 1), protocol.InternalError); !err.Retryable {
		t.Errorf("%v is not retryable", err)
	}
	refused := only[registry.RefuseDelegation](t, b.step(registry.DelegationRequested{ParentJobID: first, JobID: b.name()}))
	if refused.Err.Code != protocol.InternalError {
		t.Errorf("got %s", transcript.Render(refused))
	}
	if err := only[registry.RefuseSession](t, b.step(registry.SessionOpened{SessionID: "sess_9", Principal: "bob"})).Err; err.Code != protocol.InternalError {
		t.Errorf("got %v", err)
	}
	want(b.step(registry.ConnectionOpened{}))
	want(b.end(first, protocol.StatusError))
	want(b.end(second, protocol.StatusError))
	if b.machine.Live() != 1 || b.machine.Connections() != 2 {
		t.Errorf("%d jobs and %d connections are left", b.machine.Live(), b.machine.Connections())
	}
	want(b.step(registry.JobRefused{JobID: third}), registry.ForgetJob{JobID: third}, registry.CloseSessions{})
	want(b.step(registry.ConnectionOpened{}), registry.CloseSessions{})
	want(b.step(registry.ConnectionClosed{}))
	want(b.step(registry.ConnectionClosed{}))
	want(b.step(registry.ConnectionClosed{}), registry.Drained{})
	want(b.step(registry.ConnectionOpened{}), registry.CloseSessions{})
	want(b.step(registry.ConnectionClosed{}))
}

func TestShutdownOfAnIdleRuntimeIsDrainedAtOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.step(registry.ConnectionClosed{}) // one that never was
	effects := b.step(registry.ShutdownRequested{})
	if diff := cmp.Diff([]registry.Effect{registry.StopJobs{}, registry.CloseSessions{}, registry.Drained{}}, effects); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestShutdownDoesNotWaitForFinishedJobs(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.end(b.start("sess_1", ""), protocol.StatusSuccess)
	effects := b.step(registry.ShutdownRequested{})
	if len(all[registry.Drained](effects)) != 1 {
		t.Errorf("got %s", transcript.Render(effects))
	}
	only[registry.ForgetJob](t, b.pass(10*time.Minute))
}

func TestAJobIsNamedOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := b.start("sess_1", "")
	for _, used := range []protocol.JobID{id, ""} {
		wantRefused(t, b.step(registry.SubmitRequested{SessionID: "sess_3", JobID: used, Key: "k"}), protocol.InternalError)
		only[registry.RefuseDelegation](t, b.step(registry.DelegationRequested{ParentJobID: id, JobID: used}))
	}
	only[registry.StartJob](t, b.submit("sess_3", "k", 1)) // and the key is free
}

func TestACreatedAtThatCannotBeReadIsNow(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := only[registry.StartJob](t, b.submit("sess_1", "", 1)).JobID
	b.wait(1234567 * time.Microsecond)
	b.step(registry.JobAccepted{JobID: id})
	if got := b.list(registry.ListRequested{SessionID: "sess_1"}).Jobs[0].CreatedAt; got != "2026-05-13T19:42:14.234Z" {
		t.Errorf("got %s", got)
	}
}
