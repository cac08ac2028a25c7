package actors

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// jobMessage is one message to a job's actor.
type jobMessage struct {
	input job.Input
	from  address    // the session that asks, for requests of sessions
	call  job.CallID // that the input begins or goes on with; 0 for none
	ask   *engine.Question[*protocol.Error]
	loan  *loan // of the question
}

// question is one question of the agent that awaits its answer.
type question struct {
	ask  *engine.Question[*protocol.Error]
	loan *loan
}

// jobActor owns one job machine.
type jobActor struct {
	runtime *Runtime
	id      protocol.JobID
	trace   protocol.TraceID
	owner   address // the session that submitted
	agent   Agent
	self    *engine.Ref[jobMessage]
	machine *job.Machine
	budget  *engine.Ref[budgetMessage] // nil without a budget
	open    map[job.CallID]question
	alarm   alarm
	cancel  context.CancelCauseFunc // of the agent; nil before it was started
	request protocol.MessageID      // the submit, until it is answered
	ended   bool                    // the one ending is out
}

// openJob starts the actor of a job and offers it the submission.
func (r *Runtime) openJob(id protocol.JobID, agent Agent, m submitJob) *engine.Ref[jobMessage] {
	s := m.submit
	a := &jobActor{
		runtime: r, id: id, trace: s.TraceID, owner: m.from, agent: agent, request: s.RequestID,
		machine: job.New(r.config.Job), open: map[job.CallID]question{},
	}
	a.self = engine.Spawn(r.engine, "job", engine.Behaviour[jobMessage]{
		Receive: a.receive, Panicked: a.panicked, Dropped: func(m jobMessage) { m.loan.release() },
	})
	a.alarm.ring = func() { _ = a.self.Tell(jobMessage{input: job.Tick{}}) }
	_ = a.self.Tell(jobMessage{from: m.from, input: job.Submitted{
		RequestID: s.RequestID, SessionID: s.SessionID, Principal: s.Principal, JobID: id, TraceID: s.TraceID,
		Name: s.Name, Version: s.Version, Features: s.Features, Submit: s.Submit,
	}})
	return a.self
}

func (a *jobActor) receive(m jobMessage) {
	if m.ask != nil {
		if !m.ask.Claim() { // the agent has given up: nothing of the question may happen
			m.loan.release()
			return
		}
		a.open[m.call] = question{ask: m.ask, loan: m.loan}
	}
	if _, tick := m.input.(job.Tick); tick {
		a.alarm.rang()
	}
	now := time.Now()
	for _, effect := range a.machine.Step(now, m.input) {
		a.do(effect, m)
	}
	a.alarm.set(now, a.machine.Deadline())
}

// do carries out one effect of the step that took m.
func (a *jobActor) do(effect job.Effect, m jobMessage) {
	switch effect := effect.(type) {
	case job.Accept:
		a.request = ""
		a.owner.tell(session.JobAccepted{
			RequestID: effect.RequestID, JobID: a.id, TraceID: a.trace, Payload: effect.Payload,
		}, nil)
	case job.Refuse:
		m.from.tell(session.RequestRefused{RequestID: effect.RequestID, JobID: a.named(), Err: effect.Err}, nil)
		a.request = ""
	case job.AcknowledgeCancel:
		m.from.tell(session.JobCancelled{RequestID: effect.RequestID, JobID: a.id}, nil)
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
	case job.StopAgent:
		a.cancel(effect.Cause)
	case job.SendEvent:
		a.owner.tell(session.JobEvent{JobID: a.id, TraceID: a.trace, Payload: effect.Event}, a.open[m.call].loan.hold())
	case job.SendEnding:
		a.ended = true
		a.owner.tell(session.JobEnded{JobID: a.id, TraceID: a.trace, Payload: effect.Payload}, nil)
		a.runtime.log.Info("job ended", "job", a.id, "status", a.machine.Status())
	case job.Reply:
		a.reply(effect)
	case job.End:
		a.end()
	}
}

// named is the job's id once it exists: a submit that is refused has none.
func (a *jobActor) named() protocol.JobID {
	if a.request != "" {
		return ""
	}
	return a.id
}

// ask passes a question on to the budget. A budget that is dead has said so: BudgetLost is on its way.
func (a *jobActor) ask(m budgetMessage) {
	m.job, m.to = a.id, a.self
	_ = a.budget.Tell(m)
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
		id: a.id, trace: effect.TraceID, agent: protocol.AgentRef(effect.Name, effect.Version), input: effect.Input,
		lease: effect.Lease, actor: a.self, budget: a.budget, credits: a.owner.credits, maxChunk: a.machine.MaxChunk(),
	}
	a.runtime.log.Info("job started", "job", a.id, "agent", handle.agent)
	go a.run(ctx, handle)
}

// run calls the agent and reports how it came back, a panic and a runtime.Goexit included.
func (a *jobActor) run(ctx context.Context, handle *Job) {
	var back job.Input = job.AgentPanicked{}
	defer func() {
		if reason := recover(); reason != nil {
			a.runtime.log.Error("agent panicked", "job", a.id, "panic", fmt.Sprint(reason), "stack", string(debug.Stack()))
		}
		_ = a.self.Tell(jobMessage{input: back})
	}()
	result, err := a.agent(ctx, handle)
	back = a.outcome(result, err)
}

func (a *jobActor) outcome(result any, err error) job.Input {
	if err == nil {
		var text []byte
		if text, err = json.Marshal(result); err == nil {
			return job.AgentReturned{Result: text}
		}
	}
	a.runtime.log.Warn("agent failed", "job", a.id, "error", err)
	return job.AgentFailed{Err: err}
}

// end stops the actor and its budget: the ending is out and the agent is back.
func (a *jobActor) end() {
	a.alarm.stop()
	if a.cancel != nil {
		a.cancel(nil)
	}
	if a.budget != nil {
		a.budget.Close()
	}
	a.self.Close()
	_ = a.runtime.registry.Tell(jobEnded{id: a.id})
}

// panicked ends a job whose machine broke. Whoever waits for it is told; other jobs go on.
func (a *jobActor) panicked(reason any, stack []byte) {
	a.runtime.log.Error("job failed", "job", a.id, "panic", fmt.Sprint(reason), "stack", string(stack))
	lost := job.Lost()
	switch {
	case a.request != "":
		a.owner.tell(session.RequestRefused{RequestID: a.request, Err: &lost.Error}, nil)
	case !a.ended:
		a.owner.tell(session.JobEnded{JobID: a.id, TraceID: a.trace, Payload: lost}, nil)
	}
	for _, q := range a.open {
		q.loan.release()
	}
	a.end()
}
