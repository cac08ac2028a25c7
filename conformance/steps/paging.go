package steps

import (
	"context"
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerPaging has the steps of §6.6 about pages:
//
//	When "A" pages through the running jobs 2 at a time, and submits another after each page
//	Then each running job of "A" was listed exactly once
//	When "B" asks for the page behind the first one of "A"
//	Then "B" is shown no job of "A"
func registerPaging(sc vocabulary) {
	sc.Step(`^"([^"]*)" pages through the running jobs (\d+) at a time, and submits another after each page$`, pagesThrough)
	sc.Step(`^each job of "([^"]*)" that ran all the while was listed exactly once$`, eachListedOnce)
	sc.Step(`^"([^"]*)" asks for the page behind the first one of "([^"]*)"$`, asksBehind)
	sc.Step(`^"([^"]*)" is shown no job of "([^"]*)"$`, isShownNoJob)
}

// atWork filters what a scenario's own jobs are while they last.
func atWork() map[string]any { return map[string]any{"status": []any{"running", "pending"}} }

// newcomers is how many jobs are submitted while a listing is under way: fewer than it would take to never end.
const newcomers = 4

func pagesThrough(ctx context.Context, name string, limit int) error {
	s := sceneOf(ctx)
	all, err := s.inventory(ctx, name, atWork(), limit, func(page int) error {
		if page >= newcomers {
			return nil
		}
		script := []any{map[string]any{"op": "sleep", "ms": 3000}}
		payload := map[string]any{"agent": s.w.Agent(), "input": map[string]any{"steps": script}}
		return s.submit(ctx, name, fmt.Sprintf("newcomer %d", page), payload)
	})
	s.listed[name] = all
	return err
}

// eachListedOnce looks at the jobs that were submitted before the listing and did not end before its last page: these
// alone have to be there. None twice holds for all.
func eachListedOnce(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	times := map[any]int{}
	for _, e := range s.listed[name] {
		times[e["job_id"]]++
	}
	judged := 0
	for label, sub := range s.jobs {
		if sub.c != c || sub.job == nil {
			continue
		}
		n := times[sub.job.ID]
		if err := s.w.Check("R6.6-4", n <= 1, "the job "+sub.job.ID+" once", fmt.Sprintf("%d times", n)); err != nil {
			return err
		}
		var fromPage int
		if _, err := fmt.Sscanf(label, "newcomer %d", &fromPage); err == nil || hasEnded(sub.job) {
			continue
		}
		judged++
		if err := s.w.Check("R6.6-4", n == 1, "the job "+sub.job.ID+" once", "not at all"); err != nil {
			return err
		}
	}
	if judged == 0 {
		s.w.Inform("R6.6-4", "could not tell: every job had ended before the last page")
	}
	return nil
}

func hasEnded(j *world.Job) bool {
	for _, m := range j.Messages() {
		if isEnding(m) {
			return true
		}
	}
	return false
}

// asksBehind has one session ask with the cursor that another one was given.
func asksBehind(ctx context.Context, name, of string) error {
	s := sceneOf(ctx)
	if err := s.ask(ctx, of, "session.list_jobs", map[string]any{"filter": atWork(), "limit": 1, "cursor": nil}); err != nil {
		return err
	}
	if _, err := s.page(of, 1); err != nil {
		return err
	}
	cursor, _ := s.asked[of].reply.Lookup("payload", "next_cursor")
	if err := s.w.Check("R6.6-4", cursor != nil, "a next_cursor, as there are more jobs", world.Brief(s.asked[of].reply)); err != nil {
		return err
	}
	return s.ask(ctx, name, "session.list_jobs", map[string]any{"filter": atWork(), "limit": 100, "cursor": cursor})
}

// isShownNoJob takes a refusal and a listing alike, as long as it names no job of the other.
func isShownNoJob(ctx context.Context, name, of string) error {
	s := sceneOf(ctx)
	r, err := s.answer(name, s.lead, "an answer to session.list_jobs")
	if err != nil {
		return err
	}
	c, err := s.client(of)
	if err != nil {
		return err
	}
	list, _ := r.reply.Lookup("payload", "jobs")
	entries, _ := list.([]any)
	for _, v := range entries {
		e, _ := v.(entry)
		for _, sub := range s.jobs {
			if sub.c == c && sub.job != nil && e["job_id"] == sub.job.ID {
				return s.w.Check(s.lead, false, "no job of another principal", text(e))
			}
		}
	}
	return s.w.Check(s.lead, true, "", "")
}
