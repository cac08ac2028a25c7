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
	queue   []letter
	control int // letters in the queue without a loan
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

func newOutbox() *outbox {
	o := &outbox{}
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
	o.queue = append(o.queue, l)
	if l.loan == nil {
		o.control++
	}
	o.changed.Broadcast()
}

// next waits for the next letter. False: there will be none.
func (o *outbox) next() (letter, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.queue) == 0 && o.state == boxOpen {
		o.changed.Wait()
	}
	if len(o.queue) == 0 {
		return letter{}, false
	}
	l := o.queue[0]
	o.queue[0] = letter{}
	if o.queue = o.queue[1:]; len(o.queue) == 0 {
		o.queue = nil // a burst's memory is given back
	}
	if l.loan == nil {
		o.control--
		o.changed.Broadcast()
	}
	return l, true
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
	o.state = boxBroken
	for _, l := range o.queue {
		l.loan.release()
	}
	o.queue, o.control = nil, 0
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
