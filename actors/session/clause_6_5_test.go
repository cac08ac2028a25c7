package session_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

func (b *bench) ack(seq uint64) []session.Effect {
	b.t.Helper()
	return b.receive("ack", protocol.SessionAck{LastProcessedSeq: seq})
}

func TestClause_6_5_AnAckIsNotAnsweredAndFreesWhatItNames(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.emit(10)
	if effects := b.ack(4); len(effects) != 0 {
		t.Errorf("answered: %v", effects)
	}
	b.step(session.ConnectionLost{})
	wantDenied(t, b.step(comeBack(3, "secret1")), protocol.ResumeWindowExpired)
	wantResumed(t, b, b.step(comeBack(4, "secret1")), 4)
}

func TestClause_6_5_AnAckThatIsNotTrueDoesNothing(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	b.emit(10)
	for _, seq := range []uint64{0, 11, 1<<64 - 1, 5, 3, 0} {
		if effects := b.ack(seq); len(effects) != 0 {
			t.Errorf("ack %d: %v", seq, effects)
		}
	}
	b.step(session.ConnectionLost{})
	wantResumed(t, b, b.step(comeBack(5, "secret1")), 5)
}

func TestClause_6_5_WithoutTheFeatureItIsRefused(t *testing.T) {
	t.Parallel()
	b := openBench(t, protocol.FeatureHeartbeat)
	b.emit(1)
	wantInvalid(t, b.ack(1), "ack")
}

func TestClause_6_5_ASlowClientIsToldOnce(t *testing.T) {
	t.Parallel()
	b := newBenchWith(t, &session.Config{BackPressureLag: 10})
	b.receive("hello", greeting(session.ServedFeatures()...))
	b.step(welcomed())
	told := func(events int) (messages []string) {
		for range events {
			for _, m := range sent(b.step(session.JobEvent{JobID: "job_1", Payload: protocol.JobEvent{Kind: protocol.KindLog}})) {
				if event := m.Payload.(protocol.JobEvent); event.Kind == protocol.KindStatus {
					var status protocol.Status
					if err := json.Unmarshal(event.Body, &status); err != nil || status.Phase != "back_pressure" || m.JobID != "job_1" {
						t.Errorf("%+v, %v", m, err)
					}
					messages = append(messages, status.Message)
				}
			}
		}
		return messages
	}
	if got := told(30); len(got) != 0 {
		t.Errorf("a client that never acknowledged was told %q", got)
	}
	b.ack(28)
	if got := told(20); len(got) != 1 || !strings.HasPrefix(got[0], "consumer lag 10 ") {
		t.Errorf("told %q", got)
	}
	b.ack(b.machine.LastSeq() - 6)
	if got := told(20); len(got) != 0 {
		t.Errorf("told again before it caught up: %q", got)
	}
	b.ack(b.machine.LastSeq())
	if got := told(20); len(got) != 1 {
		t.Errorf("told %q, want once more", got)
	}
}
