package session_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
	"pgregory.net/rapid"
)

// everyPayload has one payload of every type of the draft.
func everyPayload() []protocol.Payload {
	return []protocol.Payload{
		greeting(session.ServedFeatures()...), protocol.SessionWelcome{}, protocol.SessionResume{},
		protocol.SessionPing{Nonce: "n"}, protocol.SessionPong{PingNonce: "n"}, protocol.SessionAck{},
		protocol.SessionListJobs{}, protocol.SessionJobs{}, protocol.SessionClose{}, protocol.SessionClosed{},
		protocol.SessionError{}, protocol.JobSubmit{Agent: "writer"}, protocol.JobAccepted{}, protocol.JobEvent{},
		protocol.JobResult{}, protocol.JobError{}, protocol.JobCancel{JobID: "job_1"}, protocol.JobCancelled{},
		protocol.JobSubscribe{}, protocol.JobSubscribed{}, protocol.JobUnsubscribe{},
	}
}

// everyInput has every input, and every message that a client can send.
func everyInput() []session.Input {
	inputs := []session.Input{
		session.FrameRefused{Refusal: &protocol.Refusal{Err: protocol.NewError(protocol.InvalidRequest, "bad")}},
		session.MessageReceived{Envelope: protocol.Envelope{ID: "m", Payload: resuming()}},
		welcomed(), session.AuthenticationFailed{},
		comeBack(0, "secret1"), session.HandedOver{}, session.SessionRefused{Err: protocol.NewError(protocol.PermissionDenied, "full")}, session.ResumeRefused{Err: session.NotResumable()},
		session.JobAccepted{RequestID: "m"}, session.JobCancelled{RequestID: "m"},
		session.RequestRefused{RequestID: "m", Err: protocol.NewError(protocol.JobNotFound, "none")},
		session.JobEvent{JobID: "job_1"},
		session.JobEnded{JobID: "job_1", Payload: protocol.JobResult{}},
		session.ConnectionLost{}, session.Tick{},
	}
	for _, payload := range everyPayload() {
		inputs = append(inputs, session.MessageReceived{Envelope: protocol.Envelope{ID: "m", Payload: payload}})
	}
	return inputs
}

// invariants watches everything that a machine does.
type invariants struct {
	lastSeq uint64
	closing bool
	ended   bool
	welcome bool
}

func (v *invariants) check(m *session.Machine, in session.Input, effects []session.Effect) error {
	for _, effect := range effects {
		if _, answer := effect.(session.DenyResume); answer {
			continue // to somebody else, who may ask at any time
		}
		if v.ended {
			return fmt.Errorf("after End: %s", transcript.Render(effect))
		}
		switch effect := effect.(type) {
		case session.Send:
			if err := v.checkSent(effect.Envelope); err != nil {
				return err
			}
		case session.CloseTransport:
			if v.closing {
				return fmt.Errorf("closed twice")
			}
			v.closing = true
		case session.End:
			v.ended = true
		case session.Attach:
			v.closing, v.lastSeq = false, in.(session.ResumeRequested).LastEventSeq
		}
	}
	if (m.State() == session.Ended) != v.ended {
		return fmt.Errorf("state %v, ended %v", m.State(), v.ended)
	}
	if message, ok := in.(session.MessageReceived); ok && m.State() == session.Open && len(effects) == 0 {
		switch message.Envelope.Payload.Type() {
		case protocol.TypeSessionPong, protocol.TypeSessionError, protocol.TypeSessionAck:
		default:
			return fmt.Errorf("%s was not answered", message.Envelope.Payload.Type())
		}
	}
	return nil
}

func (v *invariants) checkSent(message protocol.Envelope) error {
	if v.closing {
		return fmt.Errorf("sent after the close: %s", transcript.Render(message))
	}
	v.welcome = v.welcome || message.Payload.Type() == protocol.TypeSessionWelcome
	if (message.SessionID != "") != v.welcome {
		return fmt.Errorf("session_id %q on %s", message.SessionID, message.Payload.Type())
	}
	switch message.Payload.Type() {
	case protocol.TypeJobEvent, protocol.TypeJobResult, protocol.TypeJobError:
		if v.lastSeq++; message.EventSeq != v.lastSeq {
			return fmt.Errorf("event_seq %d follows %d", message.EventSeq, v.lastSeq-1)
		}
	default:
		if message.EventSeq != 0 {
			return fmt.Errorf("event_seq on %s", message.Payload.Type())
		}
	}
	return nil
}

// TestWalk puts every sequence of three inputs into a machine, in every state that
// two inputs lead to, with and without time passing.
func TestWalk(t *testing.T) {
	t.Parallel()
	inputs := everyInput()
	hello := session.MessageReceived{Envelope: protocol.Envelope{ID: "m", Payload: greeting(session.ServedFeatures()...)}}
	ways := map[string][]session.Input{
		"greeting":       {},
		"authenticating": {hello},
		"handing over":   {session.MessageReceived{Envelope: protocol.Envelope{Payload: resuming()}}, welcomed()},
		"open":           {hello, welcomed()},
		"closing":        {hello, welcomed(), session.MessageReceived{Envelope: protocol.Envelope{Payload: protocol.SessionClose{}}}},
		"turned away":    {hello, session.AuthenticationFailed{}},
		"detached":       {hello, welcomed(), session.ConnectionLost{}},
		"ended":          {session.ConnectionLost{}},
	}
	for name, way := range ways {
		for i := range len(inputs) * len(inputs) * len(inputs) {
			tail := []session.Input{inputs[i%len(inputs)], inputs[i/len(inputs)%len(inputs)], inputs[i/len(inputs)/len(inputs)]}
			m := session.New(beginning, nil)
			var v invariants
			now := beginning
			for n, in := range append(way[:len(way):len(way)], tail...) {
				if n > len(way) {
					now = now.Add(25 * time.Second)
				}
				if err := v.check(m, in, m.Step(now, in)); err != nil {
					t.Fatalf("%s then %s: %v", name, transcript.Render(tail), err)
				}
			}
		}
	}
}

// TestModel puts long random sequences into a machine.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inputs := everyInput()
		m := session.New(beginning, nil)
		var v invariants
		now := beginning
		count := uint64(0)
		for range rapid.IntRange(0, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "seconds")) * time.Second)
			in := rapid.SampledFrom(inputs).Draw(t, "input")
			welcomedNow := v.welcome
			effects := m.Step(now, in)
			if err := v.check(m, in, effects); err != nil {
				t.Fatal(err)
			}
			switch in.(type) {
			case session.JobEvent, session.JobEnded:
				if welcomedNow && !v.ended {
					count++ // a session that can be resumed counts every event
				}
			}
			if m.LastSeq() != count {
				t.Fatalf("last seq %d after %d events", m.LastSeq(), count)
			}
			if d := m.Deadline(); !d.IsZero() && !d.After(now) {
				if len(m.Step(d, session.Tick{})) == 0 {
					t.Fatalf("a deadline that is over does nothing in state %v", m.State())
				}
				return
			}
		}
	})
}
