package simulation_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

// began is when every world begins.
var began = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// maxSteps is far more than a schedule takes that comes to an end.
const maxSteps = 300_000

// world is one schedule under way.
type world struct {
	rand  *rand.Rand
	now   time.Time
	busy  []*actor // those that have something to do
	slow  *actor   // one that is seldom scheduled; nil for none
	clock []timed
	steps int
	log   []string // of what happened; only with tracing
	trace bool
	style int // of the scheduler

	names    int
	registry *registryActor
	clients  []*client
	truth    truth
	config   limits
}

// timed is who waits for the time. Zero is never.
type timed struct {
	deadline func() time.Time
	ring     func()
}

// actor is a mailbox, and what is left of the turn that is under way.
type actor struct {
	world   *world
	name    string
	inbox   []any
	turn    []func()
	receive func(any)
	blocked func() bool // takes no message now; nil is never
	listed  bool        // among the busy
	closed  bool        // takes nothing more
	closes  func()      // called behind the last message
}

type closing struct{}

// fault is a broken invariant.
type fault struct{ text string }

func (w *world) fail(format string, args ...any) { panic(fault{fmt.Sprintf(format, args...)}) }

func (w *world) note(who, format string, args ...any) {
	if w.trace {
		w.log = append(w.log, fmt.Sprintf("%9s %-10s ", w.now.Sub(began), who)+fmt.Sprintf(format, args...))
	}
}

func (w *world) actor(name string, receive func(any)) *actor {
	return &actor{world: w, name: name, receive: receive}
}

// shown is a message as a trace shows it.
type shown struct{ message any }

func (s shown) String() string {
	what := s.message
	switch m := s.message.(type) {
	case sessionMessage:
		what = m.input
	case jobMessage:
		what = m.input
	case registryMessage:
		what = m.in
	case budgetMessage:
		what = m.effect
	case frame:
		what = m.envelope
	}
	text, _ := json.Marshal(what)
	return fmt.Sprintf("%T %s", what, text)
}

// name gives a name that was never given before.
func (w *world) name(prefix string) string {
	w.names++
	return fmt.Sprintf("%s%d", prefix, w.names)
}

func (w *world) chance(percent int) bool { return w.rand.IntN(100) < percent }

// tell puts a message into the mailbox, and says whether it will be seen.
func (a *actor) tell(message any) bool {
	if a == nil || a.closed {
		return false
	}
	a.inbox = append(a.inbox, message)
	a.wake()
	return true
}

func (a *actor) wake() {
	if !a.listed {
		a.listed = true
		a.world.busy = append(a.world.busy, a)
	}
}

// close lets nothing more in. What was told before is still taken.
func (a *actor) close() {
	if !a.closed {
		a.inbox = append(a.inbox, closing{})
		a.closed = true
		a.wake()
	}
}

// then adds to the turn that is under way.
func (a *actor) then(do func()) { a.turn = append(a.turn, do) }

func (a *actor) idle() bool {
	return len(a.turn) == 0 && (len(a.inbox) == 0 || a.blocked != nil && a.blocked())
}

// step does the smallest thing that others can come before or after.
func (a *actor) step() {
	if len(a.turn) > 0 {
		next := a.turn[0]
		a.turn = a.turn[1:]
		next()
		return
	}
	message := a.inbox[0]
	a.inbox = a.inbox[1:]
	if _, last := message.(closing); last {
		a.world.note(a.name, "closed")
		if a.closes != nil {
			a.closes()
		}
		return
	}
	a.world.note(a.name, "<- %s", shown{message})
	a.receive(message)
}

// run schedules until nothing is left to do but what done says is no matter.
func (w *world) run(done func() bool) {
	for {
		a := w.pick()
		if a == nil {
			if done() {
				return
			}
			if !w.wait() {
				w.fail("nothing is left to happen, and there waits %s", w.waiting())
			}
			continue
		}
		if w.steps++; w.steps > maxSteps {
			w.fail("no end after %d steps", maxSteps)
		}
		a.step()
	}
}

// pick chooses who is next, nil when all are idle.
func (w *world) pick() *actor {
	for len(w.busy) > 0 {
		i := w.rand.IntN(len(w.busy))
		switch {
		case w.style == 1 && w.rand.IntN(4) > 0:
			i = len(w.busy) - 1 // the newest first: one after the other
		case w.style == 2 && w.busy[i] == w.slow && w.rand.IntN(30) > 0:
			i = w.rand.IntN(len(w.busy))
		}
		a := w.busy[i]
		if !a.idle() {
			if w.style == 2 && w.rand.IntN(200) == 0 {
				w.slow = a
			}
			return a
		}
		a.listed = false
		w.busy[i] = w.busy[len(w.busy)-1]
		w.busy = w.busy[:len(w.busy)-1]
	}
	return nil
}

// wait lets the time go on to what is due first, and says whether anything is.
func (w *world) wait() bool {
	var first timed
	var at time.Time
	for _, c := range w.clock {
		if due := c.deadline(); !due.IsZero() && (at.IsZero() || due.Before(at)) {
			first, at = c, due
		}
	}
	if at.IsZero() || at.Sub(began) > time.Hour {
		return false
	}
	if at.After(w.now) {
		w.now = at
	}
	first.ring()
	return true
}
