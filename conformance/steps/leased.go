package steps

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// What a job was accepted with: its lease, its limits and its counters (§7.1).
func registerLeased(sc vocabulary) {
	sc.Step(`^`+theJob+` has the lease_constraints that were asked for$`, hasItsConstraints)
	sc.Step(`^the lease of `+theJob+` is no more than was asked for$`, leaseIsNoMore)
	sc.Step(`^the lease of `+theJob+` is (\{.*\})$`, leaseIs)
	sc.Step(`^`+theJob+` has the budget (\{.*\})`+judgedUnder, hasTheBudget)
	sc.Step(`^`+theJob+` has no budget$`, hasNoBudget)
	sc.Step(`^`+theJob+` has no lease_constraints$`, hasNoConstraints)
}

// showsLease judges whether an acceptance shows the effective lease. A job that asked for none holds none, so that its
// absence only warns.
func (s *scene) showsLease(name string, m wire.Message) error {
	v, _ := m.Lookup("payload", "lease")
	sub, err := s.submission(name)
	if err != nil {
		return err
	}
	if v == nil && sub.payload["lease_request"] == nil {
		s.w.Warn("R7.1-1", "the effective lease, which is {}", world.Brief(m))
		return nil
	}
	_, ok := v.(map[string]any)
	return s.w.Check("R7.1-1", ok, "the effective lease as an object", world.Brief(m))
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
