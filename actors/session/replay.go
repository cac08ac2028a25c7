package session

import "github.com/arcp-conformance/arcp/protocol"

// replay holds the events that a resume may ask for (§6.3): those behind its floor, in their order and without a hole.
type replay struct {
	maxEvents int
	maxBytes  int64

	events []protocol.Envelope // with the numbers floor+1, floor+2 and so on
	floor  uint64              // number of the newest event that is gone, 0 when none is
	bytes  int64
}

// add keeps one event. §6.5: what the client has not acknowledged is given up only where a limit forces it, oldest first.
func (r *replay) add(event protocol.Envelope) {
	r.events = append(r.events, event)
	r.bytes += footprint(event)
	for len(r.events) > 1 && (len(r.events) > r.maxEvents || r.bytes > r.maxBytes) {
		r.drop(1)
	}
}

// free gives up the events up to a number (§6.5).
func (r *replay) free(upTo uint64) {
	if upTo > r.floor {
		r.drop(int(min(upTo-r.floor, uint64(len(r.events)))))
	}
}

func (r *replay) drop(n int) {
	for i := range n {
		r.bytes -= footprint(r.events[i])
		r.events[i] = protocol.Envelope{} // its memory goes although the array stays
	}
	r.events = r.events[n:]
	r.floor += uint64(n)
}

// after returns the events behind a number, and false where some of them are gone.
func (r *replay) after(seq uint64) ([]protocol.Envelope, bool) {
	if seq < r.floor || seq > r.floor+uint64(len(r.events)) {
		return nil, false
	}
	return r.events[seq-r.floor:], true
}

// footprint is about what an event takes in memory, in bytes.
func footprint(event protocol.Envelope) int64 {
	const envelope = 256
	switch p := event.Payload.(type) {
	case protocol.JobEvent:
		return envelope + int64(len(p.Body))
	case protocol.JobResult:
		return envelope + int64(len(p.Result)+len(p.Summary))
	}
	return envelope
}
