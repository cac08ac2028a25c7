package session_test

import (
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

const sessionID = "sess_1"

// beginning is when every test's connection is made.
var beginning = time.Date(2026, 5, 13, 19, 42, 13, 0, time.UTC)

// bench is one machine under test, with a clock that stands until it is moved.
type bench struct {
	t       *testing.T
	machine *session.Machine
	now     time.Time
	log     transcript.Log
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return newBenchWith(t, &session.Config{})
}

// newBenchWith has a machine with that configuration, and the usual agents.
func newBenchWith(t *testing.T, config *session.Config) *bench {
	t.Helper()
	config.Runtime = protocol.Peer{Name: "arcp", Version: "test"}
	config.Agents = []protocol.Agent{
		{Name: "writer", Versions: []string{"1.0.0", "2.0.0"}, Default: "1.0.0"},
		{Name: "loose", Versions: []string{"0.1", "0.2"}},
	}
	return &bench{t: t, now: beginning, machine: session.New(beginning, config)}
}

// openBench has a session that negotiated the features; nil means all that are served.
func openBench(t *testing.T, features ...protocol.Feature) *bench {
	t.Helper()
	if features == nil {
		features = session.ServedFeatures()
	}
	b := newBench(t)
	b.receive("hello", greeting(features...))
	b.step(welcomed())
	if b.machine.State() != session.Open {
		t.Fatalf("state is %v after the welcome", b.machine.State())
	}
	return b
}

func greeting(features ...protocol.Feature) protocol.SessionHello {
	return protocol.SessionHello{
		Client:       protocol.Peer{Name: "test", Version: "1"},
		Auth:         protocol.Auth{Scheme: "bearer", Token: "s3cret"},
		Capabilities: protocol.Capabilities{Encodings: []string{"json"}, Features: features},
	}
}

func welcomed() session.Authenticated {
	return session.Authenticated{Principal: "alice", SessionID: sessionID, Secret: "secret1"}
}

func (b *bench) step(in session.Input) []session.Effect {
	b.t.Helper()
	effects := b.machine.Step(b.now, in)
	transcript.Turn(&b.log, b.now.Sub(beginning), in, effects)
	return effects
}

// receive takes one message of the client, as a client of the open session sends it.
func (b *bench) receive(id protocol.MessageID, payload protocol.Payload) []session.Effect {
	b.t.Helper()
	return b.step(session.MessageReceived{Envelope: protocol.Envelope{ID: id, SessionID: b.machine.ID(), Payload: payload}})
}

func (b *bench) wait(d time.Duration) { b.now = b.now.Add(d) }

// sent returns the messages among the effects.
func sent(effects []session.Effect) []protocol.Envelope {
	var messages []protocol.Envelope
	for _, effect := range effects {
		if send, ok := effect.(session.Send); ok {
			messages = append(messages, send.Envelope)
		}
	}
	return messages
}

// only returns the one effect, which must be of type E.
func only[E session.Effect](t *testing.T, effects []session.Effect) E {
	t.Helper()
	if len(effects) != 1 {
		t.Fatalf("got %d effects, want one: %s", len(effects), transcript.Render(effects))
	}
	effect, ok := effects[0].(E)
	if !ok {
		t.Fatalf("got %s, want a %T", transcript.Render(effects[0]), effect)
	}
	return effect
}

// refusal returns the error of the one session.error, which must answer the request.
func refusal(t *testing.T, effects []session.Effect, request protocol.MessageID) protocol.Error {
	t.Helper()
	messages := sent(effects)
	if len(messages) != 1 {
		t.Fatalf("got %d messages, want one session.error: %s", len(messages), transcript.Render(effects))
	}
	failure, ok := messages[0].Payload.(protocol.SessionError)
	if !ok || messages[0].RequestID != request || messages[0].EventSeq != 0 {
		t.Fatalf("got %s, want a session.error for %q", transcript.Render(messages[0]), request)
	}
	return failure.Error
}

func wantInvalid(t *testing.T, effects []session.Effect, request protocol.MessageID) {
	t.Helper()
	if err := refusal(t, effects, request); err.Code != protocol.InvalidRequest {
		t.Fatalf("got %s, want INVALID_REQUEST", err.Code)
	}
	if len(effects) != 1 {
		t.Fatalf("the refused request had an effect: %s", transcript.Render(effects))
	}
}
