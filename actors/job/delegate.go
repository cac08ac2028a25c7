package job

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// DelegateRequested asks for a sub-agent that does a part of the job as a job of its own, a child (§10). The Reply without
// error says that the child was started.
type DelegateRequested struct {
	Call        CallID
	ChildID     protocol.JobID  // chosen by the shell
	Name        string          // the agent; what agent.delegate has to cover
	Version     string          // resolved (§7.5); "" where there is no such agent
	Unavailable *protocol.Error // then this; told only to who may delegate to that name
	Input       json.RawMessage
	Lease       protocol.Lease
	Constraints *protocol.LeaseConstraints
}

// Derived is what a delegated job has from its parent. It was checked there.
type Derived struct {
	Lease      lease.Lease // within the parent's (§9.4), its end included
	Currencies []string    // of the tree's budget, sorted: what the job spends its ancestors' counters have, too (§9.6)
}

// BudgetDelegated is the budget's answer to [DelegateBudget].
type BudgetDelegated struct {
	Call CallID
	Err  *protocol.Error // nil: the child has its counters
}

// ChildStarted answers [StartChild]: there is an actor for the child, which waits for [OfferChild].
type ChildStarted struct {
	Call    CallID
	ChildID protocol.JobID
}

// ChildRefused answers [StartChild] with an error: there is no child.
type ChildRefused struct {
	Call CallID
	Err  *protocol.Error
}

// ChildEnded says that a child's ending is out.
type ChildEnded struct{ ChildID protocol.JobID }

// ParentEnding says that the job which delegated this one ends, so that this one has to end first (§10).
type ParentEnding struct{}

func (DelegateRequested) input() {}
func (BudgetDelegated) input()   {}
func (ChildStarted) input()      {}
func (ChildRefused) input()      {}
func (ChildEnded) input()        {}
func (ParentEnding) input()      {}

// DelegateBudget asks whether every counter is above zero (§9.6), and then opens the child's counters below the job's
// (§9.4), both at once. Answered by [BudgetDelegated].
type DelegateBudget struct {
	Call    CallID
	ChildID protocol.JobID
	Grants  []budget.Grant // none: the child spends its ancestors' counters
}

// ForgetBudget drops the counters of a child that did not start.
type ForgetBudget struct{ ChildID protocol.JobID }

// StartChild asks for an actor for the child. Answered by [ChildStarted] or [ChildRefused].
type StartChild struct {
	Call    CallID
	ChildID protocol.JobID
	Name    string
	Version string
}

// OfferChild gives a child that was started its submission.
type OfferChild struct{ Submitted Submitted }

// TellChild gives a child [ParentEnding] or [BudgetLost].
type TellChild struct {
	ChildID protocol.JobID
	Input   Input
}

func (DelegateBudget) effect() {}
func (ForgetBudget) effect()   {}
func (StartChild) effect()     {}
func (OfferChild) effect()     {}
func (TellChild) effect()      {}

// delegation is a child that is not there yet.
type delegation struct {
	offer    Submitted
	grants   []budget.Grant
	refusal  *protocol.Error // the answer, if the counters do not refuse before
	starting bool            // its actor is asked for
}

// delegate takes a delegation. §9.3: it is an operation, so lease and counters are looked at as for any other; then the
// child's lease is held against this one (§9.4).
func (t *turn) delegate(in DelegateRequested) {
	if !t.permitted(in.Call, lease.Operation{Namespace: lease.AgentDelegate, Resource: in.Name}) {
		return
	}
	child := t.derive(in)
	switch {
	case t.budgetLost:
		t.reply(in.Call, lostBudget())
	case t.budgeted() && child.refusal != nil:
		t.pending[in.Call] = awaited{child: child}
		t.do(CheckBudget{Call: in.Call})
	case child.refusal != nil:
		t.reply(in.Call, child.refusal)
	case t.budgeted():
		t.pending[in.Call] = awaited{child: child}
		t.do(DelegateBudget{Call: in.Call, ChildID: in.ChildID, Grants: child.grants})
	default:
		t.startChild(in.Call, child)
	}
}

// derive makes the child's offer, or says why it may not be.
func (t *turn) derive(in DelegateRequested) *delegation {
	child := &delegation{refusal: in.Unavailable}
	if child.refusal != nil {
		return child
	}
	asked, err := lease.Parse(in.Lease)
	if err != nil {
		child.refusal = invalid(err.Error())
		return child
	}
	if in.Constraints == nil || in.Constraints.ExpiresAt == "" {
		in.Constraints = t.constraints // §9.4: inherited, as the end is below
	} else if child.refusal = t.within(protocol.FeatureLeaseExpiresAt); child.refusal == nil {
		asked, child.refusal = constrain(t.now, asked, in.Constraints)
	}
	if child.refusal != nil {
		return child
	}
	if err := asked.Within(t.lease); err != nil {
		child.refusal = protocol.NewError(protocol.LeaseSubsetViolation, err.Error()) // §9.4
		return child
	}
	child.grants = asked.Budget()
	child.offer = Submitted{
		SessionID: t.offer.SessionID, Principal: t.offer.Principal, JobID: in.ChildID,
		TraceID: t.offer.TraceID, // §11: forwarded to sub-agents
		Name:    in.Name, Version: in.Version, Features: t.offer.Features,
		Submit:      protocol.JobSubmit{Input: in.Input, LeaseConstraints: in.Constraints},
		ParentJobID: t.offer.JobID,
		Derived:     &Derived{Lease: asked.Inherit(t.lease), Currencies: t.currencies()},
	}
	return child
}

// carved goes on when the budget has answered.
func (t *turn) carved(in BudgetDelegated) {
	question, open := t.pending[in.Call]
	if !open || question.child == nil || question.child.starting || question.child.refusal != nil {
		return // answered when the budget was lost
	}
	delete(t.pending, in.Call)
	childID := question.child.offer.JobID
	switch {
	case t.lease.Expired(t.now):
		if in.Err == nil {
			t.do(ForgetBudget{ChildID: childID})
		}
		t.expire(in.Call)
	case in.Err != nil:
		t.reply(in.Call, in.Err)
	case t.state == Stopping || t.state == Finishing:
		t.do(ForgetBudget{ChildID: childID})
		t.reply(in.Call, t.stopped())
	default:
		t.startChild(in.Call, question.child)
	}
	t.finish()
}

func (t *turn) startChild(call CallID, child *delegation) {
	child.starting = true
	t.pending[call] = awaited{child: child}
	t.do(StartChild{Call: call, ChildID: child.offer.JobID, Name: child.offer.Name, Version: child.offer.Version})
}

// childStarted tells of the child, and then lets it begin. §10 (choice): so the delegate event comes before the child's
// job.accepted, which the session has not asked for.
func (t *turn) childStarted(in ChildStarted) {
	question, open := t.pending[in.Call]
	if !open || question.child == nil || question.child.offer.JobID != in.ChildID {
		t.do(TellChild{ChildID: in.ChildID, Input: ParentEnding{}})
		return
	}
	delete(t.pending, in.Call)
	offer := question.child.offer
	t.children[in.ChildID] = false
	if t.state == Stopping || t.state == Finishing {
		t.endChildren()
		t.reply(in.Call, t.stopped())
		return
	}
	t.publish(protocol.KindDelegate, marshal(delegated{
		Agent: protocol.AgentRef(offer.Name, offer.Version), ChildJobID: in.ChildID,
		Lease: protocol.Lease(offer.Derived.Lease.Wire()), Constraints: offer.Submit.LeaseConstraints,
	}))
	t.do(OfferChild{Submitted: offer})
	t.reply(in.Call, nil)
}

// delegated is the body of a delegate event. §10 (choice): the draft gives it no shape.
type delegated struct {
	Agent       string                     `json:"agent"` // resolved
	ChildJobID  protocol.JobID             `json:"child_job_id"`
	Lease       protocol.Lease             `json:"lease"` // effective
	Constraints *protocol.LeaseConstraints `json:"lease_constraints,omitempty"`
}

func (t *turn) childRefused(in ChildRefused) {
	question, open := t.pending[in.Call]
	if !open || question.child == nil || !question.child.starting {
		return
	}
	delete(t.pending, in.Call)
	if t.budgeted() && !t.budgetLost {
		t.do(ForgetBudget{ChildID: question.child.offer.JobID})
	}
	t.reply(in.Call, in.Err)
	t.finish()
}

// childEnded takes the end of a child. What it was is its own; the agent hears of it where it waits.
func (t *turn) childEnded(in ChildEnded) {
	delete(t.children, in.ChildID)
	t.finish()
}

// endChildren tells all children to end. §10 (choice): an ending job waits for them, so that of a tree the leaves end first.
func (t *turn) endChildren() {
	for _, id := range slices.Sorted(maps.Keys(t.children)) {
		if told := t.children[id]; !told {
			t.children[id] = true
			t.do(TellChild{ChildID: id, Input: ParentEnding{}})
		}
	}
}

func (t *turn) tellChildren(in Input) {
	for _, id := range slices.Sorted(maps.Keys(t.children)) {
		t.do(TellChild{ChildID: id, Input: in})
	}
}

// parentEnding ends a delegated job.
func (t *turn) parentEnding() {
	if t.state == Unsubmitted { // it was started in vain
		t.state = Ended
		t.end()
		return
	}
	t.stop(protocol.NewError(protocol.Cancelled, "the job that delegated this one ends"))
}

// terms is what a job is held to: read from a submit, or derived by the parent.
func (t *turn) terms(in Submitted) (lease.Lease, time.Duration, *protocol.Error) {
	if in.Derived != nil {
		return in.Derived.Lease, 0, nil
	}
	return read(t.now, in.Submit)
}

// budgeted says whether any counter stands over the job: its own, or an ancestor's.
func (m *Machine) budgeted() bool { return len(m.currencies()) > 0 }

// currencies are those in which the job or an ancestor has a counter. A child has none that its parent has not, so they
// are the root's.
func (m *Machine) currencies() []string {
	if m.offer.Derived != nil {
		return m.offer.Derived.Currencies
	}
	var own []string
	for _, counter := range m.counters {
		own = append(own, counter.Currency)
	}
	return own
}
