package engine

import (
	"runtime/debug"

	"github.com/anthdm/hollywood/actor"
)

// process is one actor as the engine below sees it: a mailbox of that engine, and what empties it. It stands in the
// place of the engine's own process, which restarts what panicked, and which a runtime.Goexit stops for ever with all
// that it has taken from the mailbox.
//
// Its functions but Send run in the actor's turn.
type process[M any] struct {
	ref     *Ref[M]
	does    Behaviour[M]
	mailbox *actor.Inbox
	dead    bool // Receive has ended early; the rest is dropped
}

// stop is the last message of each mailbox.
type stop struct{}

// PID is asked for by the engine below, as all that follows.
func (p *process[M]) PID() *actor.PID { return p.ref.pid }

// Start is called once, before the first message.
func (p *process[M]) Start() { p.mailbox.Start(p) }

// Send puts a message into the mailbox.
func (p *process[M]) Send(_ *actor.PID, message any, sender *actor.PID) {
	p.mailbox.Send(actor.Envelope{Msg: message, Sender: sender})
}

// Shutdown is never called by the engine below.
func (p *process[M]) Shutdown() { p.ref.Close() }

// Invoke takes what was in the mailbox. Each message is forgotten once it is handled, not when all are.
func (p *process[M]) Invoke(batch []actor.Envelope) {
	next, returned := 0, false
	defer func() {
		if !returned {
			p.goOn(batch[next:])
		}
	}()
	for next < len(batch) {
		message := batch[next].Msg
		batch[next] = actor.Envelope{}
		next++
		p.take(message)
	}
	returned = true
}

// goOn follows a runtime.Goexit in one of the behaviour's functions (t.FailNow calls it). The goroutine that empties the
// mailbox is about to end and cannot be saved: it takes the rest of its batch, and leaves the mailbox to a new one.
func (p *process[M]) goOn(rest []actor.Envelope) {
	p.Invoke(rest)       // where this exits too, its own goOn does what follows
	_ = p.mailbox.Stop() // or it takes the old goroutine for a running one
	p.mailbox.Start(p)
}

func (p *process[M]) take(message any) {
	if _, last := message.(stop); last {
		p.finish()
		return
	}
	m, _ := message.(M) // it is an M, or the nil of one that is an interface
	if p.dead {
		p.drop(m)
		return
	}
	p.receive(m)
}

// receive handles one message; whatever ends it early ends the actor.
func (p *process[M]) receive(message M) {
	returned := false
	defer func() {
		if !returned { // a panic, or a runtime.Goexit, whose reason is nil
			p.die(recover())
		}
	}()
	p.does.Receive(message)
	returned = true
}

func (p *process[M]) die(reason any) {
	p.dead = true
	p.ref.Close()
	if p.does.Panicked == nil {
		return
	}
	defer func() { _ = recover() }() // the owner's trouble must not end the process
	p.does.Panicked(reason, debug.Stack())
}

func (p *process[M]) drop(message M) {
	if p.does.Dropped == nil {
		return
	}
	defer func() { _ = recover() }()
	p.does.Dropped(message)
}

func (p *process[M]) finish() {
	p.ref.engine.Registry.Remove(p.ref.pid)
	close(p.ref.done)
}
