package actors_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/protocol"
)

// TestClause_7_6_AFinishedJobIsShownForAWhile subscribes after the ending, with the budget gone, and much later.
func TestClause_7_6_AFinishedJobIsShownForAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runtime := newRuntime(t, nil)
		handle(t, runtime, "spender", func(ctx context.Context, job *actors.Job) (any, error) {
			return 1, job.Cost(ctx, "cost.token", "0.25", "USD")
		})
		owner, dashboard := openQuiet(t, runtime), openQuiet(t, runtime)
		id := owner.submit("spender", nil, protocol.Lease{"cost.budget": {"USD:1"}})
		owner.end(id)
		time.Sleep(9 * time.Minute)
		subscribed := dashboard.subscribe(id)
		if subscribed.CurrentStatus != protocol.StatusSuccess || subscribed.Budget["USD"] != "0.75" || !subscribed.Replayed {
			t.Errorf("got %+v", subscribed)
		}
		if seen := dashboard.stream(id); len(seen) != 3 {
			t.Errorf("saw %+v", seen)
		}
		bob := openAs(t, runtime, "token-of-bob", protocol.Features())
		bob.send(protocol.JobSubscribe{JobID: id}, "")
		if failure := want[protocol.SessionError](bob).Payload.(protocol.SessionError); failure.Code != protocol.JobNotFound {
			t.Errorf("another principal is told %+v", failure)
		}
		bob.conn.Abort()
		time.Sleep(time.Minute + time.Second)
		dashboard.send(protocol.JobSubscribe{JobID: id}, "")
		if failure := want[protocol.SessionError](dashboard).Payload.(protocol.SessionError); failure.Code != protocol.JobNotFound {
			t.Errorf("got %+v", failure)
		}
		shutdown(t, runtime)
	})
}

// TestClause_7_6_AShutdownLetsGoOfFinishedJobs would leave goroutines in the bubble, or hang, if it did not.
func TestClause_7_6_AShutdownLetsGoOfFinishedJobs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runtime := newRuntime(t, nil)
		handle(t, runtime, "thrifty", func(ctx context.Context, job *actors.Job) (any, error) {
			left, err := job.Budget(ctx)
			if len(left) != 1 || !equal(left[0], "USD", "1") {
				return nil, fmt.Errorf("left: %v", left)
			}
			return nil, err
		})
		c := openQuiet(t, runtime)
		ending, _ := c.end(c.submit("thrifty", nil, protocol.Lease{"cost.budget": {"USD:1"}}))
		if _, ok := ending.(protocol.JobResult); !ok {
			t.Errorf("got %+v", ending)
		}
		shutdown(t, runtime)
	})
}

func equal(counter budget.Counter, currency, amount string) bool {
	return counter.Currency == currency && counter.Remaining.String() == amount
}
