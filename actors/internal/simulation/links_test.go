package simulation_test

import (
	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// link is one connection: a reader and a writer, with what is on the way in their mailboxes.
type link struct {
	world   *world
	reader  *actor
	writer  *actor
	client  *client
	session *sessionActor
	waits   bool // the reader, for its frame to be taken
	gone    bool // nothing more is read
	cut     bool
}

type (
	hungUp struct{}
	last   struct{} // behind it the connection closes
	frame  struct {
		link     *link
		envelope protocol.Envelope
	}
	lost struct{ link *link }
)

func (w *world) connect(c *client) *link {
	l := &link{world: w, client: c}
	name := w.name("link")
	l.reader = w.actor(name+" in", l.read)
	l.reader.blocked = func() bool { return l.waits && !l.session.over }
	l.writer = w.actor(name+" out", l.write)
	l.session = w.openSession(l)
	w.registry.tell(registryMessage{in: registry.ConnectionOpened{}, ended: l.session})
	return l
}

func (l *link) read(message any) {
	if envelope, ok := message.(protocol.Envelope); ok && !l.gone {
		l.waits = true
		if !l.session.tell(sessionMessage{input: session.MessageReceived{Envelope: envelope}, taken: true, link: l}) {
			l.waits = false
			l.over()
		}
		return
	}
	l.over()
}

// over ends the reader.
func (l *link) over() {
	if l.gone {
		return
	}
	l.gone = true
	l.reader.then(func() { l.session.tell(sessionMessage{input: session.ConnectionLost{}, link: l}) })
	l.reader.then(func() { l.world.registry.tell(registryMessage{in: registry.ConnectionClosed{}}) })
	l.reader.then(func() { l.finish() })
}

func (l *link) readOn() {
	l.waits = false
	l.reader.wake()
}

func (l *link) write(message any) {
	switch message := message.(type) {
	case protocol.Envelope:
		if !l.cut {
			l.client.tell(frame{l, message})
		}
	case last:
		l.drop()
	}
}

// finish closes the connection when all that stands is written.
func (l *link) finish() {
	l.writer.tell(last{})
	l.writer.closed = true
}

// drop closes the connection at once, with some of what is on the way.
func (l *link) drop() {
	if l.cut {
		return
	}
	l.cut = true
	l.writer.closed = true
	l.writer.inbox = nil
	if unread := len(l.reader.inbox); unread > 0 {
		l.reader.inbox = l.reader.inbox[:l.world.rand.IntN(unread+1)]
	}
	l.reader.tell(hungUp{})
	l.client.tell(lost{l})
}
