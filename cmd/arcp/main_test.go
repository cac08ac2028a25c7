package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// TestMain makes this test binary stand in the path as arcp, for the scripts and for what they start.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"arcp": main}) }

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("ARCP_TOKEN", "")
			env.Setenv("ARCP_SECOND_TOKEN", "")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "firstline": firstLine, "verdicts": verdicts,
		},
	})
}

// exits STATUS PROGRAM ARGS... runs a program that ends with that exit status.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM ARGS...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// firstline FILE NAME waits for the first line of a file that another process writes, and puts it in the environment.
func firstLine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: firstline FILE NAME")
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		text, err := os.ReadFile(ts.MkAbs(args[0]))
		if line, _, whole := strings.Cut(string(text), "\n"); err == nil && whole {
			ts.Setenv(args[1], line)
			return
		}
		<-time.After(10 * time.Millisecond)
	}
	ts.Fatalf("%s has no first line", args[0])
}

// verdicts REPORT FILE reads a JSON report (stdout is that of the last program) and writes the verdict of each scenario.
func verdicts(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: verdicts REPORT FILE")
	}
	var r report.Report
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &r); err != nil {
		ts.Fatalf("%s: %v", args[0], err)
	}
	var lines strings.Builder
	for _, s := range r.Scenarios {
		fmt.Fprintln(&lines, s.ID, s.Verdict)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(lines.String()), 0o600))
}
