package session

import (
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// pingDue is when an idle runtime speaks. §6.4 (choice): at three quarters of the
// interval, so that the message is there before the interval is over.
func (m *Machine) pingDue() time.Time {
	return m.spoke.Add(m.config.HeartbeatInterval * 3 / 4)
}

// silenceDue is when a silent client counts as lost (§6.4): after two intervals.
func (m *Machine) silenceDue() time.Time {
	return m.heard.Add(2 * m.config.HeartbeatInterval)
}

// tick does what is due.
func (t *turn) tick() {
	switch t.state {
	case Greeting, Authenticating, HandingOver:
		if !t.now.Before(t.until) {
			t.handshakeOver()
		}
	case Open:
		if t.uses(protocol.FeatureHeartbeat) {
			t.beat()
		}
	case Detached:
		if !t.now.Before(t.until) {
			t.end()
		}
	}
}

// beat keeps the connection alive, or gives it up.
func (t *turn) beat() {
	switch {
	case !t.now.Before(t.silenceDue()):
		// §6.4: the connection is dead; the session and its jobs are not.
		t.refuse("", protocol.NewError(protocol.HeartbeatLost, "nothing was heard for two heartbeat intervals"))
		t.closeTransport()
	case !t.now.Before(t.pingDue()):
		t.send(protocol.Envelope{Payload: protocol.SessionPing{Nonce: t.nonce(), SentAt: protocol.FormatTime(t.now)}})
	}
}

// pong answers a ping (§6.4).
func (t *turn) pong(request protocol.MessageID, ping protocol.SessionPing) {
	if !t.negotiated(request, protocol.FeatureHeartbeat) {
		return
	}
	t.send(protocol.Envelope{RequestID: request, Payload: protocol.SessionPong{
		PingNonce: ping.Nonce, ReceivedAt: protocol.FormatTime(t.now),
	}})
}
