package steps

import (
	"context"
	"errors"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerCancel(sc vocabulary) {
	sc.Step(`^"([^"]*)" cancels `+theJob+`$`, cancels)
	sc.Step(`^"([^"]*)" cancels a job that does not exist$`, cancelsMissing)
	sc.Step(`^the cancel of "([^"]*)" is acknowledged$`, cancelAcknowledged)
	sc.Step(`^the cancel of "([^"]*)" is answered somehow$`, cancelAnswered)
	sc.Step(`^the cancel of "([^"]*)" is preferably refused with ([A-Z_]+), and has no effect$`, cancelPreferablyRefused)
	sc.Step(`^the cancel of "([^"]*)" is refused as that of a stranger$`, strangerRefused)
	sc.Step(`^"([^"]*)" runs (\d+) jobs and cancels each as it completes$`, racesCancels)
	sc.Step(`^the acknowledgement of the cancel came before the ending of `+theJob+`$`, acknowledgedFirst)
}

// cancel sends job.cancel with the job in the envelope and in the payload, since the draft does not say which.
func (s *scene) cancel(ctx context.Context, name, id string) error {
	payload := map[string]any{"job_id": id, "reason": "the scenario cancels it"}
	return s.ask(ctx, name, "job.cancel", payload, world.WithJob(id))
}

func cancels(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	j, err := s.job(job)
	if err != nil {
		return err
	}
	return s.cancel(ctx, name, j.ID)
}

func cancelsMissing(ctx context.Context, name string) error {
	return sceneOf(ctx).cancel(ctx, name, "job_"+fresh())
}

func cancelAcknowledged(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.answer(name, "R7.4-1", "job.cancelled")
	if err != nil {
		return err
	}
	return s.w.Check("R7.4-1", r.reply.Type() == "job.cancelled", "job.cancelled", world.Brief(r.reply))
}

// cancelAnswered takes any answer; silence warns.
func cancelAnswered(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	switch {
	case err != nil:
		return err
	case r.err != nil:
		s.w.Warn("R7.4-3", "an answer", r.err.Error())
	default:
		s.w.Inform("R7.4-3", "a job that has ended: "+world.Brief(r.reply))
	}
	return nil
}

// cancelPreferablyRefused judges the cancel of another session of the same principal, and what became of the job: it has
// to go on where the cancel was refused. JUDGEMENTS has a cancel that works warn, and fail in a strict run.
func cancelPreferablyRefused(ctx context.Context, name, code string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	if err != nil {
		return err
	}
	_, end, err := s.end(ctx, "")
	if err != nil {
		return err
	}
	wentOn := succeeded(end)
	refused := r.err == nil && world.Refused(r.reply)
	switch {
	case refused && !wentOn:
		return s.w.Check("R7.4-2", false, "a job that goes on, as its cancel was refused", world.Brief(end))
	case refused:
		if got := r.reply.Code(); got != code && got != "JOB_NOT_FOUND" {
			s.w.Warn("R7.4-2", code, world.Brief(r.reply))
		}
		return s.w.Check("R7.4-2", true, "", "")
	case wentOn:
		s.w.Warn("R7.4-2", "a refusal with "+code, came(r))
		return nil
	}
	return s.w.Prefer("R7.4-2", false, "a job that goes on", world.Brief(end))
}

// came says what came of a request, for reports.
func came(r request) string {
	if r.err != nil {
		return r.err.Error()
	}
	return world.Brief(r.reply)
}

// strangerRefused judges the cancel of another principal, after one of a job that does not exist. Either code will do;
// if the two answers differ, strangers can tell which jobs exist. Silence warns: what must not be is that the job goes.
func strangerRefused(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	if err != nil {
		return err
	}
	if errors.Is(r.err, world.ErrTimeout) {
		s.w.Warn("R7.4-2", "PERMISSION_DENIED or JOB_NOT_FOUND", r.err.Error())
		return nil
	}
	return s.refusedAsStranger(name, r, "R7.4-2")
}

// refusedAsStranger judges the answer to another principal, after one about a job that does not exist.
func (s *scene) refusedAsStranger(name string, r request, req string) error {
	code := r.reply.Code()
	ok := r.err == nil && world.Refused(r.reply) && (code == "PERMISSION_DENIED" || code == "JOB_NOT_FOUND")
	if err := s.w.Check(req, ok, "PERMISSION_DENIED or JOB_NOT_FOUND", came(r)); err != nil {
		return err
	}
	c, err := s.client(name)
	if err != nil {
		return err
	}
	for _, m := range c.Received()[:r.mark] {
		if world.Refused(m) && m.Code() != code {
			s.w.Warn(req, "one code for foreign and for missing jobs, so that nobody learns which jobs exist", m.Code()+" and "+code)
		}
	}
	return nil
}

// racesCancels runs jobs that complete at about the moment at which their cancel arrives.
func racesCancels(ctx context.Context, name string, n int) error {
	s := sceneOf(ctx)
	for i := range n {
		script := []any{
			map[string]any{"op": "sleep", "ms": i % 5},
			map[string]any{"op": "return", "value": i},
		}
		payload := map[string]any{"agent": s.w.Agent(), "input": map[string]any{"steps": script}}
		if err := s.submit(ctx, name, "", payload); err != nil {
			return err
		}
		j, err := s.job("")
		if err != nil {
			return err
		}
		if err := s.cancel(ctx, name, j.ID); err != nil {
			return err
		}
		if err := s.raced(ctx, name, j); err != nil {
			return err
		}
	}
	return nil
}

// raced judges one race: whoever wins, the job has one ending, and it is that of a cancel or of a success.
func (s *scene) raced(ctx context.Context, name string, j *world.Job) error {
	var closed *wire.Closed
	if errors.As(s.asked[name].err, &closed) {
		return s.w.Check("R7.4-4", false, "an answer to job.cancel", closed.Error())
	}
	end, err := j.AwaitEnd(ctx)
	if err != nil {
		return err
	}
	ok := end.Type() == "job.result" || end.Code() == "CANCELLED"
	if s.asked[name].reply.Type() == "job.cancelled" && end.Type() == "job.result" {
		s.w.Inform("R7.4-4", "a cancel is acknowledged and the job succeeds all the same")
	}
	return s.w.Check("R7.4-4", ok, "a success or a cancel", world.Brief(end))
}

// acknowledgedFirst: the draft names the acknowledgement first; the other order warns.
func acknowledgedFirst(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, end, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	for _, m := range j.Client().Received() {
		if m.Type() == "job.cancelled" && m.JobID() == j.ID {
			return s.w.Prefer("R7.4-1", m.Index < end.Index, "job.cancelled before the ending", world.Brief(end)+" came first")
		}
	}
	return s.w.Check("R7.4-1", false, "job.cancelled", seen(j))
}
