package actors

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// Delegation is what an agent hands on to a sub-agent (§10).
type Delegation struct {
	// Agent is a name, or name@version (§7.5). The lease's agent.delegate has to cover the name.
	Agent string
	// Input is, or marshals to, the child's input; nil is none.
	Input any
	// Lease is what the child may do, cost.budget included. Nothing in it may be beyond this job's own lease, nor beyond
	// what is left of its budget (§9.4). Nil is no authority at all. A child without cost.budget spends this job's.
	Lease protocol.Lease
	// Constraints may end the child's lease earlier than this job's (§9.5); nil inherits the end.
	Constraints *protocol.LeaseConstraints
}

// Child is a job that an agent has delegated. All methods are safe for concurrent use.
type Child struct {
	id     protocol.JobID
	once   sync.Once
	ended  chan struct{}
	ending protocol.Payload // once ended is closed
}

// Delegate starts a sub-agent with a part of this job's authority (§10). When it returns without an error, the delegate event
// is out, and the child runs as a job of its own, whose events go to the session of this one.
//
// A refusal is PERMISSION_DENIED where agent.delegate does not cover the agent, LEASE_EXPIRED, BUDGET_EXHAUSTED,
// LEASE_SUBSET_VIOLATION where the child would have more than this job (§9.4), INVALID_REQUEST, or that there is no such
// agent; and then there is no child.
//
// A child never outlives its parent: when this job ends, or is stopped, its children are cancelled, and this job's ending
// waits for theirs. So an agent that wants a child's result waits for it.
func (j *Job) Delegate(ctx context.Context, delegation Delegation) (*Child, error) {
	name, version, unavailable := j.runtime.agents.Load().resolve(delegation.Agent)
	if name == "" {
		return nil, unavailable
	}
	id, err := protocol.NewJobID(time.Now(), rand.Reader)
	if err != nil {
		return nil, err
	}
	request := job.DelegateRequested{
		ChildID: id, Name: name, Version: version, Unavailable: unavailable,
		Lease: delegation.Lease, Constraints: delegation.Constraints,
	}
	if delegation.Input != nil {
		if request.Input, err = marshal(delegation.Input); err != nil {
			return nil, err
		}
		if refusal := protocol.CheckValue(request.Input); refusal != nil {
			return nil, refusal
		}
	}
	child := &Child{id: id, ended: make(chan struct{})}
	err = j.put(ctx, sizeOf(delegation.Lease), func(call job.CallID) jobMessage {
		request.Call = call
		return jobMessage{input: request, handle: child}
	})
	if err != nil {
		return nil, err
	}
	return child, nil
}

// sizeOf is about how long a lease is on the wire.
func sizeOf(lease protocol.Lease) int {
	size := 0
	for namespace, patterns := range lease {
		size += len(namespace) + 8
		for _, pattern := range patterns {
			size += len(pattern) + 3
		}
	}
	return size
}

// ID is the child's job_id.
func (c *Child) ID() protocol.JobID { return c.id }

// Wait waits for the child's ending. The error is the *protocol.Error with which the child ended, CANCELLED where somebody
// cancelled it; or the context's cause where ctx ends first, and then the child goes on.
func (c *Child) Wait(ctx context.Context) (protocol.JobResult, error) {
	select {
	case <-c.ended:
	case <-ctx.Done():
		return protocol.JobResult{}, context.Cause(ctx)
	}
	switch ending := c.ending.(type) {
	case protocol.JobResult:
		return ending, nil
	case protocol.JobError:
		return protocol.JobResult{}, &ending.Error
	}
	return protocol.JobResult{}, errors.New("actors: an ending that is none")
}

// Status is how the child has ended (§7.3), "" before it has.
func (c *Child) Status() protocol.JobStatus {
	select {
	case <-c.ended:
	default:
		return ""
	}
	switch ending := c.ending.(type) {
	case protocol.JobResult:
		return ending.FinalStatus
	case protocol.JobError:
		return ending.FinalStatus
	}
	return ""
}

// end tells who waits. Only the first ending counts.
func (c *Child) end(ending protocol.Payload) {
	c.once.Do(func() {
		c.ending = ending
		close(c.ended)
	})
}

// resolve turns a reference into a registered name and version (§7.5). Without a name, the reference is none; without a
// version, there is no such agent.
func (v *inventory) resolve(reference string) (name, version string, err *protocol.Error) {
	name, version, err = protocol.ParseAgentRef(reference) // no name where it is none
	if err == nil {
		version, err = session.Resolve(v.list(), name, version)
	}
	return name, version, err
}
