package session

import (
	"crypto/sha256"
	"crypto/subtle"
	"strings"

	"github.com/arcp-conformance/arcp/protocol"
)

// The prefixes of the names that a resume token is made of.
const (
	tokenPrefix   = "rt_"
	sessionPrefix = "sess_"
)

// resumeToken makes a token (§6.3). It says which session it is for, because a session.resume need not; what proves
// anything is the secret behind that.
func resumeToken(id protocol.SessionID, secret string) string {
	return tokenPrefix + strings.TrimPrefix(string(id), sessionPrefix) + "_" + secret
}

// SessionOf returns the session that a resume token is for, "" for what is no token of this package.
func SessionOf(token string) protocol.SessionID {
	name, prefixed := strings.CutPrefix(token, tokenPrefix)
	id, _, whole := strings.Cut(name, "_")
	if !prefixed || !whole || id == "" {
		return ""
	}
	return protocol.SessionID(sessionPrefix + id)
}

// digest is how a token is kept: who reads the memory of a runtime cannot resume with it.
type digest [sha256.Size]byte

func (d digest) of(token string) bool {
	other := sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(d[:], other[:]) == 1
}

// rotate makes the session's next token; the one before is spent. §6.3: it rotates on every welcome.
func (m *Machine) rotate(secret string) string {
	token := resumeToken(m.id, secret)
	m.token = sha256.Sum256([]byte(token))
	return token
}

// askResume begins the resumption of another session on this new connection.
func (t *turn) askResume(request protocol.MessageID, resume protocol.SessionResume, id protocol.SessionID, auth protocol.Auth) {
	if resume.SessionID != "" && id != "" && resume.SessionID != id {
		t.invalid(request, "session_id differs between envelope and payload")
		return
	}
	for _, named := range []protocol.SessionID{resume.SessionID, id, SessionOf(resume.ResumeToken)} {
		if resume.SessionID == "" {
			resume.SessionID = named
		}
	}
	resume.Auth = nil // a secret is kept no longer than it is needed
	t.helloID = request
	t.resume = &resume
	t.authenticate(auth)
}

// handOver offers the connection to the session that the client wants to resume.
func (t *turn) handOver(in Authenticated) {
	t.state = HandingOver
	t.do(ResumeSession{
		RequestID: t.helloID, Principal: in.Principal, SessionID: t.resume.SessionID,
		Token: t.resume.ResumeToken, LastEventSeq: t.resume.LastEventSeq, Secret: in.Secret,
	})
}

// handedOver ends a session that never was: its connection is another's now.
func (t *turn) handedOver() {
	if t.state == HandingOver {
		t.do(LetGo{})
		t.end()
	}
}

// notResumed turns the client away.
func (t *turn) notResumed(err *protocol.Error) {
	if t.state == HandingOver {
		t.refuse(t.helloID, err)
		t.closeTransport()
	}
}

// NotResumable is the answer to every resume that names no session which can be resumed, whatever the reason: the session
// never was, its window is over, or the token is not its newest. Nobody learns which (§6.3, choice).
func NotResumable() *protocol.Error {
	return protocol.NewError(protocol.ResumeWindowExpired, "there is no such session to resume")
}

// resumed takes the connection of a client that comes back (§6.3). A try that is refused changes nothing.
func (t *turn) resumed(in ResumeRequested) {
	err := t.resumable(in)
	if err != nil {
		t.do(DenyResume{Err: err})
		return
	}
	missed, _ := t.replay.after(in.LastEventSeq)
	missed = append([]protocol.Envelope(nil), missed...)
	t.helloID = in.RequestID
	t.state = Open
	t.heard = t.now
	// §6.3 (choice): the newest connection is the client's, whatever the old one looks like.
	t.do(Attach{})
	t.sendWelcome(in.Secret)
	for _, event := range missed {
		t.send(event)
	}
}

func (m *Machine) resumable(in ResumeRequested) *protocol.Error {
	switch m.state {
	case Open, Closing, Detached:
	default:
		return NotResumable()
	}
	switch {
	case m.id == "" || in.Principal != m.principal || !m.token.of(in.Token):
		return NotResumable()
	case in.LastEventSeq > m.lastSeq:
		// §6.3 (choice): whoever has seen what was never sent is not believed.
		return protocol.NewError(protocol.InvalidRequest, "last_event_seq is above all that was sent")
	}
	if _, covered := m.replay.after(in.LastEventSeq); !covered {
		// §6.3: a stream with a hole is no resume.
		return protocol.NewError(protocol.ResumeWindowExpired, "the buffer no longer has all events after last_event_seq")
	}
	return nil
}
