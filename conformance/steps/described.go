package steps

import (
	"fmt"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// describes compares what a listing and a subscription both say of a job with its acceptance. Null is absence.
func (s *scene) describes(req string, j *world.Job, e entry) error {
	accepted := j.Accepted.Payload()
	if accepted["agent"] != nil {
		if err := s.w.Check(req, same(e["agent"], accepted["agent"]), "the agent "+text(accepted["agent"]), text(e)); err != nil {
			return err
		}
	}
	agent, _ := e["agent"].(string)
	if err := s.w.Check(req, strings.Contains(agent, "@"), "the agent as name@version", text(e)); err != nil {
		return err
	}
	lease, _ := e["lease"].(map[string]any)
	want, _ := accepted["lease"].(map[string]any)
	if err := s.w.Check(req, lease != nil && same(lease, orEmpty(want)), "the effective lease "+text(want), text(e)); err != nil {
		return err
	}
	if err := s.w.Check(req, e["parent_job_id"] == nil, "parent_job_id null for a job without a parent", text(e)); err != nil {
		return err
	}
	trace := s.sent(j.RequestID).TraceID()
	return s.w.Check(req, trace == "" || e["trace_id"] == trace, "the trace_id "+trace, text(e))
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// sent is the message that the suite sent under this id, zero when there is none.
func (s *scene) sent(id string) wire.Message {
	for _, m := range s.w.Messages() {
		if m.Dir == wire.Sent && m.ID() == id {
			return m
		}
	}
	return wire.Message{}
}

// createdWhen: a job comes about between its submit and its acceptance, give or take what the peer rounds away.
func (s *scene) createdWhen(j *world.Job, e entry) error {
	const slack = 2 * time.Second
	created, err := time.Parse(time.RFC3339Nano, fmt.Sprint(e["created_at"]))
	if err := s.w.Check("R6.6-2", err == nil, "created_at as a time", text(e)); err != nil {
		return err
	}
	accepted, err := time.Parse(time.RFC3339Nano, j.Accepted.Text("payload", "accepted_at"))
	if err != nil {
		return nil // that of the acceptance is for other scenarios
	}
	ok := created.Sub(accepted).Abs() <= slack
	return s.w.Check("R6.6-2", ok, "created_at at about "+accepted.Format(time.RFC3339Nano), text(e))
}

// lastEvent: the draft does not say in whose numbers last_event_seq counts.
func (s *scene) lastEvent(j *world.Job, e entry) error {
	var last uint64
	for _, m := range j.Messages() {
		if seq, ok := m.Seq(); ok {
			last = max(last, seq)
		}
	}
	if e["last_event_seq"] == nil && last > 0 {
		s.w.Warn("R6.6-2", "a last_event_seq for a job that has emitted", text(e))
		return nil
	}
	got, ok := wire.Decimal(e["last_event_seq"])
	if err := s.w.Check("R6.6-2", e["last_event_seq"] == nil || ok && got.IsInt() && got.Sign() >= 0,
		"last_event_seq as a whole number", text(e)); err != nil {
		return err
	}
	if ok && got.IsInt() && got.Num().Uint64() != last {
		s.w.Inform("R6.6-2", fmt.Sprintf("last_event_seq %s where the submitter's last event has %d", got.Num(), last))
	}
	return nil
}
