package report

import (
	"cmp"
	"fmt"
	"sort"
	"strings"
	"unicode/utf8"
)

// Render writes the report.
func (t *Terminal) Render(r *Report) {
	t.clear()
	if !t.begun {
		t.Begun(r.Target, len(r.Scenarios))
	}
	if r.Note != "" {
		fmt.Fprintf(t.out, "\n%s\n", t.paint[Fail].Sprint(wrap(r.Note, 0, t.width())))
	}
	statements := map[string]string{}
	for _, row := range r.Requirements {
		statements[row.ID] = row.Statement
	}
	for _, section := range r.Sections() {
		fmt.Fprintf(t.out, "\n%s  %s\n", t.bold.Sprint(section.Title), t.counts(section.Count()))
		for _, s := range section.Scenarios {
			t.scenario(s, statements)
		}
		t.more()
	}
	t.asides(r, statements)
	t.reasons("Skipped", r, func(s Scenario) bool { return s.Verdict == Skip })
	t.reasons("Not judged", r, Scenario.unjudged)
	t.summary(r)
}

// unjudged says that the suite's own trouble came before anything of the scenario: there is nothing to show but the
// reason, which many scenarios share.
func (s Scenario) unjudged() bool {
	return s.Verdict == Error && s.Step == "" && len(s.Findings) == 0 && len(s.Transcript) == 0
}

func (t *Terminal) scenario(s Scenario, statements map[string]string) {
	quiet := s.Verdict == Pass || s.Verdict == Skip || s.unjudged()
	if (quiet || s.Verdict == Info) && !t.verbose {
		return
	}
	if first := t.seen.all(s); first != "" {
		t.alike(s, first)
		return
	}
	fmt.Fprintf(t.out, "  %s %s  %s\n", t.paint[s.Verdict].Sprintf("%-5s", s.Verdict), s.ID, t.name(s))
	if quiet {
		if s.Reason != "" {
			fmt.Fprintf(t.out, "        %s\n", t.faint.Sprint(wrap(s.Reason, 8, t.width())))
		}
		return
	}
	if s.Reason != "" {
		fmt.Fprintf(t.out, "        %s\n", wrap(s.Reason, 8, t.width()))
	}
	if s.Verdict == XFail && !t.verbose {
		return
	}
	for _, f := range s.Findings {
		if first := t.seen.before(f, s.ID); first != "" {
			t.repeated(f, first)
			continue
		}
		t.finding(f, statements[f.Requirement])
	}
	if s.Step != "" {
		fmt.Fprintf(t.out, "        at the step  %s\n", wrap(s.Step, 21, t.width()))
	}
	t.transcript(s)
}

// name is bold where it heads a block.
func (t *Terminal) name(s Scenario) string {
	if s.Verdict.Bad() {
		return t.bold.Sprint(s.Name)
	}
	return s.Name
}

// finding shows the clause, what was expected, and what came.
func (t *Terminal) finding(f Finding, statement string) {
	clause := "the scenario itself"
	if f.Requirement != "" {
		clause = strings.TrimSpace(fmt.Sprintf("§%s %s %s", f.Section, f.Level, f.Requirement))
	}
	if f.Source == "oracle" || f.Source == "probe" {
		clause += " (" + f.Source + ")"
	}
	if statement != "" {
		clause += ": " + statement
	}
	fmt.Fprintf(t.out, "        %s %s\n", t.paint[f.Verdict].Sprintf("%-4s", f.Verdict), wrap(clause, 13, t.width()))
	if f.Expected != "" {
		fmt.Fprintf(t.out, "             expected  %s\n", wrap(f.Expected, 23, t.width()))
	}
	fmt.Fprintf(t.out, "             got       %s\n", wrap(cmp.Or(f.Got, "nothing"), 23, t.width()))
}

// transcript shows the frames of what failed, as long as there are few such scenarios.
func (t *Terminal) transcript(s Scenario) {
	switch {
	case len(s.Transcript) == 0 || !t.verbose && s.Verdict != Fail && s.Verdict != Error && s.Verdict != XPass:
		return
	case t.transcripts == 0:
		fmt.Fprintf(t.out, "        %s\n", t.faint.Sprintf("%s: --verbose shows them", plural(len(s.Transcript), "frame")))
		return
	}
	legend := ""
	if !t.legend {
		legend, t.legend = " (→ from the suite, ← from the peer)", true
	}
	t.transcripts--
	fmt.Fprintf(t.out, "        frames%s\n", legend)
	for _, line := range s.Transcript {
		t.frame(line)
	}
}

// frame shows one frame; what does not fit stands below its beginning.
func (t *Terminal) frame(line string) {
	head, text := "", line
	if at := strings.IndexAny(line, "→←"); at >= 0 {
		at = min(at+len("→ "), len(line))
		head, text = visible(line[:at]), line[at:]
	}
	fmt.Fprintf(t.out, "        %s\n", t.faint.Sprint(head, wrap(text, 8+utf8.RuneCountInString(head), t.width())))
}

// reasons gives the reason of each scenario that belongs here, alike ones once with their number.
func (t *Terminal) reasons(title string, r *Report, belongs func(Scenario) bool) {
	count := map[string]int{}
	for _, s := range r.Scenarios {
		if belongs(s) {
			count[s.Reason]++
		}
	}
	if len(count) == 0 {
		return
	}
	fmt.Fprintf(t.out, "\n%s\n", t.bold.Sprint(title))
	var reasons []string
	for reason := range count {
		reasons = append(reasons, reason)
	}
	sort.Slice(reasons, func(i, j int) bool {
		a, b := reasons[i], reasons[j]
		return count[a] > count[b] || count[a] == count[b] && a < b
	})
	for _, reason := range reasons {
		fmt.Fprintf(t.out, "  %4d  %s\n", count[reason], wrap(cmp.Or(reason, "no reason"), 8, t.width()))
	}
}

// summary ends the report; its last line is the one to remember.
func (t *Terminal) summary(r *Report) {
	if r.Target.Log != "" && !r.Conforms {
		fmt.Fprintf(t.out, "\n%s\n%s\n", t.bold.Sprint("The peer's own error output ends"), t.faint.Sprint(visible(tail(r.Target.Log, 10))))
	}
	t.failed(r)
	c := r.Counts
	t.hints(c)
	if len(r.Scenarios) > 0 {
		fmt.Fprintf(t.out, "\n%s, in %.1f s\n", t.counts(c.Verdicts), r.Seconds)
	}
	name := peerName(r.Target)
	verdict := t.paint[Error].Sprint(name, " could not be judged")
	switch {
	case r.Conforms:
		verdict = t.paint[Pass].Sprint(name, " conforms, as far as this was checked")
	case c.Verdicts[Fail] > 0 || c.Verdicts[XPass] > 0:
		verdict = t.paint[Fail].Sprint(name, " does not conform")
	}
	fmt.Fprintf(t.out, "%s: %s\n", verdict, r.extent())
}

// hints says what the report left out.
func (t *Terminal) hints(c Counts) {
	var hints []string
	if t.seen.left {
		hints = append(hints, "what repeats")
	}
	if n := c.Verdicts[Info]; n > 0 && !t.verbose {
		hints = append(hints, plural(n, "note")+" on what the draft leaves open")
	}
	if len(hints) > 0 {
		fmt.Fprintf(t.out, "\nLeft out here, and shown by --verbose: %s\n", strings.Join(hints, ", "))
	}
}

// extent says how much a run has shown.
func (r *Report) extent() string {
	ran := 0
	for _, s := range r.Scenarios {
		if s.Verdict != Skip && !s.unjudged() {
			ran++
		}
	}
	c := r.Counts
	scenarios := plural(ran, "scenario")
	if of := max(c.Total, c.Selected); ran < of {
		scenarios = fmt.Sprintf("%d of %s", ran, plural(of, "scenario"))
	}
	return fmt.Sprintf("%s and %s ran, on %d of the draft's %d requirements",
		scenarios, plural(c.Checks, "check"), c.Requirements, c.Register)
}

// failed names once more, where a long report ends, what was bad.
func (t *Terminal) failed(r *Report) {
	var ids []string
	for _, s := range r.Scenarios {
		if s.Verdict.Bad() && !s.unjudged() {
			ids = append(ids, s.ID)
		}
	}
	const shown = 12
	if len(ids) == 0 {
		return
	}
	more := ""
	if len(ids) > shown {
		more = fmt.Sprintf(" and %d more", len(ids)-shown)
		ids = ids[:shown]
	}
	fmt.Fprintf(t.out, "\n%s  %s%s\n", t.bold.Sprint("Look at"), strings.Join(ids, ", "), more)
}

func (t *Terminal) counts(counts map[Verdict]int) string {
	var parts []string
	for _, v := range Verdicts() {
		if n := counts[v]; n > 0 {
			parts = append(parts, t.paint[v].Sprintf("%d %s", n, v))
		}
	}
	return strings.Join(parts, ", ")
}

// tail keeps the last n lines.
func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
