package actors

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// Job is an agent's side of its job: what it was asked, and what it may ask the runtime for. All methods are safe for
// concurrent use by the agent's own goroutines.
//
// Methods that return an error wait for the runtime's answer. A refusal of the runtime is a *protocol.Error with a code
// of §12, and had no effect. When ctx ends while the method waits, the error is the context's cause, and nothing was done
// either; what the runtime had already taken up is waited for, so a cost is never half booked.
type Job struct {
	runtime  *Runtime
	id       protocol.JobID
	trace    protocol.TraceID
	agent    string
	input    json.RawMessage
	lease    lease.Lease
	actor    *engine.Ref[jobMessage]
	budget   *engine.Ref[budgetMessage] // nil without a budget
	credits  *credits
	wallet   *wallet
	maxChunk int

	questions atomic.Uint64 // numbers them
	calls     atomic.Uint64 // numbers the call_ids that the runtime makes
}

// ID is the job's id.
func (j *Job) ID() protocol.JobID { return j.id }

// TraceID is the trace context that the client gave with the submit, "" for none. An agent forwards it to the tools and
// agents that it calls (§11).
func (j *Job) TraceID() protocol.TraceID { return j.trace }

// Agent is the resolved name@version that this job runs (§7.5).
func (j *Job) Agent() string { return j.agent }

// Input is the submit's input as JSON, nil for none (§7.1). It must not be changed.
func (j *Job) Input() json.RawMessage { return j.input }

// Lease is the effective lease (§9.1).
func (j *Job) Lease() lease.Lease { return j.lease }

// Budget is what is left in each budgeted currency, sorted by currency; nil for a job without a budget (§9.6). Every cost
// whose booking was answered before is taken off.
func (j *Job) Budget(ctx context.Context) ([]budget.Counter, error) {
	if j.budget == nil {
		return nil, nil
	}
	counters, err := engine.Ask(ctx, j.budget, func(q *engine.Question[[]budget.Counter]) budgetMessage {
		return budgetMessage{job: j.id, view: q}
	})
	return counters, over(err)
}

// ask puts one question to the job's actor and waits for its answer. Size is how many bytes of JSON may go out because
// of it.
func (j *Job) ask(ctx context.Context, size int, question func(job.CallID) job.Input) error {
	return j.put(ctx, size, func(call job.CallID) jobMessage { return jobMessage{input: question(call)} })
}

// put is ask for a question that is more than an input.
func (j *Job) put(ctx context.Context, size int, question func(job.CallID) jobMessage) error {
	l, err := j.credits.take(ctx, size)
	if err != nil {
		return err
	}
	call := job.CallID(j.questions.Add(1))
	sent := false
	refusal, err := engine.Ask(ctx, j.actor, func(q *engine.Question[*protocol.Error]) jobMessage {
		sent = true
		m := question(call)
		m.call, m.ask, m.loan = call, q, l
		return m
	})
	if !sent || errors.Is(err, engine.ErrClosed) {
		l.release() // the actor never had it
	}
	if err == nil && refusal != nil {
		return refusal
	}
	return over(err)
}

// over puts the end of the job's actor in the terms of §12.
func over(err error) error {
	if errors.Is(err, engine.ErrClosed) || errors.Is(err, engine.ErrUnanswered) {
		return protocol.NewError(protocol.InvalidRequest, "the job is over")
	}
	return err
}

// marshal writes a body, without the escapes that JSON does not need.
func marshal(body any) (json.RawMessage, error) {
	if raw, done := body.(json.RawMessage); done {
		return raw, nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return nil, protocol.NewError(protocol.InvalidRequest, "the body cannot be written as JSON: "+err.Error())
	}
	return bytes.TrimRight(text.Bytes(), "\n"), nil
}
