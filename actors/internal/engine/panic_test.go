package engine_test

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
)

// explode is the function that a stack must name.
func explode(reason any) { panic(reason) }

func TestPanicEndsOneActorOnly(t *testing.T) {
	t.Parallel()
	type order struct {
		explode bool
		handled chan<- int
	}
	type report struct {
		actor  int
		reason any
		stack  []byte
	}
	const actors = 20
	e := newEngine(t)
	reports := make(chan report, 2*actors)
	spawn := func(i int) *engine.Ref[order] {
		return engine.Spawn(e, "test", engine.Behaviour[order]{
			Receive: func(o order) {
				if o.explode {
					explode(fmt.Sprint("boom ", i))
				}
				o.handled <- i
			},
			Panicked: func(reason any, stack []byte) { reports <- report{i, reason, stack} },
		})
	}
	refs := make([]*engine.Ref[order], actors)
	for i := range refs {
		refs[i] = spawn(i)
	}
	for i := 0; i < actors; i += 2 {
		tell(t, refs[i], order{explode: true})
		<-refs[i].Done()
	}
	close(reports)

	told := 0
	for r := range reports {
		told++
		if want := fmt.Sprint("boom ", r.actor); r.reason != want || r.actor%2 != 0 {
			t.Errorf("actor %d: reason %v", r.actor, r.reason)
		}
		if !bytes.Contains(r.stack, []byte("engine_test.explode(")) {
			t.Errorf("actor %d: the stack does not name the function that panicked:\n%s", r.actor, r.stack)
		}
	}
	if told != actors/2 {
		t.Errorf("%d owners were told, want %d", told, actors/2)
	}
	for i, ref := range append(refs, spawn(actors)) {
		handled := make(chan int, 1)
		err := ref.Tell(order{handled: handled})
		switch {
		case i < actors && i%2 == 0:
			if !errors.Is(err, engine.ErrClosed) || !done(ref) {
				t.Errorf("actor %d panicked and takes messages: %v", i, err)
			}
		case err != nil:
			t.Errorf("actor %d: %v", i, err)
		default:
			<-handled
		}
	}
}

// endings are the ways out of Receive but for returning. Reason is what the owner is told.
var endings = []struct {
	name   string
	end    func()
	reason func(any) bool
}{
	{"panic", func() { explode("boom") }, func(r any) bool { return r == "boom" }},
	{"runtime error", func() { _ = upTo(1)[len(upTo(2))] }, func(r any) bool { _, ok := r.(runtime.Error); return ok }},
	{"panic with nil", func() { explode(nil) }, func(r any) bool { _, ok := r.(*runtime.PanicNilError); return ok }},
	{"exit", runtime.Goexit, func(r any) bool { return r == nil }},
	{"panic in an exit", func() { defer explode("boom"); runtime.Goexit() }, func(r any) bool { return r == "boom" }},
	{"exit in a panic", func() { defer runtime.Goexit(); explode("boom") }, func(r any) bool { return r == nil }},
}

// reactions are what an owner's function may do.
var reactions = []struct {
	name string
	then func()
	none bool // there is no function
}{
	{name: "returns", then: func() {}},
	{name: "is nil", none: true},
	{name: "panics", then: func() { explode("again") }},
	{name: "exits", then: runtime.Goexit},
}

// closings say when the actor is closed, apart from its own end.
var closings = []string{"never", "from inside before the end", "before the end", "after the end"}

// TestEveryEnding walks all ways in which a Receive can end early by all that the owner's functions may do then by when
// the actor is closed. Each message that was taken is handled or dropped, exactly once and in order; the owner is told
// once; and the actor is done and forgotten.
func TestEveryEnding(t *testing.T) {
	t.Parallel()
	for _, ending := range endings {
		for _, panicked := range reactions {
			for _, dropped := range reactions {
				for _, closing := range closings {
					name := fmt.Sprintf("%s/Panicked %s/Dropped %s/closed %s", ending.name, panicked.name, dropped.name, closing)
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						synctest.Test(t, func(t *testing.T) { // who never ends is found out at once
							l := &life{end: ending.end, closing: closing, entered: make(chan struct{}), proceed: make(chan struct{})}
							l.live(t, panicked.then, dropped.then)
							l.check(t, ending.reason, !panicked.none, !dropped.none)
						})
					})
				}
			}
		}
	}
}

// life is one actor that handles messages up to the fatal one.
type life struct {
	end              func()
	closing          string
	ref              *engine.Ref[int]
	entered, proceed chan struct{} // from and to the actor, at the first and at the fatal message

	handled, dropped []int
	reasons          []any
	late             []error // of Tells after the end
	busy             bool
	overlap          bool // two of its functions ran at once
}

const (
	fatal = 5  // the message that ends it
	batch = 10 // messages 1 to batch-1 are taken from the mailbox at once
	taken = 15 // all that are told
)

func (l *life) turn() func() {
	l.overlap = l.overlap || l.busy
	l.busy = true
	return func() { l.busy = false }
}

func (l *life) receive(n int) {
	defer l.turn()()
	l.handled = append(l.handled, n)
	if n != 0 && n != fatal {
		return
	}
	l.entered <- struct{}{}
	<-l.proceed
	if n == fatal {
		if l.closing == "from inside before the end" {
			l.ref.Close()
		}
		l.end()
	}
}

// live tells the first message alone, then a batch with the fatal one in it, then more while the fatal one is handled.
func (l *life) live(t *testing.T, panicked, dropped func()) {
	does := engine.Behaviour[int]{Receive: l.receive}
	if panicked != nil {
		does.Panicked = func(reason any, stack []byte) {
			defer l.turn()()
			l.reasons = append(l.reasons, reason)
			l.late = append(l.late, l.ref.Tell(-1))
			l.ref.Close()
			panicked()
		}
	}
	if dropped != nil {
		does.Dropped = func(n int) {
			defer l.turn()()
			l.dropped = append(l.dropped, n)
			l.late = append(l.late, l.ref.Tell(-1))
			dropped()
		}
	}
	l.ref = start(t, does)
	tell(t, l.ref, 0)
	<-l.entered
	tell(t, l.ref, upTo(batch)[1:]...)
	l.proceed <- struct{}{}
	<-l.entered
	tell(t, l.ref, upTo(taken)[batch:]...)
	if l.closing == "before the end" {
		l.ref.Close()
	}
	l.proceed <- struct{}{}
	<-l.ref.Done()
	if l.closing == "after the end" {
		l.ref.Close()
	}
	l.late = append(l.late, l.ref.Tell(-1))
}

func (l *life) check(t *testing.T, reason func(any) bool, told, given bool) {
	if !slices.Equal(l.handled, upTo(fatal+1)) {
		t.Errorf("handled %v", l.handled)
	}
	if want := upTo(taken)[fatal+1:]; given && !slices.Equal(l.dropped, want) {
		t.Errorf("dropped %v, want %v", l.dropped, want)
	}
	if told && (len(l.reasons) != 1 || !reason(l.reasons[0])) {
		t.Errorf("the owner was told %v", l.reasons)
	}
	for _, err := range l.late {
		if !errors.Is(err, engine.ErrClosed) {
			t.Errorf("a message was taken after the end: %v", err)
		}
	}
	if l.overlap {
		t.Error("two of the actor's functions ran at once")
	}
	if l.ref.Registered() {
		t.Error("the engine below still knows the actor")
	}
}
