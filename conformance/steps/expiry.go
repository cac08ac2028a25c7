package steps

import (
	"context"
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerExpiry has the steps of §9.5:
//
//	Then the call "late", after the deadline, is refused with LEASE_EXPIRED, or never came
//	Then the job ends as expired
func registerExpiry(sc vocabulary) {
	sc.Step(`^the call "([^"]*)"(?: of the job "([^"]*)")?, after the deadline, is refused with LEASE_EXPIRED, or never came$`, callExpired)
	sc.Step(`^`+theJob+` ends as expired$`, endsAsExpired)
	sc.Step(`^the deadline with an offset is preferably refused$`, offsetPreferablyRefused)
	sc.Step(`^it is noted whether the call "([^"]*)" is allowed$`, callIsNoted)
}

// callExpired: a runtime may end the job by itself at the deadline, and then the call is never made.
func callExpired(ctx context.Context, call, job string) error {
	s := sceneOf(ctx)
	j, end, err := s.end(ctx, job)
	if err != nil {
		return err
	}
	o, made := j.Outcome(call)
	if !made {
		return s.w.Check("R9.5-2", end.Code() == "LEASE_EXPIRED", "LEASE_EXPIRED for the call or for the job", seen(j)+": "+world.Brief(end))
	}
	if o.Error == nil {
		s.w.Warn("R9.5-4", "a grace for clock skew of about a second", "an operation more than 1.5 s after the deadline has a result")
	}
	if err := s.w.Check("R9.5-2", o.Code() == "LEASE_EXPIRED", "LEASE_EXPIRED", world.Brief(o.Message)); err != nil {
		return err
	}
	retry, ok := o.Retryable()
	if err := s.w.Check("R9.5-2", ok && !retry, "retryable false", world.Brief(o.Message)); err != nil {
		return err
	}
	return s.w.Check("R9.5-4", true, "", "")
}

func endsAsExpired(ctx context.Context, job string) error {
	s := sceneOf(ctx)
	_, end, err := s.end(ctx, job)
	if err != nil {
		return s.blameOn("R9.5-3", err)
	}
	ok := end.Type() == "job.error" && end.Code() == "LEASE_EXPIRED" && end.Text("payload", "final_status") == "error"
	if err := s.w.Check("R9.5-3", ok, "job.error LEASE_EXPIRED with final_status error", world.Brief(end)); err != nil {
		return err
	}
	retry, known := retryable(end)
	return s.w.Check("R9.5-2", known && !retry, "retryable false", fmt.Sprintf("%s %s", end.Type(), end.Raw))
}

// offsetPreferablyRefused: +00:00 is UTC, and not the Z that §9.5 demands, which the judgements only warn of.
func offsetPreferablyRefused(ctx context.Context) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err != nil {
		return err
	}
	if sub.job != nil {
		s.w.Warn("R9.5-1", "INVALID_REQUEST for a time without Z", world.Brief(sub.job.Accepted))
		return nil
	}
	return s.refused("R9.5-1", sub.refusal, "INVALID_REQUEST")
}

func callIsNoted(ctx context.Context, call string) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, "")
	if err != nil {
		return err
	}
	o, _ := j.Outcome(call)
	s.w.Inform(s.lead, fmt.Sprintf("the call %s: %s", call, world.Brief(o.Message)))
	return nil
}
