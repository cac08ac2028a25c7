package simulation_test

import (
	"bytes"

	"github.com/arcp-conformance/arcp/protocol"
)

// view is one job as one client sees it in one session.
type view struct {
	next   int  // index of the job's next event
	active bool // subscribed, for a job of another session
	left   int  // number of the request that unsubscribed last; 0 for none
	ended  bool
}

func (c *client) view(id protocol.JobID) *view {
	if c.views[id] == nil {
		c.views[id] = &view{}
	}
	return c.views[id]
}

func backPressure(envelope protocol.Envelope) bool {
	event, ok := envelope.Payload.(protocol.JobEvent)
	return ok && event.Kind == protocol.KindStatus && bytes.Contains(event.Body, []byte("back_pressure"))
}

// sequenced takes one numbered message: none is missing, none comes twice, and one that is replayed is what it was (§6.3,
// §8.3).
func (c *client) sequenced(e protocol.Envelope) {
	if !c.open || e.EventSeq != c.next {
		c.world.fail("%s in %s: event %d where %d was due", c.name, c.id, e.EventSeq, c.next)
	}
	c.next++
	if e.EventSeq <= uint64(len(c.seen)) {
		if old := c.seen[e.EventSeq-1]; old.JobID != e.JobID || !same(old.Payload, e.Payload) {
			c.world.fail("%s in %s: event %d was %+v and is now %+v", c.name, c.id, e.EventSeq, old, e)
		}
		return
	}
	c.seen = append(c.seen, e)
	if !backPressure(e) {
		c.saw(e)
	}
}

// saw holds an event or an ending against what its job has told.
func (c *client) saw(e protocol.Envelope) {
	of := c.world.truth.jobs[e.JobID]
	if of == nil || of.principal != c.principal {
		c.world.fail("%s is told of %s, which is not its principal's", c.name, e.JobID)
	}
	v := c.view(e.JobID)
	event, more := e.Payload.(protocol.JobEvent)
	due := v.next < len(of.events) && more && equal(event, of.events[v.next]) || v.next == len(of.events) && !more
	if own := of.session == c.id; !due || v.ended || !own && !v.active {
		if own || !c.adopts(e.JobID, v) {
			c.world.fail("%s in %s: %s is at %d (ended %v, subscribed %v), and then comes %+v",
				c.name, c.id, e.JobID, v.next, v.ended, v.active, e.Payload)
		}
		*v = view{active: true, left: v.left, next: len(of.events)}
		for i, told := range of.events {
			if more && equal(event, told) {
				v.next = i
			}
		}
	}
	if more {
		v.next++
		return
	}
	v.ended = true
	if !same(of.ending, e.Payload) {
		c.world.fail("%s in %s: %s ended with %+v, and is told to have ended with %+v", c.name, c.id, e.JobID, of.ending, e.Payload)
	}
}

// adopts says whether a subscription may stand of which the client does not know where it began: its answer was lost, or it
// is not known whether the unsubscribe was.
func (c *client) adopts(id protocol.JobID, v *view) bool {
	if v.left > 0 {
		return true
	}
	for _, r := range c.requests {
		if subscribe, ok := r.payload.(protocol.JobSubscribe); ok && subscribe.JobID == id && r.link != c.link {
			return true
		}
	}
	return false
}

// subscribed takes the answer to a job.subscribe.
func (c *client) subscribed(r *request, payload protocol.JobSubscribed) {
	of := c.world.truth.jobs[payload.JobID]
	if of.principal != c.principal {
		c.world.fail("%s is subscribed to %s of %s", c.name, of.id, of.principal)
	}
	if of.session == c.id {
		return // it has the events anyway
	}
	v := c.view(payload.JobID)
	over := final(payload.CurrentStatus)
	switch count := int(payload.SubscribedFrom); {
	case payload.Replayed:
		if over {
			count--
		}
		subscribe := r.payload.(protocol.JobSubscribe)
		from := count - c.world.config.job.LogEvents
		if subscribe.FromEventSeq != nil {
			from = max(from, int(*subscribe.FromEventSeq))
		}
		*v = view{active: true, left: v.left, next: max(from, 0)}
	case v.active && !v.ended && v.left == 0:
		if v.next != count {
			c.world.fail("%s in %s: %s is at %d, and subscribed again from %d", c.name, c.id, of.id, v.next, count)
		}
	case over:
		*v = view{left: v.left, ended: true}
	default:
		*v = view{active: true, left: v.left, next: count}
	}
	if r.number > v.left {
		v.left = 0
	}
}

func final(status protocol.JobStatus) bool {
	return status != protocol.StatusPending && status != protocol.StatusRunning
}

// complete says whether the client has been told all that there is to tell.
func (c *client) complete() bool {
	for _, r := range c.requests {
		if _, unanswered := r.payload.(protocol.JobUnsubscribe); r.link == c.link && !unanswered && !r.mute {
			return false
		}
	}
	for _, id := range c.world.truth.order {
		of := c.world.truth.jobs[id]
		v := c.views[id]
		switch {
		case of.accepted && of.session == c.id && (v == nil || !v.ended):
			return false
		case v != nil && v.active && v.left == 0 && !v.ended:
			return false
		}
	}
	return true
}
