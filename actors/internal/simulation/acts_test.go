package simulation_test

import (
	"encoding/json"
	"fmt"

	"github.com/arcp-conformance/arcp/protocol"
)

// act asks for something at random, of whatever job of whomever.
func (c *client) act() {
	w := c.world
	var id protocol.JobID = "job_none"
	for _, job := range w.truth.order { // mostly one that runs
		if w.rand.IntN(len(w.truth.order)) == 0 || w.truth.jobs[job].ending == nil && w.rand.IntN(3) == 0 {
			id = job
		}
	}
	switch n := w.rand.IntN(100); {
	case n < 30:
		c.submit()
	case n < 40:
		c.say(protocol.JobCancel{JobID: id})
	case n < 62:
		subscribe := protocol.JobSubscribe{JobID: id, History: w.chance(50)}
		if w.chance(50) {
			from := uint64(w.rand.IntN(10))
			subscribe.FromEventSeq = &from
		}
		c.say(subscribe)
	case n < 76:
		c.unsubscribe(id)
	case n < 86:
		r := c.say(protocol.SessionListJobs{})
		r.ended = map[protocol.JobID]protocol.JobStatus{}
		for job, v := range c.views {
			if of := w.truth.jobs[job]; v.ended && of.session == c.id {
				r.ended[job] = statusOf(of.ending)
			}
		}
	case n < 95:
		c.say(protocol.SessionAck{LastProcessedSeq: uint64(w.rand.IntN(len(c.seen) + 2))}).mute = true
	case n < 98:
		c.say(protocol.JobSubmit{Agent: "nobody"})
	default:
		c.say(protocol.SessionClose{})
	}
}

// unsubscribe is mostly from what the client is subscribed to.
func (c *client) unsubscribe(id protocol.JobID) {
	w := c.world
	if v := c.views[id]; w.chance(70) && (v == nil || !v.active) {
		for _, other := range w.truth.order {
			if v := c.views[other]; v != nil && v.active && !v.ended {
				id = other
			}
		}
	}
	for _, r := range c.requests {
		if subscribe, ok := r.payload.(protocol.JobSubscribe); ok && subscribe.JobID == id && !*overlap {
			return // whether its answer would still begin a subscription is an open question
		}
	}
	c.view(id).left = c.say(protocol.JobUnsubscribe{JobID: id}).number
}

func statusOf(ending protocol.Payload) protocol.JobStatus {
	switch ending := ending.(type) {
	case protocol.JobResult:
		return ending.FinalStatus
	case protocol.JobError:
		return ending.FinalStatus
	}
	return ""
}

// submit asks for a job; with a key it is often one that was asked for before.
func (c *client) submit() {
	w := c.world
	submit := protocol.JobSubmit{Agent: "worker", LeaseRequest: protocol.Lease{"tool.call": {"*"}, "agent.delegate": {"*"}}}
	if w.chance(70) {
		submit.LeaseRequest["cost.budget"] = []string{"USD:" + cents(w.rand.IntN(300)), "EUR:" + cents(w.rand.IntN(300))}
	}
	if w.chance(15) {
		limit := protocol.Number(fmt.Sprint(1 + w.rand.IntN(20)))
		submit.MaxRuntimeSec = &limit
	}
	if w.chance(8) {
		submit.LeaseConstraints = &protocol.LeaseConstraints{
			ExpiresAt: protocol.FormatTime(w.now.Add(4e9)),
		}
	}
	variant := 0
	if w.chance(50) {
		variant = w.rand.IntN(2)
		submit = protocol.JobSubmit{Agent: "worker", IdempotencyKey: fmt.Sprintf("key %d", w.rand.IntN(3))}
		if variant == 1 {
			submit.Input = json.RawMessage(`{"other":true}`)
		}
		if submit.IdempotencyKey == "key 2" { // this one cannot be accepted
			submit.LeaseRequest = protocol.Lease{"cost.budget": {"nonsense"}}
		}
	}
	r := c.say(submit)
	r.variant = variant
	if k := w.truth.keys[c.principal+submit.IdempotencyKey]; submit.IdempotencyKey != "" && k != nil {
		r.known = k.variant == variant
	}
}

// hear takes one message of the runtime.
func (c *client) hear(e protocol.Envelope) {
	switch payload := e.Payload.(type) {
	case protocol.SessionWelcome:
		c.welcome(e, payload)
		return
	case protocol.SessionPing:
		c.say(protocol.SessionPong{PingNonce: payload.Nonce}).mute = true
		return
	case protocol.SessionError:
		if e.RequestID == c.try.id && !c.open {
			c.try.failed = true
			return
		}
		if e.RequestID == "" {
			return // its connection is given up
		}
	case protocol.JobAccepted:
		if payload.ParentJobID != "" && e.RequestID == "" {
			return // a child's
		}
	}
	if c.id == "" || e.SessionID != c.id {
		c.world.fail("%s in %q is told something of %q: %+v", c.name, c.id, e.SessionID, e)
	}
	if e.EventSeq > 0 {
		c.sequenced(e)
		return
	}
	r := c.requests[e.RequestID]
	if r == nil {
		c.world.fail("%s in %s: an answer to nothing: %+v", c.name, c.id, e)
	}
	delete(c.requests, e.RequestID)
	c.answered(r, e)
}

func (c *client) welcome(e protocol.Envelope, welcome protocol.SessionWelcome) {
	if c.open || e.RequestID != c.try.id {
		c.world.fail("%s in %s is welcomed twice", c.name, c.id)
	}
	c.open = true
	if c.try.resume == nil {
		c.id, c.next = e.SessionID, 1
	} else {
		if e.SessionID != c.id {
			c.world.fail("%s resumed %s and is in %s", c.name, c.id, e.SessionID)
		}
		c.next = c.try.resume.LastEventSeq + 1
	}
	c.tokens = append(c.tokens, welcome.ResumeToken)
}

// answered holds an answer against its request.
func (c *client) answered(r *request, e protocol.Envelope) {
	of := c.world.truth.jobs[e.JobID]
	switch answer := e.Payload.(type) {
	case protocol.JobAccepted:
		c.accepted(r, answer)
	case protocol.JobCancelled:
		if of.session != c.id {
			c.world.fail("%s in %s cancelled %s of %s", c.name, c.id, of.id, of.session)
		}
	case protocol.JobSubscribed:
		c.subscribed(r, answer)
	case protocol.SessionJobs:
		c.listed(r, answer)
	case protocol.SessionError:
		c.refused(r, answer)
	case protocol.SessionClosed:
	default:
		c.world.fail("%s in %s: %+v answers %+v", c.name, c.id, e, r.payload)
	}
}

// accepted holds a job.accepted against those before: one job for one key, and one for each submit without (§7.2).
func (c *client) accepted(r *request, answer protocol.JobAccepted) {
	submit := r.payload.(protocol.JobSubmit)
	of := c.world.truth.jobs[answer.JobID]
	if of == nil || !of.accepted || of.principal != c.principal {
		c.world.fail("%s is told that it has %s", c.name, answer.JobID)
	}
	payload, _ := json.Marshal(answer)
	if submit.IdempotencyKey == "" {
		if of.answers++; of.answers > 1 || of.session != c.id {
			c.world.fail("%s is the answer to two submits", of.id)
		}
		return
	}
	name := c.principal + submit.IdempotencyKey
	k := c.world.truth.keys[name]
	if k == nil {
		k = &keyTruth{job: of.id, variant: r.variant, payload: payload}
		c.world.truth.keys[name] = k
	}
	if k.job != of.id || k.variant != r.variant || string(k.payload) != string(payload) {
		c.world.fail("%s: %s stands for %s of variant %d, and now for %s of variant %d",
			c.name, submit.IdempotencyKey, k.job, k.variant, of.id, r.variant)
	}
}

func (c *client) listed(r *request, answer protocol.SessionJobs) {
	listed := map[protocol.JobID]protocol.JobStatus{}
	for _, summary := range answer.Jobs {
		of := c.world.truth.jobs[summary.JobID]
		if _, twice := listed[summary.JobID]; twice || of == nil || !of.accepted || of.principal != c.principal {
			c.world.fail("%s is shown %s in a listing", c.name, summary.JobID)
		}
		listed[summary.JobID] = summary.Status
	}
	for id, status := range r.ended {
		if shown, here := listed[id]; here && shown != status || !here && !c.world.config.forgets {
			c.world.fail("%s is listed as %q, and ended as %s before", id, shown, status)
		}
	}
}

// refused holds a refusal against what may be refused.
func (c *client) refused(r *request, answer protocol.SessionError) {
	switch asked := r.payload.(type) {
	case protocol.JobSubmit:
		if r.known && !c.world.truth.down {
			c.world.fail("%s: %q was accepted before, and now %+v", c.name, asked.IdempotencyKey, answer)
		}
	case protocol.JobCancel:
		c.strangers(asked.JobID, answer)
	case protocol.JobSubscribe:
		c.strangers(asked.JobID, answer)
		if of := c.world.truth.jobs[asked.JobID]; of != nil && of.principal == c.principal && answer.Code != protocol.JobNotFound {
			c.world.fail("%s may not observe %s: %+v", c.name, asked.JobID, answer)
		}
	}
}

// strangers wants another principal's job not to be told from none (§6.6).
func (c *client) strangers(id protocol.JobID, answer protocol.SessionError) {
	if of := c.world.truth.jobs[id]; of != nil && of.accepted && of.principal != c.principal && answer.Code != protocol.JobNotFound {
		c.world.fail("%s is told of %s: %+v", c.name, id, answer)
	}
}
