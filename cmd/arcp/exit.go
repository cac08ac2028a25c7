package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/arcp-conformance/arcp/conformance"
)

// exitInterrupted is the status of a run that a signal broke off, as shells have it. It stands beside the statuses 0 to
// 4 of the suite, whose meanings it leaves alone.
const exitInterrupted = 130

// failure is an end that is not a success: its status, what went wrong, and what the user can do about it.
type failure struct {
	status int
	err    error  // nil when everything was said already
	next   string // what to do; "" when err says it
}

func (f *failure) Error() string {
	if f.err == nil {
		return fmt.Sprintf("exit status %d", f.status)
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// conclude says on the error stream what went wrong, and gives the exit status. An error that is no failure comes from
// the parsing of the command line.
func conclude(errOut io.Writer, cmd *cobra.Command, err error) int {
	if err == nil {
		return conformance.ExitConforms
	}
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{conformance.ExitUsage, err, fmt.Sprintf("'%s --help' shows what it takes.", cmd.CommandPath())}
	}
	if f.err != nil {
		fmt.Fprintf(errOut, "arcp: %v\n", f.err)
	}
	if f.next != "" {
		fmt.Fprintln(errOut, f.next)
	}
	return f.status
}

func usage(next, format string, args ...any) *failure {
	return &failure{conformance.ExitUsage, fmt.Errorf(format, args...), next}
}
