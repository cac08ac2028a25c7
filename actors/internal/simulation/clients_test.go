package simulation_test

import (
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// client is one user of the runtime: one session at a time, over connections that do not last.
type client struct {
	*actor
	principal string
	link      *link
	old       []*link // that it left for another, and that still stand
	open      bool    // welcomed on this connection
	try       attempt
	id        protocol.SessionID
	tokens    []string
	seen      []protocol.Envelope // all that is numbered, from 1
	next      uint64              // the number that is due
	views     map[protocol.JobID]*view
	requests  map[protocol.MessageID]*request
	numbers   int
	actions   int // left to do
	wakes     time.Time
	done      bool
}

// attempt is how the client tried to open this connection's session.
type attempt struct {
	id     protocol.MessageID
	resume *protocol.SessionResume
	honest bool // a resume with what the client believes to be right
	failed bool
}

// request is one that waits for its answer.
type request struct {
	number  int
	link    *link
	payload protocol.Payload
	variant int
	known   bool // the key was accepted before, for the same
	mute    bool // it needs no answer
	ended   map[protocol.JobID]protocol.JobStatus
}

func (w *world) newClient(principal string) *client {
	c := &client{principal: principal, actions: 4 + w.rand.IntN(20)}
	c.actor = w.actor(w.name("client "), c.take)
	c.forget()
	w.clock = append(w.clock, timed{
		deadline: func() time.Time { return c.wakes },
		ring: func() {
			c.wakes = time.Time{}
			c.tell(awake{})
		},
	})
	c.tell(awake{})
	return c
}

// forget gives up the session.
func (c *client) forget() {
	c.id, c.tokens, c.seen, c.open = "", nil, nil, false
	c.views, c.requests = map[protocol.JobID]*view{}, map[protocol.MessageID]*request{}
}

func (c *client) take(message any) {
	switch m := message.(type) {
	case frame:
		if m.link == c.link {
			c.hear(m.envelope)
		}
		if c.actions > 0 && c.world.chance(15) { // what it does falls among what is under way
			c.think()
		}
	case lost:
		if m.link == c.link {
			c.link, c.open = nil, false
			c.afterLoss()
		}
	case awake:
		c.think()
	}
	if c.actions == 0 && c.open && !c.done && c.complete() {
		c.done = true
		c.then(c.cut)
	}
	if c.done {
		for _, left := range c.old {
			left.drop()
		}
		c.old = nil
	}
}

// afterLoss decides whether there is anything to come back to.
func (c *client) afterLoss() {
	switch {
	case c.world.truth.down:
		c.done = true
	case c.try.failed && c.try.resume != nil && c.try.honest:
		c.forget() // its session is over, or its newest token was lost
		c.done = c.actions == 0
	}
	c.soon()
}

// soon thinks again, at once or later.
func (c *client) soon() {
	if c.done || !c.wakes.IsZero() {
		return
	}
	pause := 0
	if w := c.world; w.chance(60) {
		pause = w.rand.IntN(3000)
		if w.chance(4) {
			pause *= 30
		}
	}
	c.wakes = c.world.now.Add(time.Duration(pause) * time.Millisecond)
	if pause == 0 {
		c.wakes = time.Time{}
		c.tell(awake{})
	}
}

func (c *client) cut() {
	if c.link != nil {
		c.link.drop()
	}
}

// think does the next thing.
func (c *client) think() {
	w := c.world
	switch {
	case c.done:
		return
	case c.link == nil:
		c.begin()
	case c.actions == 0:
		return // it waits until all is told
	case !c.open:
		c.actions--
		if w.chance(20) {
			c.cut()
			return
		}
	case w.chance(7):
		c.actions--
		c.cut()
		return
	case w.chance(4): // a new connection while the old one is still there
		c.actions--
		c.old = append(c.old, c.link)
		c.link, c.open = nil, false
		c.begin()
	default:
		c.actions--
		c.act()
	}
	if c.actions > 0 {
		c.soon()
	}
}

// begin opens a connection, and comes back with what it has.
func (c *client) begin() {
	w := c.world
	if c.actions > 0 && c.id != "" && w.chance(5) {
		c.forget()
	}
	c.link = w.connect(c)
	c.next = 0
	auth := protocol.Auth{Scheme: "bearer", Token: c.principal}
	hello := protocol.SessionHello{Auth: auth, Capabilities: protocol.Capabilities{Encodings: []string{"json"}}}
	for _, feature := range protocol.Features() {
		if feature != protocol.FeatureHeartbeat || w.config.heartbeat {
			hello.Capabilities.Features = append(hello.Capabilities.Features, feature)
		}
	}
	if c.id == "" {
		c.try = attempt{id: c.say(hello).id}
		return
	}
	resume := protocol.SessionResume{
		SessionID: c.id, ResumeToken: c.tokens[len(c.tokens)-1], LastEventSeq: uint64(len(c.seen)), Auth: &auth,
	}
	c.try = attempt{honest: true}
	if w.chance(15) && c.actions > 0 { // an older number is no lie, but what was acknowledged may be gone
		resume.LastEventSeq = uint64(w.rand.IntN(len(c.seen) + 1))
		c.try.honest = false
	}
	if c.actions > 0 && w.chance(20) {
		c.lie(&resume)
	}
	c.try.resume = &resume
	c.try.id = c.say(resume).id
}

// lie makes a resume that must be refused.
func (c *client) lie(resume *protocol.SessionResume) {
	c.try.honest = false
	switch w := c.world; w.rand.IntN(4) {
	case 0:
		resume.ResumeToken = c.tokens[w.rand.IntN(len(c.tokens))] // spent, but for the last
	case 1:
		resume.Auth = &protocol.Auth{Scheme: "bearer", Token: map[string]string{"alice": "bob", "bob": "alice"}[c.principal]}
	case 2:
		resume.LastEventSeq += 1_000_000 // a smaller lie cannot be told from the truth
	case 3:
		resume.Auth = &protocol.Auth{Scheme: "bearer", Token: "nobody"}
	}
}

type said struct {
	id protocol.MessageID
	*request
}

// say sends one message.
func (c *client) say(payload protocol.Payload) said {
	c.numbers++
	id := protocol.MessageID(c.world.name("m"))
	r := &request{number: c.numbers, link: c.link, payload: payload}
	if c.open {
		c.requests[id] = r
	}
	c.world.note(c.name, "-> %s %s", id, shown{payload})
	l := c.link
	envelope := protocol.Envelope{ID: id, Payload: payload}
	c.then(func() {
		if !l.cut {
			l.reader.tell(envelope)
		}
	})
	return said{id, r}
}
