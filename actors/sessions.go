package actors

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"time"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/protocol"
)

// sessionMessage is one message to a session's actor.
type sessionMessage struct {
	input    session.Input   // nil with shutdown
	loan     *loan           // of an event
	taken    chan<- struct{} // told when the input was taken; has room, or is nil
	shutdown bool            // the runtime ends: write what stands, then close
}

// address is where a session is told things, and where its jobs take their credit.
type address struct {
	ref     *engine.Ref[sessionMessage]
	credits *credits
}

// tell passes an input on. What a session that is over is told is lost, as it should be.
func (a address) tell(input session.Input, l *loan) {
	if a.ref == nil || a.ref.Tell(sessionMessage{input: input, loan: l}) != nil {
		l.release()
	}
}

// sessionActor owns one session machine.
type sessionActor struct {
	runtime *Runtime
	address address
	machine *session.Machine
	out     *outbox
	alarm   alarm
	life    context.Context // of the connection
	hangUp  context.CancelFunc
	holding *loan           // of the event that is being taken
	waiting chan<- struct{} // of the reader, whose last frame was taken; nil for none
	ended   bool
}

// openSession starts the actor of a connection that was just made.
func (r *Runtime) openSession(life context.Context, hangUp context.CancelFunc, out *outbox) *engine.Ref[sessionMessage] {
	now := time.Now()
	a := &sessionActor{
		runtime: r, out: out, life: life, hangUp: hangUp,
		machine: session.New(now, r.sessionConfig()),
	}
	ref := engine.Spawn(r.engine, "session", engine.Behaviour[sessionMessage]{
		Receive: a.receive, Panicked: a.panicked, Dropped: dropSessionMessage,
	})
	a.address = address{ref: ref, credits: newCredits(r.config.SessionCredit)}
	a.alarm.ring = func() { _ = ref.Tell(sessionMessage{input: session.Tick{}}) }
	_ = ref.Tell(sessionMessage{input: session.Tick{}}) // sets the alarm for the handshake
	return ref
}

func (a *sessionActor) receive(m sessionMessage) {
	if m.shutdown {
		a.end()
		return
	}
	if _, tick := m.input.(session.Tick); tick {
		a.alarm.rang()
	}
	now := time.Now()
	a.holding = m.loan
	for _, effect := range a.machine.Step(now, m.input) {
		a.do(effect)
	}
	a.holding.release()
	a.holding = nil
	a.alarm.set(now, a.machine.Deadline())
	if a.machine.State() == session.Ended {
		a.end()
	}
	a.readOn(m.taken)
}

// readOn lets the reader go on: after the input of taken, and not while the client's token is being looked at. So a client
// that sends its first request right behind the hello, or ends its input there, is not taken at its word too early.
func (a *sessionActor) readOn(taken chan<- struct{}) {
	if taken != nil {
		a.waiting = taken
	}
	if a.waiting != nil && a.machine.State() != session.Authenticating {
		a.waiting <- struct{}{}
		a.waiting = nil
	}
}

// do carries out one effect. The first message takes the loan with it.
func (a *sessionActor) do(effect session.Effect) {
	switch effect := effect.(type) {
	case session.Send:
		a.out.put(letter{envelope: effect.Envelope, loan: a.holding})
		a.holding = nil
	case session.Authenticate:
		go a.authenticate(effect.Token)
	case session.SubmitJob:
		a.request(submitJob{from: a.address, submit: effect}, effect.RequestID, "")
	case session.CancelJob:
		a.request(cancelJob{from: a.address, cancel: effect}, effect.RequestID, effect.JobID)
	case session.CloseTransport:
		a.out.finish()
		time.AfterFunc(closeGrace, a.hangUp) // a client that does not read must not hold the connection
	case session.End:
		// receive ends the actor when the step is done.
	}
}

// request passes a request to the registry, or says that nobody is there to take it.
func (a *sessionActor) request(m registryMessage, request protocol.MessageID, id protocol.JobID) {
	if a.runtime.registry.Tell(m) != nil {
		a.address.tell(session.RequestRefused{RequestID: request, JobID: id, Err: shuttingDown()}, nil)
	}
}

// authenticate asks who the bearer of the token is; that may take its time.
func (a *sessionActor) authenticate(token string) {
	principal, err := a.runtime.config.Authenticator.Authenticate(a.life, token)
	if err != nil {
		a.runtime.log.Info("authentication failed", "error", err)
		a.address.tell(session.AuthenticationFailed{}, nil)
		return
	}
	id, err := protocol.NewSessionID(time.Now(), rand.Reader)
	if err != nil {
		a.runtime.log.Error("no session id", "error", err)
		a.address.tell(session.AuthenticationFailed{}, nil)
		return
	}
	a.runtime.log.Info("session opened", "session", id, "principal", principal)
	a.address.tell(session.Authenticated{Principal: principal, SessionID: id, ResumeToken: "rt_" + auth.NewToken()}, nil)
}

// end stops the actor; its jobs run on.
func (a *sessionActor) end() {
	if a.ended {
		return
	}
	a.ended = true
	a.alarm.stop()
	a.out.finish()
	time.AfterFunc(closeGrace, a.hangUp)
	a.address.ref.Close()
	_ = a.runtime.registry.Tell(sessionEnded{ref: a.address.ref})
}

// panicked ends a session whose machine broke: its connection closes, its jobs and all other sessions go on.
func (a *sessionActor) panicked(reason any, stack []byte) {
	a.runtime.log.Error("session failed", "session", a.machine.ID(), slog.String("panic", fmt.Sprint(reason)), "stack", string(stack))
	a.alarm.stop()
	a.holding.release()
	a.out.abandon()
	a.hangUp()
	_ = a.runtime.registry.Tell(sessionEnded{ref: a.address.ref})
}

func dropSessionMessage(m sessionMessage) { m.loan.release() }
