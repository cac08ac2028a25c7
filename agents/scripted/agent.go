package scripted

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
)

// Name is the agent's name, and Versions are its versions, the default last.
const Name = "conformance"

// Versions returns the versions to register, the default last.
func Versions() []string { return []string{"1.0.0", "2.0.0"} }

// Register registers the agent with a runtime.
func Register(runtime *actors.Runtime) error {
	for _, version := range Versions() {
		if err := runtime.Handle(Name, version, Agent); err != nil {
			return err
		}
	}
	return nil
}

// Agent is an actors.Agent.
func Agent(ctx context.Context, job *actors.Job) (any, error) {
	var input struct {
		Steps []json.RawMessage `json:"steps"`
	}
	if len(job.Input()) > 0 {
		if err := json.Unmarshal(job.Input(), &input); err != nil {
			return nil, protocol.NewError(protocol.InvalidRequest, "the input is no script: "+err.Error())
		}
	}
	p := &play{job: job, ops: ops()}
	end := p.steps(ctx, scope{}, input.Steps)
	switch {
	case end == nil:
		return nil, nil
	case end.panics != nil:
		panic(end.panics)
	case end.err != nil:
		return nil, end.err
	case len(end.value) == 0:
		return nil, nil
	}
	return end.value, nil
}

// play is one script under way.
type play struct {
	job   *actors.Job
	ops   map[string]op
	calls atomic.Uint64

	mu     sync.Mutex // branches may ask for the stream at once
	stream *actors.Stream
	result protocol.ResultID // of the stream, kept when the stream is abandoned
}

// ending says how the script ended before its last step. A nil ending means that it goes on.
type ending struct {
	value  json.RawMessage
	err    error
	panics any
}

// scope is what the variables of the contract stand for.
type scope struct{ counter, branch string }

// steps does the steps in order.
func (p *play) steps(ctx context.Context, in scope, list []json.RawMessage) *ending {
	for _, raw := range list {
		if ctx.Err() != nil {
			return &ending{err: context.Cause(ctx)}
		}
		s, err := p.read(raw, in)
		if err != nil {
			return &ending{err: protocol.NewError(protocol.InvalidRequest, "a step cannot be read: "+err.Error())}
		}
		if end := p.step(ctx, in, s); end != nil {
			return end
		}
	}
	return nil
}

// settle decides what becomes of a step: a refusal is told and the script goes on, unless it is fatal.
func (p *play) settle(ctx context.Context, s *step, err error) *ending {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return &ending{err: context.Cause(ctx)}
	case s.Fatal:
		return &ending{err: err}
	}
	return p.tell(ctx, s, s.Op, nil, err)
}

// tell emits a tool_call and its tool_result for what is no operation of the runtime's.
func (p *play) tell(ctx context.Context, s *step, tool string, result any, refusal error) *ending {
	id := p.callID(s)
	if end := p.call(ctx, id, tool, json.RawMessage("{}")); end != nil {
		return end
	}
	return p.answer(ctx, id, result, refusal)
}

func (p *play) call(ctx context.Context, id, tool string, args json.RawMessage) *ending {
	if err := p.job.Emit(ctx, protocol.KindToolCall, protocol.ToolCall{Tool: tool, Args: args, CallID: id}); err != nil {
		return lost(ctx, err)
	}
	return nil
}

func (p *play) answer(ctx context.Context, id string, result any, refusal error) *ending {
	outcome := protocol.ToolResult{CallID: id}
	if refusal != nil {
		outcome.Error = inTerms(refusal)
	} else {
		text, err := json.Marshal(result)
		if err != nil {
			return &ending{err: err}
		}
		outcome.Result = text
	}
	if err := p.job.Emit(ctx, protocol.KindToolResult, outcome); err != nil {
		return lost(ctx, err)
	}
	return nil
}

// lost is the end of a script whose outcome could not be told.
func lost(ctx context.Context, err error) *ending {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return &ending{err: err}
}

// inTerms is a refusal in the terms of §12.
func inTerms(err error) *protocol.Error {
	var refusal *protocol.Error
	if errors.As(err, &refusal) && refusal.Code.Known() {
		return refusal
	}
	return protocol.NewError(protocol.InternalError, "the step failed")
}

func (p *play) callID(s *step) string {
	if s.CallID != "" {
		return s.CallID
	}
	return "step_" + strconv.FormatUint(p.calls.Add(1), 10)
}
