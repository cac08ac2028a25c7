package actors

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// Authorise asks whether an operation may be dispatched now: the lease covers it (§9.3) and every counter of the budget is
// above zero (§9.6). Nil is the permission. It emits nothing; see Operate.
func (j *Job) Authorise(ctx context.Context, operation lease.Operation) error {
	return j.ask(ctx, 0, func(call job.CallID) job.Input {
		return job.OperationRequested{Call: call, Operation: operation}
	})
}

// Call says how an operation is done and shown.
type Call struct {
	ID   string // call_id; "" lets the runtime make one
	Args any    // of the tool_call event; nil is {}
	// Run does the operation, once it is authorised. Its value is the result of the tool_result event. Nil: there is
	// nothing to do, and the result is null.
	Run func(ctx context.Context) (any, error)
}

// Operate does one authority-bearing operation (§9.3): it emits tool_call, asks for the permission, runs the call, and emits
// tool_result with the result or the error. The error is the refusal, or what Run returned. An error of Run that is no
// *protocol.Error is shown to clients as INTERNAL_ERROR without its text, but for what credentials.Translate knows.
func (j *Job) Operate(ctx context.Context, operation lease.Operation, call Call) error {
	if call.ID == "" {
		call.ID = "call_" + strconv.FormatUint(j.calls.Add(1), 10)
	}
	if call.Args == nil {
		call.Args = struct{}{}
	}
	args, err := marshal(call.Args)
	if err != nil {
		return err
	}
	shown := protocol.ToolCall{Tool: toolName(operation), Args: args, CallID: call.ID}
	if err := j.Emit(ctx, protocol.KindToolCall, shown); err != nil {
		return err
	}
	result, err := j.attempt(ctx, operation, call)
	outcome := protocol.ToolResult{CallID: call.ID}
	if err == nil {
		outcome.Result, err = marshal(result)
	}
	if err != nil {
		outcome.Error = shownError(err)
	}
	// The outcome is told although the job is being cancelled, if there is still somebody to tell it to.
	if told := j.Emit(context.WithoutCancel(ctx), protocol.KindToolResult, outcome); err == nil {
		err = told
	}
	return err
}

func (j *Job) attempt(ctx context.Context, operation lease.Operation, call Call) (any, error) {
	ctx, span := j.operationSpan(ctx, operation)
	defer span.End()
	if err := j.Authorise(ctx, operation); err != nil {
		return nil, err
	}
	if call.Run == nil {
		return nil, nil
	}
	result, err := call.Run(ctx)
	if refusal := credentials.Translate(err); refusal != nil { // §9.6, §13.7: the upstream's refusal is the protocol's
		err = fmt.Errorf("%w (%w)", refusal, err)
	}
	return result, err
}

// toolName is what the tool_call event calls the operation: the tool itself, else the namespace.
func toolName(operation lease.Operation) string {
	if operation.Namespace == lease.ToolCall {
		return operation.Resource
	}
	return string(operation.Namespace)
}

func shownError(err error) *protocol.Error {
	var refusal *protocol.Error
	if errors.As(err, &refusal) && refusal.Code.Known() {
		return refusal
	}
	return protocol.NewError(protocol.InternalError, "the operation failed")
}

// Tool calls a tool: Operate for tool.call.
func (j *Job) Tool(ctx context.Context, name string, args any, run func(context.Context) (any, error)) error {
	return j.Operate(ctx, lease.Operation{Namespace: lease.ToolCall, Resource: name}, Call{Args: args, Run: run})
}
