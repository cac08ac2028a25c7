package steps

import (
	"context"
	"fmt"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// theJob is "the job" or the job "J": its name is the first group.
const theJob = `the job(?: "([^"]*)")?`

func registerJobs(sc vocabulary) {
	sc.Step(`^"([^"]*)" submits (?:a job|the job "([^"]*)")(?: under the lease (\{.*?\}))?(?: with the members (\{.*?\}))?`+envelope+` that does:$`,
		submitsThatDoes)
	sc.Step(`^"([^"]*)" submits (?:a job|the job "([^"]*)") with the payload:$`, submitsWithPayload)
	sc.Step(`^`+theJob+` is accepted`+judgedUnder, isAccepted)
	sc.Step(`^the submit is refused with ([A-Z_]+)`+judgedUnder, submitIsRefused)
	sc.Step(`^the submit is refused with any code`+judgedUnder, submitIsRefusedAnyhow)
	sc.Step(`^the submit is accepted, or noted as refused$`, refusalIsNoted)
	sc.Step(`^the submit is preferably accepted`+judgedUnder, preferablyAccepted)
	sc.Step(`^"([^"]*)" runs (\d+) jobs, one after the other, that do:$`, runsJobs)
	sc.Step(`^no job was started`+judgedUnder, noJobWasStarted)
	sc.Step(`^`+theJob+` ends in success`+judgedUnder, endsInSuccess)
	sc.Step(`^`+theJob+` ends with the error ([A-Z_]+)`+judgedUnder, endsWithError)
	sc.Step(`^`+theJob+` has the result (.+?)`+judgedUnder, hasTheResult)
	sc.Step(`^the job, if it was accepted, has the result (.+?)`+judgedUnder, hasTheResultIfAny)
	sc.Step(`^`+theJob+` has no result`+judgedUnder, hasNoResult)
}

func submitsThatDoes(ctx context.Context, name, job, lease, members, fields string, doc *godog.DocString) error {
	s := sceneOf(ctx)
	steps, err := s.value(name, doc.Content)
	if err != nil {
		return err
	}
	if _, ok := steps.([]any); !ok {
		return own("the steps of a script are a JSON list")
	}
	payload := map[string]any{"agent": s.w.Agent(), "input": map[string]any{"steps": steps}}
	if lease != "" {
		if payload["lease_request"], err = s.object(name, lease); err != nil {
			return err
		}
	}
	if err := s.merge(name, payload, members); err != nil {
		return err
	}
	opts, err := s.fields(name, fields)
	if err != nil {
		return err
	}
	return s.submit(ctx, name, job, payload, opts...)
}

func submitsWithPayload(ctx context.Context, name, job string, doc *godog.DocString) error {
	s := sceneOf(ctx)
	payload, err := s.object(name, doc.Content)
	if err != nil {
		return err
	}
	return s.submit(ctx, name, job, payload)
}

// submit sends job.submit on a connection, waits for its answer, and keeps it under the job's name.
func (s *scene) submit(ctx context.Context, name, job string, payload map[string]any, opts ...world.Option) error {
	c, err := s.client(name)
	if err != nil {
		return err
	}
	sub := &submission{c: c, payload: payload, mark: c.Mark()}
	sub.job, sub.refusal, err = c.Submit(ctx, payload, opts...)
	if err != nil {
		return err
	}
	s.last = sub
	if job != "" {
		s.jobs[job] = sub
	}
	return nil
}

// isAccepted without a requirement of its own counts under that of acceptance.
func isAccepted(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	sub, err := s.submission(name)
	if err != nil {
		return err
	}
	if sub.job == nil && req != "" && sub.c.Hosts(s.w.Agent()) {
		return s.w.Check(req, false, "job.accepted", world.Brief(sub.refusal))
	}
	if _, err := s.job(name); err != nil {
		return err
	}
	return s.w.Check("R7.1-1", true, "", "")
}

func submitIsRefused(ctx context.Context, code, req string) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err != nil {
		return err
	}
	if sub.job != nil {
		return s.w.Check(s.req(req), false, "a refusal with "+code, world.Brief(sub.job.Accepted))
	}
	return s.refused(s.req(req), sub.refusal, code)
}

func submitIsRefusedAnyhow(ctx context.Context, req string) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err != nil {
		return err
	}
	if sub.job != nil {
		return s.w.Check(s.req(req), false, "a refusal", world.Brief(sub.job.Accepted))
	}
	return s.w.Check(s.req(req), world.Refused(sub.refusal), "a refusal", world.Brief(sub.refusal))
}

func refusalIsNoted(ctx context.Context) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err == nil && sub.job == nil {
		s.w.Inform(s.lead, "it refuses that: "+world.Brief(sub.refusal))
	}
	return err
}

func preferablyAccepted(ctx context.Context, req string) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err != nil {
		return err
	}
	if sub.job == nil {
		s.w.Warn(s.req(req), "job.accepted", world.Brief(sub.refusal))
		return nil
	}
	return s.w.Check(s.req(req), true, "", "")
}

// runsJobs submits the same script n times, each when the one before has ended.
func runsJobs(ctx context.Context, name string, n int, doc *godog.DocString) error {
	s := sceneOf(ctx)
	for range n {
		if err := submitsThatDoes(ctx, name, "", "", "", "", doc); err != nil {
			return err
		}
		if _, _, err := s.end(ctx, ""); err != nil {
			return err
		}
	}
	return nil
}

// noJobWasStarted has the session of the last submit run a job of its own, and looks at all that came since that
// submit: nothing may speak of any other job that is not known.
func noJobWasStarted(ctx context.Context, req string) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err != nil {
		return err
	}
	known := map[string]bool{"": true}
	for _, m := range sub.c.Received()[:sub.mark] {
		if m.Type() == "job.accepted" {
			known[m.JobID()] = true
		}
	}
	job, err := s.probe(ctx, sub.c)
	if err != nil {
		return s.blame(err)
	}
	known[job.ID] = true
	for _, m := range sub.c.Received()[sub.mark:] {
		stranger := (m.Type() == "job.event" || m.Type() == "job.accepted" || m.Type() == "job.result") && !known[m.JobID()]
		if stranger {
			return s.w.Check(s.req(req), false, "nothing of a job that was refused", world.Brief(m))
		}
	}
	return s.w.Check(s.req(req), true, "", "")
}

// end waits for the ending of a job.
func (s *scene) end(ctx context.Context, name string) (*world.Job, wire.Message, error) {
	job, err := s.job(name)
	if err != nil {
		return nil, wire.Message{}, err
	}
	end, err := job.AwaitEnd(ctx)
	return job, end, err
}

func endsInSuccess(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	_, end, err := s.end(ctx, name)
	if err != nil {
		return s.blameOn(s.req(req), err)
	}
	return s.w.Check(s.req(req), succeeded(end), "job.result with final_status success", world.Brief(end))
}

func endsWithError(ctx context.Context, name, code, req string) error {
	s := sceneOf(ctx)
	_, end, err := s.end(ctx, name)
	if err != nil {
		return s.blameOn(s.req(req), err)
	}
	ok := end.Type() == "job.error" && end.Code() == code
	if err := s.w.Check(s.req(req), ok, "job.error with the code "+code, world.Brief(end)); err != nil {
		return err
	}
	status := finalStatus(code)
	got := end.Text("payload", "final_status")
	return s.w.Check(statusRequirement(code), got == status,
		fmt.Sprintf("final_status %s with the code %s", status, code), world.Brief(end))
}

// finalStatus is the status that a job has which ended with this code (§7.3, §7.4).
func finalStatus(code string) string {
	switch code {
	case "CANCELLED":
		return "cancelled"
	case "TIMEOUT":
		return "timed_out"
	}
	return "error"
}

func statusRequirement(code string) string {
	switch code {
	case "CANCELLED":
		return "R7.4-1"
	case "TIMEOUT":
		return "R7.3-4"
	case "BUDGET_EXHAUSTED", "LEASE_EXPIRED":
		return "R7.3-2"
	}
	return "R7.3-1"
}

func hasTheResult(ctx context.Context, name, value, req string) error {
	s := sceneOf(ctx)
	want, err := s.value("", value)
	if err != nil {
		return err
	}
	_, end, err := s.end(ctx, name)
	if err != nil {
		return s.blameOn(s.req(req), err)
	}
	return s.w.Check(s.req(req), s.hasResult(end, want), "the result "+text(want), world.Brief(end))
}

func hasTheResultIfAny(ctx context.Context, value, req string) error {
	if sub, err := sceneOf(ctx).submission(""); err != nil || sub.job == nil {
		return err
	}
	return hasTheResult(ctx, "", value, req)
}

// hasResult says whether an ending carries this value as its inline result. §8.4 says that it is "inline in the
// payload" and names no member for it: `result` is ours, and any other is information.
func (s *scene) hasResult(end wire.Message, want any) bool {
	if end.Type() != "job.result" {
		return false
	}
	if got, ok := end.Lookup("payload", "result"); ok {
		return same(want, got)
	}
	for member, got := range end.Payload() {
		if member != "final_status" && same(want, got) {
			s.w.Inform("R7.3-1", "the inline result stands in the member "+member)
			return true
		}
	}
	return false
}

// hasNoResult takes null for no result, as no return and a return of null are one.
func hasNoResult(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	_, end, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	got, _ := end.Lookup("payload", "result")
	ok := end.Type() == "job.result" && got == nil && !end.Has("payload", "result_id")
	return s.w.Check(s.req(req), ok, "job.result without a result", world.Brief(end))
}
