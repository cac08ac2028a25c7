package demo

import (
	"context"

	"github.com/arcp-conformance/arcp/actors"
)

// Register registers the demo agents with a runtime.
func Register(runtime *actors.Runtime) error {
	if err := runtime.Handle("echo", "1.0.0", Echo); err != nil {
		return err
	}
	return runtime.Handle("report-builder", "1.0.0", ReportBuilder)
}

// Echo is the least agent that there can be: its result is its input. It needs no lease.
func Echo(ctx context.Context, job *actors.Job) (any, error) {
	if err := job.Log(ctx, "info", "giving the input back"); err != nil {
		return nil, err
	}
	return job.Input(), nil
}
