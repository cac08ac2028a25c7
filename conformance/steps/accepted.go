package steps

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerAccepted(sc *godog.ScenarioContext) {
	sc.Step(`^the acceptance of `+theJob+` is complete$`, acceptanceIsComplete)
	sc.Step(`^the acceptance of `+theJob+` came before all else about it$`, acceptanceCameFirst)
	sc.Step(`^each job of "([^"]*)" was accepted before all else about it$`, eachAcceptedFirst)
	sc.Step(`^`+theJob+` has the lease_constraints that were asked for$`, hasItsConstraints)
	sc.Step(`^the lease of `+theJob+` is no more than was asked for$`, leaseIsNoMore)
	sc.Step(`^the lease of `+theJob+` is (\{.*\})$`, leaseIs)
	sc.Step(`^`+theJob+` has the budget (\{.*\})`+judgedUnder, hasTheBudget)
	sc.Step(`^`+theJob+` has no budget$`, hasNoBudget)
	sc.Step(`^`+theJob+` has no lease_constraints$`, hasNoConstraints)
	sc.Step(`^`+theJob+` runs the agent "([^"]*)"`+judgedUnder, runsTheAgent)
	sc.Step(`^`+theJob+` runs the default version of the agent$`, runsTheDefault)
	sc.Step(`^no two jobs have one job_id$`, jobIDsAreDistinct)
	sc.Step(`^every message of `+theJob+` carries its trace_id$`, carriesTrace)
	sc.Step(`^the submit is accepted, or preferably refused with ([A-Z_]+)`+judgedUnder, preferablyRefused)
}

var (
	utcTime    = regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?[Zz]$`)
	zeroOffset = regexp.MustCompile(`[+-]00:?00$`)
)

// timestamp judges a time that the runtime wrote: any instant in ISO 8601 with a zone passes; the draft's examples all
// end in Z, so +00:00 warns.
func (s *scene) timestamp(req, where, value string, m wire.Message) error {
	if zeroOffset.MatchString(value) {
		s.w.Warn(req, where+" with Z", value)
		value = zeroOffset.ReplaceAllString(value, "Z")
	}
	_, err := time.Parse(time.RFC3339Nano, strings.ToUpper(value))
	ok := utcTime.MatchString(value) && err == nil
	return s.w.Check(req, ok, where+" as a time in UTC", world.Brief(m))
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
	lease, _ := m.Lookup("payload", "lease")
	_, ok := lease.(map[string]any)
	if err := s.w.Check("R7.1-1", ok, "the effective lease as an object", world.Brief(m)); err != nil {
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

// hasItsConstraints compares deadlines as times, since a runtime may write one otherwise.
func hasItsConstraints(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, err := s.job(name)
	if err != nil {
		return err
	}
	sub, err := s.submission(name)
	if err != nil {
		return err
	}
	asked, _ := wire.Lookup(sub.payload, "lease_constraints", "expires_at")
	want, err := time.Parse(time.RFC3339Nano, fmt.Sprint(asked))
	if err != nil {
		return own("the scenario's deadline: %w", err)
	}
	got, err := time.Parse(time.RFC3339Nano, j.Accepted.Text("payload", "lease_constraints", "expires_at"))
	return s.w.Check("R7.1-1", err == nil && got.Equal(want), "expires_at "+fmt.Sprint(asked), world.Brief(j.Accepted))
}

// lease gives the effective lease and the one that was asked for, both by namespace.
func (s *scene) lease(name string) (effective, asked map[string]any, m wire.Message, err error) {
	j, err := s.job(name)
	if err != nil {
		return nil, nil, m, err
	}
	sub, err := s.submission(name)
	v, _ := j.Accepted.Lookup("payload", "lease")
	effective, _ = v.(map[string]any)
	asked, _ = sub.payload["lease_request"].(map[string]any)
	return effective, asked, j.Accepted, err
}

// leaseIsNoMore finds grants that nobody asked for. A runtime may narrow a pattern, so one that begins as a requested
// one does before its first star is within it.
func leaseIsNoMore(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	effective, asked, m, err := s.lease(name)
	if err != nil {
		return err
	}
	for namespace, v := range effective {
		patterns, _ := v.([]any)
		requested, _ := asked[namespace].([]any)
		for _, p := range patterns {
			if err := s.w.Check("R7.1-3", within(p, requested), "nothing beyond the lease_request in "+namespace, world.Brief(m)); err != nil {
				return err
			}
		}
	}
	return s.w.Check("R7.1-3", true, "", "")
}

func within(pattern any, requested []any) bool {
	p, _ := pattern.(string)
	for _, r := range requested {
		request, _ := r.(string)
		prefix, _, star := strings.Cut(request, "*")
		if p == request || star && strings.HasPrefix(p, prefix) || sameAmount(p, request) {
			return true
		}
	}
	return false
}

// sameAmount says whether two patterns are one amount of §9.6, however many zeros each has.
func sameAmount(a, b string) bool {
	x, y := strings.SplitN(a, ":", 2), strings.SplitN(b, ":", 2)
	return len(x) == 2 && len(y) == 2 && x[0] == y[0] && sameNumber(x[1], y[1])
}

func leaseIs(ctx context.Context, name, want string) error {
	s := sceneOf(ctx)
	object, err := s.object("", want)
	if err != nil {
		return err
	}
	effective, _, m, err := s.lease(name)
	if err != nil {
		return err
	}
	if !same(object, effective) { // a runtime may grant less
		s.w.Inform("R7.1-1", "the effective lease is not the one that was asked for: "+world.Brief(m))
	}
	return s.w.Check("R7.1-1", effective != nil, "the effective lease", world.Brief(m))
}

// hasTheBudget compares counters by their exact value. Counters as text, "5.00" or "USD:5.00", warn.
func hasTheBudget(ctx context.Context, name, want, req string) error {
	s := sceneOf(ctx)
	counters, err := s.object("", want)
	if err != nil {
		return err
	}
	j, err := s.job(name)
	if err != nil {
		return err
	}
	v, _ := j.Accepted.Lookup("payload", "budget")
	budget, _ := v.(map[string]any)
	ok := len(budget) == len(counters)
	for currency, amount := range counters {
		got := budget[currency]
		if written, isText := got.(string); isText {
			s.w.Warn(s.req(req), "the counter as a number", world.Brief(j.Accepted))
			ok = ok && sameNumber(strings.TrimPrefix(written, currency+":"), fmt.Sprint(amount))
			continue
		}
		ok = ok && same(amount, got)
	}
	return s.w.Check(s.req(req), ok, "the counters "+text(counters), world.Brief(j.Accepted))
}

func hasNoBudget(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, err := s.job(name)
	if err != nil {
		return err
	}
	v, _ := j.Accepted.Lookup("payload", "budget")
	if budget, ok := v.(map[string]any); ok && len(budget) == 0 {
		s.w.Inform("R7.1-2", "the acceptance of a job without cost.budget has an empty budget")
		v = nil
	}
	return s.w.Check("R7.1-2", v == nil, "no budget, as the lease has no cost.budget", world.Brief(j.Accepted))
}

// hasNoConstraints: §7.1 says that a lease for which none were given has no expiration.
func hasNoConstraints(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, err := s.job(name)
	if err != nil {
		return err
	}
	v, _ := j.Accepted.Lookup("payload", "lease_constraints", "expires_at")
	return s.w.Check("R7.1-4", v == nil, "no expires_at that nobody gave", world.Brief(j.Accepted))
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
	trace := ""
	for _, m := range s.w.Messages() {
		if m.Dir == wire.Sent && m.ID() == j.RequestID {
			trace = m.TraceID()
		}
	}
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
