package world

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// Job is a job that the peer accepted on one connection.
type Job struct {
	c         *Client
	ID        string
	RequestID string       // id of the job.submit
	Accepted  wire.Message // the job.accepted
}

// Outcome is what one tool_result of a job said (§8.2).
type Outcome struct {
	CallID  string
	Tool    string         // of the tool_call with this call_id, if there was one before
	Result  any            // nil when the outcome is an error
	Error   map[string]any // nil when the outcome is a result
	Message wire.Message
}

// Code is the error code of the outcome, or "" when it is a result.
func (o Outcome) Code() string { code, _ := o.Error["code"].(string); return code }

// Retryable is the error's flag; ok is false when there is none.
func (o Outcome) Retryable() (value, ok bool) {
	value, ok = o.Error["retryable"].(bool)
	return value, ok
}

// Steps is one script of the scripted agent: a list of {"op": ...}.
type Steps = []map[string]any

// Submission is the payload of a job.submit that has the scripted agent run steps under lease. A nil lease asks for
// none. Add further members (idempotency_key, max_runtime_sec) to the map that it gives.
func (w *World) Submission(lease map[string]any, steps ...map[string]any) map[string]any {
	if steps == nil {
		steps = Steps{}
	}
	p := map[string]any{"agent": w.cfg.Agent, "input": map[string]any{"steps": steps}}
	if lease != nil {
		p["lease_request"] = lease
	}
	return p
}

// Submit sends job.submit and waits for its answer. Accepted: the job, and a zero refusal. Refused: a nil job and the
// message that refused it. The error is for silence, a hang-up or the suite's own trouble; the first two break R7.1-1.
func (c *Client) Submit(ctx context.Context, payload map[string]any, opts ...Option) (*Job, wire.Message, error) {
	if err := c.w.offered(payload); err != nil {
		return nil, wire.Message{}, err
	}
	if trace := c.w.newTraceID(); trace != "" {
		opts = append([]Option{WithTrace(trace)}, opts...)
	}
	id, err := c.Send(ctx, "job.submit", payload, opts...)
	if err != nil {
		return nil, wire.Message{}, c.w.failed("R7.1-1", "an answer to job.submit", err)
	}
	reply, err := c.Reply(ctx, id)
	if err != nil {
		return nil, wire.Message{}, c.w.failed("R7.1-1", "an answer to job.submit", err)
	}
	if reply.Type() != "job.accepted" {
		return nil, reply, nil
	}
	job := &Job{c: c, ID: reply.JobID(), RequestID: id, Accepted: reply}
	return job, wire.Message{}, c.w.check("R7.1-1", job.ID != "", "a job.accepted with a job_id", Brief(reply))
}

// MustSubmit is Submit where the scenario needs the job: a refusal breaks R7.1-1, unless it says that the target hosts
// no such agent, which skips the scenario.
func (c *Client) MustSubmit(ctx context.Context, payload map[string]any, opts ...Option) (*Job, error) {
	job, refusal, err := c.Submit(ctx, payload, opts...)
	if err != nil || job != nil {
		return job, err
	}
	if refusal.Code() == "AGENT_NOT_AVAILABLE" && !c.Hosts(fmt.Sprint(payload["agent"])) {
		return nil, c.w.Skip("the target does not host the agent " + fmt.Sprint(payload["agent"]))
	}
	return nil, c.w.check("R7.1-1", false, "job.accepted", Brief(refusal))
}

// Hosts says whether the welcome's inventory names the agent, whatever its version (§6.2).
func (c *Client) Hosts(agent string) bool {
	name, _, _ := strings.Cut(agent, "@")
	v, _ := c.Welcome().Lookup("payload", "capabilities", "agents")
	entries, _ := v.([]any)
	for _, e := range entries {
		if listed, _ := wire.Lookup(e, "name"); listed == name {
			return true
		}
	}
	return false
}

// Client is the connection that submitted the job.
func (j *Job) Client() *Client { return j.c }

// Messages is every message about the job that came so far: events and ending, but not job.accepted.
func (j *Job) Messages() []wire.Message {
	var out []wire.Message
	for _, m := range j.c.Received() {
		if m.JobID() == j.ID && (m.Type() == "job.event" || isEnding(m)) {
			out = append(out, m)
		}
	}
	return out
}

// Events is every job.event of the job that came so far, narrowed to the kinds given, if any.
func (j *Job) Events(kinds ...string) []wire.Message {
	var out []wire.Message
	for _, m := range j.Messages() {
		if m.Type() == "job.event" && (len(kinds) == 0 || slices.Contains(kinds, m.Kind())) {
			out = append(out, m)
		}
	}
	return out
}

// Await waits for a message about the job that pred accepts, those that came already included.
func (j *Job) Await(ctx context.Context, pred func(wire.Message) bool) (wire.Message, error) {
	return j.c.Await(ctx, func(m wire.Message) bool { return m.JobID() == j.ID && pred(m) })
}

// AwaitEnd waits for the job's ending (§7.3). None in time, or a hang-up, breaks R7.3-1. When the agent said that it
// cannot do a step, the error skips the scenario.
func (j *Job) AwaitEnd(ctx context.Context) (wire.Message, error) {
	return j.AwaitEndWithin(ctx, j.c.w.cfg.Timeout)
}

// AwaitEndWithin is AwaitEnd with a time of its own.
func (j *Job) AwaitEndWithin(ctx context.Context, d time.Duration) (wire.Message, error) {
	end, err := j.c.AwaitFor(ctx, d, 0, func(m wire.Message) bool { return m.JobID() == j.ID && isEnding(m) })
	if err != nil {
		return end, j.c.w.failed("R7.3-1", "job.result or job.error for "+j.ID, err)
	}
	if op, ok := j.Unsupported(); ok {
		return end, j.c.w.Skip("the target's scripted agent does not offer " + op)
	}
	return end, j.c.w.check("R7.3-1", true, "", "")
}

// Outcomes is every tool_result of the job so far, in order.
func (j *Job) Outcomes() []Outcome {
	var out []Outcome
	tools := map[string]string{}
	for _, m := range j.Events("tool_call", "tool_result") {
		body := m.Body()
		call, _ := body["call_id"].(string)
		if m.Kind() == "tool_call" {
			tools[call], _ = body["tool"].(string)
			continue
		}
		failure, _ := body["error"].(map[string]any)
		out = append(out, Outcome{CallID: call, Tool: tools[call], Result: body["result"], Error: failure, Message: m})
	}
	return out
}

// Outcome is the tool_result of one call.
func (j *Job) Outcome(callID string) (Outcome, bool) {
	for _, o := range j.Outcomes() {
		if o.CallID == callID {
			return o, true
		}
	}
	return Outcome{}, false
}

// Unsupported is the first op that the scripted agent said it cannot do.
func (j *Job) Unsupported() (op string, ok bool) {
	for _, o := range j.Outcomes() {
		message, _ := o.Error["message"].(string)
		if op, ok := strings.CutPrefix(message, "unsupported: "); ok {
			return op, true
		}
	}
	return "", false
}

// Metrics is every metric event of this name, or all when name is "".
func (j *Job) Metrics(name string) []wire.Message {
	var out []wire.Message
	for _, m := range j.Events("metric") {
		if name == "" || m.Text("payload", "body", "name") == name {
			out = append(out, m)
		}
	}
	return out
}

func isEnding(m wire.Message) bool { return m.Type() == "job.result" || m.Type() == "job.error" }
