package registry_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

func TestClause_7_2_TheSameKeyGetsTheSamePayload(t *testing.T) {
	t.Parallel() // R7.2-1
	b := newBench(t, nil)
	first := only[registry.StartJob](t, b.submit("sess_1", "k", 1))
	payload := b.accepted(first.JobID, "writer@1.0.0")
	payload.Budget = protocol.Budget{"USD": "5.00", "EUR": "0.10"}
	payload.Credentials = []protocol.Credential{{ID: "cred_1", Scheme: "bearer", Value: "secret", Constraints: json.RawMessage(`{"a":1}`)}}
	b.step(registry.JobAccepted{JobID: first.JobID, Payload: payload})
	want := encoded(t, payload)
	again := func() {
		t.Helper()
		for _, session := range []protocol.SessionID{"sess_1", "sess_2"} {
			reply := only[registry.ReplyAccepted](t, b.submit(session, "k", 1))
			if reply.SessionID != session || reply.RequestID != "m" {
				t.Errorf("got %s", transcript.Render(reply))
			}
			if got := encoded(t, reply.Payload); !bytes.Equal(got, want) {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
	again()
	b.step(registry.CredentialsChanged{JobID: first.JobID, Credentials: []protocol.Credential{{ID: "cred_1", Value: "rotated"}}})
	again()
	b.end(first.JobID, protocol.StatusSuccess)
	again()
	b.pass(time.Hour) // the job is forgotten, the key is not
	again()
	if b.machine.Live() != 0 {
		t.Errorf("%d jobs run", b.machine.Live())
	}
}

func encoded(t *testing.T, payload protocol.JobAccepted) []byte {
	t.Helper()
	frame, err := protocol.Encode(protocol.Envelope{ID: "m", Payload: payload})
	if err != nil {
		t.Fatal(err)
	}
	return frame
}

func TestClause_7_2_OtherParametersAreADuplicateKey(t *testing.T) {
	t.Parallel() // R7.2-2
	b := newBench(t, nil)
	conflict := func() {
		t.Helper()
		if err := wantRefused(t, b.submit("sess_2", "k", 2), protocol.DuplicateKey); err.Retryable {
			t.Errorf("%v is retryable", err)
		}
	}
	first := only[registry.StartJob](t, b.submit("sess_1", "k", 1)).JobID
	conflict() // while it is not decided
	b.accept(first)
	conflict()
	b.end(first, protocol.StatusSuccess)
	conflict()
}

func TestClause_7_2_KeysArePerPrincipal(t *testing.T) {
	t.Parallel() // R7.2-3
	b := newBench(t, nil)
	b.start("sess_1", "k")
	for _, parameters := range []byte{1, 2} {
		b.open(protocol.SessionID(fmt.Sprintf("sess_1%d", parameters)), fmt.Sprintf("carol%d", parameters))
		only[registry.StartJob](t, b.submit(protocol.SessionID(fmt.Sprintf("sess_1%d", parameters)), "k", parameters))
	}
}

func TestClause_7_2_TwoAtOneInstantStartOneJob(t *testing.T) {
	t.Parallel() // R7.2-4
	b := newBench(t, nil)
	first := only[registry.StartJob](t, b.submit("sess_1", "k", 1)).JobID
	for _, session := range []protocol.SessionID{"sess_2", "sess_1"} {
		if effects := b.submit(session, "k", 1); len(effects) != 0 {
			t.Fatalf("got %s", transcript.Render(effects))
		}
	}
	payload := b.accepted(first, "writer@1.0.0")
	want := []registry.Effect{
		registry.ReplyAccepted{RequestID: "m", SessionID: "sess_2", Payload: payload},
		registry.ReplyAccepted{RequestID: "m", SessionID: "sess_1", Payload: payload},
	}
	if diff := cmp.Diff(want, b.step(registry.JobAccepted{JobID: first, Payload: payload})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if effects := b.step(registry.JobAccepted{JobID: first, Payload: payload}); len(effects) != 0 {
		t.Errorf("a second time: %s", transcript.Render(effects))
	}
}

func TestClause_7_2_ARefusedSubmitLeavesTheKeyFree(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	no := protocol.NewError(protocol.InvalidRequest, "no such currency")
	for _, how := range []func(protocol.JobID) (registry.Input, protocol.Code){
		func(id protocol.JobID) (registry.Input, protocol.Code) {
			return registry.JobRefused{JobID: id, Err: no}, protocol.InvalidRequest
		},
		func(id protocol.JobID) (registry.Input, protocol.Code) {
			return registry.JobEnded{JobID: id}, protocol.InternalError // its actor broke
		},
	} {
		first := only[registry.StartJob](t, b.submit("sess_1", "k", 1)).JobID
		b.submit("sess_2", "k", 1)
		in, code := how(first)
		effects := b.step(in)
		refused, forgotten := all[registry.Refuse](effects), all[registry.ForgetJob](effects)
		if len(effects) != 2 || len(refused) != 1 || len(forgotten) != 1 {
			t.Fatalf("got %s", transcript.Render(effects))
		}
		if refused[0].SessionID != "sess_2" || refused[0].Err.Code != code || forgotten[0].JobID != first {
			t.Errorf("got %s", transcript.Render(effects))
		}
	}
	// Other parameters are no conflict with what never was.
	only[registry.StartJob](t, b.submit("sess_2", "k", 2))
}

func TestClause_7_2_WhoWaitsMayBeGone(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	first := only[registry.StartJob](t, b.submit("sess_1", "k", 1)).JobID
	b.submit("sess_2", "k", 1)
	b.step(registry.SessionEnded{SessionID: "sess_2"})
	b.step(registry.SessionEnded{SessionID: "sess_1"})
	if reply := only[registry.ReplyAccepted](t, b.accept(first)); reply.SessionID != "sess_2" {
		t.Errorf("got %s", transcript.Render(reply))
	}
	b.open("sess_4", "alice")
	only[registry.ReplyAccepted](t, b.submit("sess_4", "k", 1))
}

func TestClause_7_2_WithoutAKeyEverySubmitIsAJob(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for range 3 {
		only[registry.StartJob](t, b.submit("sess_1", "", 1))
	}
}

func TestClause_7_2_KeysAreKeptForTheirTime(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	first := b.start("sess_1", "k")
	b.pass(48 * time.Hour)
	only[registry.ReplyAccepted](t, b.submit("sess_1", "k", 1)) // the job runs, whatever the clock says
	b.end(first, protocol.StatusSuccess)
	b.pass(10 * time.Minute)
	if want := b.now.Add(24*time.Hour - 10*time.Minute); !b.machine.Deadline().Equal(want) {
		t.Errorf("deadline is %v, want %v", b.machine.Deadline(), want)
	}
	b.wait(24*time.Hour - 10*time.Minute - 1)
	only[registry.ReplyAccepted](t, b.submit("sess_1", "k", 1))
	b.wait(1)
	only[registry.StartJob](t, b.submit("sess_1", "k", 2))
}

func TestClause_7_2_OnlySoManyKeysAreKept(t *testing.T) {
	t.Parallel()
	b := newBench(t, &registry.Config{MaxKeys: 3})
	first, second := b.start("sess_1", "k1"), b.start("sess_1", "k2")
	b.start("sess_1", "k3")
	if err := wantRefused(t, b.submit("sess_1", "k4", 1), protocol.PermissionDenied); !err.Retryable {
		t.Errorf("%v: once a job has ended there is room", err)
	}
	only[registry.StartJob](t, b.submit("sess_1", "", 1))   // without a key there is
	only[registry.StartJob](t, b.submit("sess_3", "k4", 1)) // and for others
	only[registry.ReplyAccepted](t, b.submit("sess_1", "k1", 1))
	b.end(second, protocol.StatusSuccess)
	b.end(first, protocol.StatusSuccess)
	b.start("sess_1", "k4") // in place of k2, whose job ended first
	only[registry.ReplyAccepted](t, b.submit("sess_1", "k1", 1))
	b.start("sess_1", "k2") // in place of k1
	wantRefused(t, b.submit("sess_1", "k1", 1), protocol.PermissionDenied)
	only[registry.ReplyAccepted](t, b.submit("sess_1", "k3", 1)) // whose job runs
}

func TestClause_7_2_LongKeysAreKeys(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	long := strings.Repeat("k", 1<<20)
	b.start("sess_1", long)
	only[registry.ReplyAccepted](t, b.submit("sess_1", long, 1))
	only[registry.StartJob](t, b.submit("sess_1", long+"k", 1))
}

func TestClause_7_2_AReplayIsNotHeldUp(t *testing.T) {
	t.Parallel() // it starts nothing, so no cap and no shutdown is in its way
	b := newBench(t, &registry.Config{MaxJobs: 1})
	b.start("sess_1", "k")
	b.step(registry.ShutdownRequested{})
	only[registry.ReplyAccepted](t, b.submit("sess_1", "k", 1))
	wantRefused(t, b.submit("sess_1", "k", 2), protocol.DuplicateKey)
	wantRefused(t, b.submit("sess_1", "other", 2), protocol.InternalError)
}
