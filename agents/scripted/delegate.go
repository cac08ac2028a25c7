package scripted

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
)

// delegated is what a delegate step tells of its child.
type delegated struct {
	JobID       protocol.JobID     `json:"job_id"`
	FinalStatus protocol.JobStatus `json:"final_status,omitempty"`
	Result      json.RawMessage    `json:"result,omitempty"`
	ResultID    protocol.ResultID  `json:"result_id,omitempty"` // of a streamed result
	Error       *protocol.Error    `json:"error,omitempty"`
}

// delegate starts a sub-agent, waits for it unless told not to, and tells what came of it.
func (p *play) delegate(ctx context.Context, _ scope, s *step) *ending {
	id := p.callID(s)
	if end := p.call(ctx, id, "agent.delegate", s.body("agent", "lease", "constraints", "input")); end != nil {
		return end
	}
	told, err := p.handOn(ctx, s)
	if ctx.Err() != nil {
		return &ending{err: context.Cause(ctx)}
	}
	if end := p.answer(ctx, id, told, err); end != nil {
		return end
	}
	if err != nil && s.Fatal {
		return &ending{err: err}
	}
	return nil
}

// handOn delegates. A child that fails is an outcome, and no refusal.
func (p *play) handOn(ctx context.Context, s *step) (delegated, error) {
	delegation := actors.Delegation{Agent: s.Agent, Lease: s.Lease, Constraints: s.Constraints}
	if len(s.Input) > 0 {
		delegation.Input = s.Input
	}
	child, err := p.job.Delegate(ctx, delegation)
	if err != nil {
		return delegated{}, err
	}
	told := delegated{JobID: child.ID()}
	if s.Wait != nil && !*s.Wait {
		return told, nil
	}
	result, err := child.Wait(ctx)
	if err != nil && !errors.As(err, &told.Error) {
		return delegated{}, err
	}
	told.FinalStatus, told.Result, told.ResultID = child.Status(), result.Result, result.ResultID
	return told, nil
}
