package conformance

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// playing is one scenario under way. godog calls its hooks one after the other.
type playing struct {
	run   *run
	c     *suiteCase // nil when the scenario was not chosen
	world *world.World
	begun time.Time
	back  func()             // returns the slot
	stop  context.CancelFunc // ends the scenario's context
	step  string             // that ended the scenario
	err   error              // of that step
	dead  bool               // the peer did not welcome the probe
}

// scenario is called by godog for each scenario, before it.
func (r *run) scenario(sc *godog.ScenarioContext) {
	p := &playing{run: r}
	sc.Before(p.before)
	sc.StepContext().After(p.afterStep)
	sc.After(p.after)
	r.opts.Steps(sc)
}

// before opens the world, or skips the scenario: without a verdict when it was not chosen, with one when the target
// cannot play it.
func (p *playing) before(ctx context.Context, sc *godog.Scenario) (context.Context, error) {
	c, chosen := p.run.byKey[caseKey(sc)]
	if !chosen {
		return ctx, godog.ErrSkip
	}
	p.c, p.back = c, p.run.slots.take(c.has("alone"))
	p.begun = time.Now()
	ctx, p.stop = context.WithTimeout(ctx, p.run.opts.ScenarioTimeout)
	p.world = world.New(p.run.worldConfig())
	ctx = world.Into(ctx, p.world)
	if ctx.Err() != nil {
		p.err = errInterrupted
		return ctx, godog.ErrSkip
	}
	if reason := p.run.gate(c); reason != "" {
		return ctx, p.world.Skip(reason)
	}
	return ctx, nil
}

// afterStep keeps the first error: godog itself forgets the reason of a skip.
func (p *playing) afterStep(
	ctx context.Context, st *godog.Step, _ godog.StepResultStatus, err error,
) (context.Context, error) {
	if err != nil && p.err == nil {
		p.step, p.err = st.Text, err
	}
	return ctx, nil
}

// after judges the scenario. A panic in a hook would end the process, so it becomes a verdict here.
func (p *playing) after(ctx context.Context, _ *godog.Scenario, err error) (context.Context, error) {
	if p.c == nil {
		return ctx, nil
	}
	if err != nil && p.err == nil {
		p.err = err
	}
	s := p.c.Scenario
	defer func() {
		if e := recover(); e != nil {
			s.Verdict, s.Reason = report.Error, fmt.Sprintf("panic: %v\n%s", e, debug.Stack())
		}
		s.Seconds = time.Since(p.begun).Seconds()
		p.world.Close()
		p.stop()
		p.back()
		if p.dead {
			p.run.revive(ctx)
		}
		p.run.results.add(p.c, s)
	}()
	p.judge(ctx, &s)
	return ctx, nil
}

// gate gives the reason for which the target cannot play the scenario, or "". A peer that welcomed nobody is not
// spared anything: what it advertises is not known.
func (r *run) gate(c *suiteCase) string {
	if c.has("shared") && !r.target.Shared() {
		return "needs two connections to one runtime"
	}
	if c.has("two") && r.target.Spec().Tokens.Second == "" {
		return "the target knows no second principal"
	}
	if !r.welcomed {
		return ""
	}
	var missing []string
	for _, f := range c.Needs {
		if !r.advertised[f] {
			missing = append(missing, f)
		}
	}
	if len(missing) > 0 {
		return "the peer does not offer " + strings.Join(missing, ", ")
	}
	return ""
}

func (r *run) worldConfig() world.Config {
	spec := r.target.Spec()
	return world.Config{
		Dial:   func(ctx context.Context) (wire.Conn, error) { return r.target.Dial(ctx) },
		Tokens: [2]string{spec.Tokens.First, spec.Tokens.Second}, Agent: spec.Agent,
		Abilities: r.abilities, IDFormat: spec.IDFormat, TraceFormat: spec.TraceFormat, Resume: spec.Resume,
		Timeout: r.opts.Timeout, Strict: r.opts.Strict, Shared: r.target.Shared(),
		MaxFrames: r.opts.MaxFrames, MaxBytes: r.opts.MaxBytes,
	}
}

// redact takes the target's tokens out of text that no world has seen.
func (r *run) redact(text string) string { return world.New(r.worldConfig()).Redact(text) }

// suitesOwn says whether a step's error is the suite's trouble and not the peer's.
func suitesOwn(err error) bool {
	var own *world.SuiteError
	switch {
	case errors.As(err, &own), errors.Is(err, errInterrupted), errors.Is(err, context.Canceled),
		errors.Is(err, godog.ErrUndefined), errors.Is(err, godog.ErrPending), errors.Is(err, godog.ErrAmbiguous):
		return true
	}
	return isPanic(err)
}

// isPanic knows the error that godog makes of a panic in a step; it has a type of its own that is not exported.
func isPanic(err error) bool {
	for ; err != nil; err = errors.Unwrap(err) {
		if fmt.Sprintf("%T", err) == "*godog.traceError" {
			return true
		}
	}
	return false
}
