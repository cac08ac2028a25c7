package actors_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
)

// TestClause_9_5_ALeaseEndsInTime runs an agent up to the last nanosecond of its lease, and into its end.
//
// Register: R14-6.
func TestClause_9_5_ALeaseEndsInTime(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]time.Duration{
		"1 s": time.Second, "30 days": 30 * 24 * time.Hour, "10 years": 10 * 365 * 24 * time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { expire(t, ahead) })
		})
	}
}

func expire(t *testing.T, ahead time.Duration) {
	var logged bytes.Buffer
	runtime := newRuntime(t, &actors.Config{Logger: slog.New(slog.NewTextHandler(&logged, nil))})
	end := time.Now().Add(ahead).UTC()
	refusals := make(chan error, 2)
	handle(t, runtime, "indexer", func(ctx context.Context, job *actors.Job) (any, error) {
		time.Sleep(time.Until(end) - time.Nanosecond)
		if err := job.Tool(ctx, "search", nil, nil); err != nil {
			return nil, err
		}
		time.Sleep(time.Nanosecond)
		refusals <- job.Tool(ctx, "search", nil, nil)
		<-ctx.Done()
		refusals <- context.Cause(ctx)
		return "partial", job.Log(context.WithoutCancel(ctx), "info", "unwinding")
	})
	c := openQuiet(t, runtime)
	c.send(protocol.JobSubmit{
		Agent: "indexer", LeaseRequest: protocol.Lease{"tool.call": {"search"}},
		LeaseConstraints: &protocol.LeaseConstraints{ExpiresAt: end.Format(time.RFC3339Nano)},
	}, "")
	accepted := want[protocol.JobAccepted](c)
	if echo := accepted.Payload.(protocol.JobAccepted).LeaseConstraints; echo == nil || echo.ExpiresAt != end.Format(time.RFC3339Nano) {
		t.Errorf("echoed %+v", echo)
	}
	ending, events := c.end(accepted.JobID)
	if failure, ok := ending.(protocol.JobError); !ok || failure.Code != protocol.LeaseExpired ||
		failure.FinalStatus != protocol.StatusError || failure.Retryable {
		t.Errorf("ends with %+v", ending)
	}
	kinds := make([]string, 0, len(events))
	for _, event := range events {
		kinds = append(kinds, string(event.Kind))
	}
	if got := strings.Join(kinds, " "); got != "tool_call tool_result tool_call tool_result log" {
		t.Fatalf("got %s", got)
	}
	if body := string(events[3].Body); !strings.Contains(body, `"code":"LEASE_EXPIRED"`) || !strings.Contains(body, `"retryable":false`) {
		t.Errorf("the second tool_result is %s", body)
	}
	for range 2 {
		var refusal *protocol.Error
		if err := <-refusals; !errors.As(err, &refusal) || refusal.Code != protocol.LeaseExpired {
			t.Errorf("the agent was told %v", err)
		}
	}
	shutdown(t, runtime)
	synctest.Wait()
	if !strings.Contains(logged.String(), "lease expired") { // §14
		t.Errorf("logged %s", logged.String())
	}
}

func TestClause_9_5_APastLeaseIsRefused(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "indexer", func(context.Context, *actors.Job) (any, error) { return nil, nil })
	c := open(t, runtime)
	c.send(protocol.JobSubmit{
		Agent: "indexer", LeaseConstraints: &protocol.LeaseConstraints{ExpiresAt: "2020-01-01T00:00:00Z"},
	}, "")
	if failure := want[protocol.SessionError](c).Payload.(protocol.SessionError); failure.Code != protocol.InvalidRequest {
		t.Errorf("got %+v", failure)
	}
}
