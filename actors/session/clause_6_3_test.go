package session_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

// firstToken is that of the welcome which openBench gets.
const firstToken = "rt_1_secret1"

// comeBack is a client that wants to resume; the next secret is new each time.
func comeBack(seq uint64, secret string) session.ResumeRequested {
	return session.ResumeRequested{
		RequestID: "back", Principal: "alice", Token: "rt_1_" + secret, LastEventSeq: seq, Secret: secret + "x",
	}
}

// resuming is the message of such a client.
func resuming() protocol.SessionResume {
	return protocol.SessionResume{ResumeToken: firstToken, Auth: &protocol.Auth{Scheme: "bearer", Token: "s3cret"}}
}

// emit has the session's job emit so many events, with their numbers in them.
func (b *bench) emit(n int) {
	b.t.Helper()
	for range n {
		body := json.RawMessage(fmt.Sprintf(`{"text":"%d"}`, b.machine.LastSeq()+1))
		b.step(session.JobEvent{JobID: "job_1", Payload: protocol.JobEvent{Kind: protocol.KindThought, Body: body}})
	}
}

// wantResumed checks a welcome and the events behind seq, each once and in order.
func wantResumed(t *testing.T, b *bench, effects []session.Effect, seq uint64) protocol.SessionWelcome {
	t.Helper()
	messages := sent(effects)
	if len(effects) == 0 || len(messages) == 0 {
		t.Fatalf("not resumed: %s", transcript.Render(effects))
	}
	if _, first := effects[0].(session.Attach); !first {
		t.Errorf("the welcome goes to the old connection: %s", transcript.Render(effects))
	}
	welcome, ok := messages[0].Payload.(protocol.SessionWelcome)
	if !ok || messages[0].RequestID != "back" || messages[0].SessionID != sessionID {
		t.Fatalf("not welcomed: %s", transcript.Render(messages[0]))
	}
	for i, event := range messages[1:] {
		number := seq + uint64(i) + 1
		want := fmt.Sprintf(`{"text":"%d"}`, number)
		if body := event.Payload.(protocol.JobEvent).Body; event.EventSeq != number || string(body) != want {
			t.Errorf("replayed %d %s, want %d %s", event.EventSeq, body, number, want)
		}
	}
	if got := uint64(len(messages) - 1); got != b.machine.LastSeq()-seq {
		t.Errorf("%d events were replayed, want %d", got, b.machine.LastSeq()-seq)
	}
	return welcome
}

func wantDenied(t *testing.T, effects []session.Effect, code protocol.Code) {
	t.Helper()
	if denied := only[session.DenyResume](t, effects); denied.Err.Code != code {
		t.Errorf("denied with %s, want %s", denied.Err.Code, code)
	}
}

func TestClause_6_3_ReplayThenLive(t *testing.T) {
	t.Parallel()
	for _, seq := range []uint64{0, 1, 7, 12} {
		b := openBench(t)
		b.emit(5)
		b.step(session.ConnectionLost{})
		b.emit(7)
		wantResumed(t, b, b.step(comeBack(seq, "secret1")), seq)
		if live := sent(b.step(session.JobEvent{JobID: "job_1"})); len(live) != 1 || live[0].EventSeq != 13 {
			t.Errorf("live after the replay: %s", transcript.Render(live))
		}
	}
}

func TestClause_6_3_TheTokenRotatesOnEveryWelcome(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.receive("hello", greeting(session.ServedFeatures()...))
	first := sent(b.step(welcomed()))[0].Payload.(protocol.SessionWelcome).ResumeToken
	if first != firstToken {
		t.Fatalf("the token is %q", first)
	}
	b.step(session.ConnectionLost{})
	second := wantResumed(t, b, b.step(comeBack(0, "secret1")), 0).ResumeToken
	if second == first {
		t.Error("the token is the old one")
	}
	b.step(session.ConnectionLost{})
	wantDenied(t, b.step(comeBack(0, "secret1")), protocol.ResumeWindowExpired)
	wantResumed(t, b, b.step(comeBack(0, "secret1x")), 0)
}

// TestClause_6_3_AFailedTrySpoilsNothing tries every way that must fail, and then the right one.
func TestClause_6_3_AFailedTrySpoilsNothing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(*session.ResumeRequested)
		code  protocol.Code
	}{
		{"a made-up token", func(r *session.ResumeRequested) { r.Token = "rt_1_guess" }, protocol.ResumeWindowExpired},
		{"no token", func(r *session.ResumeRequested) { r.Token = "" }, protocol.ResumeWindowExpired},
		{"another principal", func(r *session.ResumeRequested) { r.Principal = "bob" }, protocol.ResumeWindowExpired},
		{"what was never sent", func(r *session.ResumeRequested) { r.LastEventSeq = 4 }, protocol.InvalidRequest},
		{"far beyond", func(r *session.ResumeRequested) { r.LastEventSeq = 1<<64 - 1 }, protocol.InvalidRequest},
	}
	for _, connected := range []bool{true, false} {
		b := openBench(t)
		b.emit(3)
		if !connected {
			b.step(session.ConnectionLost{})
		}
		for _, test := range tests {
			try := comeBack(1, "secret1")
			test.spoil(&try)
			before := b.machine.State()
			wantDenied(t, b.step(try), test.code)
			if b.machine.State() != before {
				t.Errorf("%s: the state is %v", test.name, b.machine.State())
			}
		}
		wantResumed(t, b, b.step(comeBack(1, "secret1")), 1)
	}
}

func TestClause_6_3_AnEvictedEventExpiresTheWindow(t *testing.T) {
	t.Parallel()
	b := newBenchWith(t, &session.Config{BufferEvents: 4})
	b.receive("hello", greeting(session.ServedFeatures()...))
	b.step(welcomed())
	b.emit(10)
	b.step(session.ConnectionLost{})
	wantDenied(t, b.step(comeBack(5, "secret1")), protocol.ResumeWindowExpired)
	wantResumed(t, b, b.step(comeBack(6, "secret1")), 6)
}

func TestClause_6_3_TheBufferIsBoundedInBytesToo(t *testing.T) {
	t.Parallel()
	b := newBenchWith(t, &session.Config{BufferBytes: 10_000})
	b.receive("hello", greeting())
	b.step(welcomed())
	long := json.RawMessage(`{"text":"` + strings.Repeat("x", 4000) + `"}`)
	for range 5 {
		b.step(session.JobEvent{JobID: "job_1", Payload: protocol.JobEvent{Kind: protocol.KindThought, Body: long}})
	}
	b.step(session.ConnectionLost{})
	wantDenied(t, b.step(comeBack(2, "secret1")), protocol.ResumeWindowExpired)
	if got := len(sent(b.step(comeBack(3, "secret1")))); got != 3 {
		t.Errorf("%d messages, want a welcome and 2 events", got)
	}
}

func TestClause_6_3_TheWindowCountsFromTheDisconnect(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.wait(9 * time.Minute)
	b.step(session.ConnectionLost{})
	b.wait(10*time.Minute - time.Second)
	b.step(session.Tick{})
	wantResumed(t, b, b.step(comeBack(0, "secret1")), 0)
	b.step(session.ConnectionLost{})
	b.wait(10 * time.Minute)
	only[session.End](t, b.step(session.Tick{}))
	wantDenied(t, b.step(comeBack(0, "secret1x")), protocol.ResumeWindowExpired)
}

func TestClause_6_7_AClosedSessionCanBeResumed(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.receive("close", protocol.SessionClose{})
	b.emit(2)
	wantResumed(t, b, b.step(comeBack(0, "secret1")), 0)
}

func TestClause_6_3_AConnectionIsHandedOver(t *testing.T) {
	t.Parallel()
	auth := protocol.Auth{Scheme: "bearer", Token: "s3cret"}
	block := greeting()
	block.Resume = &protocol.SessionResume{SessionID: "sess_1", ResumeToken: firstToken, LastEventSeq: 7}
	tests := []struct {
		name     string
		envelope protocol.Envelope
	}{
		{"in the envelope", protocol.Envelope{SessionID: "sess_1", Payload: protocol.SessionResume{
			ResumeToken: firstToken, LastEventSeq: 7, Auth: &auth}}},
		{"in the payload", protocol.Envelope{Payload: protocol.SessionResume{
			SessionID: "sess_1", ResumeToken: firstToken, LastEventSeq: 7, Auth: &auth}}},
		{"in the token", protocol.Envelope{Payload: protocol.SessionResume{
			ResumeToken: firstToken, LastEventSeq: 7, Auth: &auth}}},
		{"in the hello", protocol.Envelope{Payload: block}},
	}
	for _, test := range tests {
		b := newBench(t)
		test.envelope.ID = "back"
		only[session.Authenticate](t, b.step(session.MessageReceived{Envelope: test.envelope}))
		asked := only[session.ResumeSession](t, b.step(welcomed()))
		want := session.ResumeSession{
			RequestID: "back", Principal: "alice", SessionID: "sess_1", Token: firstToken, LastEventSeq: 7, Secret: "secret1",
		}
		if asked != want {
			t.Errorf("%s: asked for %s", test.name, transcript.Render(asked))
		}
		effects := b.step(session.HandedOver{})
		if len(effects) != 2 || effects[0] != (session.LetGo{}) || b.machine.State() != session.Ended {
			t.Errorf("%s: handed over with %s", test.name, transcript.Render(effects))
		}
	}
}

func TestClause_6_3_TheBearerIsCheckedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	effects := b.receive("back", protocol.SessionResume{ResumeToken: firstToken})
	if messages := sent(effects); len(messages) != 1 || messages[0].Payload.(protocol.SessionError).Code != protocol.Unauthenticated {
		t.Errorf("without a bearer: %s", transcript.Render(effects))
	}
	b = newBench(t)
	b.receive("back", protocol.SessionResume{ResumeToken: firstToken, Auth: &protocol.Auth{Scheme: "bearer", Token: "s3cret"}})
	b.step(welcomed())
	effects = b.step(session.ResumeRefused{Err: session.NotResumable()})
	if messages := sent(effects); len(messages) != 1 || messages[0].Payload.(protocol.SessionError).Code != protocol.ResumeWindowExpired ||
		b.machine.State() != session.Closing {
		t.Errorf("refused: %s", transcript.Render(effects))
	}
}

func TestSessionOf(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]protocol.SessionID{
		"rt_1_x": "sess_1", "rt_01J_a_b": "sess_01J", "": "", "rt_": "", "rt_1": "", "rt__x": "", "x_1_y": "",
	} {
		if got := session.SessionOf(token); got != want {
			t.Errorf("%q is for %q, want %q", token, got, want)
		}
	}
}
