package oracle

import (
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/register"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// docket counts checks and keeps what they found.
type docket struct {
	findings []report.Finding
	checks   map[string]int
}

// demand counts a check of req. When it does not hold, what binds fails, a SHOULD warns and a MAY informs. expected is
// a format; m is the frame that shows the breach.
func (d *docket) demand(req string, holds bool, m *wire.Message, expected string, args ...any) {
	d.checks[req]++
	if holds {
		return
	}
	verdict := report.Info
	switch row := row(req); {
	case row.Level.Binding():
		verdict = report.Fail
	case row.Level == register.Should:
		verdict = report.Warn
	}
	d.find(req, verdict, m, expected, args...)
}

// prefer counts a check of what the judgements only warn of.
func (d *docket) prefer(req string, holds bool, m *wire.Message, expected string, args ...any) {
	d.checks[req]++
	if !holds {
		d.find(req, report.Warn, m, expected, args...)
	}
}

// inform tells what the peer does where it is free.
func (d *docket) inform(req string, m *wire.Message, text string, args ...any) {
	f := finding(req, report.Info)
	f.Got = fmt.Sprintf(text, args...) + ": " + world.Brief(*m)
	d.findings = append(d.findings, f)
}

func (d *docket) find(req string, v report.Verdict, m *wire.Message, expected string, args ...any) {
	f := finding(req, v)
	f.Expected, f.Got = fmt.Sprintf(expected, args...), world.Brief(*m)
	d.findings = append(d.findings, f)
}

func finding(req string, v report.Verdict) report.Finding {
	r := row(req)
	return report.Finding{Requirement: r.ID, Section: r.Section, Level: string(r.Level), Verdict: v, Source: "oracle"}
}

func row(req string) register.Requirement {
	r, ok := register.Lookup(req)
	if !ok {
		panic("oracle: no requirement " + req) // a test holds every id in this package to the register
	}
	return r
}
