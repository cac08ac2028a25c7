package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/google/go-cmp/cmp"
)

func TestClause_5_SessionIDStandsOnAllFromTheWelcomeOn(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	early := b.receive("early", protocol.SessionPing{Nonce: "n"})
	if got := sent(early)[0].SessionID; got != "" {
		t.Errorf("session_id %q before the welcome", got)
	}
	b.receive("hello", greeting(session.ServedFeatures()...))
	all := b.step(welcomed())
	all = append(all, b.receive("ping", protocol.SessionPing{Nonce: "n"})...)
	all = append(all, b.receive("bad", protocol.SessionResume{})...)
	all = append(all, b.step(session.JobEvent{JobID: "job_1"})...)
	all = append(all, b.receive("close", protocol.SessionClose{})...)
	if messages := sent(all); len(messages) != 5 {
		t.Fatalf("got %d messages, want 5: %s", len(messages), transcript.Render(all))
	}
	for _, message := range sent(all) {
		if message.SessionID != sessionID {
			t.Errorf("session_id is %q on %s", message.SessionID, message.Payload.Type())
		}
	}
}

func TestClause_5_ForeignSessionIDIsRefused(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	foreign := protocol.Envelope{ID: "m", SessionID: "sess_other", Payload: protocol.JobSubmit{Agent: "writer"}}
	wantInvalid(t, b.step(session.MessageReceived{Envelope: foreign}), "m")
	absent := protocol.Envelope{ID: "m2", Payload: protocol.JobSubmit{Agent: "writer"}}
	only[session.SubmitJob](t, b.step(session.MessageReceived{Envelope: absent}))
}

func TestClause_5_BadFrameIsAnsweredAndTheSessionLivesOn(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]*bench{"greeting": newBench(t), "open": openBench(t)} {
		before := b.machine.State()
		bad := &protocol.Refusal{RequestID: "m", Err: protocol.NewError(protocol.InvalidRequest, "no JSON")}
		wantInvalid(t, b.step(session.FrameRefused{Refusal: bad}), "m")
		if b.machine.State() != before {
			t.Errorf("%s: state is %v", name, b.machine.State())
		}
	}
}

func TestClause_6_1_TurnedAwayWithoutSayingWhy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		auth protocol.Auth
		asks bool // the token is looked at
	}{
		{"wrong token", protocol.Auth{Scheme: "bearer", Token: "wrong"}, true},
		{"no token", protocol.Auth{Scheme: "bearer"}, false},
		{"no auth", protocol.Auth{}, false},
		{"another scheme", protocol.Auth{Scheme: "basic", Token: "s3cret"}, false},
	}
	var texts []string
	for _, test := range tests {
		b := newBench(t)
		hello := greeting()
		hello.Auth = test.auth
		effects := b.receive("hello", hello)
		if test.asks {
			if got := only[session.Authenticate](t, effects).Token; got != test.auth.Token {
				t.Errorf("%s: asked for %q", test.name, got)
			}
			effects = b.step(session.AuthenticationFailed{})
		}
		err := refusal(t, effects, "hello")
		if err.Code != protocol.Unauthenticated || strings.Contains(err.Message, "wrong") {
			t.Errorf("%s: got %v", test.name, err)
		}
		if _, closes := effects[len(effects)-1].(session.CloseTransport); !closes || len(effects) != 2 {
			t.Errorf("%s: the transport is not closed: %s", test.name, transcript.Render(effects))
		}
		only[session.End](t, b.step(session.ConnectionLost{}))
		texts = append(texts, err.Message)
	}
	for _, text := range texts {
		if text != texts[0] {
			t.Errorf("the refusals can be told apart: %q and %q", text, texts[0])
		}
	}
}

func TestClause_6_1_NothingIsServedBeforeTheWelcome(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, payload := range everyPayload() {
		if payload.Type() != protocol.TypeSessionHello && payload.Type() != protocol.TypeSessionResume {
			wantInvalid(t, b.receive("m", payload), "m")
		}
	}
	only[session.Authenticate](t, b.receive("hello", greeting()))
	for _, payload := range everyPayload() { // while the token is being looked at
		wantInvalid(t, b.receive("m", payload), "m")
	}
	if got := sent(b.step(welcomed())); len(got) != 1 || got[0].RequestID != "hello" {
		t.Errorf("the hello is not welcomed: %s", transcript.Render(got))
	}
}

func TestClause_6_2_HandshakeDeadline(t *testing.T) {
	t.Parallel()
	for _, hello := range []bool{false, true} {
		b := newBench(t)
		if hello {
			b.receive("hello", greeting())
		}
		if got := b.machine.Deadline(); got != beginning.Add(10*time.Second) {
			t.Errorf("deadline is %v", got)
		}
		b.wait(10*time.Second - 1)
		if effects := b.step(session.Tick{}); effects != nil {
			t.Errorf("too early: %s", transcript.Render(effects))
		}
		b.wait(1)
		effects := b.step(session.Tick{})
		if err := sent(effects)[0].Payload.(protocol.SessionError); err.Code != protocol.Unauthenticated {
			t.Errorf("got %v", err)
		}
		if _, closes := effects[len(effects)-1].(session.CloseTransport); !closes {
			t.Errorf("the transport is not closed: %s", transcript.Render(effects))
		}
		if late := b.step(welcomed()); late != nil {
			t.Errorf("welcomed after the deadline: %s", transcript.Render(late))
		}
	}
}

func TestClause_6_2_WelcomeSaysWhatHolds(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.receive("hello", greeting("progress", "made.up", "cost.budget", "provisioned_credentials"))
	welcome := sent(b.step(welcomed()))[0]
	want := protocol.Envelope{SessionID: sessionID, RequestID: "hello", Payload: protocol.SessionWelcome{
		Runtime:              protocol.Peer{Name: "arcp", Version: "test"},
		ResumeToken:          firstToken,
		ResumeWindowSec:      600,
		HeartbeatIntervalSec: 30,
		Capabilities: protocol.Capabilities{
			Encodings: []string{"json"},
			Features: []protocol.Feature{
				"heartbeat", "ack", "list_jobs", "subscribe", "lease_expires_at", "cost.budget", "model.use", "progress",
				"result_chunk", "agent_versions",
			},
			Agents: []protocol.Agent{
				{Name: "writer", Versions: []string{"1.0.0", "2.0.0"}, Default: "1.0.0"},
				{Name: "loose", Versions: []string{"0.1", "0.2"}},
			},
		},
	}}
	if diff := cmp.Diff(want, welcome); diff != "" {
		t.Error(diff)
	}
	submitted := only[session.SubmitJob](t, b.receive("m", protocol.JobSubmit{Agent: "writer"}))
	if diff := cmp.Diff([]protocol.Feature{"cost.budget", "progress"}, submitted.Features); diff != "" {
		t.Errorf("the intersection: %s", diff)
	}
}

func TestClause_6_2_WhatIsNotServedIsNotAdvertised(t *testing.T) {
	t.Parallel()
	m := session.New(beginning, &session.Config{
		Features:          []protocol.Feature{"provisioned_credentials", "progress", "progress", "made.up"},
		HeartbeatInterval: 1500 * time.Millisecond,
		ResumeWindow:      time.Millisecond,
	})
	m.Step(beginning, session.MessageReceived{Envelope: protocol.Envelope{Payload: greeting()}})
	welcome := sent(m.Step(beginning, welcomed()))[0].Payload.(protocol.SessionWelcome)
	if diff := cmp.Diff([]protocol.Feature{"progress"}, welcome.Capabilities.Features); diff != "" {
		t.Error(diff)
	}
	if welcome.HeartbeatIntervalSec != 2 || welcome.ResumeWindowSec != 1 {
		t.Errorf("seconds are %d and %d, want 2 and 1", welcome.HeartbeatIntervalSec, welcome.ResumeWindowSec)
	}
}

func TestClause_6_2_FeaturesOutsideTheIntersectionAreRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		feature protocol.Feature
		payload protocol.Payload
	}{
		{"version suffix", "agent_versions", protocol.JobSubmit{Agent: "writer@2.0.0"}},
		{"budget", "cost.budget", protocol.JobSubmit{Agent: "writer", LeaseRequest: protocol.Lease{"cost.budget": {"USD:1"}}}},
		{"ping", "heartbeat", protocol.SessionPing{Nonce: "n"}},
		{"pong", "heartbeat", protocol.SessionPong{PingNonce: "n"}},
		{"model", "model.use", protocol.JobSubmit{Agent: "writer", LeaseRequest: protocol.Lease{"model.use": {"*"}}}},
		{"expiry", "lease_expires_at", protocol.JobSubmit{Agent: "writer", LeaseConstraints: &protocol.LeaseConstraints{}}},
	}
	for _, test := range tests {
		without := openBench(t, "progress")
		wantInvalid(t, without.receive("m", test.payload), "m")
		with := openBench(t)
		effects := with.receive("m", test.payload)
		if messages := sent(effects); len(messages) > 0 && messages[0].Payload.Type() == protocol.TypeSessionError {
			t.Errorf("%s: refused although negotiated: %s", test.name, transcript.Render(effects))
		}
	}
}

func TestClause_6_2_SecondHelloIsRefused(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	wantInvalid(t, b.receive("again", greeting()), "again")
	only[session.SubmitJob](t, b.receive("m", protocol.JobSubmit{Agent: "writer"}))
}

func TestClause_6_2_NoEncodingInCommon(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	hello := greeting()
	hello.Capabilities.Encodings = []string{"cbor"}
	wantInvalid(t, b.receive("m", hello), "m")
	hello.Capabilities.Encodings = nil
	only[session.Authenticate](t, b.receive("m", hello))
}

func TestClause_6_7_CloseIsAcknowledgedAndJobsRunOn(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.step(session.JobEvent{JobID: "job_1"})
	effects := b.receive("close", protocol.SessionClose{Reason: "done"})
	want := []session.Effect{
		session.Send{Envelope: protocol.Envelope{SessionID: sessionID, RequestID: "close", Payload: protocol.SessionClosed{}}},
		session.CloseTransport{},
	}
	if diff := cmp.Diff(want, effects); diff != "" {
		t.Error(diff)
	}
	quiet := b.receive("late", protocol.JobSubmit{Agent: "writer"})
	quiet = append(quiet, b.step(session.JobEvent{JobID: "job_1"})...)
	quiet = append(quiet, b.step(session.ConnectionLost{})...)
	quiet = append(quiet, b.step(session.JobEnded{JobID: "job_1", Payload: protocol.JobResult{}})...)
	if quiet != nil {
		t.Errorf("after session.closed: %s", transcript.Render(quiet))
	}
	if b.machine.LastSeq() != 3 {
		t.Errorf("last seq is %d, want 3: what is missed keeps its number", b.machine.LastSeq())
	}
	b.wait(600 * time.Second)
	only[session.End](t, b.step(session.Tick{}))
}
