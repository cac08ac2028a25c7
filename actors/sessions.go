package actors

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/protocol"
)

// sessionMessage is one message to a session's actor.
type sessionMessage struct {
	input    session.Input   // nil with shutdown
	loan     *loan           // of an event
	last     *atomic.Uint64  // takes the number of an event; nil for none
	taken    chan<- struct{} // told when the input was taken; has room, or is nil
	link     *link           // the connection that speaks; nil for who is none
	offer    *offer          // of a connection, with session.ResumeRequested
	shutdown bool            // the runtime ends: write what stands, then close
}

// offer is a connection whose client wants to come back to a session.
type offer struct {
	from address // the session that the connection has so far
	link *link
}

// address is where a session is told things, and where its jobs take their credit.
type address struct {
	ref     *engine.Ref[sessionMessage]
	credits *credits
}

// tell passes an input on. What a session that is over is told is lost, as it should be.
func (a address) tell(input session.Input) { a.event(input, nil, nil) }

// event is tell for an event or the ending of an own job; last is told its number.
func (a address) event(input session.Input, l *loan, last *atomic.Uint64) {
	if a.ref == nil || a.ref.Tell(sessionMessage{input: input, loan: l, last: last}) != nil {
		l.release()
	}
}

// sessionActor owns one session machine.
type sessionActor struct {
	runtime *Runtime
	address address
	machine *session.Machine
	link    *link // its connection, or its last one
	alarm   alarm
	letGo   bool            // its connection is another session's
	holding *loan           // of the event that is being taken
	waiting chan<- struct{} // of the reader, whose last frame was taken; nil for none
	ended   bool
}

// openSession starts the actor of a connection that was just made.
func (r *Runtime) openSession(l *link) *engine.Ref[sessionMessage] {
	a := &sessionActor{runtime: r, link: l, machine: session.New(time.Now(), r.sessionConfig())}
	ref := engine.Spawn(r.engine, "session", engine.Behaviour[sessionMessage]{
		Receive: a.receive, Panicked: a.panicked, Dropped: dropSessionMessage,
	})
	a.address = address{ref: ref, credits: newCredits(r.config.SessionCredit)}
	l.session.Store(ref)
	a.alarm.ring = func() { _ = ref.Tell(sessionMessage{input: session.Tick{}}) }
	_ = ref.Tell(sessionMessage{input: session.Tick{}}) // sets the alarm for the handshake
	return ref
}

func (a *sessionActor) receive(m sessionMessage) {
	if m.shutdown {
		a.end()
		return
	}
	if m.link == nil || m.link == a.link { // else from a connection that another one replaced
		a.step(m)
	}
	a.readOn(m.taken)
}

// readOn lets the reader go on: after the input of taken, and not while the client's token is being looked at. So a client
// that sends its first request right behind the hello, or ends its input there, is not taken at its word too early.
func (a *sessionActor) readOn(taken chan<- struct{}) {
	if taken != nil {
		a.waiting = taken
	}
	if state := a.machine.State(); a.waiting != nil && state != session.Authenticating && state != session.HandingOver {
		a.waiting <- struct{}{}
		a.waiting = nil
	}
}

func (a *sessionActor) step(m sessionMessage) {
	if _, tick := m.input.(session.Tick); tick {
		a.alarm.rang()
	}
	now := time.Now()
	effects := a.machine.Step(now, m.input)
	if m.last != nil {
		m.last.Store(a.machine.LastSeq())
	}
	a.holding = m.loan
	for _, effect := range effects {
		a.do(effect, m)
	}
	a.holding.release()
	a.holding = nil
	a.alarm.set(now, a.machine.Deadline())
	if a.machine.State() == session.Ended {
		a.end()
	}
}

// do carries out one effect of the step that took m. The first message takes the loan with it.
func (a *sessionActor) do(effect session.Effect, m sessionMessage) {
	switch effect := effect.(type) {
	case session.Send:
		a.link.out.put(letter{envelope: effect.Envelope, loan: a.holding})
		a.holding = nil
	case session.Authenticate:
		go a.authenticate(a.link.life, effect)
	case session.ResumeSession:
		if a.runtime.registry.Tell(resumeSession{offer: offer{from: a.address, link: a.link}, resume: effect}) != nil {
			a.address.tell(session.ResumeRefused{Err: shuttingDown()})
		}
	case session.LetGo:
		a.letGo = true
	case session.Attach:
		a.attach(m.offer)
	case session.DenyResume:
		m.offer.from.tell(session.ResumeRefused(effect))
	case session.SubmitJob:
		a.submit(effect)
	case session.CancelJob:
		a.request(cancelJob{cancel: effect}, effect.RequestID, effect.JobID)
	case session.SubscribeJob:
		a.request(subscribeJob{subscribe: effect}, effect.RequestID, effect.JobID)
	case session.UnsubscribeJob:
		_ = a.runtime.registry.Tell(unsubscribeJob{effect})
	case session.ListJobs:
		a.request(listJobs{list: effect}, effect.RequestID, "")
	case session.CloseTransport:
		a.link.finish()
	case session.End:
		// receive ends the actor when the step is done.
	}
}

// submit passes a submission on, with the digest that an idempotency key is for (§7.2).
func (a *sessionActor) submit(effect session.SubmitJob) {
	m := submitJob{from: a.address, submit: effect}
	if effect.Submit.IdempotencyKey != "" {
		m.digest = registry.Digest(effect.Submit)
	}
	a.request(m, effect.RequestID, "")
}

// request passes a request to the registry, or says that nobody is there to take it.
func (a *sessionActor) request(m registryMessage, request protocol.MessageID, id protocol.JobID) {
	if a.runtime.registry.Tell(m) != nil {
		a.address.tell(session.RequestRefused{RequestID: request, JobID: id, Err: shuttingDown()})
	}
}

// attach takes a connection in place of the one that the session had.
func (a *sessionActor) attach(o *offer) {
	a.link.drop()
	a.link = o.link
	a.link.session.Store(a.address.ref)
	if a.link.gone.Load() { // it was lost meanwhile, and whoever noticed may have told another session
		_ = a.address.ref.Tell(sessionMessage{input: session.ConnectionLost{}, link: a.link})
	}
	o.from.tell(session.HandedOver{})
}

// authenticate asks who the bearer of the token is; that may take its time.
func (a *sessionActor) authenticate(life context.Context, ask session.Authenticate) {
	principal, err := a.runtime.config.Authenticator.Authenticate(life, ask.Token)
	if err != nil {
		a.runtime.log.Info("authentication failed", "error", err)
		a.address.tell(session.AuthenticationFailed{})
		return
	}
	id, err := protocol.NewSessionID(time.Now(), rand.Reader)
	if err != nil {
		a.runtime.log.Error("no session id", "error", err)
		a.address.tell(session.AuthenticationFailed{})
		return
	}
	opened := session.Authenticated{Principal: principal, SessionID: id, Secret: auth.NewToken()}
	if ask.Resume {
		a.address.tell(opened) // another session may take the connection; this one never opens
		return
	}
	if a.runtime.registry.Tell(admitSession{from: a.address, opened: opened}) != nil {
		a.address.tell(session.SessionRefused{Err: shuttingDown()})
	}
}

// end stops the actor; its jobs run on.
func (a *sessionActor) end() {
	if a.ended {
		return
	}
	a.ended = true
	a.alarm.stop()
	if !a.letGo {
		a.link.finish()
	}
	a.address.ref.Close()
	_ = a.runtime.registry.Tell(sessionEnded{ref: a.address.ref})
}

// panicked ends a session whose machine broke: its connection closes, its jobs and all other sessions go on.
func (a *sessionActor) panicked(reason any, stack []byte) {
	a.runtime.log.Error("session failed", "session", a.machine.ID(), slog.String("panic", fmt.Sprint(reason)), "stack", string(stack))
	a.alarm.stop()
	a.holding.release()
	a.link.drop()
	_ = a.runtime.registry.Tell(sessionEnded{ref: a.address.ref})
}

func dropSessionMessage(m sessionMessage) { m.loan.release() }
