package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/register"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// judge turns what the scenario did into a verdict: its own checks first, then the oracles over the transcript, then
// the probe that the peer still lives.
func (p *playing) judge(ctx context.Context, s *report.Scenario) {
	w := p.world
	p.ownFinding(w, s)
	if p.run.target.Shared() { // separate processes need not know each other's ids
		p.run.fresh.judge(w)
	}
	s.Findings = append(s.Findings, w.Findings()...)
	judgement := judgeTranscript(w)
	s.Findings = append(s.Findings, judgement.Findings...)
	f, dead := p.probe(ctx, w)
	if p.dead = dead; dead {
		s.Findings = append(s.Findings, f)
	}
	s.Findings = condense(s.Findings)
	s.Checks = w.Checks()
	for req, n := range judgement.Checks {
		s.Checks[req] += n
	}
	p.verdict(w, s)
	p.expect(s)
	if s.Verdict != report.Pass && s.Verdict != report.Skip {
		s.Transcript = w.Transcript(p.run.opts.TranscriptLines)
	}
	redactScenario(w, s)
}

// ownFinding makes a finding of a step that failed without a check, at the level of the scenario.
func (p *playing) ownFinding(w *world.World, s *report.Scenario) {
	var broken *world.Broken
	if p.err == nil || errors.Is(p.err, godog.ErrSkip) || errors.As(p.err, &broken) || suitesOwn(p.err) ||
		w.Trouble() != nil {
		return
	}
	v := map[string]report.Verdict{"must": report.Fail, "should": report.Warn, "may": report.Info}[s.Level]
	row, _ := register.Lookup(s.Requirements[0])
	s.Findings = append(s.Findings, report.Finding{
		Requirement: row.ID, Section: row.Section, Level: string(row.Level), Verdict: v,
		Expected: p.step, Got: p.err.Error(), Source: "step",
	})
}

// verdict weighs the findings. A breach counts even where the scenario was skipped later; the suite's own trouble
// leaves no verdict on the peer, unless a breach was seen before it.
func (p *playing) verdict(w *world.World, s *report.Scenario) {
	s.Verdict = report.Worst(ownFindings(s))
	if p.err != nil && !errors.Is(p.err, godog.ErrSkip) {
		s.Step = p.step
	}
	trouble := w.Trouble()
	if p.err != nil && suitesOwn(p.err) {
		trouble = p.err
	}
	switch {
	case s.Verdict == report.Fail:
	case trouble != nil:
		s.Verdict, s.Reason = report.Error, trouble.Error()
	case w.Skipped() != "":
		s.Verdict, s.Reason = report.Skip, w.Skipped()
	case errors.Is(p.err, godog.ErrSkip):
		s.Verdict, s.Reason = report.Error, "a step skipped the scenario without a reason"
	case w.Explicit() == 0 && p.err == nil:
		s.Verdict, s.Reason = report.Error, "the scenario made no check of its own"
	}
}

// ownFindings leaves out what the oracles only warn of under clauses that the scenario does not claim. One habit of a
// peer, such as counters written as text, would else colour every scenario that comes across it; the report tells it once.
// What the oracles hold to be a failure fails the scenario in which it was seen, whatever that was about.
func ownFindings(s *report.Scenario) []report.Finding {
	var own []report.Finding
	for _, f := range s.Findings {
		if f.Source != "oracle" || f.Verdict == report.Fail || slices.Contains(s.Requirements, f.Requirement) {
			own = append(own, f)
		}
	}
	return own
}

// expect applies the failures that the target's description expects.
func (p *playing) expect(s *report.Scenario) {
	for _, e := range p.run.target.Spec().Expected {
		if e.Scenario != s.ID {
			continue
		}
		switch s.Verdict {
		case report.Fail:
			s.Verdict, s.Reason = report.XFail, e.Reason
		case report.Pass, report.Warn, report.Info:
			s.Verdict, s.Reason = report.XPass, "expected to fail, and does not: "+e.Reason
		}
	}
}

// probe shows that the peer still welcomes a new session after the scenario. Where each connection is a process of its
// own it would show nothing, and a peer that never welcomed anybody is not asked again.
func (p *playing) probe(ctx context.Context, w *world.World) (report.Finding, bool) {
	if !p.run.welcomed || !p.run.target.Shared() || w.Skipped() != "" || ctx.Err() != nil && p.err == errInterrupted {
		return report.Finding{}, false
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.run.opts.Timeout+5*time.Second)
	defer cancel()
	_, err := p.run.greet(ctx, p.run.opts.Timeout, nil)
	if err == nil {
		return report.Finding{}, false
	}
	row, _ := register.Lookup("R14-7")
	return report.Finding{
		Requirement: row.ID, Section: row.Section, Level: string(row.Level), Verdict: report.Fail, Source: "probe",
		Expected: "a runtime that still welcomes a new session after this scenario", Got: err.Error(),
	}, true
}

// alike is how many findings of one requirement and verdict a report shows for a scenario.
const alike = 5

// condense drops findings that say the same again, and all but a few of a kind: a fault of every message is one fault.
func condense(all []report.Finding) []report.Finding {
	var kept []report.Finding
	seen, kinds := map[report.Finding]bool{}, map[string]int{}
	for _, f := range all {
		kind := f.Requirement + " " + string(f.Verdict)
		if seen[f] {
			continue
		}
		seen[f] = true
		if kinds[kind]++; kinds[kind] <= alike {
			kept = append(kept, f)
		}
	}
	for i := range kept {
		kind := kept[i].Requirement + " " + string(kept[i].Verdict)
		if more := kinds[kind] - alike; more > 0 {
			kept[i].Got += fmt.Sprintf(" (and %d findings more of this kind)", more)
			kinds[kind] = 0
		}
	}
	return kept
}

func redactScenario(w *world.World, s *report.Scenario) {
	s.Reason = w.Redact(s.Reason)
	for i := range s.Findings {
		f := &s.Findings[i]
		f.Expected, f.Got = w.Redact(f.Expected), w.Redact(f.Got)
	}
	for i, line := range s.Transcript {
		s.Transcript[i] = w.Redact(line)
	}
	s.Reason = strings.TrimSpace(s.Reason)
}
