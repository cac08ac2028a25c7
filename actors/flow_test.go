package actors_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/protocol"
)

// shutdown ends a runtime inside a bubble, so that nothing of it is left.
func shutdown(t *testing.T, runtime *actors.Runtime) {
	t.Helper()
	if err := runtime.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestASlowReaderSlowsItsOwnJobsOnly has one client that does not read. Its agent stops at the session's credit, another
// session's goes on, and when the client is gone the first one goes on as well.
func TestASlowReaderSlowsItsOwnJobsOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const credit, events = 64 << 10, 5000
		runtime := newRuntime(t, &actors.Config{SessionCredit: credit})
		var emitted atomic.Int64
		line := strings.Repeat("x", 100)
		handle(t, runtime, "chatty", func(ctx context.Context, job *actors.Job) (any, error) {
			for range events {
				if err := job.Log(ctx, "info", line); err != nil {
					return nil, err
				}
				emitted.Add(1)
			}
			return nil, nil
		})
		handle(t, runtime, "quick", func(ctx context.Context, job *actors.Job) (any, error) { return 1, job.Log(ctx, "info", "hi") })

		slow := open(t, runtime)
		slow.submit("chatty", nil, nil)
		synctest.Wait()
		stuck := emitted.Load()
		if stuck == 0 || stuck > credit/int64(len(line)) {
			t.Errorf("%d events were emitted to a client that reads none", stuck)
		}
		other := open(t, runtime)
		if ending, seen := other.end(other.submit("quick", nil, nil)); len(seen) != 1 {
			t.Errorf("the other session: %v, %v", seen, ending)
		}
		if emitted.Load() != stuck {
			t.Error("the slow session's job went on")
		}
		slow.conn.Abort()
		synctest.Wait()
		if emitted.Load() != events {
			t.Errorf("without a client the job stopped at %d events", emitted.Load())
		}
		other.conn.Abort()
		shutdown(t, runtime)
	})
}

// TestClause_7_4_AnAgentThatIgnoresACancelIsLeftBehind ends the job after the grace and lets the agent emit no more.
func TestClause_7_4_AnAgentThatIgnoresACancelIsLeftBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runtime := newRuntime(t, &actors.Config{Job: &job.Config{CancelGrace: time.Second}})
		release, late := make(chan struct{}), make(chan error, 1)
		handle(t, runtime, "deaf", func(ctx context.Context, job *actors.Job) (any, error) {
			<-release
			late <- job.Log(context.WithoutCancel(ctx), "info", "too late")
			return 1, nil
		})
		c := open(t, runtime)
		id := c.submit("deaf", nil, nil)
		c.send(protocol.JobCancel{JobID: id}, id)
		want[protocol.JobCancelled](c)
		begun := time.Now()
		ending, _ := c.end(id)
		if failure, ok := ending.(protocol.JobError); !ok || failure.Code != protocol.Cancelled || time.Since(begun) != time.Second {
			t.Errorf("%+v after %v", ending, time.Since(begun))
		}
		close(release)
		if err := <-late; err == nil {
			t.Error("an event after the ending was taken")
		}
		c.conn.Abort()
		shutdown(t, runtime)
	})
}

func TestClause_7_3_MaxRuntimeEndsAJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runtime := newRuntime(t, nil)
		handle(t, runtime, "slow", func(ctx context.Context, _ *actors.Job) (any, error) {
			<-ctx.Done()
			return nil, context.Cause(ctx)
		})
		c := open(t, runtime)
		limit := protocol.Number("1.5")
		begun := time.Now()
		c.send(protocol.JobSubmit{Agent: "slow", MaxRuntimeSec: &limit}, "")
		ending, _ := c.end(want[protocol.JobAccepted](c).JobID)
		failure, ok := ending.(protocol.JobError)
		if !ok || failure.Code != protocol.Timeout || failure.FinalStatus != protocol.StatusTimedOut ||
			time.Since(begun) != 1500*time.Millisecond {
			t.Errorf("%+v after %v", ending, time.Since(begun))
		}
		c.conn.Abort()
		shutdown(t, runtime)
	})
}

// TestClause_6_4_AnIdleRuntimePings and closes the connection of a client that is silent for two intervals; its job runs
// on (§6.4).
//
// Register: R6.4-2, R6.4-3, R6.4-4.
func TestClause_6_4_AnIdleRuntimePings(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runtime := newRuntime(t, &actors.Config{HeartbeatInterval: 20 * time.Second})
		done := make(chan struct{})
		handle(t, runtime, "long", func(ctx context.Context, _ *actors.Job) (any, error) {
			select {
			case <-time.After(time.Minute):
				close(done)
			case <-ctx.Done():
			}
			return nil, nil
		})
		c := open(t, runtime)
		c.submit("long", nil, nil)
		begun := time.Now()
		want[protocol.SessionPing](c)
		if got := time.Since(begun); got != 15*time.Second {
			t.Errorf("the ping came after %v", got)
		}
		for {
			if _, err := c.conn.Receive(t.Context()); err != nil {
				break
			}
		}
		if got := time.Since(begun); got != 40*time.Second {
			t.Errorf("the connection was closed after %v", got)
		}
		<-done
		shutdown(t, runtime)
	})
}

// TestClause_6_5_AStalledSubscriberLosesItsConnectionOnly has a subscriber that never reads. It slows nobody, and what piles up
// for it is bounded: it is cut off, and the job that it watched goes on.
func TestClause_6_5_AStalledSubscriberLosesItsConnectionOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runtime := newRuntime(t, &actors.Config{Unpaid: 256 << 10})
		start := make(chan struct{})
		line := strings.Repeat("x", 1000)
		handle(t, runtime, "chatty", func(ctx context.Context, job *actors.Job) (any, error) {
			<-start
			for range 2000 {
				if err := job.Log(ctx, "info", line); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		owner := open(t, runtime)
		id := owner.submit("chatty", nil, nil)
		stalled := open(t, runtime)
		stalled.send(protocol.JobSubscribe{JobID: id}, "")
		want[protocol.JobSubscribed](stalled)
		close(start)
		if _, events := owner.end(id); len(events) != 2000 {
			t.Errorf("the owner saw %d events", len(events))
		}
		synctest.Wait()
		got := 0
		for {
			if _, err := stalled.conn.Receive(t.Context()); err != nil {
				break
			}
			got++
		}
		if got > 256 {
			t.Errorf("%d events were kept for a client that does not read", got)
		}
		owner.conn.Abort()
		shutdown(t, runtime)
	})
}
