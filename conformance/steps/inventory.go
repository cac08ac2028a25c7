package steps

import (
	"context"
	"fmt"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerInventory has the steps of §6.6. A listing is read to its last page, since the default limit and the order are
// the peer's own, and other scenarios have jobs of the same principal.
//
//	When "A" lists its jobs
//	When "A" lists the jobs with {"status":["running"]}             a filter
//	Then the listing of "A" has the job "J"
//	Then the listing of "A" does not have the job "J"
//	Then the listing of "A" has only jobs that are running or pending
//	Then the listing of "A" has only jobs of the agent "${agent}"
//	Then the listing of "A" tells the truth about the job "J", which is running
//	Then the listing of "A" tells the truth about the job "J", if it has it, which is success
//	Then the listing that "A" asked for is preferably refused with INVALID_REQUEST
//	Then it is noted how the listing that "A" asked for is taken
func registerInventory(sc vocabulary) {
	sc.Step(`^"([^"]*)" lists its jobs$`, listsAll)
	sc.Step(`^"([^"]*)" lists the jobs with (\{.*\})$`, listsWith)
	sc.Step(`^the listing of "([^"]*)" has `+theJob+judgedUnder, listingHas)
	sc.Step(`^the listing of "([^"]*)" does not have `+theJob+judgedUnder, listingHasNot)
	sc.Step(`^the listing of "([^"]*)" has only jobs that are ([a-z_]+)(?: or ([a-z_]+))?$`, listingHasOnly)
	sc.Step(`^the listing of "([^"]*)" has only jobs of the agent "([^"]*)"$`, listingHasOnlyAgent)
	sc.Step(`^the listing of "([^"]*)" tells the truth about `+theJob+`,( if it has it,)? which is ([a-z_]+)$`, listingIsTrue)
	sc.Step(`^the listing that "([^"]*)" asked for is preferably refused with ([A-Z_]+)$`, listingPreferablyRefused)
	sc.Step(`^it is noted how the listing that "([^"]*)" asked for is taken$`, listingIsNoted)
}

// entry is one job of a listing.
type entry = map[string]any

const (
	pageSize = 100 // of a listing that is not about paging
	maxPages = 200 // beyond that a listing does not come to an end
)

func listsAll(ctx context.Context, name string) error {
	return listsWith(ctx, name, "{}")
}

func listsWith(ctx context.Context, name, filter string) error {
	s := sceneOf(ctx)
	f, err := s.object(name, filter)
	if err != nil {
		return err
	}
	agent, named := f["agent"]
	if s.listed[name], err = s.inventory(ctx, name, f, pageSize, nil); err == nil || !named || agent == s.w.Agent() {
		return err
	}
	if r := s.asked[name]; r.err == nil && world.Refused(r.reply) { // no sentence says that an unknown agent is no error
		return nil
	}
	return err
}

// inventory asks for page after page. between, where there is one, is called after each but the last.
func (s *scene) inventory(
	ctx context.Context, name string, filter map[string]any, limit int, between func(page int) error,
) ([]entry, error) {
	var all []entry
	var cursor any
	for page := range maxPages {
		payload := map[string]any{"limit": limit, "cursor": cursor}
		if len(filter) > 0 {
			payload["filter"] = filter
		}
		if err := s.ask(ctx, name, "session.list_jobs", payload); err != nil {
			return nil, err
		}
		jobs, err := s.page(name, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, jobs...)
		if cursor, _ = s.asked[name].reply.Lookup("payload", "next_cursor"); cursor == nil {
			return all, nil
		}
		if between != nil {
			if err := between(page); err != nil {
				return nil, err
			}
		}
	}
	return nil, s.w.Check("R6.6-4", false, "a listing that comes to an end", fmt.Sprintf("%d pages, and a next_cursor", maxPages))
}

// page is the jobs of the answer to the last request of a connection.
func (s *scene) page(name string, limit int) ([]entry, error) {
	r, err := s.answer(name, "R6.6-1", "session.jobs")
	if err != nil {
		return nil, err
	}
	list, _ := r.reply.Lookup("payload", "jobs")
	jobs, isList := list.([]any)
	ok := r.reply.Type() == "session.jobs" && isList
	if err := s.w.Check("R6.6-1", ok, "session.jobs with a list of jobs", world.Brief(r.reply)); err != nil {
		return nil, err
	}
	if err := s.w.Check("R6.6-1", r.reply.Text("payload", "request_id") == r.id, "request_id "+r.id, world.Brief(r.reply)); err != nil {
		return nil, err
	}
	if err := s.w.Check("R6.6-4", len(jobs) <= limit, fmt.Sprintf("at most %d jobs", limit), fmt.Sprint(len(jobs))); err != nil {
		return nil, err
	}
	var out []entry
	for _, v := range jobs {
		e, _ := v.(entry)
		out = append(out, e)
	}
	return out, nil
}

// entries is the last listing of a connection.
func (s *scene) entries(name string) ([]entry, error) {
	all, ok := s.listed[name]
	if !ok {
		return nil, own("no earlier step listed the jobs of %q", name)
	}
	return all, nil
}

// listing is the job of this name in the last listing of a connection, nil when it is not there.
func (s *scene) listing(name, job string) (*world.Job, entry, error) {
	all, err := s.entries(name)
	if err != nil {
		return nil, nil, err
	}
	j, err := s.job(job)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range all {
		if e["job_id"] == j.ID {
			return j, e, nil
		}
	}
	return j, nil, nil
}

func listingHas(ctx context.Context, name, job, req string) error {
	s := sceneOf(ctx)
	j, e, err := s.listing(name, job)
	if err != nil {
		return err
	}
	return s.w.Check(s.req(req), e != nil, "the job "+j.ID+" in the listing", fmt.Sprintf("%d other jobs", len(s.listed[name])))
}

func listingHasNot(ctx context.Context, name, job, req string) error {
	s := sceneOf(ctx)
	j, e, err := s.listing(name, job)
	if err != nil {
		return err
	}
	return s.w.Check(s.req(req), e == nil, "a listing without the job "+j.ID, text(e))
}

func listingHasOnly(ctx context.Context, name, one, other string) error {
	return sceneOf(ctx).every(name, "jobs that are "+one, func(e entry) bool {
		return e["status"] == one || other != "" && e["status"] == other
	})
}

func listingHasOnlyAgent(ctx context.Context, name, agent string) error {
	s := sceneOf(ctx)
	want := s.fill(name, agent)
	return s.every(name, "jobs of "+want, func(e entry) bool {
		got, _ := e["agent"].(string)
		return got == want || strings.HasPrefix(got, want+"@")
	})
}

func (s *scene) every(name, expected string, holds func(entry) bool) error {
	all, err := s.entries(name)
	if err != nil {
		return err
	}
	for _, e := range all {
		if err := s.w.Check("R6.6-3", holds(e), "only "+expected, text(e)); err != nil {
			return err
		}
	}
	return s.w.Check("R6.6-3", true, "", "")
}

// listingIsTrue holds an entry against what the submitter was told. How long a job stays after its end is the peer's.
func listingIsTrue(ctx context.Context, name, job, perhaps, status string) error {
	s := sceneOf(ctx)
	j, e, err := s.listing(name, job)
	if err != nil {
		return err
	}
	if e == nil && perhaps != "" {
		s.w.Inform("R6.6-2", "a job that has just ended is listed no more")
		return nil
	}
	if err := s.w.Check("R6.6-2", e != nil, "the job "+j.ID, fmt.Sprintf("%d other jobs", len(s.listed[name]))); err != nil {
		return err
	}
	fits := e["status"] == status || status == "running" && e["status"] == "pending"
	if err := s.w.Check("R6.6-2", fits, "the status "+status, text(e)); err != nil {
		return err
	}
	if err := s.describes("R6.6-2", j, e); err != nil {
		return err
	}
	if err := s.createdWhen(j, e); err != nil {
		return err
	}
	return s.lastEvent(j, e)
}

// listingPreferablyRefused judges a filter that does not fit §6.6's example: a jobs list in answer to it warns.
func listingPreferablyRefused(ctx context.Context, name, code string) error {
	s := sceneOf(ctx)
	r, err := s.answer(name, "R6.6-3", "an answer to session.list_jobs")
	if err != nil {
		return err
	}
	if !world.Refused(r.reply) {
		return s.w.Prefer("R6.6-3", false, "a refusal with "+code, world.Brief(r.reply))
	}
	return s.refused("R6.6-3", r.reply, code)
}

func listingIsNoted(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	if err != nil {
		return err
	}
	s.w.Inform(s.lead, "such a listing: "+came(r))
	return nil
}
