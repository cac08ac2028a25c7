package actors

import (
	"crypto/rand"
	"time"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// registryMessage is one message to the registry, which knows all jobs and sessions of a runtime by name.
type registryMessage interface{ registryMessage() }

type (
	submitJob struct {
		from   address
		submit session.SubmitJob
	}
	cancelJob struct {
		from   address
		cancel session.CancelJob
	}
	jobEnded        struct{ id protocol.JobID }
	sessionOpened   struct{ ref *engine.Ref[sessionMessage] }
	sessionEnded    struct{ ref *engine.Ref[sessionMessage] }
	connectionEnded struct{}
	shutDown        struct{}
	countLeft       struct{ answer *engine.Question[Left] }
)

func (submitJob) registryMessage()       {}
func (cancelJob) registryMessage()       {}
func (jobEnded) registryMessage()        {}
func (sessionOpened) registryMessage()   {}
func (sessionEnded) registryMessage()    {}
func (connectionEnded) registryMessage() {}
func (shutDown) registryMessage()        {}
func (countLeft) registryMessage()       {}

// registry owns the names.
type registry struct {
	runtime     *Runtime
	jobs        map[protocol.JobID]*engine.Ref[jobMessage]
	sessions    map[*engine.Ref[sessionMessage]]struct{}
	connections int
	closing     bool
	drained     chan struct{} // closed when the runtime is closing and nothing is left
}

func newRegistry(r *Runtime) *registry {
	return &registry{
		runtime: r, drained: make(chan struct{}),
		jobs: map[protocol.JobID]*engine.Ref[jobMessage]{}, sessions: map[*engine.Ref[sessionMessage]]struct{}{},
	}
}

func (g *registry) receive(m registryMessage) {
	switch m := m.(type) {
	case submitJob:
		g.submit(m)
	case cancelJob:
		g.cancel(m)
	case jobEnded:
		delete(g.jobs, m.id)
		g.drain()
	case sessionOpened:
		g.connections++
		g.sessions[m.ref] = struct{}{}
		if g.closing {
			g.drain()
		}
	case sessionEnded:
		delete(g.sessions, m.ref)
	case connectionEnded:
		g.connections--
		g.drain()
	case shutDown:
		g.shutDown()
	case countLeft:
		if m.answer.Claim() {
			m.answer.Answer(Left{Jobs: len(g.jobs), Connections: g.connections})
		}
	}
}

// submit starts the actor of a job; whether there will be such a job is for its machine to say.
func (g *registry) submit(m submitJob) {
	refuse := func(err *protocol.Error) {
		m.from.tell(session.RequestRefused{RequestID: m.submit.RequestID, Err: err}, nil)
	}
	if g.closing {
		refuse(shuttingDown())
		return
	}
	agent, known := g.runtime.agents.Load().find(m.submit.Name, m.submit.Version)
	if !known {
		refuse(protocol.NewError(protocol.AgentNotAvailable, "no agent "+m.submit.Name))
		return
	}
	id, err := protocol.NewJobID(time.Now(), rand.Reader)
	if err != nil {
		g.runtime.log.Error("no job id", "error", err)
		refuse(protocol.NewError(protocol.InternalError, "the job could not be named"))
		return
	}
	g.jobs[id] = g.runtime.openJob(id, agent, m)
}

// cancel passes a cancel on to its job, which decides (§7.4).
func (g *registry) cancel(m cancelJob) {
	c := m.cancel
	request := job.CancelRequested{RequestID: c.RequestID, SessionID: c.SessionID, Principal: c.Principal}
	ref, known := g.jobs[c.JobID]
	if !known || ref.Tell(jobMessage{input: request, from: m.from}) != nil {
		m.from.tell(session.RequestRefused{RequestID: c.RequestID, JobID: c.JobID, Err: job.NotFound()}, nil)
	}
}

// shutDown asks all jobs to end; the sessions follow when their jobs' endings are on the way.
func (g *registry) shutDown() {
	g.closing = true
	for _, ref := range g.jobs {
		_ = ref.Tell(jobMessage{input: job.ShutdownRequested{}})
	}
	g.drain()
}

// drain closes the sessions when there is no job left, and says so when there is no connection left.
func (g *registry) drain() {
	if !g.closing || len(g.jobs) > 0 {
		return
	}
	for ref := range g.sessions {
		_ = ref.Tell(sessionMessage{shutdown: true})
	}
	if g.connections > 0 {
		return
	}
	select {
	case <-g.drained:
	default:
		close(g.drained)
	}
}

func shuttingDown() *protocol.Error {
	return protocol.NewError(protocol.InternalError, "the runtime is shutting down")
}
