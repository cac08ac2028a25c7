package simulation_test

import (
	"slices"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// registryMessage is one message to the registry's actor: an input, and what the shell needs besides.
type registryMessage struct {
	in     registry.Input
	from   *sessionActor
	submit session.SubmitJob
	opened session.Authenticated
	offer  *offer
	resume session.ResumeSession
	child  *startChild
	ended  *sessionActor // with SessionEnded, and the new one with ConnectionOpened
}

type startChild struct {
	parent *jobActor
	call   job.CallID
	id     protocol.JobID
	handle *offspring
}

func (m *startChild) refuse(err *protocol.Error) {
	m.parent.tell(jobMessage{call: m.call, input: job.ChildRefused{Call: m.call, Err: err}})
}

// registryActor owns the registry's machine, as the shell does.
type registryActor struct {
	*actor
	machine  *registry.Machine
	jobs     map[protocol.JobID]*jobActor
	sessions map[protocol.SessionID]*sessionActor
	open     []*sessionActor
	drained  int
}

func (w *world) newRegistry() *registryActor {
	g := &registryActor{
		machine: registry.New(&w.config.registry),
		jobs:    map[protocol.JobID]*jobActor{}, sessions: map[protocol.SessionID]*sessionActor{},
	}
	g.actor = w.actor("registry", g.take)
	w.clock = append(w.clock, timed{
		deadline: func() time.Time { return g.machine.Deadline() },
		ring:     func() { g.tell(registryMessage{in: registry.Tick{}}) },
	})
	return g
}

func (g *registryActor) take(message any) {
	m := message.(registryMessage)
	switch in := m.in.(type) {
	case registry.ConnectionOpened:
		g.open = append(g.open, m.ended)
	case registry.SessionOpened:
		g.sessions[in.SessionID] = m.from
	case registry.SessionEnded:
		g.open = slices.DeleteFunc(g.open, func(s *sessionActor) bool { return s == m.ended })
		delete(g.sessions, in.SessionID)
	}
	for _, effect := range g.machine.Step(g.world.now, m.in) {
		g.then(func() { g.do(effect, m) })
	}
}

func (g *registryActor) do(effect registry.Effect, m registryMessage) {
	g.world.note(g.name, "-> %s", shown{effect})
	switch effect := effect.(type) {
	case registry.AdmitSession:
		m.from.tell(sessionMessage{input: m.opened})
	case registry.RefuseSession:
		delete(g.sessions, effect.SessionID)
		m.from.tell(sessionMessage{input: session.SessionRefused{Err: effect.Err}})
	case registry.RouteResume:
		r := m.resume
		request := session.ResumeRequested{
			RequestID: r.RequestID, Principal: r.Principal, Token: r.Token, LastEventSeq: r.LastEventSeq, Secret: r.Secret,
		}
		if !g.sessions[effect.SessionID].tell(sessionMessage{input: request, offer: m.offer}) {
			m.offer.from.tell(sessionMessage{input: session.ResumeRefused{Err: session.NotResumable()}})
		}
	case registry.NotResumable:
		m.offer.from.tell(sessionMessage{input: session.ResumeRefused{Err: session.NotResumable()}})
	case registry.StartJob:
		g.start(effect, m)
	case registry.RefuseDelegation:
		m.child.refuse(effect.Err)
	case registry.ForgetJob:
		if known := g.jobs[effect.JobID]; known != nil {
			known.close()
			delete(g.jobs, effect.JobID)
		}
	case registry.StopJobs, registry.CloseSessions, registry.Drained:
		g.shutDown(effect)
	default:
		g.answer(effect)
	}
}

func (g *registryActor) answer(effect registry.Effect) {
	to := func(id protocol.SessionID, input session.Input) {
		if s := g.sessions[id]; s != nil {
			s.tell(sessionMessage{input: input})
		}
	}
	switch e := effect.(type) {
	case registry.ReplyAccepted:
		to(e.SessionID, session.JobAccepted{
			RequestID: e.RequestID, JobID: e.Payload.JobID, TraceID: e.Payload.TraceID, Payload: e.Payload,
		})
	case registry.Refuse:
		to(e.SessionID, session.RequestRefused{RequestID: e.RequestID, JobID: e.JobID, Err: e.Err})
	case registry.Listed:
		to(e.SessionID, session.JobsListed{RequestID: e.Payload.RequestID, Payload: e.Payload})
	case registry.RouteCancel:
		g.pass(e.JobID, e.RequestID, e.SessionID, job.CancelRequested{
			RequestID: e.RequestID, SessionID: e.SessionID, Principal: e.Principal,
		})
	case registry.RouteSubscribe:
		g.pass(e.JobID, e.RequestID, e.SessionID, job.SubscribeRequested{
			RequestID: e.RequestID, SessionID: e.SessionID, Principal: e.Principal, History: e.History, From: e.From,
		})
	case registry.RouteUnsubscribe:
		if known := g.jobs[e.JobID]; known != nil {
			known.tell(jobMessage{input: job.UnsubscribeRequested{SessionID: e.SessionID}})
		}
	}
}

func (g *registryActor) pass(id protocol.JobID, request protocol.MessageID, from protocol.SessionID, in job.Input) {
	asker := g.sessions[from]
	if asker == nil {
		return
	}
	if known := g.jobs[id]; known == nil || !known.tell(jobMessage{input: in, from: asker}) {
		asker.tell(sessionMessage{input: session.RequestRefused{RequestID: request, JobID: id, Err: job.NotFound()}})
	}
}

func (g *registryActor) start(effect registry.StartJob, m registryMessage) {
	if m.child == nil {
		s := m.submit
		j := g.world.newJob(effect.JobID, m.from, s.TraceID)
		j.request = s.RequestID
		g.jobs[effect.JobID] = j
		j.tell(jobMessage{from: m.from, input: job.Submitted{
			RequestID: s.RequestID, SessionID: s.SessionID, Principal: s.Principal, JobID: effect.JobID, TraceID: s.TraceID,
			Name: s.Name, Version: s.Version, Features: s.Features, Submit: s.Submit,
		}})
		return
	}
	c := m.child
	j := g.world.newJob(c.id, c.parent.owner, c.parent.trace)
	j.ledger, j.parent, j.handle = c.parent.ledger, c.parent, c.handle
	g.jobs[c.id] = j
	if !c.parent.tell(jobMessage{call: c.call, input: job.ChildStarted{Call: c.call, ChildID: c.id}, child: j}) {
		j.tell(jobMessage{input: job.ParentEnding{}})
	}
}

func (g *registryActor) shutDown(effect registry.Effect) {
	switch effect.(type) {
	case registry.StopJobs:
		for _, id := range g.world.truth.order {
			if known := g.jobs[id]; known != nil {
				g.then(func() { known.tell(jobMessage{input: job.ShutdownRequested{}}) })
			}
		}
	case registry.CloseSessions:
		for _, s := range g.open {
			g.then(func() { s.tell(sessionMessage{shutdown: true}) })
		}
	case registry.Drained:
		if g.drained++; g.drained > 1 {
			g.world.fail("the registry is drained twice")
		}
		for _, id := range g.world.truth.order {
			if known := g.jobs[id]; known != nil {
				known.close()
			}
		}
	}
}
