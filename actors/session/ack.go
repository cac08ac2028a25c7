package session

import (
	"encoding/json"
	"strconv"

	"github.com/arcp-conformance/arcp/protocol"
)

// ack takes note of what the client has processed. §6.5: it is advisory, so one that goes back, or that is above all that
// was sent, does nothing.
func (t *turn) ack(request protocol.MessageID, ack protocol.SessionAck) {
	if !t.negotiated(request, protocol.FeatureAck) {
		return
	}
	if ack.LastProcessedSeq <= t.acked || ack.LastProcessedSeq > t.lastSeq {
		return
	}
	t.acked = ack.LastProcessedSeq
	t.replay.free(t.acked)
	if t.lag() < uint64(t.config.BackPressureLag)/2 {
		t.pressed = false
	}
}

// lag is how many events the client has not acknowledged; 0 for one that never acknowledged any, since §6.5 leaves it free
// to.
func (m *Machine) lag() uint64 {
	if m.acked == 0 {
		return 0
	}
	return m.lastSeq - m.acked
}

// press tells a client that falls behind, once until it has caught up to the half (§6.5, choice): a status event of the
// job whose event was one too many.
func (t *turn) press(job protocol.JobID, trace protocol.TraceID) {
	if t.pressed || t.state != Open || t.lag() < uint64(t.config.BackPressureLag) {
		return
	}
	t.pressed = true
	body, err := json.Marshal(protocol.Status{
		Phase: "back_pressure", Message: "consumer lag " + strconv.FormatUint(t.lag(), 10) + " events",
	})
	if err != nil {
		panic("session: " + err.Error())
	}
	t.number(job, trace, protocol.JobEvent{Kind: protocol.KindStatus, TS: protocol.FormatTime(t.now), Body: body})
}
