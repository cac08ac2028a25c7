package session_test

import (
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/google/go-cmp/cmp"
)

func TestClause_6_4_PingIsAnswered(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.wait(20 * time.Millisecond)
	want := protocol.Envelope{SessionID: sessionID, RequestID: "m", Payload: protocol.SessionPong{
		PingNonce: "p_01J", ReceivedAt: "2026-05-13T19:42:13.020Z",
	}}
	got := sent(b.receive("m", protocol.SessionPing{Nonce: "p_01J"}))
	if diff := cmp.Diff([]protocol.Envelope{want}, got); diff != "" {
		t.Error(diff)
	}
	if quiet := b.receive("pong", protocol.SessionPong{PingNonce: "never asked"}); quiet != nil {
		t.Errorf("a pong is answered: %s", transcript.Render(quiet))
	}
}

func TestClause_6_4_IdleRuntimePings(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	var nonces []string
	last := b.now
	for b.now.Before(beginning.Add(5 * time.Minute)) {
		b.now = b.machine.Deadline()
		if b.now.Sub(last) > 30*time.Second {
			t.Fatalf("nothing was sent for %v", b.now.Sub(last))
		}
		ping := sent(b.step(session.Tick{}))[0].Payload.(protocol.SessionPing)
		if ping.SentAt == "" {
			t.Error("a ping without sent_at")
		}
		nonces = append(nonces, ping.Nonce)
		last = b.now
		b.receive("pong", protocol.SessionPong{PingNonce: ping.Nonce})
	}
	for i := range nonces[1:] {
		if nonces[i] == nonces[i+1] {
			t.Errorf("nonce %s twice", nonces[i])
		}
	}
}

func TestClause_6_4_BusyRuntimeDoesNotPing(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	for range 100 {
		b.wait(20 * time.Second)
		effects := b.step(session.JobEvent{JobID: "job_1"})
		effects = append(effects, b.receive("pong", protocol.SessionPong{})...)
		effects = append(effects, b.step(session.Tick{})...)
		if len(effects) != 1 {
			t.Fatalf("got %s", transcript.Render(effects))
		}
	}
}

func TestClause_6_4_TwoSilentIntervalsCloseTheTransportAndNoJob(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.step(session.JobEvent{JobID: "job_1"})
	var all []session.Effect
	for b.machine.State() == session.Open {
		b.now = b.machine.Deadline()
		all = append(all, b.step(session.Tick{})...)
	}
	if got := b.now.Sub(beginning); got != 60*time.Second {
		t.Errorf("given up after %v", got)
	}
	for i, effect := range all {
		switch effect := effect.(type) {
		case session.Send:
			if effect.Envelope.EventSeq != 0 {
				t.Errorf("event_seq on %s", transcript.Render(effect))
			}
		case session.CloseTransport:
			if i != len(all)-1 {
				t.Errorf("after the close: %s", transcript.Render(all[i:]))
			}
		default:
			t.Errorf("got %s: no job is touched", transcript.Render(effect))
		}
	}
	lost := sent(all)[len(sent(all))-1].Payload.(protocol.SessionError)
	if lost.Code != protocol.HeartbeatLost {
		t.Errorf("got %v, want HEARTBEAT_LOST", lost)
	}
	b.step(session.ConnectionLost{})
	b.step(session.JobEvent{JobID: "job_1"})
	if b.machine.State() != session.Detached || b.machine.LastSeq() != 2 {
		t.Errorf("state %v, last seq %d", b.machine.State(), b.machine.LastSeq())
	}
}

func TestClause_6_4_AnyFrameCountsAsLife(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	for range 10 {
		b.wait(59 * time.Second)
		b.step(session.FrameRefused{Refusal: &protocol.Refusal{Err: protocol.NewError(protocol.InvalidRequest, "bad")}})
		b.step(session.Tick{})
	}
	if b.machine.State() != session.Open {
		t.Errorf("state is %v", b.machine.State())
	}
}

func TestClause_6_4_WithoutTheFeatureNoHeartbeat(t *testing.T) {
	t.Parallel()
	b := openBench(t, "progress")
	if got := b.machine.Deadline(); !got.IsZero() {
		t.Errorf("deadline is %v", got)
	}
	b.wait(24 * time.Hour)
	if effects := b.step(session.Tick{}); effects != nil {
		t.Errorf("got %s", transcript.Render(effects))
	}
}
