package steps

import (
	"context"

	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerLeases has what §9 leaves to taste: steps that tell, and that prefer one reading.
//
//	Then a job of "A" under the strange lease {"disk.erase":["**"]} is better refused
//	Then a budget of "A", which has not negotiated it, is refused or enforced
//	Then it is told who enforces the lease
//	Then it is told whether the job is accepted
func registerLeases(sc vocabulary) {
	sc.Step(`^a job of "([^"]*)" under the strange lease (\{.*\}) is better refused$`, betterRefused)
	sc.Step(`^a budget of "([^"]*)", which has not negotiated it, is refused or enforced$`, refusedOrEnforced)
	sc.Step(`^it is told who enforces the lease$`, toldWhoEnforces)
	sc.Step(`^it is told whether the job is accepted$`, toldWhetherAccepted)
}

// betterRefused is for leases that no sentence forbids and that hide a mistake.
func betterRefused(ctx context.Context, name, lease string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	object, err := s.object(name, lease)
	if err != nil {
		return err
	}
	job, refusal, err := c.Submit(ctx, s.w.Submission(object, map[string]any{"op": "return", "value": 1}))
	if err != nil {
		return err
	}
	if job == nil {
		return s.refused(s.lead, refusal, "INVALID_REQUEST")
	}
	if _, err := job.AwaitEnd(ctx); err != nil {
		return err
	}
	return s.w.Prefer(s.lead, false, "a refusal", world.Brief(job.Accepted))
}

// refusedOrEnforced asks for a budget on a session that does not have the feature (§6.2). Refusing it is right, and
// enforcing it is on the safe side; to accept it and drop the limit is neither.
func refusedOrEnforced(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	lease, err := s.budgeted(`["USD:1.00"]`)
	if err != nil {
		return err
	}
	job, refusal, err := c.Submit(ctx, s.w.Submission(lease,
		map[string]any{"op": "metric", "name": "cost.test", "value": 2, "unit": "USD"},
		map[string]any{"op": "tool", "name": probeTool, "args": map[string]any{}, "call_id": "over"}))
	if err != nil {
		return err
	}
	if job == nil {
		return s.refused(s.lead, refusal, "INVALID_REQUEST")
	}
	end, err := job.AwaitEnd(ctx)
	if err != nil {
		return err
	}
	o, ok := job.Outcome("over")
	if ok && o.Code() == "BUDGET_EXHAUSTED" || !ok && end.Code() == "BUDGET_EXHAUSTED" {
		s.w.Inform(s.lead, "a budget is enforced that was not negotiated")
		return nil
	}
	return s.w.Prefer(s.lead, false, "a refusal of the lease, or a budget that is enforced", seen(job))
}

// toldWhoEnforces says what the pass of §9's scenarios shows: where the host calls the check itself, they show that the
// check is right, and not that it cannot be left out.
func toldWhoEnforces(ctx context.Context) error {
	s := sceneOf(ctx)
	if s.w.Ability("enforced_by") == "agent" {
		s.w.Inform(s.lead, "the agent itself calls the check, so that a pass shows it to be right, and not that it cannot be left out")
	}
	return s.w.Check(s.lead, true, "", "")
}

func toldWhetherAccepted(ctx context.Context) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err != nil {
		return err
	}
	if sub.job == nil {
		s.w.Inform(s.lead, "refused: "+world.Brief(sub.refusal))
		return nil
	}
	if _, err := sub.job.AwaitEnd(ctx); err != nil {
		return err
	}
	return s.w.Check(s.lead, true, "", "")
}
