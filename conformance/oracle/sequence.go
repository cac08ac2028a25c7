package oracle

import (
	"slices"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// sequence holds §8.3: the numbers of a session rise by one, over all its jobs and connections. Whatever carries a
// number counts, whether or not it had to. Only a new connection may repeat numbers, and then with the same content.
type sequence struct {
	d       *docket
	cursors map[cursor]uint64 // last number on each connection
	newest  map[*session]uint64
}

type cursor struct {
	session *session
	conn    *connection
}

func newSequence(d *docket) *sequence {
	return &sequence{d: d, cursors: map[cursor]uint64{}, newest: map[*session]uint64{}}
}

func (q *sequence) see(f frame) {
	n, ok := f.seq()
	if !ok || !f.received() {
		return
	}
	at := cursor{f.session, f.conn}
	last, going := q.cursors[at]
	newest, begun := q.newest[f.session]
	switch {
	case going:
		q.d.demand("R8.3-1", n == last+1, f.Message, "event_seq %d after %d in session %s", last+1, last, f.session.id)
		f.session.holed = f.session.holed || n != last+1
	case begun:
		q.reconnected(f, n, newest)
	case f.session.fresh && n > 1:
		q.d.inform("R8.3-1", f.Message, "the numbers of session %s start at %d", f.session.id, n)
	}
	q.cursors[at], q.newest[f.session] = n, max(newest, n)
	if f.original != nil {
		q.d.demand("R6.3-2", sameContent(f.original, f.Message), f.Message,
			"under event_seq %d what was sent under it before", n)
	}
}

// reconnected looks at the first number on another connection of a session. The buffer may have ended before what the
// client asked for, but then the peer says RESUME_WINDOW_EXPIRED, and the session is known to have a hole. It is, too,
// when the client asked for more than there was.
func (q *sequence) reconnected(f frame, n, newest uint64) {
	if f.session.holed {
		return
	}
	q.d.demand("R8.3-1", n <= newest+1, f.Message,
		"an event_seq of at most %d on the new connection of session %s", newest+1, f.session.id)
	f.session.holed = n > newest+1
}

// sameContent says whether two frames mean the same event. Their ids, and what else stands around it, may differ.
func sameContent(a, b *wire.Message) bool {
	return !slices.ContainsFunc([]string{"type", "job_id", "payload"}, func(field string) bool {
		return !same(a.Doc[field], b.Doc[field])
	})
}
