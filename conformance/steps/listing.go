package steps

import (
	"context"
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// What another session can see of a job that outlived its own (§6.7).
func registerListing(sc vocabulary) {
	sc.Step(`^"([^"]*)" finds `+theJob+` in its listing, and running$`, findsListed)
	sc.Step(`^"([^"]*)" subscribes to `+theJob+` and sees it end in success$`, seesEnd)
}

func findsListed(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	j, err := s.job(job)
	if err != nil {
		return err
	}
	payload := map[string]any{}
	for range pages {
		if err := s.ask(ctx, name, "session.list_jobs", payload); err != nil {
			return err
		}
		r, err := s.answer(name, "R6.7-2", "session.jobs")
		if err != nil {
			return err
		}
		list, _ := r.reply.Lookup("payload", "jobs")
		entries, _ := list.([]any)
		for _, e := range entries {
			if id, _ := wire.Lookup(e, "job_id"); id == j.ID {
				status, _ := wire.Lookup(e, "status")
				return s.w.Check("R6.7-2", status == "running" || status == "pending", "a running job", text(e))
			}
		}
		cursor := r.reply.Text("payload", "next_cursor")
		if cursor == "" {
			return s.w.Check("R6.7-2", false, "the job "+j.ID+" in the listing", world.Brief(r.reply))
		}
		payload["cursor"] = cursor
	}
	return s.w.Check("R6.7-2", false, "the job "+j.ID+" in the listing", fmt.Sprintf("%d pages without it", pages))
}

// pages bounds how far a listing is read. The draft has neither an order nor a limit for it (§6.6).
const pages = 200

func seesEnd(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	j, err := s.job(job)
	if err != nil {
		return err
	}
	payload := map[string]any{"job_id": j.ID, "from_event_seq": 0, "history": true}
	if err := s.ask(ctx, name, "job.subscribe", payload, world.WithJob(j.ID)); err != nil {
		return err
	}
	r, err := s.answer(name, "R6.7-2", "job.subscribed")
	if err != nil {
		return err
	}
	if err := s.w.Check("R6.7-2", r.reply.Type() == "job.subscribed", "job.subscribed", world.Brief(r.reply)); err != nil {
		return err
	}
	c, err := s.client(name)
	if err != nil {
		return err
	}
	end, err := c.Await(ctx, func(m wire.Message) bool { return m.JobID() == j.ID && isEnding(m) })
	if err != nil {
		return s.w.Failed("R6.7-2", "the ending of "+j.ID, fmt.Errorf("a job of a closed session: %w", err))
	}
	return s.w.Check("R6.7-2", end.Type() == "job.result", "job.result", world.Brief(end))
}
