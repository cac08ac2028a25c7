package report

import (
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/fatih/color"
	"golang.org/x/term"
)

// TerminalOptions adjusts a Terminal; nil is all defaults.
type TerminalOptions struct {
	Color    *bool // nil: colours only on a terminal, and not where NO_COLOR is set
	Verbose  bool  // every scenario gets a line, not only those with something to say
	Progress *bool // nil: a moving line only on a terminal
}

// Terminal shows a run to a person: a line that moves while it goes on, and the report by section at its end.
// It is an Observer.
type Terminal struct {
	out     io.Writer
	verbose bool
	moving  bool
	paint   map[Verdict]*color.Color
	bold    *color.Color
	faint   *color.Color
	last    time.Time
	bad     int
}

// NewTerminal writes to out.
func NewTerminal(out io.Writer, opts *TerminalOptions) *Terminal {
	if opts == nil {
		opts = &TerminalOptions{}
	}
	terminal := isTerminal(out)
	_, noColor := os.LookupEnv("NO_COLOR")
	t := &Terminal{out: out, verbose: opts.Verbose, moving: terminal}
	colors := terminal && !noColor
	if opts.Color != nil {
		colors = *opts.Color
	}
	if opts.Progress != nil {
		t.moving = *opts.Progress
	}
	shade := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		c.DisableColor()
		if colors {
			c.EnableColor()
		}
		return c
	}
	red, yellow := shade(color.FgRed, color.Bold), shade(color.FgYellow)
	t.paint = map[Verdict]*color.Color{
		Pass: shade(color.FgGreen), Warn: yellow, Info: shade(color.FgCyan), Fail: red, Error: shade(color.FgMagenta, color.Bold),
		Skip: shade(color.Faint), XFail: yellow, XPass: red,
	}
	t.bold, t.faint = shade(color.Bold), shade(color.Faint)
	return t
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Begun names the peer.
func (t *Terminal) Begun(target Target, scenarios int) {
	fmt.Fprintf(t.out, "%s\n", t.bold.Sprintf("%s against %s", plural(scenarios, "scenario"), peerName(target)))
	t.last = time.Now()
}

// Ended moves the progress on: a line that is overwritten on a terminal, else a line now and then.
func (t *Terminal) Ended(done, scenarios int, s Scenario) {
	if s.Verdict.Bad() {
		t.bad++
	}
	if t.moving {
		fmt.Fprintf(t.out, "\r\x1b[K%d/%d %s", done, scenarios, t.faint.Sprint(cut(s.ID+" "+s.Name, 60)))
		if t.bad > 0 {
			fmt.Fprint(t.out, t.paint[Fail].Sprintf("  %d bad", t.bad))
		}
		if done == scenarios {
			fmt.Fprint(t.out, "\r\x1b[K")
		}
		return
	}
	if time.Since(t.last) > 10*time.Second && done < scenarios {
		t.last = time.Now()
		fmt.Fprintf(t.out, "%d/%d scenarios, %d bad\n", done, scenarios, t.bad)
	}
}

// Render writes the report.
func (t *Terminal) Render(r *Report) {
	if r.Note != "" {
		fmt.Fprintf(t.out, "\n%s\n", t.paint[Fail].Sprint(r.Note))
	}
	for _, section := range r.Sections() {
		fmt.Fprintf(t.out, "\n%s  %s\n", t.bold.Sprint(section.Title), t.counts(section.Count()))
		for _, s := range section.Scenarios {
			t.scenario(s)
		}
	}
	t.skips(r)
	t.summary(r)
}

func (t *Terminal) scenario(s Scenario) {
	quiet := s.Verdict == Pass || s.Verdict == Skip
	if quiet && !t.verbose {
		return
	}
	fmt.Fprintf(t.out, "  %s %s %s\n", t.paint[s.Verdict].Sprintf("%-5s", s.Verdict), s.ID, s.Name)
	if quiet {
		if s.Reason != "" {
			fmt.Fprintf(t.out, "        %s\n", t.faint.Sprint(s.Reason))
		}
		return
	}
	if s.Step != "" {
		fmt.Fprintf(t.out, "        at the step: %s\n", s.Step)
	}
	if s.Reason != "" {
		fmt.Fprintf(t.out, "        %s\n", indent(s.Reason))
	}
	for _, f := range s.Findings {
		fmt.Fprintf(t.out, "        %s %s\n", t.paint[f.Verdict].Sprintf("%-4s", f.Verdict), indent(f.String()))
	}
	if s.Verdict == Fail || s.Verdict == Error || t.verbose {
		for _, line := range s.Transcript {
			fmt.Fprintf(t.out, "        %s\n", t.faint.Sprint(line))
		}
	}
}

// skips gives each reason once.
func (t *Terminal) skips(r *Report) {
	reasons := map[string]int{}
	for _, s := range r.Scenarios {
		if s.Verdict == Skip {
			reasons[s.Reason]++
		}
	}
	if len(reasons) == 0 {
		return
	}
	fmt.Fprintf(t.out, "\n%s\n", t.bold.Sprint("Skipped"))
	var names []string
	for name := range reasons {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(t.out, "  %4d  %s\n", reasons[name], name)
	}
}

func (t *Terminal) summary(r *Report) {
	c := r.Counts
	fmt.Fprintf(t.out, "\n%s: %s\n", plural(c.Selected, "scenario"), t.counts(c.Verdicts))
	fmt.Fprintf(t.out, "%s under %d of the %d requirements of the register, in %.1f s\n",
		plural(c.Checks, "check"), c.Requirements, c.Register, r.Seconds)
	if r.Target.Log != "" && !r.Conforms {
		fmt.Fprintf(t.out, "The peer's own error output ends:\n%s\n", t.faint.Sprint(tail(r.Target.Log, 10)))
	}
	switch name := peerName(r.Target); {
	case r.Conforms:
		fmt.Fprintln(t.out, t.paint[Pass].Sprint(name, " conforms, as far as this was checked"))
	case c.Verdicts[Fail] > 0 || c.Verdicts[XPass] > 0:
		fmt.Fprintln(t.out, t.paint[Fail].Sprint(name, " does not conform"))
	default:
		fmt.Fprintln(t.out, t.paint[Error].Sprint(name, " could not be judged"))
	}
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

func peerName(t Target) string {
	name := t.Name
	if t.Version != "" {
		name += " " + t.Version
	}
	if r := strings.TrimSpace(t.Runtime); r != "" && !strings.Contains(name, r) {
		name += " (" + r + ")"
	}
	return name
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func indent(s string) string { return strings.ReplaceAll(s, "\n", "\n        ") }

// cut keeps at most n characters.
func cut(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}

// tail keeps the last n lines.
func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
