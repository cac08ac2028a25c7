package engine

import (
	"errors"
	"sync/atomic"

	"github.com/anthdm/hollywood/actor"
)

// ErrClosed says that a message came too late: the actor is closed or dead, and will never see it.
var ErrClosed = errors.New("engine: the actor is closed")

// Ref is the address of one actor that takes messages of type M.
type Ref[M any] struct {
	engine *actor.Engine
	pid    *actor.PID
	gate   gate
	done   chan struct{}
}

// Tell puts a message into the mailbox. Nil: it is handled exactly once, behind all that was told before it, unless the
// actor panics first; then it is dropped, exactly once. ErrClosed: it is never seen. Tell never waits for the actor.
func (r *Ref[M]) Tell(message M) error {
	if !r.gate.enter() {
		return ErrClosed
	}
	r.engine.Send(r.pid, message)
	if r.gate.leave() {
		r.stop()
	}
	return nil
}

// Close lets nothing more in. What was taken before is still handled. It does not wait, and may be called more than
// once.
func (r *Ref[M]) Close() {
	if r.gate.close() {
		r.stop()
	}
}

// Done is closed when the actor has handled its last message, or has died and dropped it. None of its functions is
// called any more.
func (r *Ref[M]) Done() <-chan struct{} { return r.done }

// stop is called once, by the last one out of a closed gate, so that nothing stands behind it in the mailbox.
func (r *Ref[M]) stop() { r.engine.Send(r.pid, stop{}) }

// gate counts the senders inside and knows whether it is closed, in one word.
type gate struct{ word atomic.Int64 }

const shut = 1 << 62

// enter counts one sender in while the gate is open. Those who come later do not count, or they could keep a closed gate
// from getting empty.
func (g *gate) enter() bool {
	for {
		word := g.word.Load()
		if word&shut != 0 {
			return false
		}
		if g.word.CompareAndSwap(word, word+1) {
			return true
		}
	}
}

// leave counts one sender out, and says whether it was the last one out of a closed gate.
func (g *gate) leave() bool { return g.word.Add(-1) == shut }

// close closes the gate, and says whether that was now, with nobody inside.
func (g *gate) close() bool { return g.word.Or(shut) == 0 }
