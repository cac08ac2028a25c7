package engine

import "strings"

// Registered says whether the engine below knows the actor.
func (r *Ref[M]) Registered() bool {
	kind, id, _ := strings.Cut(r.pid.ID, "/")
	return r.engine.Registry.GetPID(kind, id) != nil
}

// Gate is the gate of an actor, alone.
type Gate struct{ inner gate }

// NewGate returns an open gate.
func NewGate() *Gate { return &Gate{} }

// Enter, Leave and Close are the gate's own.
func (g *Gate) Enter() bool { return g.inner.enter() }
func (g *Gate) Leave() bool { return g.inner.leave() }
func (g *Gate) Close() bool { return g.inner.close() }
