package actors

import (
	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/protocol"
)

// family is who a job belongs to (§10).
type family struct {
	parent   *engine.Ref[jobMessage] // nil for a job that a client submitted
	handle   *Child                  // this job in its parent's agent; nil without a parent
	left     bool                    // the parent knows of this job's ending
	children map[protocol.JobID]*engine.Ref[jobMessage]
}

// startChild asks the registry for the actor of a child.
type startChild struct {
	call          job.CallID
	parentID      protocol.JobID
	id            protocol.JobID
	name, version string
	owner         address // of the whole tree
	trace         protocol.TraceID
	budget        *engine.Ref[budgetMessage]
	parent        *engine.Ref[jobMessage]
	handle        *Child
}

func (startChild) registryMessage() {}

// startChild starts the actor of a child, which waits for its parent to offer it the job.
func (g *registryActor) startChild(m startChild) (*jobActor, *protocol.Error) {
	agent, known := g.runtime.agents.Load().find(m.name, m.version)
	if !known {
		return nil, protocol.NewError(protocol.AgentNotAvailable, "no agent "+m.name)
	}
	a := g.runtime.newJob(m.id, agent, m.owner, m.trace)
	a.budget, a.family.parent, a.family.handle = m.budget, m.parent, m.handle
	started := job.ChildStarted{Call: m.call, ChildID: m.id}
	if m.parent.Tell(jobMessage{call: m.call, input: started, child: a.self}) != nil {
		_ = a.self.Tell(jobMessage{input: job.ParentEnding{}}) // the parent's actor broke meanwhile
	}
	return a, nil
}

// refuse tells the parent that there is no such child.
func (m startChild) refuse(err *protocol.Error) {
	_ = m.parent.Tell(jobMessage{call: m.call, input: job.ChildRefused{Call: m.call, Err: err}})
}

// meet notes what a message says of the children, before the machine takes it.
func (f *family) meet(m jobMessage) {
	switch in := m.input.(type) {
	case job.ChildStarted:
		if f.children == nil {
			f.children = map[protocol.JobID]*engine.Ref[jobMessage]{}
		}
		f.children[in.ChildID] = m.child
	case job.ChildEnded:
		delete(f.children, in.ChildID)
	}
}

// delegate carries out the effects that are about children.
func (a *jobActor) delegate(effect job.Effect) {
	switch effect := effect.(type) {
	case job.DelegateBudget:
		a.ask(budgetMessage{delegate: &effect})
	case job.ForgetBudget:
		_ = a.budget.Tell(budgetMessage{forget: effect.ChildID})
	case job.StartChild:
		request := startChild{
			call: effect.Call, parentID: a.id, id: effect.ChildID, name: effect.Name, version: effect.Version, owner: a.owner, trace: a.trace,
			budget: a.budget, parent: a.self, handle: a.open[effect.Call].handle,
		}
		if a.runtime.registry.Tell(request) != nil {
			_ = a.self.Tell(jobMessage{call: effect.Call, input: job.ChildRefused{Call: effect.Call, Err: shuttingDown()}})
		}
	case job.OfferChild:
		_ = a.family.children[effect.Submitted.JobID].Tell(jobMessage{from: a.owner, input: effect.Submitted})
	case job.TellChild:
		if ref := a.family.children[effect.ChildID]; ref != nil {
			_ = ref.Tell(jobMessage{input: effect.Input})
		}
	}
}

// leave tells the parent of the ending, once.
func (a *jobActor) leave(ending protocol.Payload) {
	if a.family.parent == nil || a.family.left {
		return
	}
	a.family.left = true
	a.family.handle.end(ending)
	_ = a.family.parent.Tell(jobMessage{input: job.ChildEnded{ChildID: a.id}})
}

// orphan ends the children of a job whose machine broke.
func (a *jobActor) orphan() {
	for _, ref := range a.family.children {
		_ = ref.Tell(jobMessage{input: job.ParentEnding{}})
	}
}

// closeBudget lets go of the counters. The budget of a tree goes with its root; what it was asked before, it answers.
func (a *jobActor) closeBudget() {
	switch {
	case a.budget == nil:
	case a.family.parent == nil:
		a.budget.Close()
	default:
		_ = a.budget.Tell(budgetMessage{forget: a.id})
	}
}
