package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// limit is how long one mutant may take to be built and judged.
const limit = 5 * time.Minute

// verdicts is what came of each scenario.
type verdicts map[string]string

// judge builds the command with a mutant, nil for none, and runs the suite of that build against itself; section narrows
// the suite.
func judge(ctx context.Context, root string, m *mutant, section string) (verdicts, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	command, err := build(ctx, root, dir, m)
	if err != nil {
		return nil, err
	}
	args := []string{"conformance", "--no-progress"}
	if section != "" {
		args = append(args, "--section", section)
	}
	return suite(ctx, filepath.Join(dir, "report.json"), command, args...)
}

func build(ctx context.Context, root, dir string, m *mutant) (string, error) {
	command := filepath.Join(dir, "arcp")
	args := []string{"build", "-o", command}
	if m != nil {
		overlay, err := m.overlay(root, dir)
		if err != nil {
			return "", err
		}
		args = append(args, "-overlay", overlay)
	}
	compile := exec.CommandContext(ctx, "go", append(args, "./cmd/arcp")...)
	compile.Dir = root
	if out, err := compile.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return command, nil
}

// suite runs the suite and reads its report. It ends with status 1 when something fails, which is what mutants are for.
func suite(ctx context.Context, report, command string, args ...string) (verdicts, error) {
	out, err := exec.CommandContext(ctx, command, append(args, "--json", report)...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return nil, fmt.Errorf("the suite: %w: %s", err, tail(out))
	}
	text, err := os.ReadFile(report)
	if err != nil {
		return nil, err
	}
	var read struct {
		Scenarios []struct{ ID, Verdict string }
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	v := verdicts{}
	for _, s := range read.Scenarios {
		v[s.ID] = s.Verdict
	}
	return v, nil
}

// tail is the end of what a command wrote.
func tail(out []byte) []byte { return out[max(0, len(out)-2000):] }
