package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/report"
)

func TestAWarningInPassingIsToldOnce(t *testing.T) {
	t.Parallel()
	habit := report.Finding{Requirement: "R7.1-2", Section: "7.1", Level: "MUST", Verdict: report.Warn, Expected: "a number", Source: "oracle"}
	scenario := func(id, got string, v report.Verdict) report.Scenario {
		f := habit
		f.Got = got
		return report.Scenario{ID: id, Section: "9.6", Feature: "§9.6", Verdict: v, Findings: []report.Finding{f, f}}
	}
	r := &report.Report{Scenarios: []report.Scenario{
		scenario("arcp-9.6-01", "text one", report.Pass), scenario("arcp-9.6-02", "text two", report.Pass),
		scenario("arcp-7.1-05", "text three", report.Warn),
	}}
	r.Sum(nil)
	var out bytes.Buffer
	report.NewTerminal(&out, nil).Render(r)
	got := out.String()
	_, aside, told := strings.Cut(got, "Seen in passing")
	if !told || !strings.Contains(aside, "text one") || !strings.Contains(aside, "in 2 scenarios, first in arcp-9.6-01") ||
		strings.Contains(aside, "text two") {
		t.Errorf("%s", got)
	}
	if own := got[:len(got)-len(aside)]; !strings.Contains(own, "text three") {
		t.Errorf("a scenario's own warning: %s", own)
	}
}
