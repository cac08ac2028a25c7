package report_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// show plays the whole run of r on a terminal.
func show(r *report.Report, opts *report.TerminalOptions) string {
	var out bytes.Buffer
	term := report.NewTerminal(&out, opts)
	term.Begun(r.Target, len(r.Scenarios))
	for i, s := range r.Scenarios {
		term.Ended(i+1, len(r.Scenarios), s)
	}
	term.Render(r)
	return out.String()
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	text := show(sample(), nil)
	for _, want := range []string{
		"8 scenarios against peer 2 (rt 3)\n", "§9.6 Budget  1 warn",
		"fail §9.6 MUST R9.6-3: the third statement\n             expected  a counter <at> 0\n             got       1\\x01&\n",
		"at the step  the step\n", "A → {}", "Skipped\n     1  reason of skip", "Not judged\n     1  reason of error",
		"Left out here, and shown by --verbose: 1 note on what the draft leaves open\n", "Look at  arcp-9.6-04, arcp-9.6-08\n",
		"peer 2 (rt 3) does not conform: 6 of 8 scenarios and 21 checks ran, on 2 of the draft's 3 requirements\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "\x1b") || strings.Contains(text, "name of pass") || strings.Contains(text, "name of info") {
		t.Errorf("colours or quiet scenarios in\n%s", text)
	}
	if n := strings.Count(text, "A → {}"); n != 1 {
		t.Errorf("the frames of %d scenarios, want those of the failed one", n)
	}
}

func TestTerminalWithColoursAndProgress(t *testing.T) {
	t.Parallel()
	yes := true
	r := sample()
	r.Scenarios[3].Name = "name of fail" + strings.Repeat(" and more", 20)
	text := show(r, &report.TerminalOptions{Color: &yes, Progress: &yes, Verbose: true})
	for _, want := range []string{"\r\x1b[K1/8", "\x1b[31", "1 bad", "name of pass", "name of info", "\r\x1b[K\n", "frames"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
	for line := range strings.SplitSeq(text, "\r\x1b[K") { // a line that wraps cannot be overwritten
		if moving, _, more := strings.Cut(line, "\n"); !more && len(moving) > 80+len("\x1b[31;1m\x1b[0;22m\x1b[2m\x1b[0;22m") {
			t.Errorf("%d bytes in %q", len(moving), moving)
		}
	}
}

func TestTerminalThatIsToldToBeQuiet(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	no := false
	term := report.NewTerminal(&out, &report.TerminalOptions{Progress: &no})
	r := sample()
	term.Ended(1, 8, r.Scenarios[3])
	if out.Len() != 0 {
		t.Errorf("%q before the report", out.String())
	}
	term.Render(r)
	if text := out.String(); !strings.HasPrefix(text, "8 scenarios against peer 2 (rt 3)\n") {
		t.Errorf("no heading in\n%s", text)
	}
}

func TestTerminalIsNotFloodedWithFrames(t *testing.T) {
	t.Parallel()
	failed := sample().Scenarios[3]
	r := &report.Report{}
	for i := range 25 {
		failed.ID = fmt.Sprintf("arcp-9.6-%02d", i)
		failed.Findings = []report.Finding{{Verdict: report.Fail, Expected: failed.ID}}
		r.Scenarios = append(r.Scenarios, failed)
	}
	r.Sum(rows())
	for _, tc := range []struct {
		name string
		opts report.TerminalOptions
		want int
	}{
		{"by default", report.TerminalOptions{}, 10},
		{"as told", report.TerminalOptions{Transcripts: 3}, 3},
		{"all", report.TerminalOptions{Transcripts: -1}, 25},
		{"in detail", report.TerminalOptions{Verbose: true}, 25},
	} {
		text := show(r, &tc.opts)
		if n := strings.Count(text, "A → {}"); n != tc.want {
			t.Errorf("%s: %d transcripts, want %d", tc.name, n, tc.want)
		}
		if n := strings.Count(text, "1 frame: --verbose shows them"); n != 25-tc.want {
			t.Errorf("%s: %d hints, want %d", tc.name, n, 25-tc.want)
		}
		if !strings.Contains(text, "arcp-9.6-11 and 13 more\n") {
			t.Errorf("%s: a list without end in\n%s", tc.name, text)
		}
	}
}

func TestTerminalShowsTheSameFaultAFewTimes(t *testing.T) {
	t.Parallel()
	fault := func(v report.Verdict, expected, got string) report.Finding {
		return report.Finding{Verdict: v, Requirement: "R9.6-3", Section: "9.6", Level: "MUST", Expected: expected, Got: got}
	}
	r := &report.Report{}
	for i := range 9 {
		id := fmt.Sprintf("arcp-9.6-%02d", i)
		failed := report.Scenario{ID: id, Section: "9.6", Verdict: report.Fail, Findings: []report.Finding{fault(report.Fail, "a welcome", id)}}
		warned := report.Scenario{ID: id + "w", Section: "9.6", Verdict: report.Warn, Findings: []report.Finding{fault(report.Warn, "a number", id)}}
		if i == 7 { // an old fault beside a new one
			failed.Findings = append(failed.Findings, fault(report.Fail, "another thing", id))
		}
		r.Scenarios = append(r.Scenarios, failed, warned)
	}
	r.Sum(rows())
	for _, tc := range []struct {
		name    string
		verbose bool
		want    map[string]int
	}{
		{"by default", false, map[string]int{
			"expected  a welcome": 3, "expected  a number": 1, "another thing": 1, " 8 more, as arcp-9.6-00w\n": 1,
			"  fail  arcp-9.6-": 9, " as arcp-9.6-00\n": 6, "fail §9.6 MUST R9.6-3 as arcp-9.6-00\n": 1, "--verbose: what repeats": 1,
		}},
		{"in detail", true, map[string]int{
			"expected  a welcome": 9, "expected  a number": 9, "another thing": 1, " as ": 0, "more": 0, "--verbose": 0,
		}},
	} {
		text := show(r, &report.TerminalOptions{Verbose: tc.verbose})
		for part, want := range tc.want {
			if got := strings.Count(text, part); got != want {
				t.Errorf("%s: %d times %q, want %d in\n%s", tc.name, got, part, want, text)
			}
		}
	}
}

func TestTerminalSendsNoControlCharactersOfAPeer(t *testing.T) {
	t.Parallel()
	const evil = "\x1b[2J\x07\u009b31m\u202e"
	r := sample()
	r.Target.Name, r.Target.Log, r.Note = evil, evil, evil
	s := &r.Scenarios[3]
	s.Reason, s.Step, s.Transcript = evil, evil, []string{evil}
	s.Findings[0].Expected, s.Findings[0].Got = evil, evil
	r.Scenarios[4].Reason, r.Scenarios[5].Reason = evil, evil
	text := show(r, &report.TerminalOptions{Verbose: true})
	if strings.ContainsAny(text, "\x1b\x07\u009b\u202e") || !strings.Contains(text, `\x1b[2J\x07\x9b31m\u202e`) {
		t.Errorf("%q", text)
	}
}
