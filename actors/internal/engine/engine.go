package engine

import (
	"fmt"
	"strconv"
	"sync/atomic"

	"github.com/anthdm/hollywood/actor"
)

// Engine runs actors. Use New.
type Engine struct {
	inner *actor.Engine
	ids   atomic.Uint64
}

// New starts an engine. It has nothing to stop: an actor that is idle has no goroutine.
func New() (*Engine, error) {
	inner, err := actor.NewEngine(actor.NewEngineConfig())
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	return &Engine{inner: inner}, nil
}

// Behaviour is what an actor does. Receive is required. The functions are called one at a time. None of them may block
// on another actor, a socket or a channel, nor wait for the actor itself (its Done, or an answer of its own): the
// actor would stand still.
type Behaviour[M any] struct {
	// Receive takes one message.
	Receive func(message M)
	// Panicked is told once what Receive panicked with; nil is a runtime.Goexit. The actor is dead then, and its Ref takes
	// nothing more. Nil: nobody is told.
	Panicked func(reason any, stack []byte)
	// Dropped is given each message that was taken and that the dead actor will not handle, after Panicked and in their
	// order. The one that Receive panicked on is not among them. Nil: they are forgotten.
	Dropped func(message M)
}

// inboxSize is the first size of a mailbox. It doubles on demand and never shrinks, and most actors have few messages
// waiting; the engine's own default costs 28 KB an idle actor.
const inboxSize = 16

// Spawn starts an actor. Kind is for people who look at the engine; names are never used again.
func Spawn[M any](e *Engine, kind string, does Behaviour[M]) *Ref[M] {
	id := strconv.FormatUint(e.ids.Add(1), 10)
	ref := &Ref[M]{
		engine: e.inner,
		pid:    actor.NewPID(e.inner.Address(), kind+"/"+id),
		done:   make(chan struct{}),
	}
	e.inner.SpawnProc(&process[M]{ref: ref, does: does, mailbox: actor.NewInbox(inboxSize)})
	return ref
}
