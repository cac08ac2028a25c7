package conformance

import (
	"errors"

	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/target"
)

// The exit statuses of a run.
const (
	ExitConforms    = 0
	ExitFails       = 1
	ExitUsage       = 2
	ExitUnreachable = 3
	ExitSuite       = 4
)

// ExitCode maps what Run gave to an exit status: 0 the peer conforms, 1 it fails, 2 the request made no sense, 3 the
// peer could not be started or reached, 4 the suite's own error. A run without a scenario or without a check is never 0.
func ExitCode(r *report.Report, err error) int {
	var usage *UsageError
	var invalid *target.Invalid
	var unreachable *target.Unreachable
	switch {
	case errors.As(err, &usage), errors.As(err, &invalid):
		return ExitUsage
	case errors.As(err, &unreachable):
		return ExitUnreachable
	case err != nil || r == nil:
		return ExitSuite
	case r.Conforms:
		return ExitConforms
	case r.Counts.Verdicts[report.Fail] > 0 || r.Counts.Verdicts[report.XPass] > 0:
		return ExitFails
	case r.Counts.Verdicts[report.Error] > 0:
		return ExitSuite
	}
	return ExitFails // nothing ran, or nothing was checked: nothing was shown
}
