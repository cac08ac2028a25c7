package simulation_test

import (
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// jobMessage is one message to a job's actor.
type jobMessage struct {
	input job.Input
	from  *sessionActor
	call  job.CallID
	ask   *question // of the agent
	child *jobActor // with ChildStarted
}

// question is one question of an agent.
type question struct {
	agent  *agent
	call   job.CallID
	gaveUp bool // the agent does not wait any more
	taken  bool
	child  *offspring // of a delegation
}

// jobActor owns one job machine, as the shell does.
type jobActor struct {
	*actor
	id       protocol.JobID
	trace    protocol.TraceID
	owner    *sessionActor
	machine  *job.Machine
	ledger   *ledgerActor
	open     map[job.CallID]*question
	status   protocol.JobStatus
	viewers  map[protocol.SessionID]*sessionActor
	parent   *jobActor
	handle   *offspring
	left     bool
	children map[protocol.JobID]*jobActor
	agent    *agent
	request  protocol.MessageID

	costs  map[job.CallID]int    // in cents, as the agent asked
	gauges map[job.CallID]string // as they must be told
	late   map[job.CallID]bool   // asked behind the ending
	shown  map[string]string     // the counters as the ledger last showed them
	lost   bool                  // the ledger was closed before it was asked for the last time
	stop   time.Time             // when the agent was told to stop
	ends   int
}

func (w *world) newJob(id protocol.JobID, owner *sessionActor, trace protocol.TraceID) *jobActor {
	j := &jobActor{
		id: id, owner: owner, trace: trace, machine: job.New(&w.config.job), open: map[job.CallID]*question{},
		status: protocol.StatusPending, viewers: map[protocol.SessionID]*sessionActor{},
		children: map[protocol.JobID]*jobActor{}, costs: map[job.CallID]int{}, gauges: map[job.CallID]string{}, late: map[job.CallID]bool{},
	}
	j.actor = w.actor(string(id), j.take)
	j.closes = j.gone
	w.clock = append(w.clock, timed{
		deadline: func() time.Time {
			if j.closed {
				return time.Time{}
			}
			return j.machine.Deadline()
		},
		ring: func() { j.tell(jobMessage{input: job.Tick{}}) },
	})
	w.truth.jobs[id] = &jobTruth{id: id, actor: j}
	w.truth.order = append(w.truth.order, id)
	return j
}

func (j *jobActor) take(message any) {
	m := message.(jobMessage)
	if m.ask != nil {
		if m.ask.gaveUp {
			return
		}
		m.ask.taken = true
		j.open[m.call] = m.ask
		j.late[m.call] = j.world.truth.jobs[j.id].ending != nil
	}
	switch in := m.input.(type) {
	case job.ChildStarted:
		j.children[in.ChildID] = m.child
	case job.ChildEnded:
		delete(j.children, in.ChildID)
	case job.SubscribeRequested:
		j.viewers[in.SessionID] = m.from
	}
	effects := j.machine.Step(j.world.now, m.input)
	if status := j.machine.Status(); status != j.status && j.machine.ID() != "" {
		j.status = status
		j.then(func() { j.world.registry.tell(registryMessage{in: registry.JobChanged{JobID: j.id, Status: status}}) })
	}
	for _, effect := range effects {
		j.world.truth.told(j, effect, m.call)
		j.then(func() { j.do(effect, m) })
	}
}

// do carries out one effect of the step that took m.
func (j *jobActor) do(effect job.Effect, m jobMessage) {
	j.world.note(j.name, "-> %s", shown{effect})
	switch effect := effect.(type) {
	case job.Accept:
		j.request = ""
		j.world.registry.tell(registryMessage{in: registry.JobAccepted{JobID: j.id, Payload: effect.Payload}})
		j.then(func() {
			j.owner.tell(sessionMessage{input: session.JobAccepted{
				RequestID: effect.RequestID, JobID: j.id, TraceID: j.trace, Payload: effect.Payload,
			}})
		})
		j.turn = append(j.turn[len(j.turn)-1:], j.turn[:len(j.turn)-1]...) // right behind, before the other effects
	case job.Refuse:
		j.refuse(effect, m)
	case job.AcknowledgeCancel:
		m.from.tell(sessionMessage{input: session.JobCancelled{RequestID: effect.RequestID, JobID: j.id}})
	case job.OpenBudget:
		j.ledger = j.world.openLedger(j.id, effect.Grants)
	case job.BookCost, job.ChargeCost, job.CheckBudget, job.ShowBudget, job.DelegateBudget:
		if !j.ledger.tell(budgetMessage{from: j, effect: effect}) {
			j.lost = true // a child's, where its parent's ending was faster
			j.tell(jobMessage{input: job.BudgetLost{}})
		}
	case job.StartAgent:
		j.agent = j.world.newAgent(j, effect)
	case job.StopAgent:
		j.agent.tell(stopped{effect.Cause})
	case job.SendEvent:
		j.owner.tell(sessionMessage{input: session.JobEvent{JobID: j.id, TraceID: j.trace, Payload: effect.Event}})
	case job.SendEnding:
		j.owner.tell(sessionMessage{input: session.JobEnded{JobID: j.id, TraceID: j.trace, Payload: effect.Payload}})
		j.leave(effect.Payload)
	case job.Reply:
		j.reply(effect)
	case job.End:
		j.end()
	default:
		j.show(effect)
		j.delegate(effect)
	}
}

func (j *jobActor) refuse(effect job.Refuse, m jobMessage) {
	refusal := session.RequestRefused{RequestID: effect.RequestID, Err: effect.Err}
	if j.request == "" {
		refusal.JobID = j.id
	}
	to := m.from
	if to == nil {
		to = j.owner
	}
	to.tell(sessionMessage{input: refusal})
	if j.machine.State() == job.Ended {
		j.request = ""
	}
	if j.machine.ID() == "" {
		j.world.registry.tell(registryMessage{in: registry.JobRefused{JobID: j.id, Err: effect.Err}})
	}
}

// show tells a session what it observes.
func (j *jobActor) show(effect job.Effect) {
	var to protocol.SessionID
	var input session.Input
	switch effect := effect.(type) {
	case job.Subscribed:
		to, input = effect.SessionID, session.JobSubscribed{
			RequestID: effect.RequestID, JobID: j.id, TraceID: j.trace, Payload: effect.Payload, Own: effect.Own,
		}
	case job.CopyEvent:
		to, input = effect.SessionID, session.JobEvent{Copied: true, JobID: j.id, TraceID: j.trace, Payload: effect.Event}
	case job.CopyEnding:
		to, input = effect.SessionID, session.JobEnded{Copied: true, JobID: j.id, TraceID: j.trace, Payload: effect.Payload}
	default:
		return
	}
	if viewer := j.viewers[to]; viewer != nil && !viewer.tell(sessionMessage{input: input}) {
		delete(j.viewers, to)
		j.tell(jobMessage{input: job.UnsubscribeRequested{SessionID: to}})
	}
}

func (j *jobActor) delegate(effect job.Effect) {
	switch effect := effect.(type) {
	case job.ForgetBudget:
		j.ledger.tell(budgetMessage{from: j, forget: effect.ChildID})
	case job.StartChild:
		j.world.registry.tell(registryMessage{
			in:    registry.DelegationRequested{ParentJobID: j.id, JobID: effect.ChildID},
			child: &startChild{parent: j, call: effect.Call, id: effect.ChildID, handle: j.open[effect.Call].child},
		})
	case job.OfferChild:
		j.children[effect.Submitted.JobID].tell(jobMessage{from: j.owner, input: effect.Submitted})
	case job.TellChild:
		if child := j.children[effect.ChildID]; child != nil {
			child.tell(jobMessage{input: effect.Input})
		}
	}
}

func (j *jobActor) reply(effect job.Reply) {
	q := j.open[effect.Call]
	if q == nil {
		j.world.fail("%s answers the question %d, which is not open", j.id, effect.Call)
	}
	delete(j.open, effect.Call)
	q.agent.tell(answered{call: effect.Call, err: effect.Err})
}

// leave tells the parent of the ending, once.
func (j *jobActor) leave(ending protocol.Payload) {
	if j.parent != nil && !j.left {
		j.left = true
		j.handle.agent.tell(childGone{j.handle, ending})
		j.parent.tell(jobMessage{input: job.ChildEnded{ChildID: j.id}})
	}
}

func (j *jobActor) end() {
	if j.ends++; j.ends > 1 {
		j.world.fail("%s says End twice", j.id)
	}
	switch {
	case j.ledger == nil:
	case j.parent == nil:
		j.ledger.close()
	default:
		j.ledger.tell(budgetMessage{from: j, forget: j.id})
	}
	j.leave(job.Lost())
	j.world.registry.tell(registryMessage{in: registry.JobEnded{JobID: j.id}})
}

// gone is the end of the actor.
func (j *jobActor) gone() {
	if j.ends != 1 || len(j.open) > 0 {
		j.world.fail("%s is forgotten in state %s with %d questions open", j.id, j.machine.State(), len(j.open))
	}
}

// put is tell for a question, which somebody has to answer.
func (j *jobActor) put(m jobMessage) {
	if !j.tell(m) {
		m.ask.taken = true
		m.ask.agent.tell(answered{call: m.call, err: protocol.NewError(protocol.InvalidRequest, "the job is over")})
	}
}
