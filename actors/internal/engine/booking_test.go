package engine_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
)

// booking asks an actor to book an amount for one caller.
type booking struct {
	caller int
	cents  int
	ask    *engine.Question[int] // the sum so far
}

// till is an actor that books, once it is opened.
type till struct {
	ref    *engine.Ref[booking]
	opened chan struct{}
	booked map[int]int
	sum    int
}

func newTill(t *testing.T) *till {
	till := &till{opened: make(chan struct{}), booked: map[int]int{}}
	till.ref = start(t, engine.Behaviour[booking]{Receive: till.receive})
	return till
}

func (t *till) receive(b booking) {
	<-t.opened
	if !b.ask.Claim() {
		return
	}
	t.booked[b.caller] += b.cents
	t.sum += b.cents
	runtime.Gosched() // callers give up between the booking and the answer
	b.ask.Answer(t.sum)
}

// ask books caller+1 cents.
func (t *till) ask(ctx context.Context, caller int) error {
	_, err := engine.Ask(ctx, t.ref, func(q *engine.Question[int]) booking { return booking{caller, caller + 1, q} })
	return err
}

// TestCancelledAskNeverHalfBooks has callers who give up at random moments. Who got an answer is booked, who got the
// context's error is not, and the sum is exact. The patient never give up; the hasty do before the till opens.
func TestCancelledAskNeverHalfBooks(t *testing.T) {
	t.Parallel()
	const patient, hasty, callers = 40, 80, 400
	till := newTill(t)
	outcomes := make([]error, callers)
	var all, early sync.WaitGroup
	for caller := range callers {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		ask := func() { outcomes[caller] = till.ask(ctx, caller) }
		switch {
		case caller < patient:
			all.Go(ask)
		case caller < hasty:
			early.Go(ask)
			early.Go(func() { giveUpSoon(cancel) })
		default:
			all.Go(ask)
			all.Go(func() {
				<-till.opened
				giveUpSoon(cancel)
			})
		}
	}
	early.Wait()
	close(till.opened)
	all.Wait()
	till.ref.Close()
	<-till.ref.Done()
	if answered := till.check(t, outcomes); answered < patient || answered > callers-(hasty-patient) {
		t.Errorf("%d of %d were answered", answered, callers)
	}
}

func giveUpSoon(cancel context.CancelCauseFunc) {
	for range rand.IntN(100) {
		runtime.Gosched()
	}
	cancel(errGaveUp)
}

// check holds what the callers know against the books, and counts the answered.
func (t *till) check(test *testing.T, outcomes []error) (answered int) {
	sum := 0
	for caller, err := range outcomes {
		switch booked := t.booked[caller]; {
		case err == nil:
			answered++
			sum += caller + 1
			if booked != caller+1 {
				test.Errorf("caller %d was answered and %d is booked", caller, booked)
			}
		case !errors.Is(err, errGaveUp):
			test.Errorf("caller %d: %v", caller, err)
		case booked != 0:
			test.Errorf("caller %d gave up and %d is booked", caller, booked)
		}
	}
	if t.sum != sum || len(t.booked) != answered {
		test.Errorf("%d are booked, %d in all; %d were answered, %d in all", len(t.booked), t.sum, answered, sum)
	}
	return answered
}
