package steps

import (
	"context"
	"errors"
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerSubscriptions has the requests of §7.6 and what their answers say; what a subscriber then hears is in
// watching.go.
//
//	When "B" subscribes to the job with its history      from_event_seq 0
//	When "B" subscribes to the job live                  neither member
//	When "B" tries to subscribe to the job               whatever comes of it
//	When "B" tries to subscribe to a job that does not exist
//	Then "B" is told truly of the job, which is running
//	Then "B" is told the lease_constraints of the job
//	Then "B" is told the budget {"USD":3.58}
//	Then the subscribe of "B" is refused as that of a stranger
//	Then the cancel of "B", a subscriber, is refused, and the job goes on
func registerSubscriptions(sc vocabulary) {
	sc.Step(`^"([^"]*)" subscribes to `+theJob+` (with its history|live)$`, subscribes)
	sc.Step(`^"([^"]*)" tries to subscribe to `+theJob+`$`, triesToSubscribe)
	sc.Step(`^"([^"]*)" subscribes a second time to `+theJob+`, live$`, subscribesAgain)
	sc.Step(`^"([^"]*)" tries to subscribe to a job that does not exist$`, subscribesToMissing)
	sc.Step(`^"([^"]*)" is told truly of `+theJob+`, which is ([a-z_]+)$`, isToldTruly)
	sc.Step(`^"([^"]*)" is told the lease_constraints of `+theJob+`$`, isToldConstraints)
	sc.Step(`^"([^"]*)" is told the budget (\{.*\})$`, isToldBudget)
	sc.Step(`^the subscribe of "([^"]*)" is refused as that of a stranger$`, subscribeRefused)
	sc.Step(`^the cancel of "([^"]*)", a subscriber, is refused, and `+theJob+` goes on$`, subscriberMayNotCancel)
}

// subscribe sends job.subscribe with the job in the payload, as the draft shows it, and keeps the job as the
// subscriber sees it.
func (s *scene) subscribe(ctx context.Context, name string, j *world.Job, more map[string]any) error {
	payload := map[string]any{"job_id": j.ID}
	for member, v := range more {
		payload[member] = v
	}
	if err := s.ask(ctx, name, "job.subscribe", payload); err != nil {
		return err
	}
	c, err := s.client(name)
	if err != nil {
		return err
	}
	if r := s.asked[name]; r.err == nil && r.reply.Type() == "job.subscribed" {
		s.viewed[name] = j.SeenBy(c)
	}
	return nil
}

func subscribes(ctx context.Context, name, job, how string) error {
	s := sceneOf(ctx)
	j, err := s.job(job)
	if err != nil {
		return err
	}
	var more map[string]any
	if how != "live" {
		more = map[string]any{"history": true, "from_event_seq": 0}
	}
	if err := s.subscribe(ctx, name, j, more); err != nil {
		return err
	}
	r, err := s.answer(name, "R7.6-1", "job.subscribed")
	if err != nil {
		return err
	}
	ok := r.reply.Type() == "job.subscribed" && r.reply.JobID() == j.ID
	return s.w.Check("R7.6-1", ok, "job.subscribed for "+j.ID, world.Brief(r.reply))
}

func triesToSubscribe(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	j, err := s.job(job)
	if err != nil {
		return err
	}
	return s.subscribe(ctx, name, j, map[string]any{"history": true, "from_event_seq": 0})
}

// subscribesAgain takes any answer: what must not be is that the events come twice.
func subscribesAgain(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	j, err := s.job(job)
	if err != nil {
		return err
	}
	return s.subscribe(ctx, name, j, nil)
}

func subscribesToMissing(ctx context.Context, name string) error {
	payload := map[string]any{"job_id": "job_" + fresh(), "history": true, "from_event_seq": 0}
	return sceneOf(ctx).ask(ctx, name, "job.subscribe", payload)
}

// subscribed is the answer to the last subscribe of a connection.
func (s *scene) subscribed(name string) (request, error) {
	r, err := s.answer(name, "R7.6-1", "job.subscribed")
	if err == nil && r.kind != "job.subscribe" {
		err = own("the last request of %q is no subscribe", name)
	}
	return r, err
}

// isToldTruly holds the authority descriptor against what the submitter was told.
func isToldTruly(ctx context.Context, name, job, status string) error {
	s := sceneOf(ctx)
	j, err := s.job(job)
	if err != nil {
		return err
	}
	r, err := s.subscribed(name)
	if err != nil {
		return err
	}
	p := r.reply.Payload()
	fits := p["current_status"] == status || status == "running" && p["current_status"] == "pending"
	if err := s.w.Check("R7.6-1", fits, "the current_status "+status, world.Brief(r.reply)); err != nil {
		return err
	}
	if err := s.describes("R7.6-1", j, p); err != nil {
		return err
	}
	from, ok := wire.Decimal(p["subscribed_from"])
	if err := s.w.Check("R7.6-1", ok && from.IsInt() && from.Sign() >= 0, "subscribed_from as a number", world.Brief(r.reply)); err != nil {
		return err
	}
	if replayed, isBool := p["replayed"].(bool); isBool {
		asked, _ := r.payload["history"].(bool)
		if replayed != asked {
			s.w.Warn("R7.6-1", fmt.Sprintf("replayed %t", asked), world.Brief(r.reply))
		}
	}
	session := r.reply.SessionID()
	return s.w.Check("R7.6-1", session == "" || session == s.sessionOf(name), "the subscriber's session_id", world.Brief(r.reply))
}

func (s *scene) sessionOf(name string) string {
	c, err := s.client(name)
	if err != nil {
		return ""
	}
	return c.SessionID()
}

func isToldConstraints(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	j, err := s.job(job)
	if err != nil {
		return err
	}
	r, err := s.subscribed(name)
	if err != nil {
		return err
	}
	want, _ := j.Accepted.Lookup("payload", "lease_constraints")
	return s.optional("lease_constraints", r, want)
}

func isToldBudget(ctx context.Context, name, budget string) error {
	s := sceneOf(ctx)
	want, err := s.object(name, budget)
	if err != nil {
		return err
	}
	r, err := s.subscribed(name)
	if err != nil {
		return err
	}
	return s.optional("budget", r, want)
}

// optional judges a member of job.subscribed that the draft calls OPTIONAL: absent it warns, untrue it fails.
func (s *scene) optional(member string, r request, want any) error {
	got := r.reply.Payload()[member]
	if got == nil && want != nil {
		s.w.Warn("R7.6-2", member+" "+text(want), world.Brief(r.reply))
		return nil
	}
	return s.w.Check("R7.6-2", same(got, want), member+" "+text(want), world.Brief(r.reply))
}

// subscribeRefused judges a subscribe of another principal after one to a job that does not exist.
func subscribeRefused(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.answer(name, "R7.6-5", "PERMISSION_DENIED or JOB_NOT_FOUND")
	if err != nil {
		return err
	}
	return s.refusedAsStranger(name, r, "R7.6-5")
}

// subscriberMayNotCancel: silence warns as long as the job goes on.
func subscriberMayNotCancel(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	if err != nil {
		return err
	}
	if errors.Is(r.err, world.ErrTimeout) {
		s.w.Warn("R7.6-7", "a refusal with PERMISSION_DENIED", r.err.Error())
	} else if err := s.w.Check("R7.6-7", r.err == nil && world.Refused(r.reply), "a refusal of the cancel", came(r)); err != nil {
		return err
	}
	if code := r.reply.Code(); code != "" && code != "PERMISSION_DENIED" {
		s.w.Warn("R7.6-7", "the code PERMISSION_DENIED", world.Brief(r.reply))
	}
	_, end, err := s.end(ctx, job)
	if err != nil {
		return err
	}
	return s.w.Check("R7.6-7", end.Type() == "job.result", "a job that goes on", world.Brief(end))
}
