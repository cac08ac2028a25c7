package steps

import (
	"context"
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerUnsubscribing has the end of a subscription (§7.6):
//
//	When "B" unsubscribes from the job, which says 20 things more
//	Then "B" hears nothing of the job any more
func registerUnsubscribing(sc vocabulary) {
	sc.Step(`^"([^"]*)" unsubscribes from `+theJob+`, which says (\d+) things more$`, unsubscribes)
	sc.Step(`^"([^"]*)" hears nothing of `+theJob+` any more$`, hearsNoMore)
}

// unsubscribes takes the subscription back, has the session answer once, and then lets the job say more, as its
// submitter sees: what was on its way by then has arrived. What comes between the answer and that warns.
func unsubscribes(ctx context.Context, name, job string, more int) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	j, err := s.job(job)
	if err != nil {
		return err
	}
	if _, err := c.Send(ctx, "job.unsubscribe", map[string]any{"job_id": j.ID}); err != nil {
		return err
	}
	if err := c.Alive(ctx); err != nil {
		return s.blameOn("R7.6-6", err)
	}
	answered := c.Mark()
	if err := s.says(ctx, j, more); err != nil {
		return err
	}
	for _, m := range c.Received()[answered:] {
		if m.JobID() == j.ID {
			s.w.Warn("R7.6-6", "nothing behind the answer to a later request", world.Brief(m))
			break
		}
	}
	s.asked[name] = request{kind: "job.unsubscribe", mark: c.Mark()}
	return s.says(ctx, j, more)
}

// says waits until the job has said n things more, as its submitter sees. A job that ends first says too little.
func (s *scene) says(ctx context.Context, j *world.Job, n int) error {
	mark, heard := j.Client().Mark(), 0
	m, err := j.Client().AwaitAfter(ctx, mark, func(m wire.Message) bool {
		if m.JobID() != j.ID {
			return false
		}
		heard++
		return heard >= n || isEnding(m)
	})
	if err != nil {
		return s.w.Failed("R8.1-1", fmt.Sprintf("%d messages more of %s", n, j.ID), err)
	}
	if isEnding(m) {
		s.w.Inform("R7.6-6", "the job ended before much could be said")
	}
	return nil
}

func hearsNoMore(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	j, _, err := s.end(ctx, job)
	if err != nil {
		return err
	}
	if err := c.Alive(ctx); err != nil {
		return err
	}
	for _, m := range c.Received()[s.asked[name].mark:] {
		if m.JobID() == j.ID {
			return s.w.Check("R7.6-6", false, "nothing of the job after job.unsubscribe", world.Brief(m))
		}
	}
	return s.w.Check("R7.6-6", true, "", "")
}
