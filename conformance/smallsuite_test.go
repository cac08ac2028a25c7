package conformance_test

import (
	"context"
	"fmt"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/target"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// feature is a small suite: one scenario for each way in which a step can end.
const feature = `Feature: §6.2 Small suite

  @arcp-6.2-01 @must @R6.2-1
  Scenario: holds
    Given a session
    Then "R6.2-1" holds

  @arcp-6.2-02 @must @R6.2-1
  Scenario: a MUST is broken
    Given a session
    Then "R6.2-1" is broken
    And "R6.2-2" holds

  @arcp-6.2-03 @should @R6.4-2
  Scenario: a SHOULD is broken
    Given a session
    Then "R6.4-2" is broken

  @arcp-6.2-04 @may @R6.4-3
  Scenario: a MAY is told
    Given a session
    Then "R6.4-3" is broken

  @arcp-6.2-05 @must @R6.2-1 @slow
  Scenario: nobody wrote this step
    Given a session
    Then nobody knows this step

  @arcp-6.2-06 @must @R6.2-1
  Scenario: a pending step
    Then it is pending

  @arcp-6.2-07 @must @R6.2-1
  Scenario: a step panics
    Given a session
    Then it panics

  @arcp-6.2-08 @must @R6.2-1
  Scenario: no check at all
    Given a session
    Then nothing is looked at

  @arcp-6.2-09 @must @R6.2-1
  Scenario: skips itself
    Given a session
    Then it skips because of "the weather"
    And "R6.2-1" is broken

  @arcp-6.2-10 @must @R6.2-1 @feature:result_chunk
  Scenario: needs what the peer lacks
    Given a session
    Then "R6.2-1" holds

  @arcp-6.2-11 @must @R6.2-1 @two
  Scenario: needs a second principal
    Then "R6.2-1" is broken

  @arcp-6.2-12 @must @R6.2-1
  Scenario: a plain error
    Given a session
    Then it fails plainly

  @arcp-6.2-13 @should @R6.4-2
  Scenario: a plain error where only a SHOULD stands
    Given a session
    Then it fails plainly

  @arcp-7.1-01 @must @R7.1-1 @alone
  Scenario Outline: rows <n>
    Given a session
    Then "<req>" <outcome>

    Examples:
      | n | req    | outcome   |
      | 1 | R7.1-1 | holds     |
      | 2 | R7.1-2 | is broken |

  @arcp-7.1-02 @must @R7.1-1
  Scenario: an unknown requirement is the suite's fault
    Given a session
    Then "R99-1" holds
`

func steps(sc *godog.ScenarioContext) {
	sc.Step(`^a session$`, func(ctx context.Context) error {
		_, err := world.From(ctx).Session(ctx, "A")
		return err
	})
	sc.Step(`^"([^"]*)" holds$`, func(ctx context.Context, req string) error {
		return world.From(ctx).Check(req, true, "", "")
	})
	sc.Step(`^"([^"]*)" is broken$`, func(ctx context.Context, req string) error {
		return world.From(ctx).Check(req, false, "something else", "this "+fakepeer.Token)
	})
	sc.Step(`^it is pending$`, func() error { return godog.ErrPending })
	sc.Step(`^it panics$`, func() error { panic("as it was told") })
	sc.Step(`^nothing is looked at$`, func() error { return nil })
	sc.Step(`^it skips because of "([^"]*)"$`, func(ctx context.Context, why string) error {
		return world.From(ctx).Skip(why)
	})
	sc.Step(`^it fails plainly$`, func() error { return fmt.Errorf("plainly") })
}

func smallSuite(text string) fstest.MapFS { return fstest.MapFS{"small.feature": {Data: []byte(text)}} }

func honest(t *testing.T, spec *target.Spec) target.Target {
	t.Helper()
	url, stop := fakepeer.Serve(fakepeer.Honest())
	t.Cleanup(stop)
	spec.URL, spec.Tokens.First = url, fakepeer.Token
	peer, err := target.Open(spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	return peer
}

func play(t *testing.T, peer target.Target, opts conformance.Options) (*report.Report, error) {
	t.Helper()
	if opts.Scenarios == nil {
		opts.Scenarios, opts.Steps = smallSuite(feature), steps
	}
	opts.Timeout = 2 * time.Second
	return conformance.Run(t.Context(), peer, &opts)
}

func verdicts(r *report.Report) map[string]report.Verdict {
	got := map[string]report.Verdict{}
	for _, s := range r.Scenarios {
		got[s.ID] = s.Verdict
	}
	return got
}
