package engine_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"pgregory.net/rapid"
)

// letter is the number of a sender and how many it has sent before.
type letter struct{ sender, number int }

// office is an actor that notes what it handles, and says when that is enough.
type office struct {
	ref     *engine.Ref[letter]
	handled [][]int // a row a sender
	left    int     // until it is enough
	inside  bool    // it closes itself then
	enough  chan struct{}
}

func (o *office) receive(l letter) {
	o.handled[l.sender] = append(o.handled[l.sender], l.number)
	if o.left--; o.left != 0 {
		return
	}
	close(o.enough)
	if o.inside {
		o.ref.Close()
	}
}

// TestNothingAcceptedIsLost has senders that tell until they are refused, while others close. What was accepted is
// handled: all of it, once, and each sender's in its order.
func TestNothingAcceptedIsLost(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	rapid.Check(t, func(t *rapid.T) {
		senders := rapid.IntRange(1, 8).Draw(t, "senders")
		closers := rapid.IntRange(1, 3).Draw(t, "closers")
		o := &office{
			handled: make([][]int, senders),
			left:    rapid.IntRange(1, 300).Draw(t, "closed after"),
			inside:  rapid.Bool().Draw(t, "closed from inside too"),
			enough:  make(chan struct{}),
		}
		o.ref = engine.Spawn(e, "test", engine.Behaviour[letter]{Receive: o.receive})
		accepted := make([]int, senders)
		var all sync.WaitGroup
		for sender := range senders {
			all.Go(func() {
				for o.ref.Tell(letter{sender, accepted[sender]}) == nil {
					accepted[sender]++
				}
			})
		}
		for range closers {
			all.Go(func() {
				<-o.enough
				o.ref.Close()
			})
		}
		<-o.ref.Done() // although senders may still be trying
		all.Wait()
		for sender, n := range accepted {
			if got := o.handled[sender]; !slices.Equal(got, upTo(n)) {
				t.Errorf("of sender %d %d were accepted and %d handled, or in another order", sender, n, len(got))
			}
		}
	})
}

func TestDoneFollowsTheLastMessage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		proceed := make(chan struct{})
		handled := 0
		ref := start(t, engine.Behaviour[int]{Receive: func(int) {
			<-proceed
			handled++
		}})
		tell(t, ref, upTo(3)...)
		ref.Close()
		for left := 3; left > 0; left-- {
			synctest.Wait()
			if done(ref) || !ref.Registered() {
				t.Errorf("done with %d messages left", left)
			}
			proceed <- struct{}{}
		}
		synctest.Wait()
		if !done(ref) || ref.Registered() || handled != 3 {
			t.Errorf("done %v, registered %v, handled %d", done(ref), ref.Registered(), handled)
		}
	})
}

// TestDiedIsDoneAfterTheLastDrop is the same for an actor that panicked: nothing of it runs once it is done.
func TestDiedIsDoneAfterTheLastDrop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		proceed := make(chan struct{})
		ref := start(t, engine.Behaviour[int]{
			Receive:  func(int) { <-proceed; explode("boom") },
			Panicked: func(any, []byte) { <-proceed },
			Dropped:  func(int) { <-proceed },
		})
		tell(t, ref, upTo(3)...)
		for left := 4; left > 0; left-- { // one Receive, one Panicked, two Dropped
			synctest.Wait()
			if done(ref) || !ref.Registered() {
				t.Errorf("done with %d calls left", left)
			}
			proceed <- struct{}{}
		}
		synctest.Wait()
		if !done(ref) || ref.Registered() {
			t.Errorf("done %v, registered %v", done(ref), ref.Registered())
		}
	})
}

func TestCloseOften(t *testing.T) {
	t.Parallel()
	handled := 0
	ref := start(t, engine.Behaviour[int]{Receive: func(int) { handled++ }})
	tell(t, ref, 0)
	var all sync.WaitGroup
	for range 100 {
		all.Go(ref.Close)
	}
	all.Wait()
	<-ref.Done()
	ref.Close()
	if err := ref.Tell(1); !errors.Is(err, engine.ErrClosed) {
		t.Errorf("a closed actor took a message: %v", err)
	}
	if handled != 1 {
		t.Errorf("handled %d, want 1", handled)
	}
}

// TestRefusedTellLeavesNoTrace: a crowd that goes on telling could otherwise keep a closed gate from ever being empty, and
// the actor from being done.
func TestRefusedTellLeavesNoTrace(t *testing.T) {
	t.Parallel()
	gate := engine.NewGate()
	if !gate.Enter() || gate.Close() {
		t.Fatal("the gate is closed and empty with one inside")
	}
	for range 3 {
		if gate.Enter() {
			t.Fatal("a closed gate let one in")
		}
	}
	if gate.Close() {
		t.Error("closed twice with one inside, and it is empty")
	}
	if !gate.Leave() {
		t.Error("the last one inside has left, and it is not empty")
	}
	if gate.Close() {
		t.Error("closed and empty a second time")
	}
}

// TestEngineForgetsTheClosed looks for each of 10 000 actors in the registry of the engine below, before and after.
func TestEngineForgetsTheClosed(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	refs := make([]*engine.Ref[int], 10_000)
	for i := range refs {
		refs[i] = engine.Spawn(e, "test", engine.Behaviour[int]{Receive: func(int) {}})
	}
	registered := func() (n int) {
		for _, ref := range refs {
			if ref.Registered() {
				n++
			}
		}
		return n
	}
	if n := registered(); n != len(refs) {
		t.Errorf("%d actors are registered, want %d", n, len(refs))
	}
	for _, ref := range refs {
		ref.Close()
	}
	for _, ref := range refs {
		<-ref.Done()
	}
	if n := registered(); n != 0 {
		t.Errorf("%d closed actors are still registered", n)
	}
}
