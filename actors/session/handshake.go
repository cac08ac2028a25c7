package session

import (
	"slices"
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// message takes one well-formed message of the client.
func (t *turn) message(envelope protocol.Envelope) {
	t.heard = t.now
	switch t.state {
	case Greeting:
		t.begin(envelope)
	case Authenticating, HandingOver:
		t.invalid(envelope.ID, "the session is not open before session.welcome")
	case Open:
		t.serve(envelope)
	}
}

// begin takes the first message: a new session, or one that is resumed.
func (t *turn) begin(envelope protocol.Envelope) {
	switch payload := envelope.Payload.(type) {
	case protocol.SessionHello:
		t.greet(envelope, payload)
	case protocol.SessionResume:
		var auth protocol.Auth
		if payload.Auth != nil {
			auth = *payload.Auth
		}
		t.askResume(envelope.ID, payload, envelope.SessionID, auth)
	default:
		// §6.2 (choice): nothing is served before the welcome.
		t.invalid(envelope.ID, "a session begins with session.hello")
	}
}

// badFrame answers a frame that is no message. §5 (choice): it harms nothing but itself.
func (t *turn) badFrame(refusal *protocol.Refusal) {
	t.heard = t.now
	switch t.state {
	case Greeting, Authenticating, HandingOver, Open:
		t.refuse(refusal.RequestID, refusal.Err)
	}
}

// greet looks at session.hello before the token is looked at.
func (t *turn) greet(envelope protocol.Envelope, hello protocol.SessionHello) {
	request := envelope.ID
	t.helloID = request
	encodings := hello.Capabilities.Encodings
	if len(encodings) > 0 && !slices.Contains(encodings, "json") {
		// §6.2 (choice): the wire of §5 is JSON, and there is no other to talk in.
		t.invalid(request, "no encoding in common: this runtime speaks json")
		return
	}
	auth := hello.Auth
	hello.Auth.Token = "" // a secret is kept no longer than it is needed
	resume := hello.Resume
	hello.Resume = nil
	t.hello = hello
	if resume != nil {
		// §6.3 (choice): several clients resume with a block in their hello.
		t.askResume(request, *resume, envelope.SessionID, auth)
		return
	}
	t.authenticate(auth)
}

// authenticate asks who the client is. §6.1: a bearer token, and nothing else.
func (t *turn) authenticate(auth protocol.Auth) {
	t.state = Authenticating
	if auth.Scheme != "bearer" || auth.Token == "" {
		t.unauthenticated()
		return
	}
	t.do(Authenticate{Token: auth.Token, Resume: t.resume != nil})
}

// unauthenticated turns the client away. §6.1 (choice): it does not say which part of the
// credential was wrong.
func (t *turn) unauthenticated() {
	if t.state != Authenticating {
		return
	}
	t.refuse(t.helloID, protocol.NewError(protocol.Unauthenticated, "authentication failed"))
	t.closeTransport()
}

// notAdmitted turns away a client that is who it says, and may not have a session.
func (t *turn) notAdmitted(err *protocol.Error) {
	if t.state != Authenticating {
		return
	}
	t.refuse(t.helloID, err)
	t.closeTransport()
}

// welcome opens the session (§6.2).
func (t *turn) welcome(in Authenticated) {
	if t.state != Authenticating {
		return // the client is gone, or the handshake took too long
	}
	if t.resume != nil {
		t.handOver(in)
		return
	}
	t.id, t.principal = in.SessionID, in.Principal
	// §6.2: the intersection is what both may use; names unknown here fall out of it.
	t.features = both(t.config.Features, t.hello.Capabilities.Features)
	t.state = Open
	t.heard = t.now
	t.sendWelcome(in.Secret)
}

// sendWelcome says what the session is (§6.2), with a token that was never used before (§6.3).
func (t *turn) sendWelcome(secret string) {
	t.send(protocol.Envelope{RequestID: t.helloID, Payload: protocol.SessionWelcome{
		Runtime:              t.config.Runtime,
		ResumeToken:          t.rotate(secret),
		ResumeWindowSec:      int64(t.config.ResumeWindow / time.Second),
		HeartbeatIntervalSec: int64(t.config.HeartbeatInterval / time.Second),
		Capabilities: protocol.Capabilities{
			Encodings: []string{"json"},
			Features:  t.config.Features,
			Agents:    t.config.Agents,
		},
	}})
}

// handshakeOver turns away a client that did not come to a welcome in time.
func (t *turn) handshakeOver() {
	t.refuse(t.helloID, protocol.NewError(protocol.Unauthenticated, "no session was opened in time"))
	t.closeTransport()
}
