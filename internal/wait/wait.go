// Package wait waits for a time that a context may cut short.
package wait

import (
	"context"
	"time"
)

// For waits for d. When ctx ends before, it gives the cause of that.
func For(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
