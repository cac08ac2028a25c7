package steps

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerAccepted(sc vocabulary) {
	sc.Step(`^the acceptance of `+theJob+` is complete$`, acceptanceIsComplete)
	sc.Step(`^the acceptance of `+theJob+` came before all else about it$`, acceptanceCameFirst)
	sc.Step(`^each job of "([^"]*)" was accepted before all else about it$`, eachAcceptedFirst)
	sc.Step(`^`+theJob+` runs the agent "([^"]*)"`+judgedUnder, runsTheAgent)
	sc.Step(`^`+theJob+` runs the default version of the agent$`, runsTheDefault)
	sc.Step(`^no two jobs have one job_id$`, jobIDsAreDistinct)
	sc.Step(`^every message of `+theJob+` carries its trace_id$`, carriesTrace)
	sc.Step(`^the submit is accepted, or preferably refused with ([A-Z_]+)`+judgedUnder, preferablyRefused)
}

// timestamp judges a time that the runtime wrote: any instant in ISO 8601 passes. The draft's examples all end in Z, so
// another offset warns.
func (s *scene) timestamp(req, where, value string, m wire.Message) error {
	_, err := time.Parse(time.RFC3339Nano, strings.ToUpper(value))
	if err == nil && !strings.HasSuffix(strings.ToUpper(value), "Z") {
		s.w.Warn(req, where+" with Z", value)
	}
	return s.w.Check(req, err == nil, where+" as a time", world.Brief(m))
}

// acceptanceIsComplete holds job.accepted against §7.1.
func acceptanceIsComplete(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, err := s.job(name)
	if err != nil {
		return err
	}
	m := j.Accepted
	if err := s.w.Check("R7.1-1", j.ID != "", "a job_id", world.Brief(m)); err != nil {
		return err
	}
	if err := s.showsLease(name, m); err != nil {
		return err
	}
	return s.timestamp("R7.1-1", "accepted_at", m.Text("payload", "accepted_at"), m)
}

func acceptanceCameFirst(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	for _, m := range j.Client().Received() {
		if m.JobID() == j.ID {
			return s.w.Check("R7.1-6", m.Type() == "job.accepted", "job.accepted before all else about "+j.ID, world.Brief(m))
		}
	}
	return own("the job %s came from nowhere", j.ID)
}

func eachAcceptedFirst(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	accepted := map[string]bool{"": true}
	for _, m := range c.Received() {
		if m.Type() == "job.accepted" {
			accepted[m.JobID()] = true
		}
		early := (m.Type() == "job.event" || m.Type() == "job.result") && !accepted[m.JobID()]
		if err := s.w.Check("R7.1-6", !early, "job.accepted before all else about "+m.JobID(), world.Brief(m)); err != nil {
			return err
		}
	}
	return nil
}

func runsTheAgent(ctx context.Context, name, agent, req string) error {
	s := sceneOf(ctx)
	j, err := s.job(name)
	if err != nil {
		return err
	}
	want := s.fill("", agent)
	return s.w.Check(s.req(req), j.Accepted.Text("payload", "agent") == want, "the agent "+want, world.Brief(j.Accepted))
}

// runsTheDefault: where the welcome names no default, any of the versions will do (§7.5).
func runsTheDefault(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, err := s.job(name)
	if err != nil {
		return err
	}
	list, _ := j.Client().Welcome().Lookup("payload", "capabilities", "agents")
	entries, _ := list.([]any)
	got := j.Accepted.Text("payload", "agent")
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		if entry["name"] != s.w.Agent() {
			continue
		}
		if preset, ok := entry["default"].(string); ok {
			want := s.w.Agent() + "@" + preset
			return s.w.Check("R7.5-1", got == want, "the default version, "+want, world.Brief(j.Accepted))
		}
		versions, _ := entry["versions"].([]any)
		for _, v := range versions {
			if got == s.w.Agent()+"@"+fmt.Sprint(v) {
				return s.w.Check("R7.5-1", true, "", "")
			}
		}
	}
	return s.w.Check("R7.5-1", false, "a version that the welcome lists", world.Brief(j.Accepted))
}

func jobIDsAreDistinct(ctx context.Context) error {
	s := sceneOf(ctx)
	seen := map[string]bool{}
	for _, m := range s.w.Messages() {
		if m.Dir != wire.Received || m.Type() != "job.accepted" {
			continue
		}
		if err := s.w.Check("R7.1-1", m.JobID() != "" && !seen[m.JobID()], "a job_id of its own", world.Brief(m)); err != nil {
			return err
		}
		seen[m.JobID()] = true
	}
	return nil
}

// carriesTrace looks for the trace_id of the submit on everything that the job sent (§11).
func carriesTrace(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	trace := s.sent(j.RequestID).TraceID()
	if trace == "" {
		return s.w.Skip("the target takes no trace_id")
	}
	for _, m := range append([]wire.Message{j.Accepted}, j.Messages()...) {
		got := m.TraceID()
		if got == "" && m.Type() == "job.accepted" { // §7.1 shows it in the payload
			got = m.Text("payload", "trace_id")
		}
		if err := s.w.Check("R11-1", got == trace, "the trace_id "+trace, world.Brief(m)); err != nil {
			return err
		}
	}
	return nil
}

// preferablyRefused judges a submit that the draft's grammar does not cover: it may be accepted, with a warning.
func preferablyRefused(ctx context.Context, code, req string) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err != nil {
		return err
	}
	if sub.job != nil {
		if _, err := sub.job.AwaitEnd(ctx); err != nil {
			return err
		}
		return s.w.Prefer(s.req(req), false, "a refusal with "+code, world.Brief(sub.job.Accepted))
	}
	return s.refused(s.req(req), sub.refusal, code)
}
