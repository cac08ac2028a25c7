package actors_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/protocol"
)

// spend runs an agent under a budget and one tool, to its end, and drains the client meanwhile.
func spend(t *testing.T, ceiling string, agent actors.Agent) {
	t.Helper()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "spender", agent)
	c := open(t, runtime)
	ending, _ := c.end(c.submit("spender", nil, protocol.Lease{"cost.budget": {ceiling}, "tool.call": {"*"}}))
	if _, ok := ending.(protocol.JobResult); !ok {
		t.Errorf("ending: %+v", ending)
	}
}

func call(context.Context) (any, error) { return nil, nil }

func exhausted(err error) bool {
	var refusal *protocol.Error
	return errors.As(err, &refusal) && refusal.Code == protocol.BudgetExhausted && !refusal.Retryable
}

func TestClause_9_6_ManyBranchesExhaustABudgetExactly(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ceiling string
		empty   bool
	}{{"USD:64.00", true}, {"USD:64.01", false}} {
		t.Run(test.ceiling, func(t *testing.T) {
			t.Parallel()
			spend(t, test.ceiling, func(ctx context.Context, job *actors.Job) (any, error) {
				if err := job.Tool(ctx, "search", nil, call); err != nil {
					t.Errorf("before the first cost: %v", err)
				}
				var branches sync.WaitGroup
				for range 64 {
					branches.Go(func() {
						for range 100 {
							if err := job.Cost(ctx, "cost.search", "0.01", "USD"); err != nil {
								t.Error(err)
							}
						}
					})
				}
				branches.Wait()
				if err := job.Tool(ctx, "search", nil, call); exhausted(err) != test.empty {
					t.Errorf("after 6400 costs of 0.01: %v", err)
				}
				return nil, nil
			})
		})
	}
}

func TestClause_9_6_TenThousandTinyCosts(t *testing.T) {
	t.Parallel()
	spend(t, "USD:0.0015", func(ctx context.Context, job *actors.Job) (any, error) {
		for i := range 10_000 {
			if err := job.Tool(ctx, "search", nil, call); err != nil {
				t.Errorf("refused before cost %d", i+1)
				return nil, err
			}
			if err := job.Cost(ctx, "cost.token", "0.00000015", "USD"); err != nil {
				return nil, err
			}
		}
		if err := job.Tool(ctx, "search", nil, call); !exhausted(err) {
			t.Errorf("after the last cost: %v", err)
		}
		return nil, nil
	})
}

// TestACancelledCostIsBookedOrNot gives up on costs at random moments: what was answered is booked, what was given up is
// not, and nothing is in between.
func TestACancelledCostIsBookedOrNot(t *testing.T) {
	t.Parallel()
	spend(t, "USD:1000", func(ctx context.Context, job *actors.Job) (any, error) {
		var mu sync.Mutex
		booked, given := 0, 0
		var branches sync.WaitGroup
		for range 8 {
			branches.Go(func() {
				for range 200 {
					short, cancel := context.WithCancel(ctx)
					go func() {
						for range rand.IntN(200) {
							_ = short.Err() // a moment, not a time
						}
						cancel()
					}()
					err := job.Cost(short, "cost.search", "0.01", "USD")
					cancel()
					mu.Lock()
					switch {
					case err == nil:
						booked++
					case errors.Is(err, context.Canceled):
						given++
					default:
						t.Error(err)
					}
					mu.Unlock()
				}
			})
		}
		branches.Wait()
		left, err := job.Budget(ctx)
		if err != nil {
			return nil, err
		}
		want, err := budget.ParseAmount(fmt.Sprintf("%d.%02d", (100_000-booked)/100, (100_000-booked)%100))
		if err != nil {
			return nil, err
		}
		if len(left) != 1 || left[0].Remaining != want {
			t.Errorf("%d booked, %d given up: %v left, want %v", booked, given, left, want)
		}
		t.Logf("%d booked, %d given up", booked, given)
		return nil, nil
	})
}

func TestAChargeIsRefusedWhole(t *testing.T) {
	t.Parallel()
	spend(t, "USD:1.00", func(ctx context.Context, job *actors.Job) (any, error) {
		if err := job.Charge(ctx, "cost.search", "1.01", "USD"); !exhausted(err) {
			t.Errorf("more than what is left: %v", err)
		}
		if err := job.Charge(ctx, "cost.search", "1.00", "USD"); err != nil {
			t.Errorf("exactly what is left: %v", err)
		}
		if left, _ := job.Budget(ctx); len(left) != 1 || !left[0].Remaining.IsZero() {
			t.Errorf("left: %v", left)
		}
		return nil, nil
	})
}
