package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/embedded"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/target"
)

// conformanceFlags are what `arcp conformance` takes.
type conformanceFlags struct {
	choose  conformance.Selection
	peer    peerFlags
	outputs outputFlags

	concurrency     int
	timeout         time.Duration
	transcriptLines int
	strict          bool
}

func newConformance() *cobra.Command {
	f := &conformanceFlags{}
	cmd := &cobra.Command{
		Use:   "conformance [flags] [--stdio -- command args…]",
		Short: "Judge an ARCP runtime against the draft",
		Long: `conformance runs the suite against a peer and says, section by section, which clauses of the draft it
breaks: what was expected, what came, and every frame of the scenario. Without a peer it judges the
runtime inside this program.

A peer must host the agent "conformance", which plays the scripts of the suite. The suite needs a bearer
token; with a second one it also checks that two principals are kept apart. A token on the command line
is seen by other users of the machine: $ARCP_TOKEN and $ARCP_SECOND_TOKEN, or the target file, are not.

--command is split as a shell splits it (quotes, $NAME), but no shell runs it; ${PORT} in it and in --url
is a free port, so quote it from your own shell. Without --url the first ws:// address that the command
prints is taken.

` + selectionHelp + `

Exit status: 0 the peer conforms; 1 it fails, or nothing was shown; 2 the request makes no sense; 3 the
peer could not be started or reached; 4 trouble of the suite's own; 130 the run was broken off by Ctrl-C
or SIGTERM. Reports are written in every case but 2.`,
		Example: `  arcp conformance
  arcp conformance --url ws://127.0.0.1:7777/arcp --token s3cret --second-token s3cret2
  arcp conformance --command 'python host.py --port ${PORT}' --url 'ws://127.0.0.1:${PORT}/arcp' --token t
  arcp conformance --token t --stdio -- my-runtime --stdio
  arcp conformance --target peer.yaml --junit report.xml
  arcp conformance --section 9.6,8.4 --level must --verbose
  arcp conformance --id arcp-9.6-01 --json - | jq .counts`,
		Args: conformanceArgs,
		RunE: f.run,
	}
	f.peer.add(cmd)
	selectionFlags(cmd, &f.choose)
	f.outputs.add(cmd)
	flags := cmd.Flags()
	flags.IntVar(&f.transcriptLines, "transcript-lines", conformance.DefaultTranscriptLines, "keep `N` frames of each scenario that does not pass; -1 is all")
	flags.IntVar(&f.concurrency, "concurrency", 0, "run `N` scenarios at once (else the target's number, else 4, over stdio 2)")
	flags.DurationVar(&f.timeout, "timeout", 0, "wait up to `10s` for each answer of the peer (else the target's, else 10s)")
	flags.BoolVar(&f.strict, "strict", false, "fail also what the draft leaves to the reader's judgement")
	cmd.AddCommand(newList())
	return cmd
}

// conformanceArgs takes a command only after two dashes: a word before them is a misspelt command.
func conformanceArgs(cmd *cobra.Command, args []string) error {
	if dash := cmd.ArgsLenAtDash(); dash >= 0 {
		args = args[:dash]
	}
	return noArgs(cmd, args)
}

func (f *conformanceFlags) run(cmd *cobra.Command, args []string) error {
	if f.concurrency < 0 || f.timeout < 0 {
		return usage("", "--concurrency and --timeout cannot be negative")
	}
	if _, err := conformance.Selected(nil, f.choose); err != nil {
		return refused(err)
	}
	spec, err := f.peer.spec(args)
	if err != nil {
		return err
	}
	peer, err := target.Open(spec, embedded.Starter)
	if err != nil {
		return refused(err)
	}
	out, err := f.outputs.open(cmd)
	if err != nil {
		return err
	}
	if spec.Tokens.First == "" && (spec.URL != "" || len(spec.Command)+len(spec.Stdio) > 0) {
		fmt.Fprintln(cmd.ErrOrStderr(), "There is no --token, so the suite says hello with an empty one.")
	}
	ctx, stop := untilSignal(cmd.Context(), func() {
		fmt.Fprintln(cmd.ErrOrStderr(), "\nBroken off: stopping the peer and writing the reports. Once more ends at once.")
	}, func() { leave(peer) })
	defer stop()
	return f.judge(ctx, peer, out)
}

// leave ends the process at once. A command that the suite started would live on without it, so it is told to end first.
func leave(peer target.Target) {
	told := make(chan struct{})
	go func() {
		_ = peer.Stop()
		close(told)
	}()
	select {
	case <-told:
	case <-time.After(time.Second):
	}
	os.Exit(exitInterrupted)
}

// judge runs the suite and writes the reports, also those of a run that came to nothing.
func (f *conformanceFlags) judge(ctx context.Context, peer target.Target, out *outputs) error {
	begun := time.Now()
	r, err := conformance.Run(ctx, peer, &conformance.Options{
		Select: f.choose, Concurrency: f.concurrency, Timeout: f.timeout, Strict: f.strict,
		TranscriptLines: f.transcriptLines, Observer: out.terminal,
	})
	status := conformance.ExitCode(r, err)
	if ctx.Err() != nil {
		status = exitInterrupted
	}
	if r == nil {
		r = nothingRan(peer.Spec(), begun, err)
	} else {
		if status == exitInterrupted {
			r.Note = strings.TrimSpace(r.Note + "\nThe run was broken off; what came too late for it stands as not judged.")
		}
		out.terminal.Render(r)
	}
	if wrong := out.write(r); wrong != nil {
		return &failure{conformance.ExitSuite, errors.Join(err, wrong), ""}
	}
	switch {
	case status == exitInterrupted:
		return &failure{status: status, err: errors.New("the run was broken off, so its report is not whole")}
	case status == conformance.ExitUnreachable:
		return &failure{status, err, reachNext(peer.Spec())}
	case err != nil:
		return refused(err)
	case status != conformance.ExitConforms:
		return &failure{status: status}
	}
	return nil
}

// nothingRan is the report of a run that did not come to its first scenario.
func nothingRan(spec *target.Spec, begun time.Time, err error) *report.Report {
	r := &report.Report{
		Suite: conformance.SuiteVersion, Draft: conformance.DraftVersion, Started: begun.UTC(),
		Seconds: time.Since(begun).Seconds(), Target: report.Target{Name: spec.Name, Version: spec.Version},
		Note: "Nothing was run: " + err.Error(),
	}
	r.Sum(nil)
	return r
}

// refused gives an error of the suite its exit status and the next step.
func refused(err error) error {
	f := &failure{status: conformance.ExitCode(nil, err), err: err}
	var choice *conformance.UsageError
	switch {
	case errors.As(err, &choice):
		f.next = selectNext
	case f.status == conformance.ExitSuite:
		f.next = "This says nothing about the peer. Please report it, with the command that you typed."
	}
	return f
}

// reachNext says what to try when the peer cannot be reached.
func reachNext(spec *target.Spec) string {
	switch {
	case len(spec.Stdio) > 0:
		return "No shell runs the command. Try it by hand: it should wait for lines on stdin."
	case len(spec.Command) > 0 && spec.URL == "":
		return "No shell runs the command. Try it by hand: it should print its ws:// address, or else say --url 'ws://127.0.0.1:${PORT}/…'."
	case len(spec.Command) > 0:
		return "No shell runs the command. Try it by hand, with a number for ${PORT}: it should listen where the URL says."
	}
	return "Does it run, and is its path in the URL, as in ws://127.0.0.1:7777/arcp? 'arcp serve' starts a peer to try things with."
}
