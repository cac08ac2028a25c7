package simulation_test

import (
	"time"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// sessionMessage is one message to a session's actor.
type sessionMessage struct {
	input    session.Input // nil with shutdown
	link     *link         // that speaks; nil for who is none
	taken    bool          // the link's reader waits until it is taken
	offer    *offer
	shutdown bool
}

// offer is a connection whose client wants to come back to a session.
type offer struct {
	from *sessionActor
	link *link
}

// sessionActor owns one session machine, as the shell does.
type sessionActor struct {
	*actor
	machine *session.Machine
	link    *link
	letGo   bool
	waiting *link // whose reader waits
	over    bool
	truth   *sessionTruth
}

func (w *world) openSession(l *link) *sessionActor {
	s := &sessionActor{link: l, machine: session.New(w.now, &w.config.session)}
	s.actor = w.actor(w.name("session"), s.take)
	s.truth = &sessionTruth{world: w, actor: s, subscribes: map[protocol.MessageID]int{}, left: map[protocol.JobID]int{}}
	w.clock = append(w.clock, timed{
		deadline: func() time.Time {
			if s.over {
				return time.Time{}
			}
			return s.machine.Deadline()
		},
		ring: func() { s.tell(sessionMessage{input: session.Tick{}}) },
	})
	return s
}

func (s *sessionActor) take(message any) {
	m := message.(sessionMessage)
	if s.over {
		return
	}
	if m.shutdown {
		s.end()
		return
	}
	if m.link == nil || m.link == s.link {
		s.truth.input(m.input)
		effects := s.machine.Step(s.world.now, m.input)
		s.truth.stepped(m.input, effects)
		for _, effect := range effects {
			s.then(func() { s.do(effect, m) })
		}
	}
	s.then(func() {
		if s.machine.State() == session.Ended {
			s.end()
		}
		if m.taken {
			s.waiting = m.link
		}
		if state := s.machine.State(); s.waiting != nil && state != session.Authenticating && state != session.HandingOver {
			s.waiting.readOn()
			s.waiting = nil
		}
	})
}

func (s *sessionActor) do(effect session.Effect, m sessionMessage) {
	s.world.note(s.name, "-> %s", shown{effect})
	r := s.world.registry
	switch effect := effect.(type) {
	case session.Send:
		s.link.writer.tell(effect.Envelope)
	case session.Authenticate:
		s.authenticate(effect)
	case session.ResumeSession:
		r.tell(registryMessage{
			in: registry.ResumeRequested{
				RequestID: effect.RequestID, SessionID: effect.SessionID, Principal: effect.Principal,
			},
			offer: &offer{from: s, link: s.link}, resume: effect,
		})
	case session.LetGo:
		s.letGo = true
	case session.Attach:
		s.link.drop()
		s.link = m.offer.link
		s.link.session = s
		if s.link.gone {
			s.tell(sessionMessage{input: session.ConnectionLost{}, link: s.link})
		}
		m.offer.from.tell(sessionMessage{input: session.HandedOver{}})
	case session.DenyResume:
		m.offer.from.tell(sessionMessage{input: session.ResumeRefused(effect)})
	case session.CloseTransport:
		s.link.finish()
	default:
		s.request(effect)
	}
}

// request passes what a client asks for to the registry.
func (s *sessionActor) request(effect session.Effect) {
	m := registryMessage{from: s}
	switch e := effect.(type) {
	case session.SubmitJob:
		m.submit = e
		in := registry.SubmitRequested{
			RequestID: e.RequestID, SessionID: e.SessionID, JobID: protocol.JobID(s.world.name("job_")), Key: e.Submit.IdempotencyKey,
		}
		if in.Key != "" {
			in.Digest = registry.Digest(e.Submit)
		}
		m.in = in
	case session.CancelJob:
		m.in = registry.CancelRequested{RequestID: e.RequestID, SessionID: e.SessionID, JobID: e.JobID}
	case session.ListJobs:
		m.in = registry.ListRequested{
			RequestID: e.RequestID, SessionID: e.SessionID, Statuses: e.Statuses, Limit: e.Limit, Cursor: e.Cursor,
		}
	case session.SubscribeJob:
		m.in = registry.SubscribeRequested{
			RequestID: e.RequestID, SessionID: e.SessionID, JobID: e.JobID, History: e.History, From: e.From,
		}
	case session.UnsubscribeJob:
		m.in = registry.UnsubscribeRequested(e)
	default:
		return
	}
	s.world.registry.tell(m)
}

// authenticate is answered later, by an actor that stands for the goroutine which asks.
func (s *sessionActor) authenticate(ask session.Authenticate) {
	w := s.world
	asker := w.actor("auth", nil)
	asker.receive = func(any) {
		if ask.Token != "alice" && ask.Token != "bob" {
			s.tell(sessionMessage{input: session.AuthenticationFailed{}})
			return
		}
		opened := session.Authenticated{
			Principal: ask.Token, SessionID: protocol.SessionID(w.name("sess_")), Secret: w.name("secret"),
		}
		if ask.Resume {
			s.tell(sessionMessage{input: opened})
			return
		}
		w.registry.tell(registryMessage{
			in:   registry.SessionOpened{SessionID: opened.SessionID, Principal: opened.Principal},
			from: s, opened: opened,
		})
	}
	asker.tell("ask")
}

func (s *sessionActor) end() {
	if s.over {
		return
	}
	s.over = true
	if !s.letGo {
		s.link.finish()
	}
	s.closed = true
	s.link.reader.wake()
	if s.waiting != nil {
		s.waiting.readOn()
	}
	s.then(func() {
		s.world.registry.tell(registryMessage{in: registry.SessionEnded{SessionID: s.machine.ID()}, ended: s})
		s.inbox = nil
	})
}
