package engine_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"golang.org/x/sync/semaphore"
)

// crowd counts the messages that an actor was told and has not handled.
type crowd struct{ inside, highest atomic.Int64 }

func (c *crowd) enter() {
	inside := c.inside.Add(1)
	for {
		highest := c.highest.Load()
		if inside <= highest || c.highest.CompareAndSwap(highest, inside) {
			return
		}
	}
}

func (c *crowd) leave() { c.inside.Add(-1) }

// TestCreditsBoundAMailbox has senders in front of an actor that stands still at first. A mailbox takes all that comes,
// unless who sends takes a credit before, which Receive gives back.
func TestCreditsBoundAMailbox(t *testing.T) {
	t.Parallel()
	const senders, each = 4, 250
	for _, test := range []struct {
		name    string
		credits int64
		waiting int64 // messages in the mailbox while the actor stands still
	}{
		{"without credits", senders * each, senders * each},
		{"with sixteen", 16, 16},
		{"with one", 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				credits := semaphore.NewWeighted(test.credits)
				var c crowd
				handled := 0
				proceed := make(chan struct{})
				ref := start(t, engine.Behaviour[int]{Receive: func(int) {
					<-proceed
					handled++
					c.leave()
					credits.Release(1)
				}})
				for range senders {
					go func() {
						for n := range each {
							if err := credits.Acquire(t.Context(), 1); err != nil {
								t.Error(err)
								return
							}
							c.enter()
							tell(t, ref, n)
						}
					}()
				}
				synctest.Wait()
				if n := c.inside.Load(); n != test.waiting {
					t.Errorf("%d messages wait for an actor that stands still, want %d", n, test.waiting)
				}
				close(proceed)
				synctest.Wait()
				if handled != senders*each || c.inside.Load() != 0 {
					t.Errorf("%d messages were handled and %d not", handled, c.inside.Load())
				}
				if n := c.highest.Load(); n != test.waiting {
					t.Errorf("at most %d messages were inside, want %d", n, test.waiting)
				}
			})
		})
	}
}
