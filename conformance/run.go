package conformance

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/register"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/target"
)

// The versions that reports name.
const (
	SuiteVersion = "0.1.0"
	DraftVersion = "1.1"
)

// Run brings the target up, runs the selected scenarios against it, and stops it. The report is given whenever the peer
// was reached, also for a run that was broken off. Errors are a *UsageError, a *target.Unreachable or a *SuiteError;
// ExitCode tells them apart.
func Run(ctx context.Context, t target.Target, opts *Options) (*report.Report, error) {
	r, err := newRun(t, opts)
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	if err := t.Start(ctx); err != nil {
		return nil, err
	}
	defer func() { _ = t.Stop() }()
	if err := r.preflight(ctx); err != nil {
		return nil, err
	}
	if r.opts.Observer != nil {
		r.opts.Observer.Begun(r.peer, len(r.chosen))
	}
	r.execute(ctx)
	return r.report(begun), nil
}

// run is one Run under way.
type run struct {
	target target.Target
	opts   Options
	all    []*suiteCase
	chosen []*suiteCase
	byKey  map[string]*suiteCase

	peer       report.Target
	note       string
	welcomed   bool            // the preflight was
	advertised map[string]bool // features of the preflight's welcome
	abilities  map[string]any  // of the scripted agent; nil when not known
	fresh      *freshness
	slots      *slots
	results    *results
}

func newRun(t target.Target, opts *Options) (*run, error) {
	r := &run{target: t, byKey: map[string]*suiteCase{}, advertised: map[string]bool{}}
	if opts != nil {
		r.opts = *opts
	}
	r.defaults()
	all, err := loadCases(r.opts.Scenarios)
	if err != nil {
		return nil, err
	}
	chosen, err := r.opts.Select.choose(all)
	if err != nil {
		return nil, err
	}
	if err := checkExpected(t.Spec().Expected, all); err != nil {
		return nil, err
	}
	r.all, r.chosen = all, chosen
	for _, c := range chosen {
		r.byKey[c.key] = c
	}
	r.fresh = newFreshness()
	r.slots = newSlots(r.opts.Concurrency)
	r.results = newResults(chosen, r.opts.Observer)
	return r, nil
}

func (r *run) defaults() {
	o, spec := &r.opts, r.target.Spec()
	if o.Concurrency == 0 {
		o.Concurrency = spec.Concurrency
	}
	if o.Concurrency == 0 {
		o.Concurrency = DefaultConcurrency
		if !r.target.Shared() {
			o.Concurrency = DefaultStdioConcurrency
		}
	}
	if o.Timeout == 0 {
		o.Timeout = spec.Timeout.Or(10 * time.Second)
	}
	if o.ScenarioTimeout == 0 {
		o.ScenarioTimeout = DefaultScenarioTimeout
	}
	if o.TranscriptLines == 0 {
		o.TranscriptLines = DefaultTranscriptLines
	}
	if o.Scenarios == nil {
		o.Scenarios = ownScenarios()
	}
	if o.Steps == nil {
		o.Steps = ownSteps
	}
	r.peer = report.Target{Name: spec.Name, Version: spec.Version, How: how(spec)}
	if r.peer.Name == "" {
		r.peer.Name = r.peer.How
	}
}

func how(s *target.Spec) string {
	switch {
	case len(s.Stdio) > 0:
		return "stdio"
	case len(s.Command) > 0:
		return "command"
	case s.URL != "":
		return s.URL
	}
	return "embedded"
}

// checkExpected finds expected failures that name no scenario: they would hide nothing for ever.
func checkExpected(expected []target.ExpectedFailure, all []*suiteCase) error {
	ids := map[string]bool{}
	for _, c := range all {
		ids[c.ID] = true
	}
	for _, e := range expected {
		if !ids[e.Scenario] {
			return &UsageError{fmt.Sprintf("expected_failures: there is no scenario %q", e.Scenario)}
		}
	}
	return nil
}

// execute runs godog over the chosen scenarios and waits for it. When ctx ends, what is under way is given a moment.
func (r *run) execute(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		godog.TestSuite{
			Name:                "arcp",
			ScenarioInitializer: r.scenario,
			Options: &godog.Options{
				FS: r.opts.Scenarios, Paths: []string{"."}, Strict: true, Concurrency: r.opts.Concurrency,
				Format: "progress", Output: io.Discard, NoColors: true, DefaultContext: ctx,
			},
		}.Run()
	}()
	select {
	case <-done:
	case <-ctx.Done():
		select {
		case <-done:
		case <-time.After(10 * time.Second):
		}
	}
}

func (r *run) report(begun time.Time) *report.Report {
	out := &report.Report{
		Suite: SuiteVersion, Draft: DraftVersion, Target: r.peer, Note: r.note, Strict: r.opts.Strict,
		Started: begun.UTC(), Seconds: time.Since(begun).Seconds(), Scenarios: r.results.scenarios(),
	}
	out.Counts.Total = len(r.all)
	out.Sum(requirementRows())
	if !out.Conforms {
		out.Target.Log = r.redact(r.target.Log())
	}
	return out
}

func requirementRows() []report.Requirement {
	var rows []report.Requirement
	for _, q := range register.All() {
		rows = append(rows, report.Requirement{
			ID: q.ID, Section: q.Section, Level: string(q.Level), Party: q.Party, Statement: q.Statement,
		})
	}
	return rows
}

var errInterrupted = errors.New("the run was interrupted")
