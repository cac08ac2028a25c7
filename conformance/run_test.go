package conformance_test

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/target"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// manyScenarios is twelve scenarios, every fourth of which runs alone.
func manyScenarios() string {
	var b strings.Builder
	b.WriteString("Feature: F\n")
	for i := range 12 {
		alone := ""
		if i%4 == 0 {
			alone = " @alone"
		}
		id := string(rune('a' + i))
		b.WriteString("\n  @arcp-5-01" + id + " @must @R5-1" + alone + "\n  Scenario: S" + id + "\n    When it works" + alone + "\n")
	}
	return b.String()
}

func TestAloneMeansAlone(t *testing.T) {
	t.Parallel()
	var busy, most atomic.Int64
	steps := func(sc *godog.ScenarioContext) {
		sc.Step(`^it works( @alone)?$`, func(ctx context.Context, alone string) error {
			now := busy.Add(1)
			defer busy.Add(-1)
			most.Store(max(most.Load(), now))
			<-time.After(5 * time.Millisecond) // long enough for others to be seen
			ok := alone == "" || now == 1 && busy.Load() == 1
			return world.From(ctx).Check("R5-1", ok, "to be alone", "company")
		})
	}
	r, err := play(t, honest(t, &target.Spec{}), conformance.Options{
		Scenarios: smallSuite(manyScenarios()), Steps: steps, Concurrency: 4,
	})
	if err != nil || !r.Conforms || len(r.Scenarios) != 12 {
		t.Errorf("%v, %v", verdicts(r), err)
	}
	if most.Load() < 2 {
		t.Error("nothing ran at once, so nothing was shown")
	}
}

const killing = `Feature: F

  @arcp-5-01 @must @R5-1
  Scenario: the peer dies of it
    When the peer is killed
    Then "R5-1" holds

  @arcp-5-02 @must @R5-1
  Scenario: the next one finds it alive
    Given a session
    Then "R5-1" holds
`

func TestAPeerThatDiesIsFoundOutAndStartedAgain(t *testing.T) {
	t.Parallel()
	var stop func()
	starts := 0
	begin := func(context.Context, *target.Spec) (string, func() error, error) {
		starts++
		url, end := fakepeer.Serve(fakepeer.Honest())
		stop = end
		return url, func() error { end(); return nil }, nil
	}
	peer, err := target.Open(&target.Spec{Tokens: target.Tokens{First: fakepeer.Token}}, begin)
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(t, peer, conformance.Options{
		Scenarios: smallSuite(killing), Concurrency: 1, Steps: func(sc *godog.ScenarioContext) {
			steps(sc)
			sc.Step(`^the peer is killed$`, func(ctx context.Context) error {
				stop()
				return world.From(ctx).Check("R5-1", true, "", "")
			})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := verdicts(r)
	if got["arcp-5-01"] != report.Fail || got["arcp-5-02"] != report.Pass || starts != 2 {
		t.Errorf("%v after %d starts", got, starts)
	}
	if f := r.Scenarios[0].Findings; len(f) != 1 || f[0].Source != "probe" || f[0].Requirement != "R14-7" {
		t.Errorf("%+v", f)
	}
}

func TestAnInterruptedRunStillReports(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	opts := conformance.Options{
		Scenarios: smallSuite(killing), Concurrency: 1, Steps: func(sc *godog.ScenarioContext) {
			steps(sc)
			sc.Step(`^the peer is killed$`, func(ctx context.Context) error {
				cancel()
				<-ctx.Done()
				return ctx.Err()
			})
		},
	}
	r, err := conformance.Run(ctx, honest(t, &target.Spec{}), &opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Scenarios {
		if s.Verdict != report.Error {
			t.Errorf("%s: %s %s", s.ID, s.Verdict, s.Reason)
		}
	}
	if code := conformance.ExitCode(r, err); code != conformance.ExitSuite {
		t.Errorf("exit status %d", code)
	}
}

const recorded = `Feature: F

  @arcp-6.3-01 @must @R6.3-1
  Scenario: one
    Given a session
    Then "R5-1" holds

  @arcp-6.3-02 @must @R6.3-1
  Scenario: two
    Given a session
    Then "R5-1" holds
`

func TestAPeerThatWelcomesWithARecordingIsFoundOut(t *testing.T) {
	t.Parallel()
	url, stop := fakepeer.Serve(fakepeer.Recording())
	t.Cleanup(stop)
	peer, err := target.Open(&target.Spec{URL: url}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(t, peer, conformance.Options{Scenarios: smallSuite(recorded), Steps: steps, Concurrency: 1})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, f := range r.Scenarios[1].Findings {
		found[f.Requirement] = true
	}
	if !found["R6.3-1"] || !found["R6.2-1"] || r.Scenarios[1].Verdict != report.Fail {
		t.Errorf("%+v", r.Scenarios[1])
	}
}

func TestCasesAreListedInTheOrderOfTheDraft(t *testing.T) {
	t.Parallel()
	text := "Feature: F\n"
	for _, section := range []string{"12", "6.10", "6.2", "5"} {
		text += "\n  @arcp-" + section + "-01 @must @R5-1 @feature:ack @long\n  Scenario: S\n    Then x\n"
	}
	cases, err := conformance.Cases(smallSuite(text))
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, c := range cases {
		order = append(order, c.Section)
	}
	if got := strings.Join(order, " "); got != "5 6.2 6.10 12" {
		t.Errorf("order %s", got)
	}
	if c := cases[0]; c.Level != "must" || c.Needs[0] != "ack" || c.Tags[0] != "long" || c.Requirements[0] != "R5-1" {
		t.Errorf("%+v", c)
	}
}

func TestAScenarioThatNeverComesBackIsAnError(t *testing.T) {
	t.Parallel()
	r, err := play(t, honest(t, &target.Spec{}), conformance.Options{
		Scenarios: smallSuite(killing), Concurrency: 2, Steps: func(sc *godog.ScenarioContext) {
			steps(sc)
			sc.Step(`^the peer is killed$`, func() error { runtime.Goexit(); return nil })
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := verdicts(r); got["arcp-5-01"] != report.Error || got["arcp-5-02"] != report.Pass {
		t.Errorf("%v", got)
	}
}
