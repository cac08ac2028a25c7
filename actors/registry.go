package actors

import (
	"crypto/rand"
	"sync/atomic"
	"time"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// registryActor owns the registry's machine, and knows the actors behind its names.
type registryActor struct {
	runtime  *Runtime
	machine  *registry.Machine
	jobs     map[protocol.JobID]listed
	sessions map[protocol.SessionID]address
	refs     map[*engine.Ref[sessionMessage]]protocol.SessionID // of all sessions; "" before the welcome
	alarm    alarm
	drained  chan struct{} // closed when the runtime is closing and nothing is left
}

// listed is one job that the registry knows.
type listed struct {
	ref  *engine.Ref[jobMessage]
	last *atomic.Uint64 // event_seq of its newest event, as its session numbers it (§6.6)
}

func newRegistry(r *Runtime) *registryActor {
	g := &registryActor{
		runtime: r, machine: registry.New(r.registryConfig()), drained: make(chan struct{}),
		jobs: map[protocol.JobID]listed{}, sessions: map[protocol.SessionID]address{},
		refs: map[*engine.Ref[sessionMessage]]protocol.SessionID{},
	}
	g.alarm.ring = func() { _ = r.registry.Tell(wakeUp{}) }
	return g
}

func (r *Runtime) registryConfig() *registry.Config {
	var config registry.Config
	if r.config.Registry != nil {
		config = *r.config.Registry
	}
	if config.CursorKey == [32]byte{} {
		_, _ = rand.Read(config.CursorKey[:]) // it never fails
	}
	return &config
}

func (g *registryActor) receive(m registryMessage) {
	if count, asked := m.(countLeft); asked {
		if count.answer.Claim() {
			count.answer.Answer(Left{Jobs: g.machine.Live(), Connections: g.machine.Connections()})
		}
		return
	}
	now := time.Now()
	if in := g.meet(m); in != nil {
		for _, effect := range g.machine.Step(now, in) {
			g.do(effect, m)
		}
	}
	g.alarm.set(now, g.machine.Deadline())
}

// meet notes what the registry itself must know of a message, and gives the machine's input; nil for none.
func (g *registryActor) meet(m registryMessage) registry.Input {
	switch m := m.(type) {
	case wakeUp:
		g.alarm.rang()
		return registry.Tick{}
	case sessionOpened:
		g.refs[m.ref] = ""
		return registry.ConnectionOpened{}
	case connectionEnded:
		return registry.ConnectionClosed{}
	case admitSession:
		return registry.SessionOpened{SessionID: m.opened.SessionID, Principal: m.opened.Principal}
	case sessionEnded:
		id := g.refs[m.ref]
		delete(g.refs, m.ref)
		delete(g.sessions, id)
		return registry.SessionEnded{SessionID: id}
	case resumeSession:
		return registry.ResumeRequested{RequestID: m.resume.RequestID, SessionID: m.resume.SessionID, Principal: m.resume.Principal}
	case jobAccepted:
		return registry.JobAccepted{JobID: m.id, Payload: m.payload}
	case jobRefused:
		return registry.JobRefused{JobID: m.id, Err: m.err}
	case jobChanged:
		return registry.JobChanged{JobID: m.id, Status: m.status}
	case credentialsChanged:
		return registry.CredentialsChanged{JobID: m.id, Credentials: m.current}
	case jobEnded:
		return registry.JobEnded{JobID: m.id}
	case shutDown:
		return registry.ShutdownRequested{}
	}
	return g.request(m)
}

// request gives the input of a session's or a job's request.
func (g *registryActor) request(m registryMessage) registry.Input {
	switch m := m.(type) {
	case submitJob:
		return g.submitted(m)
	case startChild:
		return registry.DelegationRequested{ParentJobID: m.parentID, JobID: m.id}
	case listJobs:
		l := m.list
		return registry.ListRequested{
			RequestID: l.RequestID, SessionID: l.SessionID, Statuses: l.Statuses, Agent: l.Agent,
			CreatedAfter: l.CreatedAfter, Limit: l.Limit, Cursor: l.Cursor,
		}
	case cancelJob:
		return registry.CancelRequested{RequestID: m.cancel.RequestID, SessionID: m.cancel.SessionID, JobID: m.cancel.JobID}
	case subscribeJob:
		s := m.subscribe
		return registry.SubscribeRequested{
			RequestID: s.RequestID, SessionID: s.SessionID, JobID: s.JobID, History: s.History, From: s.From,
		}
	case unsubscribeJob:
		return registry.UnsubscribeRequested(m.unsubscribe)
	}
	return nil
}

// submitted names a job, in case that there will be one.
func (g *registryActor) submitted(m submitJob) registry.Input {
	id, err := protocol.NewJobID(time.Now(), rand.Reader)
	if err != nil {
		g.runtime.log.Error("no job id", "error", err) // the machine refuses a job without a name
	}
	s := m.submit
	return registry.SubmitRequested{
		RequestID: s.RequestID, SessionID: s.SessionID, JobID: id, Key: s.Submit.IdempotencyKey, Digest: m.digest,
	}
}

// do carries out one effect of the step that took m.
func (g *registryActor) do(effect registry.Effect, m registryMessage) {
	switch effect := effect.(type) {
	case registry.AdmitSession, registry.RefuseSession, registry.RouteResume, registry.NotResumable:
		g.greet(effect, m)
	case registry.StartJob:
		g.start(effect, m)
	case registry.RefuseDelegation:
		m.(startChild).refuse(effect.Err)
	case registry.ReplyAccepted:
		g.sessions[effect.SessionID].tell(session.JobAccepted{
			RequestID: effect.RequestID, JobID: effect.Payload.JobID, TraceID: effect.Payload.TraceID, Payload: effect.Payload,
		})
	case registry.Refuse:
		g.sessions[effect.SessionID].tell(session.RequestRefused{
			RequestID: effect.RequestID, JobID: effect.JobID, Err: effect.Err,
		})
	case registry.Listed:
		g.listed(effect)
	case registry.AuditSubscribe: // §14: the substrate of audit trails
		g.runtime.log.Info("subscribe", "session", effect.SessionID, "subscriber", effect.Subscriber, "job", effect.JobID,
			"owner", effect.Owner, "allowed", effect.Allowed)
	case registry.ForgetJob:
		if known, here := g.jobs[effect.JobID]; here {
			known.ref.Close()
			delete(g.jobs, effect.JobID)
		}
	case registry.StopJobs, registry.CloseSessions, registry.Drained:
		g.shutDown(effect)
	default:
		g.route(effect)
	}
}

// greet answers who wants to open or resume a session.
func (g *registryActor) greet(effect registry.Effect, m registryMessage) {
	switch effect := effect.(type) {
	case registry.AdmitSession:
		admit := m.(admitSession)
		g.refs[admit.from.ref], g.sessions[effect.SessionID] = effect.SessionID, admit.from
		g.runtime.log.Info("session opened", "session", admit.opened.SessionID, "principal", admit.opened.Principal)
		if admit.from.ref.Tell(sessionMessage{input: admit.opened}) != nil { // it ended meanwhile, and its end came first
			_ = g.runtime.registry.Tell(sessionEnded{ref: admit.from.ref})
		}
	case registry.RefuseSession:
		m.(admitSession).from.tell(session.SessionRefused{Err: effect.Err})
	case registry.RouteResume:
		m := m.(resumeSession)
		s := m.resume
		request := session.ResumeRequested{
			RequestID: s.RequestID, Principal: s.Principal, Token: s.Token, LastEventSeq: s.LastEventSeq, Secret: s.Secret,
		}
		if to := g.sessions[effect.SessionID]; to.ref == nil || to.ref.Tell(sessionMessage{input: request, offer: &m.offer}) != nil {
			m.offer.from.tell(session.ResumeRefused{Err: session.NotResumable()})
		}
	case registry.NotResumable:
		m.(resumeSession).offer.from.tell(session.ResumeRefused{Err: session.NotResumable()})
	}
}

// start starts the actor of a job; whether there will be such a job is for its machine to say.
func (g *registryActor) start(effect registry.StartJob, m registryMessage) {
	var started *jobActor
	var refused *protocol.Error
	switch m := m.(type) {
	case submitJob:
		started, refused = g.runtime.openJob(effect.JobID, m)
		if refused != nil {
			m.from.tell(session.RequestRefused{RequestID: effect.RequestID, Err: refused})
		}
	case startChild:
		started, refused = g.startChild(m)
		if refused != nil {
			m.refuse(refused)
		}
	}
	if refused != nil {
		_ = g.runtime.registry.Tell(jobRefused{id: effect.JobID, err: refused})
		return
	}
	g.jobs[effect.JobID] = listed{ref: started.self, last: started.last}
}

// listed answers a listing. §6.6: what it says is true, so the numbers are read now.
func (g *registryActor) listed(effect registry.Listed) {
	payload := effect.Payload
	for i := range payload.Jobs {
		if known, here := g.jobs[payload.Jobs[i].JobID]; here {
			payload.Jobs[i].LastEventSeq = known.last.Load()
		}
	}
	g.sessions[effect.SessionID].tell(session.JobsListed{RequestID: payload.RequestID, Payload: payload})
}

// route passes a request on to its job, which decides the rest.
func (g *registryActor) route(effect registry.Effect) {
	switch effect := effect.(type) {
	case registry.RouteCancel:
		g.pass(effect.JobID, effect.RequestID, effect.SessionID, job.CancelRequested{
			RequestID: effect.RequestID, SessionID: effect.SessionID, Principal: effect.Principal,
		})
	case registry.RouteSubscribe:
		g.pass(effect.JobID, effect.RequestID, effect.SessionID, job.SubscribeRequested{
			RequestID: effect.RequestID, SessionID: effect.SessionID, Principal: effect.Principal,
			History: effect.History, From: effect.From,
		})
	case registry.RouteUnsubscribe:
		if known, here := g.jobs[effect.JobID]; here {
			_ = known.ref.Tell(jobMessage{input: job.UnsubscribeRequested{SessionID: effect.SessionID}})
		}
	}
}

func (g *registryActor) pass(id protocol.JobID, request protocol.MessageID, from protocol.SessionID, in job.Input) {
	asker := g.sessions[from]
	if known, here := g.jobs[id]; !here || known.ref.Tell(jobMessage{input: in, from: asker}) != nil {
		asker.tell(session.RequestRefused{RequestID: request, JobID: id, Err: job.NotFound()})
	}
}

// shutDown carries out the end of the runtime.
func (g *registryActor) shutDown(effect registry.Effect) {
	switch effect.(type) {
	case registry.StopJobs:
		for _, known := range g.jobs {
			_ = known.ref.Tell(jobMessage{input: job.ShutdownRequested{}})
		}
	case registry.CloseSessions:
		for ref := range g.refs {
			_ = ref.Tell(sessionMessage{shutdown: true})
		}
	case registry.Drained:
		for _, known := range g.jobs {
			known.ref.Close()
		}
		close(g.drained)
	}
}

func shuttingDown() *protocol.Error {
	return protocol.NewError(protocol.InternalError, "the runtime is shutting down")
}
