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
		hello, ok := envelope.Payload.(protocol.SessionHello)
		if !ok {
			// §6.2 (choice): nothing is served before the welcome.
			t.invalid(envelope.ID, "a session begins with session.hello")
			return
		}
		t.greet(envelope.ID, hello)
	case Authenticating:
		t.invalid(envelope.ID, "the session is not open before session.welcome")
	case Open:
		t.serve(envelope)
	}
}

// badFrame answers a frame that is no message. §5 (choice): it harms nothing but itself.
func (t *turn) badFrame(refusal *protocol.Refusal) {
	t.heard = t.now
	switch t.state {
	case Greeting, Authenticating, Open:
		t.refuse(refusal.RequestID, refusal.Err)
	}
}

// greet looks at session.hello before the token is looked at.
func (t *turn) greet(request protocol.MessageID, hello protocol.SessionHello) {
	t.helloID = request
	encodings := hello.Capabilities.Encodings
	if len(encodings) > 0 && !slices.Contains(encodings, "json") {
		// §6.2 (choice): the wire of §5 is JSON, and there is no other to talk in.
		t.invalid(request, "no encoding in common: this runtime speaks json")
		return
	}
	// §6.1: a bearer token, and nothing else.
	if hello.Auth.Scheme != "bearer" || hello.Auth.Token == "" {
		t.state = Authenticating
		t.unauthenticated()
		return
	}
	token := hello.Auth.Token
	hello.Auth.Token = "" // a secret is kept no longer than it is needed
	t.hello = hello
	t.state = Authenticating
	t.do(Authenticate{Token: token})
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

// welcome opens the session (§6.2).
func (t *turn) welcome(in Authenticated) {
	if t.state != Authenticating {
		return // the client is gone, or the handshake took too long
	}
	t.id, t.principal = in.SessionID, in.Principal
	// §6.2: the intersection is what both may use; names unknown here fall out of it.
	t.features = both(t.config.Features, t.hello.Capabilities.Features)
	t.state = Open
	t.heard = t.now
	t.send(protocol.Envelope{RequestID: t.helloID, Payload: protocol.SessionWelcome{
		Runtime:              t.config.Runtime,
		ResumeToken:          in.ResumeToken,
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
