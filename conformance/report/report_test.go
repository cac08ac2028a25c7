package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// sample has one scenario of every verdict.
func sample() *report.Report {
	finding := func(v report.Verdict) []report.Finding {
		return []report.Finding{{
			Requirement: "R9.6-3", Section: "9.6", Level: "MUST", Verdict: v, Expected: "a counter <at> 0", Got: "1\x01&\n2",
		}}
	}
	r := &report.Report{
		Draft: "1.1", Target: report.Target{Name: "peer", Version: "2", Runtime: "rt 3"}, Started: time.Unix(0, 0), Seconds: 1.5,
	}
	for i, v := range report.Verdicts() {
		s := report.Scenario{
			ID: "arcp-9.6-0" + string(rune('1'+i)), Name: "name of " + string(v), Feature: "§9.6 Budget", Section: "9.6", Level: "must",
			Requirements: []string{"R9.6-3"}, Verdict: v, Seconds: 0.25,
		}
		switch v {
		case report.Skip, report.XFail, report.XPass, report.Error:
			s.Reason = "reason of " + string(v)
		case report.Fail, report.Warn, report.Info:
			s.Findings, s.Step, s.Transcript = finding(v), "the step", []string{"0.1s A → {}"}
		}
		if v != report.Skip {
			s.Checks = map[string]int{"R9.6-3": 2, "R9.6-4": 1}
		}
		r.Scenarios = append(r.Scenarios, s)
	}
	r.Scenarios[0].Section, r.Scenarios[0].Feature = "5", "§5 Wire format"
	r.Sum(rows())
	return r
}

func rows() []report.Requirement {
	return []report.Requirement{{ID: "R9.6-3", Level: "MUST", Statement: "the third statement"}, {ID: "R9.6-4", Level: "MUST"}, {ID: "R9.6-5", Level: "MUST"}}
}

func TestSum(t *testing.T) {
	t.Parallel()
	r := sample()
	c := r.Counts
	if c.Selected != 8 || c.Checks != 21 || c.Requirements != 2 || c.Register != 3 || c.Verdicts[report.Fail] != 1 {
		t.Errorf("%+v", c)
	}
	got := r.Requirements
	if got[0].Checks != 14 || got[0].Scenarios != 7 || got[0].Verdict != report.Fail || got[1].Verdict != report.Pass ||
		got[2].Verdict != "" {
		t.Errorf("%+v", got)
	}
	if r.Conforms {
		t.Error("a run with failures conforms")
	}
}

func TestConforming(t *testing.T) {
	t.Parallel()
	some := map[string]int{"R9.6-3": 1}
	for _, tc := range []struct {
		name      string
		scenarios []report.Scenario
		want      bool
	}{
		{"nothing ran", nil, false},
		{"one passed", []report.Scenario{{Verdict: report.Pass, Checks: some}}, true},
		{"warnings and notes", []report.Scenario{{Verdict: report.Warn, Checks: some}, {Verdict: report.Info, Checks: some}}, true},
		{"no check", []report.Scenario{{Verdict: report.Pass}}, false},
		{"all skipped", []report.Scenario{{Verdict: report.Skip, Checks: some}}, false},
		{"an expected failure", []report.Scenario{{Verdict: report.XFail, Checks: some}}, true},
		{"one that stopped failing", []report.Scenario{{Verdict: report.XPass, Checks: some}}, false},
		{"a failure", []report.Scenario{{Verdict: report.Pass, Checks: some}, {Verdict: report.Fail, Checks: some}}, false},
		{"an error", []report.Scenario{{Verdict: report.Pass, Checks: some}, {Verdict: report.Error, Checks: some}}, false},
	} {
		r := &report.Report{Scenarios: tc.scenarios}
		if r.Sum(rows()); r.Conforms != tc.want {
			t.Errorf("%s: conforms %v", tc.name, r.Conforms)
		}
	}
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := report.WriteJUnit(&out, sample()); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Tests int    `xml:"tests,attr"`
			Cases []struct {
				Name    string `xml:"name,attr"`
				Failure *struct {
					Message string `xml:"message,attr"`
					Text    string `xml:",chardata"`
				} `xml:"failure"`
				Skipped *struct {
					Message string `xml:"message,attr"`
				} `xml:"skipped"`
				Output string `xml:"system-out"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if got.Tests != 8 || got.Failures != 2 || got.Errors != 1 || got.Skipped != 2 || len(got.Suites) != 2 {
		t.Errorf("%+v", got)
	}
	for _, c := range got.Suites[1].Cases {
		switch {
		case strings.HasSuffix(c.Name, "name of fail"):
			if c.Failure == nil || !strings.Contains(c.Failure.Message, "R9.6-3") || !strings.Contains(c.Failure.Text, "A → {}") {
				t.Errorf("%+v", c)
			}
		case strings.HasSuffix(c.Name, "name of skip"):
			if c.Skipped == nil || c.Skipped.Message != "reason of skip" {
				t.Errorf("%+v", c)
			}
		case strings.HasSuffix(c.Name, "name of warn"):
			if c.Failure != nil || !strings.Contains(c.Output, "<at>") {
				t.Errorf("%+v", c)
			}
		}
	}
}

func TestJUnitOfARunThatShowsNothing(t *testing.T) {
	t.Parallel()
	skipped := report.Scenario{ID: "arcp-5-01", Section: "5", Verdict: report.Skip, Reason: "not offered"}
	for _, tc := range []struct {
		name string
		r    report.Report
		want string
	}{
		{"all skipped", report.Report{Scenarios: []report.Scenario{skipped}}, "nothing was checked"},
		{"nothing ran", report.Report{Note: "Nothing was run: it was away"}, "it was away"},
	} {
		tc.r.Sum(rows())
		var out bytes.Buffer
		if err := report.WriteJUnit(&out, &tc.r); err != nil {
			t.Fatal(err)
		}
		if text := out.String(); !strings.Contains(text, `errors="1"`) || !strings.Contains(text, tc.want) {
			t.Errorf("%s: %s", tc.name, text)
		}
	}
}

func TestJSONCanBeReadBack(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	want := sample()
	if err := report.WriteJSON(&out, want); err != nil {
		t.Fatal(err)
	}
	var got report.Report
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Scenarios) != 8 || got.Scenarios[3].Findings[0] != want.Scenarios[3].Findings[0] ||
		got.Counts.Verdicts[report.XPass] != 1 {
		t.Errorf("%+v", got)
	}
}
