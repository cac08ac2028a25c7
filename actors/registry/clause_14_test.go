package registry_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

func TestClause_14_ListingsKeepPrincipalsApart(t *testing.T) {
	t.Parallel() // R14-1, R6.6-5
	b := policyBench(t)
	b.start("sess_2", "")
	for session, want := range map[protocol.SessionID][]protocol.JobID{
		"sess_1": {"job_1", "job_3"}, "sess_2": {"job_1", "job_3"}, "sess_3": {"job_2"}, "sess_4": {"job_1", "job_3"},
	} {
		wantNames(t, b.pages(registry.ListRequested{SessionID: session, Limit: 1}), want...)
	}
	own := b.start("sess_4", "") // of several owners in one order
	b.start("sess_1", "")
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_4", Limit: 2}), "job_1", "job_3", own, "job_5")
}

func TestClause_14_CredentialsAreTheSubmittersOnly(t *testing.T) {
	t.Parallel() // R7.6-8
	b := policyBench(t)
	id := only[registry.StartJob](t, b.submit("sess_1", "", 1)).JobID
	payload := b.accepted(id, "writer@1")
	payload.Credentials = []protocol.Credential{{ID: "cred_1", Value: "secret"}}
	b.step(registry.JobAccepted{JobID: id, Payload: payload})
	wantSeen := func(session protocol.SessionID, want string) {
		t.Helper()
		got := ""
		for _, c := range b.list(registry.ListRequested{SessionID: session}).Jobs[1].Credentials {
			got += c.Value
		}
		if got != want {
			t.Errorf("%s sees %q, want %q", session, got, want)
		}
	}
	wantSeen("sess_2", "secret")
	wantSeen("sess_4", "")
	rotated := registry.CredentialsChanged{JobID: id, Credentials: []protocol.Credential{{ID: "cred_1", Value: "rotated"}}}
	b.step(rotated)
	wantSeen("sess_1", "rotated")
	wantSeen("sess_4", "")
	b.step(registry.JobChanged{JobID: id, Status: protocol.StatusSuccess}) // §9.8: revoked
	wantSeen("sess_1", "")
	b.step(rotated)
	wantSeen("sess_1", "")
}

func TestClause_14_EverySubscribeIsAudited(t *testing.T) {
	t.Parallel() // R14-2
	b := policyBench(t)
	b.submit("sess_3", "", 1) // job_3 is starting
	for _, want := range []registry.AuditSubscribe{
		{SessionID: "sess_1", Subscriber: "alice", JobID: "job_1", Owner: "alice", Allowed: true},
		{SessionID: "sess_4", Subscriber: "carol", JobID: "job_1", Owner: "alice", Allowed: true},
		{SessionID: "sess_4", Subscriber: "carol", JobID: "job_2", Owner: "bob"},
		{SessionID: "sess_3", Subscriber: "bob", JobID: "job_3", Owner: "bob"},
		{SessionID: "sess_3", Subscriber: "bob", JobID: "job_9"},
		{SessionID: "sess_9", JobID: "job_1", Owner: "alice"},
	} {
		audits := all[registry.AuditSubscribe](b.step(registry.SubscribeRequested{SessionID: want.SessionID, JobID: want.JobID}))
		if len(audits) != 1 || audits[0] != want {
			t.Errorf("got %s, want %s", transcript.Render(audits), transcript.Render(want))
		}
	}
}

func TestClause_14_CursorsAreCheckedAndSealed(t *testing.T) {
	t.Parallel() // R6.6-4, R6.6-5
	b := newBench(t, &registry.Config{CursorKey: [32]byte{1}})
	for range 2 {
		b.start("sess_1", "")
		b.start("sess_3", "")
	}
	page := b.list(registry.ListRequested{SessionID: "sess_1", Limit: 1})
	cursor := *page.NextCursor
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_2", Cursor: cursor}), "job_3") // another session of the same
	elsewhere := newBench(t, nil)                                                               // with another key
	elsewhere.start("sess_1", "")
	elsewhere.start("sess_1", "")
	for name, c := range map[string]struct {
		session protocol.SessionID
		cursor  string
	}{
		"another principal's": {"sess_3", cursor},
		"another runtime's":   {"sess_1", *elsewhere.list(registry.ListRequested{SessionID: "sess_1", Limit: 1}).NextCursor},
		"made up":             {"sess_1", base64.RawURLEncoding.EncodeToString([]byte("sixteen bytes...")) /* one block */},
		"a number":            {"sess_1", "2"},
		"a job":               {"sess_1", "job_1"},
		"longer":              {"sess_1", cursor + "A"},
		"with a line break":   {"sess_1", cursor[:10] + "\n" + cursor[11:]},
		"shorter":             {"sess_1", cursor[:21]},
		"with line breaks":    {"sess_1", cursor[:10] + "\n\n" + cursor[12:]},
		"long":                {"sess_1", strings.Repeat("A", 1<<16)},
		"a space":             {"sess_1", " "},
	} {
		err := wantRefused(t, b.step(registry.ListRequested{RequestID: "m", SessionID: c.session, Cursor: c.cursor}), protocol.InvalidRequest)
		if err.Retryable {
			t.Errorf("%s: %v is retryable", name, err)
		}
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range cursor { // each with its last bit turned, which in the last one stands for nothing
		other := string(digits[strings.IndexByte(digits, cursor[i])^1])
		in := registry.ListRequested{SessionID: "sess_1", Cursor: cursor[:i] + other + cursor[i+1:]}
		wantRefused(t, b.step(in), protocol.InvalidRequest)
	}
}

func TestClause_14_SessionsArePerPrincipalCapped(t *testing.T) {
	t.Parallel() // R14-4
	b := newBench(t, &registry.Config{MaxSessions: 3})
	b.open("sess_4", "alice")
	refused := only[registry.RefuseSession](t, b.step(registry.SessionOpened{SessionID: "sess_5", Principal: "alice"}))
	if refused.Err.Code != protocol.PermissionDenied || !refused.Err.Retryable || refused.SessionID != "sess_5" {
		t.Errorf("got %s", transcript.Render(refused))
	}
	wantRefused(t, b.submit("sess_5", "", 1), protocol.InvalidRequest) // it is no session
	b.step(registry.SessionEnded{SessionID: "sess_5"})                 // and its end frees nothing
	only[registry.RefuseSession](t, b.step(registry.SessionOpened{SessionID: "sess_6", Principal: "alice"}))
	b.open("sess_7", "bob")
	b.step(registry.SessionEnded{SessionID: "sess_1"})
	b.open("sess_8", "alice")
	only[registry.RefuseSession](t, b.step(registry.SessionOpened{SessionID: "sess_8", Principal: "bob"})) // the name is taken
	only[registry.RefuseSession](t, b.step(registry.SessionOpened{Principal: "bob"}))
}

func TestClause_14_JobsArePerSessionCapped(t *testing.T) {
	t.Parallel() // R14-4
	b := newBench(t, &registry.Config{MaxJobs: 3})
	full := func() {
		t.Helper()
		if err := wantRefused(t, b.submit("sess_1", "", 1), protocol.PermissionDenied); !err.Retryable {
			t.Errorf("%v: once a job has ended there is room", err)
		}
	}
	first := b.start("sess_1", "")
	b.submit("sess_1", "", 1) // one that starts counts,
	child := only[registry.StartJob](t, b.step(registry.DelegationRequested{ParentJobID: first, JobID: "child"})).JobID
	full() // and a child
	refused := only[registry.RefuseDelegation](t, b.step(registry.DelegationRequested{ParentJobID: first, JobID: "child2"}))
	if refused.Err.Code != protocol.PermissionDenied || refused.JobID != "child2" || refused.ParentJobID != first {
		t.Errorf("got %s", transcript.Render(refused))
	}
	awaited := only[registry.StartJob](t, b.submit("sess_2", "k", 1)).JobID
	b.step(registry.JobChanged{JobID: first, Status: protocol.StatusSuccess})
	full() // its agent is not back
	b.step(registry.JobRefused{JobID: child, Err: protocol.NewError(protocol.LeaseSubsetViolation, "no")})
	if effects := b.submit("sess_1", "k", 1); len(effects) != 0 {
		t.Fatalf("got %s", transcript.Render(effects))
	}
	full()                                                                // as does one that waits,
	wantRefused(t, b.submit("sess_1", "k", 1), protocol.PermissionDenied) // of which there is no end else
	b.accept(awaited)
	b.step(registry.JobEnded{JobID: first})
	b.start("sess_1", "")
	b.start("sess_1", "")
	full()
}

func TestClause_14_SubscriptionsArePerSessionCapped(t *testing.T) {
	t.Parallel()
	b := newBench(t, &registry.Config{MaxSubscriptions: 2})
	subscribe := func(id protocol.JobID) []registry.Effect {
		return b.step(registry.SubscribeRequested{RequestID: "m", SessionID: "sess_2", JobID: id})
	}
	allowed := func(id protocol.JobID) {
		t.Helper()
		if effects := subscribe(id); len(all[registry.RouteSubscribe](effects)) != 1 {
			t.Fatalf("%s: got %s", id, transcript.Render(effects))
		}
	}
	full := func(id protocol.JobID) {
		t.Helper()
		refused := all[registry.Refuse](subscribe(id))
		if len(refused) != 1 || refused[0].Err.Code != protocol.PermissionDenied || !refused[0].Err.Retryable {
			t.Fatalf("%s: got %s", id, transcript.Render(refused))
		}
	}
	for range 5 {
		b.start("sess_1", "")
	}
	own := b.start("sess_2", "")
	allowed("job_1")
	allowed("job_2")
	allowed("job_2") // again
	allowed(own)     // whose events it has
	full("job_3")
	b.end("job_1", protocol.StatusSuccess)
	allowed("job_1") // which is over, and so is the subscription
	allowed("job_3")
	full("job_4")
	b.step(registry.UnsubscribeRequested{SessionID: "sess_2", JobID: "job_2"})
	allowed("job_4")
	full("job_5")
}

func TestClause_14_JobsArePerPrincipalCapped(t *testing.T) {
	t.Parallel() // or one session after the other could leave its jobs behind
	b := newBench(t, &registry.Config{MaxPrincipalJobs: 2})
	b.start("sess_1", "")
	b.step(registry.SessionEnded{SessionID: "sess_1"})
	last := b.start("sess_2", "")
	wantRefused(t, b.submit("sess_2", "", 1), protocol.PermissionDenied)
	b.start("sess_3", "")
	b.end(last, protocol.StatusSuccess)
	b.start("sess_2", "")
}
