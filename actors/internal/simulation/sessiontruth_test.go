package simulation_test

import (
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// sessionTruth is what a session was told and has said.
type sessionTruth struct {
	world      *world
	actor      *sessionActor
	id         protocol.SessionID
	principal  string
	token      string // the newest
	acked      uint64
	order      int
	subscribes map[protocol.MessageID]int // when the session took them
	left       map[protocol.JobID]int     // when it last took an unsubscribe
	joined     map[protocol.JobID]bool
	resumable  bool // the resume that is being taken may succeed
}

// input takes note of what comes, before the machine takes it.
func (t *sessionTruth) input(in session.Input) {
	t.order++
	switch in := in.(type) {
	case session.MessageReceived:
		switch payload := in.Envelope.Payload.(type) {
		case protocol.JobSubscribe:
			t.subscribes[in.Envelope.ID] = t.order
		case protocol.SessionAck:
			if t.actor.machine.State() == session.Open && payload.LastProcessedSeq <= t.actor.machine.LastSeq() {
				t.acked = max(t.acked, payload.LastProcessedSeq)
			}
		}
	case session.Authenticated:
		t.principal = in.Principal
	case session.ResumeRequested:
		last, seq := t.actor.machine.LastSeq(), in.LastEventSeq
		switch t.actor.machine.State() {
		case session.Open, session.Closing, session.Detached:
			t.resumable = t.id != "" && in.Principal == t.principal && in.Token == t.token && seq <= last && seq >= t.acked &&
				last-seq <= uint64(t.world.config.session.BufferEvents)
		default:
			t.resumable = false
		}
	}
}

// stepped holds what the machine does against what it was told.
func (t *sessionTruth) stepped(in session.Input, effects []session.Effect) {
	if in, ok := in.(session.JobSubscribed); ok && !in.Own && t.subscribes[in.RequestID] > t.left[in.JobID] {
		if t.joined == nil {
			t.joined = map[protocol.JobID]bool{}
		}
		t.joined[in.JobID] = true
	}
	_, resuming := in.(session.ResumeRequested)
	for _, effect := range effects {
		switch effect := effect.(type) {
		case session.Attach:
			if !t.resumable {
				t.world.fail("%s is resumed with %+v, and must not be", t.id, in)
			}
		case session.DenyResume:
			if t.resumable {
				t.world.fail("%s is not resumed with %+v: %v", t.id, in, effect.Err)
			}
			if code := effect.Err.Code; code != protocol.ResumeWindowExpired && code != protocol.InvalidRequest {
				t.world.fail("%s is not resumed for the reason %s", t.id, code)
			}
		case session.UnsubscribeJob:
			t.left[effect.JobID] = t.order
			delete(t.joined, effect.JobID)
		case session.Send:
			t.sent(effect.Envelope, resuming)
		}
	}
	if in, ok := in.(session.JobEnded); ok && in.Copied {
		delete(t.joined, in.JobID)
	}
}

func (t *sessionTruth) sent(envelope protocol.Envelope, resuming bool) {
	if welcome, ok := envelope.Payload.(protocol.SessionWelcome); ok {
		if welcome.ResumeToken == t.token {
			t.world.fail("%s welcomes twice with one token", t.id)
		}
		t.id, t.token = envelope.SessionID, welcome.ResumeToken
	}
	if envelope.EventSeq == 0 || resuming {
		return
	}
	if envelope.EventSeq != t.actor.machine.LastSeq() && !backPressure(envelope) && t.actor.machine.LastSeq() != envelope.EventSeq+1 {
		t.world.fail("%s sends %d, and stands at %d", t.id, envelope.EventSeq, t.actor.machine.LastSeq())
	}
	of := t.world.truth.jobs[envelope.JobID]
	if of.session != t.id && !t.joined[envelope.JobID] {
		t.world.fail("%s sends an event of %s, to which it is not subscribed", t.id, envelope.JobID)
	}
}
