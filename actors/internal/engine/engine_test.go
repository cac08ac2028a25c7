package engine_test

import (
	"errors"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"weak"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
)

// start makes an engine with one actor.
func start[M any](t testing.TB, does engine.Behaviour[M]) *engine.Ref[M] {
	t.Helper()
	return engine.Spawn(newEngine(t), "test", does)
}

func newEngine(t testing.TB) *engine.Engine {
	t.Helper()
	e, err := engine.New()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// tell tells what must be taken.
func tell[M any](t testing.TB, ref *engine.Ref[M], messages ...M) {
	t.Helper()
	for _, message := range messages {
		if err := ref.Tell(message); err != nil {
			t.Fatalf("told %v: %v", message, err)
		}
	}
}

// done says whether the actor is done, without waiting.
func done[M any](ref *engine.Ref[M]) bool {
	select {
	case <-ref.Done():
		return true
	default:
		return false
	}
}

// upTo is 0, 1, ... n-1.
func upTo(n int) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// inBubble counts the goroutines of the caller's bubble.
func inBubble() int {
	own := make([]byte, 1<<10)
	own = own[:runtime.Stack(own, false)]
	all := make([]byte, 1<<20)
	all = all[:runtime.Stack(all, true)]
	return strings.Count(string(all), bubble.FindString(string(own)))
}

var bubble = regexp.MustCompile(`synctest bubble \d+]`)

func TestReceivesInOrder(t *testing.T) {
	t.Parallel()
	// 10 000 messages are more than the first size of a mailbox, and more than the engine below takes at once.
	const messages = 10_000
	var got []int
	ref := start(t, engine.Behaviour[int]{Receive: func(n int) { got = append(got, n) }})
	tell(t, ref, upTo(messages)...)
	ref.Close()
	<-ref.Done()
	if !slices.Equal(got, upTo(messages)) {
		t.Errorf("got %d messages, out of order or not all", len(got))
	}
}

// TestTakesNil has a message type that is an interface: its nil is a message like any other.
func TestTakesNil(t *testing.T) {
	t.Parallel()
	var got []error
	ref := start(t, engine.Behaviour[error]{Receive: func(err error) { got = append(got, err) }})
	wrong := errors.New("wrong")
	tell(t, ref, nil, wrong, nil)
	ref.Close()
	<-ref.Done()
	if !slices.Equal(got, []error{nil, wrong, nil}) {
		t.Errorf("got %v", got)
	}
}

func TestTellToItself(t *testing.T) {
	t.Parallel()
	const rounds = 1000
	var ref *engine.Ref[int]
	var got []int
	ref = start(t, engine.Behaviour[int]{Receive: func(n int) {
		got = append(got, n)
		if n+1 == rounds {
			ref.Close()
		}
		if err := ref.Tell(n + 1); (err != nil) != (n+1 == rounds) {
			t.Errorf("telling itself %d: %v", n+1, err)
		}
	}})
	tell(t, ref, 0)
	<-ref.Done()
	if !slices.Equal(got, upTo(rounds)) {
		t.Errorf("got %d messages, want %d in order", len(got), rounds)
	}
}

// TestForgetsWhatWasHandled makes sure that a message that was handled is garbage, though others that came with it still
// wait: who counts credits counts what is alive.
func TestForgetsWhatWasHandled(t *testing.T) {
	t.Parallel()
	type large struct{ _ [1 << 10]byte }
	entered, proceed, freed := make(chan struct{}), make(chan struct{}), make(chan bool, 1)
	handled := 0
	var second weak.Pointer[large]
	ref := start(t, engine.Behaviour[*large]{Receive: func(*large) {
		switch handled++; handled {
		case 1:
			close(entered)
			<-proceed
		case 3: // the second, in the same batch, is handled
			runtime.GC()
			freed <- second.Value() == nil
		}
	}})
	tell(t, ref, &large{})
	<-entered
	behind := &large{}
	second = weak.Make(behind)
	tell(t, ref, behind, &large{})
	close(proceed)
	if !<-freed {
		t.Error("a message that was handled is still held")
	}
}

// TestIdleActorHasNoGoroutine relies on the bubble, which fails a test that leaves a goroutine behind.
func TestIdleActorHasNoGoroutine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		close bool
	}{{"idle", false}, {"closed", true}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e := newEngine(t)
				synctest.Wait()
				before := inBubble()
				handled := make(chan int, 1000)
				refs := make([]*engine.Ref[int], cap(handled))
				for i := range refs {
					refs[i] = engine.Spawn(e, "test", engine.Behaviour[int]{Receive: func(n int) { handled <- n }})
					tell(t, refs[i], i)
					if test.close {
						refs[i].Close()
					}
				}
				synctest.Wait()
				if len(handled) != len(refs) {
					t.Errorf("%d of %d messages were handled when all mailboxes were drained", len(handled), len(refs))
				}
				for _, ref := range refs {
					if done(ref) != test.close {
						t.Fatalf("done is %v", done(ref))
					}
				}
				if n := inBubble() - before; n != 0 {
					t.Errorf("%d goroutines were left", n)
				}
			})
		})
	}
}
