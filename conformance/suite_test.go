package conformance_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/target"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func TestEveryEndOfAStepHasItsVerdict(t *testing.T) {
	t.Parallel()
	want := map[string]report.Verdict{
		"arcp-6.2-01": report.Pass, "arcp-6.2-02": report.Fail, "arcp-6.2-03": report.Warn, "arcp-6.2-04": report.Info,
		"arcp-6.2-05": report.Error, "arcp-6.2-06": report.Error, "arcp-6.2-07": report.Error, "arcp-6.2-08": report.Error,
		"arcp-6.2-09": report.Skip, "arcp-6.2-10": report.Skip, "arcp-6.2-11": report.Skip, "arcp-6.2-12": report.Fail,
		"arcp-6.2-13": report.Warn, "arcp-7.1-01/1": report.Pass, "arcp-7.1-01/2": report.Fail, "arcp-7.1-02": report.Error,
	}
	for _, concurrency := range []int{1, 4} {
		t.Run(fmt.Sprint(concurrency), func(t *testing.T) {
			t.Parallel()
			r, err := play(t, honest(t, &target.Spec{}), conformance.Options{Concurrency: concurrency})
			if err != nil {
				t.Fatal(err)
			}
			got := verdicts(r)
			for id, v := range want {
				if got[id] != v {
					t.Errorf("%s: got %q, want %q", id, got[id], v)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d scenarios, want %d", len(got), len(want))
			}
			if code := conformance.ExitCode(r, nil); code != conformance.ExitFails {
				t.Errorf("exit status %d", code)
			}
		})
	}
}

func TestSelectionDecidesTheExitStatus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		choose conformance.Selection
		want   int
		ran    int
	}{
		{"one that holds", conformance.Selection{IDs: []string{"arcp-6.2-01"}}, conformance.ExitConforms, 1},
		{"one that warns", conformance.Selection{IDs: []string{"@arcp-6.2-03"}}, conformance.ExitConforms, 1},
		{"one that fails", conformance.Selection{IDs: []string{"arcp-6.2-02"}}, conformance.ExitFails, 1},
		{"the suite's error", conformance.Selection{IDs: []string{"arcp-6.2-05"}}, conformance.ExitSuite, 1},
		{"only skipped", conformance.Selection{IDs: []string{"arcp-6.2-10"}}, conformance.ExitFails, 1},
		{"all rows by the bare id", conformance.Selection{IDs: []string{"arcp-7.1-01"}}, conformance.ExitFails, 2},
		{"one row", conformance.Selection{IDs: []string{"arcp-7.1-01/1"}}, conformance.ExitConforms, 1},
		{"a section", conformance.Selection{Sections: []string{"§7.1"}}, conformance.ExitFails, 3},
		{"a section above", conformance.Selection{Sections: []string{"7"}}, conformance.ExitFails, 3},
		{"a tag", conformance.Selection{Tags: []string{"@slow"}}, conformance.ExitSuite, 1},
		{"a level", conformance.Selection{Levels: []string{"may"}}, conformance.ExitConforms, 1},
		{"a requirement", conformance.Selection{Requirements: []string{"R6.4-3"}}, conformance.ExitConforms, 1},
		{"a feature", conformance.Selection{Features: []string{"result_chunk"}}, conformance.ExitFails, 1},
		{"two lists", conformance.Selection{Sections: []string{"6.2"}, Levels: []string{"should"}}, conformance.ExitConforms, 2},
		{"an unknown id", conformance.Selection{IDs: []string{"arcp-6.2-01", "arcp-9.9-99"}}, conformance.ExitUsage, 0},
		{"an unknown tag", conformance.Selection{Tags: []string{"quick"}}, conformance.ExitUsage, 0},
		{"lists without a common scenario", conformance.Selection{Sections: []string{"7.1"}, Levels: []string{"may"}}, conformance.ExitUsage, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := play(t, honest(t, &target.Spec{}), conformance.Options{Select: tc.choose})
			if got := conformance.ExitCode(r, err); got != tc.want {
				t.Errorf("exit status %d, want %d (%v)", got, tc.want, err)
			}
			if r != nil && len(r.Scenarios) != tc.ran {
				t.Errorf("%d scenarios ran, want %d", len(r.Scenarios), tc.ran)
			}
		})
	}
}

func TestExpectedFailures(t *testing.T) {
	t.Parallel()
	spec := &target.Spec{Expected: []target.ExpectedFailure{
		{Scenario: "arcp-6.2-01", Reason: "it was broken once"}, {Scenario: "arcp-6.2-02", Reason: "known"},
	}}
	r, err := play(t, honest(t, spec), conformance.Options{Select: conformance.Selection{IDs: []string{"arcp-6.2-02"}}})
	if err != nil || verdicts(r)["arcp-6.2-02"] != report.XFail || conformance.ExitCode(r, nil) != 0 {
		t.Errorf("an expected failure: %v, %v", verdicts(r), err)
	}
	r, err = play(t, honest(t, spec), conformance.Options{Select: conformance.Selection{IDs: []string{"arcp-6.2-01"}}})
	if err != nil || verdicts(r)["arcp-6.2-01"] != report.XPass || conformance.ExitCode(r, nil) != conformance.ExitFails {
		t.Errorf("one that stopped failing: %v, %v", verdicts(r), err)
	}
	spec.Expected[0].Scenario = "arcp-6.2-77"
	_, err = play(t, honest(t, spec), conformance.Options{})
	if conformance.ExitCode(nil, err) != conformance.ExitUsage {
		t.Errorf("one that names no scenario: %v", err)
	}
}

func TestReasonsFindingsAndSecrets(t *testing.T) {
	t.Parallel()
	r, err := play(t, honest(t, &target.Spec{}), conformance.Options{})
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]report.Scenario{}
	for _, s := range r.Scenarios {
		byID[s.ID] = s
	}
	if got := byID["arcp-6.2-09"].Reason; got != "the weather" {
		t.Errorf("reason of the skip: %q", got)
	}
	broken := byID["arcp-6.2-02"]
	if len(broken.Findings) != 1 || broken.Findings[0].Section != "6.2" || broken.Findings[0].Got != "this [redacted]" {
		t.Errorf("findings: %+v", broken.Findings)
	}
	if broken.Step != `"R6.2-1" is broken` || len(broken.Transcript) < 2 {
		t.Errorf("step %q, transcript %q", broken.Step, broken.Transcript)
	}
	if r.Counts.Checks == 0 || r.Counts.Requirements < 3 || r.Counts.Total != 16 {
		t.Errorf("counts: %+v", r.Counts)
	}
}

const repeating = `Feature: F

  @arcp-5-01 @must @R5-1
  Scenario: one fault again and again
    Then "R9.6-11" is broken
    And "R9.6-11" is broken
    And "R9.6-11" is told in 9 ways
`

func TestFindingsAreCondensed(t *testing.T) {
	t.Parallel()
	r, err := play(t, honest(t, &target.Spec{}), conformance.Options{
		Scenarios: smallSuite(repeating), Steps: func(sc *godog.ScenarioContext) {
			steps(sc)
			sc.Step(`^"([^"]*)" is told in (\d+) ways$`, func(ctx context.Context, req string, ways int) {
				for i := range ways {
					world.From(ctx).Inform(req, fmt.Sprint(i))
				}
			})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	f := r.Scenarios[0].Findings
	if len(f) != 5 || !strings.HasSuffix(f[0].Got, "(and 5 findings more of this kind)") || f[1].Got != "0" {
		t.Errorf("%+v", f)
	}
}

func TestPeerThatCannotBeReached(t *testing.T) {
	t.Parallel()
	url, stop := fakepeer.Serve(fakepeer.Honest())
	stop()
	for _, spec := range []*target.Spec{
		{URL: url},
		{Command: []string{"/nonexistent/peer"}},
		{Command: []string{"sh", "-c", "echo broken >&2; exit 3"}},
		{Stdio: []string{"/nonexistent/peer"}},
	} {
		peer, err := target.Open(spec, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := play(t, peer, conformance.Options{})
		if got := conformance.ExitCode(r, err); got != conformance.ExitUnreachable {
			t.Errorf("%+v: exit status %d (%v)", spec, got, err)
		}
	}
}

func TestASuiteWithFaultsIsRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no id":               "Feature: F\n  @must @R5-1\n  Scenario: S\n    Then x\n",
		"no level":            "Feature: F\n  @arcp-5-01 @R5-1\n  Scenario: S\n    Then x\n",
		"no requirement":      "Feature: F\n  @arcp-5-01 @must\n  Scenario: S\n    Then x\n",
		"unknown requirement": "Feature: F\n  @arcp-5-01 @must @R5-99\n  Scenario: S\n    Then x\n",
		"no steps":            "Feature: F\n  @arcp-5-01 @must @R5-1\n  Scenario: S\n",
		"one id twice":        "Feature: F\n  @arcp-5-01 @must @R5-1\n  Scenario: S\n    Then x\n\n  @arcp-5-01 @must @R5-1\n  Scenario: T\n    Then x\n",
		"not Gherkin":         "Feature: F\n  nonsense\n  Scenario: S\n    This x\n",
	} {
		_, err := conformance.Cases(smallSuite(text))
		var own *conformance.SuiteError
		if !errors.As(err, &own) || conformance.ExitCode(nil, err) != conformance.ExitSuite {
			t.Errorf("%s: %v", name, err)
		}
	}
}
