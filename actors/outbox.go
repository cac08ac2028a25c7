package actors

import (
	"sync"

	"github.com/arcp-conformance/arcp/protocol"
)

// outbox is what a session has to say to its connection. The session's actor puts in, and never waits; the connection's
// writer takes out; the connection's reader waits here when too many answers have not been read. These are three
// goroutines around one queue, hence the lock.
type outbox struct {
	mu      sync.Mutex
	changed sync.Cond
	urgent  []letter // written before all others
	queue   []letter
	control int // letters that are no events, in both
	unpaid  int // about the bytes of events that took no credit: replayed ones, and those of subscriptions
	limit   int // of that
	hangUp  func()
	state   boxState
}

// letter is one message to write, with the credit to return afterwards.
type letter struct {
	envelope protocol.Envelope
	loan     *loan // nil for what is no event
}

type boxState uint8

const (
	boxOpen   boxState = iota
	boxLast            // what stands in it is written, then the connection closes
	boxBroken          // nothing is written any more
)

// newOutbox gives the box of a connection, which hangUp ends. Limit is how many bytes of events may wait in it that took no
// credit: a subscriber slows nobody, so one that does not read loses its connection (§6.5, §13.2); a resume goes on.
func newOutbox(limit int, hangUp func()) *outbox {
	o := &outbox{limit: limit, hangUp: hangUp}
	o.changed.L = &o.mu
	return o
}

// put adds one letter, or returns its credit when nobody will write it.
func (o *outbox) put(l letter) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.state != boxOpen {
		l.loan.release()
		return
	}
	if isHeartbeat(l.envelope.Payload) {
		o.urgent = append(o.urgent, l)
	} else {
		o.queue = append(o.queue, l)
	}
	o.count(l, 1)
	o.changed.Broadcast()
	if o.unpaid > o.limit {
		o.breakOff()
		go o.hangUp()
	}
}

// count notes that a letter came or went.
func (o *outbox) count(l letter, n int) {
	switch {
	case l.isControl():
		o.control += n
	case l.loan == nil:
		o.unpaid += n * l.size()
	}
}

// size is about how much memory an event takes, in bytes.
func (l letter) size() int {
	switch p := l.envelope.Payload.(type) {
	case protocol.JobEvent:
		return overhead + len(p.Body)
	case protocol.JobResult:
		return overhead + len(p.Result)
	}
	return overhead
}

// isHeartbeat says what may overtake everything: a heartbeat has no place in any order, and must not wait behind a queue
// of events (§6.4).
func isHeartbeat(payload protocol.Payload) bool {
	switch payload.(type) {
	case protocol.SessionPing, protocol.SessionPong:
		return true
	}
	return false
}

func (l letter) isControl() bool { return l.envelope.EventSeq == 0 }

// next waits for the next letter. False: there will be none.
func (o *outbox) next() (letter, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.urgent) == 0 && len(o.queue) == 0 && o.state == boxOpen {
		o.changed.Wait()
	}
	var l letter
	switch {
	case len(o.urgent) > 0:
		l, o.urgent = pop(o.urgent)
	case len(o.queue) > 0:
		l, o.queue = pop(o.queue)
	default:
		return letter{}, false
	}
	o.count(l, -1)
	o.changed.Broadcast()
	return l, true
}

// pop takes the first letter off a queue that is not empty.
func pop(queue []letter) (letter, []letter) {
	l := queue[0]
	queue[0] = letter{}
	if len(queue) == 1 {
		return l, nil // a burst's memory is given back
	}
	return l, queue[1:]
}

// finish lets what stands in the box be written, and nothing more.
func (o *outbox) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.state = max(o.state, boxLast)
	o.changed.Broadcast()
}

// abandon drops all that was not written.
func (o *outbox) abandon() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.breakOff()
}

// breakOff is abandon for who holds the lock.
func (o *outbox) breakOff() {
	o.state = boxBroken
	for _, l := range o.queue {
		l.loan.release()
	}
	o.urgent, o.queue, o.control, o.unpaid = nil, nil, 0, 0
	o.changed.Broadcast()
}

// room waits until few enough answers stand in the box for another request to be read.
func (o *outbox) room() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.control >= maxControl && o.state == boxOpen {
		o.changed.Wait()
	}
}
