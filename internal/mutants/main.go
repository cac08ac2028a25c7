package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	pattern := flag.String("run", "", "only the mutants whose name matches this `regexp`")
	section := flag.String("section", "", "only the scenarios of these `sections` of the draft, such as 8.4,9.6: quicker, and blind to the others")
	list := flag.Bool("list", false, "say what mutants there are, and build nothing")
	flag.Parse()
	chosen, err := choose(*pattern)
	if err == nil && *list {
		for _, m := range chosen {
			fmt.Printf("%-44s §%s\n", m.name, m.clause)
		}
		return
	}
	if err == nil {
		err = measure(ctx, os.Stdout, chosen, *section)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func choose(pattern string) ([]*mutant, error) {
	match, err := regexp.Compile(pattern)
	if err != nil {
		return nil, err
	}
	var chosen []*mutant
	for _, m := range table() {
		if match.MatchString(m.name) {
			chosen = append(chosen, m)
		}
	}
	if len(chosen) == 0 {
		return nil, fmt.Errorf("no mutant matches %q", pattern)
	}
	return chosen, nil
}

// measure judges every mutant and writes one line for each. Its error says how many were not seen by enough scenarios.
func measure(ctx context.Context, out io.Writer, chosen []*mutant, section string) error {
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	sound, err := judge(ctx, root, nil, section)
	if err != nil {
		return fmt.Errorf("without a mutant: %w", err)
	}
	for id, v := range sound {
		if v == "fail" || v == "error" {
			return fmt.Errorf("without a mutant, %s already ends in %s", id, v)
		}
	}
	fmt.Fprintf(out, "%-44s %6s %5s  %s\n", "mutant", "wanted", "seen", "by")
	missed := 0
	for _, m := range chosen {
		got, err := judge(ctx, root, m, section)
		if err != nil {
			return fmt.Errorf("mutant %q: %w", m.name, err)
		}
		seen, wrong := m.seen(sound, got)
		note := brief(seen)
		if len(seen) < m.least {
			missed++
			note += "  NOT ENOUGH"
		}
		if len(wrong) > 0 {
			missed++
			note += "  MUST NOT FAIL: " + brief(wrong)
		}
		fmt.Fprintf(out, "%-44s %6d %5d  %s\n", m.name, m.least, len(seen), note)
	}
	fmt.Fprintf(out, "%d mutants, %d not seen as they should be\n", len(chosen), missed)
	if missed > 0 {
		return fmt.Errorf("%d of %d mutants were not seen as they should be", missed, len(chosen))
	}
	return nil
}

// seen gives the scenarios that turned red by the mutant, and of one that may only warn those that failed.
func (m *mutant) seen(sound, got verdicts) (seen, wrong []string) {
	for id, v := range got {
		switch {
		case m.warns && v == "warn" && sound[id] != "warn", !m.warns && v == "fail":
			seen = append(seen, id)
		case m.warns && v == "fail":
			wrong = append(wrong, id)
		}
	}
	sort.Strings(seen)
	sort.Strings(wrong)
	return seen, wrong
}

// brief shows the first few of many.
func brief(ids []string) string {
	const few = 4
	if len(ids) > few {
		return strings.Join(ids[:few], " ") + " …"
	}
	return strings.Join(ids, " ")
}

func moduleRoot(ctx context.Context) (string, error) {
	mod, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", err
	}
	return filepath.Dir(strings.TrimSpace(string(mod))), nil
}
