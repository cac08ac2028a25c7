package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property,omitempty"`
	Cases      []junitCase     `xml:"testcase"`
	seconds    float64
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitOutcome `xml:"failure"`
	Error   *junitOutcome `xml:"error"`
	Skipped *junitOutcome `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitOutcome struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the report as JUnit XML: a testsuite for each section of the draft. An expected failure counts as
// skipped, one that no longer fails as a failure; warnings and notes stand in system-out.
func WriteJUnit(out io.Writer, r *Report) error {
	all := junitSuites{Name: "ARCP " + r.Draft + " conformance of " + r.Target.Name, Time: seconds(r.Seconds)}
	for _, section := range r.Sections() {
		suite := junitSuite{Name: section.Title, Timestamp: r.Started.UTC().Format(time.RFC3339)}
		suite.Properties = []junitProperty{{"target", r.Target.Name}, {"runtime", r.Target.Runtime}}
		for _, s := range section.Scenarios {
			suite.add(s)
		}
		suite.Time = seconds(suite.seconds)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		all.Skipped += suite.Skipped
		all.Suites = append(all.Suites, suite)
	}
	all.show(r)
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(out)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

// show adds a case that fails where the run is no success and no case says so: readers of JUnit take a run in which
// nothing was run, or all was skipped, for a good one.
func (all *junitSuites) show(r *Report) {
	if r.Conforms || all.Failures+all.Errors > 0 {
		return
	}
	why := "nothing was checked, so nothing was shown"
	if r.Note != "" {
		why = r.Note
	}
	all.Tests++
	all.Errors++
	all.Suites = append(all.Suites, junitSuite{
		Name: "the run", Tests: 1, Errors: 1, Time: seconds(0), Timestamp: r.Started.UTC().Format(time.RFC3339),
		Cases: []junitCase{{
			Name: "the run shows something", Class: "arcp", Time: seconds(0), Error: &junitOutcome{Message: firstLine(why), Text: why},
		}},
	})
}

func (suite *junitSuite) add(s Scenario) {
	c := junitCase{Name: s.ID + ": " + s.Name, Class: "arcp." + s.Section, Time: seconds(s.Seconds)}
	switch s.Verdict {
	case Fail, XPass:
		suite.Failures++
		c.Failure = &junitOutcome{Message: headline(s), Text: details(s)}
	case Error:
		suite.Errors++
		c.Error = &junitOutcome{Message: headline(s), Text: details(s)}
	case Skip, XFail:
		suite.Skipped++
		c.Skipped = &junitOutcome{Message: headline(s)}
	case Warn, Info:
		c.Output = details(s)
	}
	suite.Tests++
	suite.seconds += s.Seconds
	suite.Cases = append(suite.Cases, c)
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }

// headline says in one line why the scenario has its verdict.
func headline(s Scenario) string {
	if s.Verdict == XFail {
		return "expected failure: " + s.Reason
	}
	if s.Reason != "" {
		return firstLine(s.Reason)
	}
	for _, f := range s.Findings {
		if f.Verdict == s.Verdict {
			return firstLine(f.String())
		}
	}
	return string(s.Verdict)
}

// details says everything about a scenario: its step, its findings and its transcript.
func details(s Scenario) string {
	var b strings.Builder
	if s.Step != "" {
		fmt.Fprintf(&b, "at the step: %s\n", s.Step)
	}
	if s.Reason != "" {
		fmt.Fprintf(&b, "%s\n", s.Reason)
	}
	for _, f := range s.Findings {
		fmt.Fprintf(&b, "%s: %s\n", f.Verdict, f)
	}
	for _, line := range s.Transcript {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	return b.String()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
