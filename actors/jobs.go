package actors

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/protocol"
)

// jobMessage is one message to a job's actor.
type jobMessage struct {
	input  job.Input
	from   address    // the session that asks, for requests of sessions
	call   job.CallID // that the input begins or goes on with; 0 for none
	ask    *engine.Question[*protocol.Error]
	loan   *loan                   // of the question
	handle *Child                  // with job.DelegateRequested
	child  *engine.Ref[jobMessage] // with job.ChildStarted
}

// question is one question of the agent that awaits its answer.
type question struct {
	ask    *engine.Question[*protocol.Error]
	loan   *loan
	handle *Child // of a delegation
}

// jobActor owns one job machine.
type jobActor struct {
	runtime *Runtime
	id      protocol.JobID
	trace   protocol.TraceID
	owner   address // the session that submitted
	agent   Agent
	self    *engine.Ref[jobMessage]
	last    *atomic.Uint64 // event_seq of its newest event, for listings (§6.6)
	machine *job.Machine
	budget  *engine.Ref[budgetMessage] // nil without a budget
	open    map[job.CallID]question
	status  protocol.JobStatus             // as the registry knows it
	viewers map[protocol.SessionID]address // who is subscribed, or asked to be (§7.6)
	family  family
	custody custody // of the credentials (§9.8)
	alarm   alarm
	cancel  context.CancelCauseFunc // of the agent; nil before it was started
	request protocol.MessageID      // the submit, until it is answered
	ended   bool                    // the one ending is out
}

// openJob starts the actor of a job and offers it the submission.
func (r *Runtime) openJob(id protocol.JobID, m submitJob) (*jobActor, *protocol.Error) {
	s := m.submit
	agent, known := r.agents.Load().find(s.Name, s.Version)
	if !known {
		return nil, protocol.NewError(protocol.AgentNotAvailable, "no agent "+s.Name)
	}
	a := r.newJob(id, agent, m.from, s.TraceID)
	a.request = s.RequestID
	_ = a.self.Tell(jobMessage{from: m.from, input: job.Submitted{
		RequestID: s.RequestID, SessionID: s.SessionID, Principal: s.Principal, JobID: id, TraceID: s.TraceID,
		Name: s.Name, Version: s.Version, Features: s.Features, Submit: s.Submit,
	}})
	return a, nil
}

// newJob starts the actor of a job. It has to be offered one.
func (r *Runtime) newJob(id protocol.JobID, agent Agent, owner address, trace protocol.TraceID) *jobActor {
	a := &jobActor{
		runtime: r, id: id, trace: trace, owner: owner, agent: agent, last: new(atomic.Uint64),
		machine: job.New(r.config.Job), open: map[job.CallID]question{},
		status: protocol.StatusPending, viewers: map[protocol.SessionID]address{},
	}
	a.self = engine.Spawn(r.engine, "job", engine.Behaviour[jobMessage]{
		Receive: a.receive, Panicked: a.panicked, Dropped: a.dropped,
	})
	a.alarm.ring = func() { _ = a.self.Tell(jobMessage{input: job.Tick{}}) }
	return a
}

func (a *jobActor) receive(m jobMessage) {
	if m.ask != nil {
		if !m.ask.Claim() { // the agent has given up: nothing of the question may happen
			m.loan.release()
			return
		}
		a.open[m.call] = question{ask: m.ask, loan: m.loan, handle: m.handle}
	}
	a.family.meet(m)
	a.custody.meet(m.input)
	switch in := m.input.(type) {
	case job.Tick:
		a.alarm.rang()
	case job.SubscribeRequested:
		a.viewers[in.SessionID] = m.from
	}
	now := time.Now()
	effects := a.machine.Step(now, m.input)
	a.refill(m.input)
	a.report()
	for _, effect := range effects {
		a.do(effect, m)
	}
	// What an agent asks, and what it is answered, changes nothing about who is subscribed unless it ends the job.
	if (m.call == 0 || a.ended) && len(a.viewers) > 0 {
		maps.DeleteFunc(a.viewers, func(id protocol.SessionID, _ address) bool { return !a.machine.Observes(id) })
	}
	a.alarm.set(now, a.machine.Deadline())
}

// report tells the registry of a new status, before any client can know of it.
func (a *jobActor) report() {
	if status := a.machine.Status(); status != a.status && a.machine.ID() != "" {
		a.status = status
		_ = a.runtime.registry.Tell(jobChanged{id: a.id, status: status})
	}
}

// do carries out one effect of the step that took m.
func (a *jobActor) do(effect job.Effect, m jobMessage) {
	switch effect := effect.(type) {
	case job.Accept:
		a.request = ""
		_ = a.runtime.registry.Tell(jobAccepted{id: a.id, payload: effect.Payload})
		a.owner.tell(session.JobAccepted{
			RequestID: effect.RequestID, JobID: a.id, TraceID: a.trace, Payload: effect.Payload,
		})
	case job.DelegateBudget, job.ForgetBudget, job.StartChild, job.OfferChild, job.TellChild:
		a.delegate(effect)
	case job.Refuse:
		a.refuse(effect, m)
	case job.IssueCredentials:
		a.provision(effect)
	case job.RevokeCredentials:
		a.revoke(effect.Handles)
	case job.AcknowledgeCancel:
		m.from.tell(session.JobCancelled{RequestID: effect.RequestID, JobID: a.id})
	case job.OpenBudget:
		a.budget = a.runtime.openBudget(a.id, a.self, effect.Grants)
	case job.BookCost:
		a.ask(budgetMessage{book: &effect})
	case job.ChargeCost:
		a.ask(budgetMessage{spend: &effect})
	case job.CheckBudget:
		a.ask(budgetMessage{check: &effect})
	case job.StartAgent:
		a.start(effect)
	case job.ShowBudget:
		a.ask(budgetMessage{show: &effect})
	case job.StopAgent:
		if effect.Cause.Code == protocol.LeaseExpired { // §14: lease expirations are logged
			a.runtime.log.Info("lease expired", "job", a.id)
		}
		a.cancel(effect.Cause)
	case job.SendEvent:
		a.owner.event(session.JobEvent{JobID: a.id, TraceID: a.trace, Payload: effect.Event}, a.open[m.call].loan.hold(), a.last)
	case job.SendEnding:
		a.ended = true
		a.custody.rest()
		a.owner.event(session.JobEnded{JobID: a.id, TraceID: a.trace, Payload: effect.Payload}, nil, a.last)
		a.leave(effect.Payload)
		a.runtime.log.Info("job ended", "job", a.id, "status", a.machine.Status())
	case job.Subscribed, job.CopyEvent, job.CopyEnding:
		a.show(effect)
	case job.Reply:
		a.reply(effect)
	case job.End:
		a.end()
	}
}

// refuse answers the submit, which may have waited for its credentials, or the request that came with m.
func (a *jobActor) refuse(effect job.Refuse, m jobMessage) {
	refusal := session.RequestRefused{RequestID: effect.RequestID, JobID: a.named(), Err: effect.Err}
	if m.from.ref != nil {
		m.from.tell(refusal)
	} else {
		a.owner.tell(refusal)
	}
	if a.machine.State() == job.Ended {
		a.request = ""
	}
	if a.machine.ID() == "" && a.machine.State() == job.Ended { // else the submit still waits for its credentials
		_ = a.runtime.registry.Tell(jobRefused{id: a.id, err: effect.Err})
	}
}

// named is the job's id once it exists: a submit that is refused has none.
func (a *jobActor) named() protocol.JobID {
	if a.request != "" {
		return ""
	}
	return a.id
}

// ask passes a question on to the budget. One that is gone will not answer, and may not have said so.
func (a *jobActor) ask(m budgetMessage) {
	m.job, m.to = a.id, a.self
	if a.budget.Tell(m) != nil {
		_ = a.self.Tell(jobMessage{input: job.BudgetLost{}})
	}
}

func (a *jobActor) reply(effect job.Reply) {
	q, open := a.open[effect.Call]
	if !open {
		return
	}
	delete(a.open, effect.Call)
	q.ask.Answer(effect.Err)
	q.loan.release()
}

// start runs the agent in a goroutine of its own.
func (a *jobActor) start(effect job.StartAgent) {
	ctx, cancel := context.WithCancelCause(a.runtime.life)
	a.cancel = cancel
	handle := &Job{
		runtime: a.runtime,
		id:      a.id, trace: effect.TraceID, agent: protocol.AgentRef(effect.Name, effect.Version), input: effect.Input,
		lease: effect.Lease, actor: a.self, budget: a.budget, credits: a.owner.credits, wallet: &a.custody.wallet, maxChunk: a.machine.MaxChunk(),
	}
	a.runtime.log.Info("job started", "job", a.id, "agent", handle.agent, "trace", effect.TraceID)
	go a.run(ctx, handle)
}

// run calls the agent and reports how it came back, a panic and a runtime.Goexit included.
func (a *jobActor) run(ctx context.Context, handle *Job) {
	var back job.Input = job.AgentPanicked{}
	defer func() {
		if reason := recover(); reason != nil {
			a.runtime.log.Error("agent panicked", "job", a.id, "panic", a.custody.wallet.redact(fmt.Sprint(reason)), "stack", string(debug.Stack()))
		}
		_ = a.self.Tell(jobMessage{input: back})
	}()
	ctx, span := a.runtime.span(ctx, handle)
	var failure error = protocol.NewError(protocol.InternalError, "the agent crashed") // unless it comes back
	defer func() { handle.closeSpan(ctx, span, failure) }()
	result, err := a.agent(ctx, handle)
	failure = err
	back = a.outcome(result, err)
}

func (a *jobActor) outcome(result any, err error) job.Input {
	if err == nil {
		var text []byte
		if text, err = json.Marshal(result); err == nil {
			return job.AgentReturned{Result: text}
		}
	}
	a.runtime.log.Warn("agent failed", "job", a.id, "error", a.custody.wallet.redact(err.Error()))
	if refusal := credentials.Translate(err); refusal != nil { // §9.6: an upstream's budget error is the protocol's
		err = refusal
	}
	return job.AgentFailed{Err: err}
}

// end stops what the job has: the ending is out and the agent is back. Its actor goes on for those who subscribe late,
// until the registry closes it.
func (a *jobActor) end() {
	a.alarm.stop()
	if a.cancel != nil {
		a.cancel(nil)
	}
	a.closeBudget()
	a.closeCustody()
	a.leave(job.Lost()) // unless it has left with its ending
	_ = a.runtime.registry.Tell(jobEnded{id: a.id})
}

// panicked ends a job whose machine broke. Whoever waits for it is told; other jobs go on.
func (a *jobActor) panicked(reason any, stack []byte) {
	a.runtime.log.Error("job failed", "job", a.id, "panic", a.custody.wallet.redact(fmt.Sprint(reason)), "stack", string(stack))
	lost := job.Lost()
	switch {
	case a.request != "":
		a.owner.tell(session.RequestRefused{RequestID: a.request, Err: &lost.Error})
	case !a.ended:
		a.owner.tell(session.JobEnded{JobID: a.id, TraceID: a.trace, Payload: lost})
		for id := range a.viewers {
			a.show(job.CopyEnding{SessionID: id, Payload: lost})
		}
	}
	for _, q := range a.open {
		q.loan.release()
	}
	a.orphan()
	a.end()
}
