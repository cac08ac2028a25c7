package report

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/fatih/color"
	"golang.org/x/term"
)

// TerminalOptions adjusts a Terminal; nil is all defaults.
type TerminalOptions struct {
	Color       *bool // nil: colours only on a terminal, and not where NO_COLOR is set
	Verbose     bool  // every scenario gets a line, and all that is kept of it, however often it repeats
	Progress    *bool // nil: a moving line on a terminal, else a line now and then; false: neither
	Transcripts int   // how many failed scenarios show their frames; 0 is 10, below 0 is all
}

// defaultTranscripts is for a terminal: a peer that fails everything shall not fill it with frames.
const defaultTranscripts = 10

// Terminal shows a run to a person: a line that moves while it goes on, and the report by section at its end.
// It is an Observer.
type Terminal struct {
	out   io.Writer
	paint map[Verdict]*color.Color
	bold  *color.Color
	faint *color.Color

	verbose     bool
	transcripts int // that may still be shown, below 0 without end
	moving      bool
	quiet       bool // nothing before the report
	begun       bool
	line        bool // a moving line stands on the terminal
	last        time.Time
	bad         int
	legend      bool // the arrows of the frames were explained
	seen        repetition
}

// NewTerminal writes to out.
func NewTerminal(out io.Writer, opts *TerminalOptions) *Terminal {
	if opts == nil {
		opts = &TerminalOptions{}
	}
	terminal := isTerminal(out)
	t := &Terminal{out: out, verbose: opts.Verbose, moving: terminal, transcripts: opts.Transcripts}
	if t.transcripts == 0 {
		t.transcripts = defaultTranscripts
	}
	if opts.Verbose {
		t.transcripts = -1
	}
	t.seen.off = opts.Verbose
	if opts.Progress != nil {
		t.moving, t.quiet = *opts.Progress, !*opts.Progress
	}
	_, noColor := os.LookupEnv("NO_COLOR")
	colors := terminal && !noColor
	if opts.Color != nil {
		colors = *opts.Color
	}
	t.colours(colors)
	return t
}

func (t *Terminal) colours(on bool) {
	shade := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		c.DisableColor()
		if on {
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
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is how many characters a line of the terminal has, 0 where there is no terminal.
func (t *Terminal) width() int {
	if f, ok := t.out.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return 0
}

// Begun names the peer.
func (t *Terminal) Begun(target Target, scenarios int) {
	t.begun, t.last = true, time.Now()
	fmt.Fprintf(t.out, "%s\n", t.bold.Sprintf("%s against %s", plural(scenarios, "scenario"), peerName(target)))
}

// Ended moves the progress on: a line that is overwritten on a terminal, else a line now and then.
func (t *Terminal) Ended(done, scenarios int, s Scenario) {
	if s.Verdict.Bad() {
		t.bad++
	}
	switch {
	case t.moving:
		t.move(done, scenarios, s)
	case !t.quiet && time.Since(t.last) > 10*time.Second && done < scenarios:
		t.last = time.Now()
		fmt.Fprintf(t.out, "%d/%d scenarios, %d bad\n", done, scenarios, t.bad)
	}
}

// move rewrites the moving line. It never fills a line of the terminal: one that wraps cannot be taken away again.
func (t *Terminal) move(done, scenarios int, s Scenario) {
	count := fmt.Sprintf("%d/%d", done, scenarios)
	bad := ""
	if t.bad > 0 {
		bad = fmt.Sprintf("  %d bad", t.bad)
	}
	name := cut(s.ID+" "+s.Name, cmp.Or(t.width(), 80)-len(count)-len(bad)-2)
	fmt.Fprintf(t.out, "\r\x1b[K%s%s %s", count, t.paint[Fail].Sprint(bad), t.faint.Sprint(name))
	t.line = true
}

// clear takes the moving line away.
func (t *Terminal) clear() {
	if t.line {
		fmt.Fprint(t.out, "\r\x1b[K")
		t.line = false
	}
}

func peerName(t Target) string {
	name := t.Name
	if t.Version != "" {
		name += " " + t.Version
	}
	if r := strings.TrimSpace(t.Runtime); r != "" && !strings.Contains(name, r) {
		name += " (" + r + ")"
	}
	return visible(name)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// cut keeps at most n characters.
func cut(s string, n int) string {
	runes := []rune(s)
	switch {
	case len(runes) <= n:
		return s
	case n < 1:
		return ""
	}
	return string(runes[:n-1]) + "…"
}
