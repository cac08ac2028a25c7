package oracle

import (
	"bytes"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// scene follows who is who while the transcript goes by.
type scene struct {
	transcript  []wire.Message
	separate    bool
	connections map[string]*connection
	sessions    map[string]*session // by id, the newest of that id
	limits      bool                // some submit so far set max_runtime_sec
	cancelled   map[string]bool     // jobs that the session which submitted them asked to cancel

	// What the scripts so far have the agent do, as far as it makes a difference.
	raw      bool // it emits bodies of its own
	parallel bool // it has branches, whose events have no order of their own
	posing   bool // it emits metrics under the names that the runtime's gauges have
}

func newScene(transcript []wire.Message, separate bool) *scene {
	return &scene{
		transcript: transcript, separate: separate,
		connections: map[string]*connection{}, sessions: map[string]*session{}, cancelled: map[string]bool{},
	}
}

// connection is what is known of one connection at a moment of the transcript.
type connection struct {
	name     string
	hello    *wire.Message // the last session.hello or session.resume
	resuming bool          // that is a resume, whatever carries it
	after    uint64        // last_event_seq that the resume named
	token    string        // bearer token that it presented
	welcomed bool
	sent     map[string]bool // ids of the messages that the suite sent
	asked    map[string]bool // their types
	bare     bool            // some submit asked for no lease
	now      *session
	sessions map[string]*session // that were welcomed here, by id
}

// session is one session, over all its connections. Before its welcome a connection has one without an id.
type session struct {
	id       string
	token    string          // that it was opened with
	fresh    bool            // seen from its first message on
	agreed   bool            // both sides gave a list of features
	features map[string]bool // that both named
	holed    bool            // something of it is not in the transcript
	last     uint64          // highest event_seq so far
	numbered map[uint64]place
	views    map[string]*view
}

// place is where a number of a session was first seen.
type place struct {
	conn  *connection
	index int
}

// view is one job as one session sees it.
type view struct {
	job        string
	session    *session
	accepted   bool
	torn       bool // events came before the acceptance
	subscribes int
}

// whole says whether the session sees the job from its acceptance on, each event once. Who subscribes as well may see
// some of them twice, and who only subscribes may miss the first ones.
func (v *view) whole() bool {
	return v.accepted && !v.torn && v.subscribes == 0 && !v.session.holed
}

// frame is one message with its place in the scene.
type frame struct {
	*wire.Message
	index    int
	conn     *connection
	session  *session
	view     *view         // nil when the message names no job
	original *wire.Message // what this one repeats after a resume; nil when it is new
}

// received says whether the peer sent it and it can be read.
func (f frame) received() bool { return f.Dir == wire.Received && f.Doc != nil }

// seq is the message's event_seq, if it is a whole number.
func (f frame) seq() (uint64, bool) { return whole(f.Doc, "event_seq") }

// news says whether the peer sent it for the first time.
func (f frame) news() bool { return f.received() && f.original == nil }

// place takes the next message in and says where it belongs.
func (s *scene) place(index int) frame {
	m := &s.transcript[index]
	c := s.connections[m.Conn]
	if c == nil {
		c = &connection{
			name: m.Conn, sent: map[string]bool{}, asked: map[string]bool{}, now: newSession(), sessions: map[string]*session{},
		}
		s.connections[m.Conn] = c
	}
	if m.Dir == wire.Sent {
		s.sent(c, m)
	} else if m.Type() == "session.welcome" {
		s.welcome(c, m)
	}
	f := frame{Message: m, index: index, conn: c, session: c.now}
	if named := c.sessions[m.SessionID()]; named != nil {
		f.session = named
	}
	if job := m.JobID(); job != "" {
		f.view = f.session.view(job)
		if m.Dir == wire.Sent && m.Type() == "job.subscribe" {
			f.view.subscribes++
		}
	}
	if m.Dir == wire.Received {
		f.original = s.number(f)
		if m.Code() == "RESUME_WINDOW_EXPIRED" {
			f.session.holed = true
		}
	}
	return f
}

func newSession() *session {
	return &session{features: map[string]bool{}, numbered: map[uint64]place{}, views: map[string]*view{}}
}

func (s *session) view(job string) *view {
	v := s.views[job]
	if v == nil {
		v = &view{job: job, session: s}
		s.views[job] = v
	}
	return v
}

// number remembers a numbered message, and gives the one that had its number on another connection of the session.
func (s *scene) number(f frame) *wire.Message {
	n, ok := f.seq()
	if !ok {
		return nil
	}
	before, seen := f.session.numbered[n]
	if !seen {
		f.session.numbered[n] = place{f.conn, f.index}
		f.session.last = max(f.session.last, n)
		return nil
	}
	if before.conn == f.conn {
		return nil
	}
	return &s.transcript[before.index]
}

// sent takes in what the suite said on c.
func (s *scene) sent(c *connection, m *wire.Message) {
	if id := m.ID(); id != "" {
		c.sent[id] = true
	}
	c.asked[m.Type()] = true
	switch m.Type() {
	case "session.hello", "session.resume":
		c.greet(m)
	case "job.submit":
		lease, _ := m.Lookup("payload", "lease_request")
		grants, _ := lease.(map[string]any)
		c.bare = c.bare || len(grants) == 0
		s.limits = s.limits || m.Has("payload", "max_runtime_sec")
		s.raw = s.raw || bytes.Contains(m.Raw, []byte(`"raw"`))
		s.parallel = s.parallel || bytes.Contains(m.Raw, []byte(`"parallel"`))
		s.posing = s.posing || bytes.Contains(m.Raw, []byte("cost.budget."))
	case "job.cancel":
		// §7.4 speaks of the session that submitted; what another's cancel comes to is the scenarios' to judge.
		if c.now != nil && c.now.view(m.JobID()).accepted {
			s.cancelled[m.JobID()] = true
		}
	}
}

// greet takes in a hello or a resume. §6.3 names session.resume without a schema; several peers carry it in the hello.
func (c *connection) greet(m *wire.Message) {
	c.hello, c.token = m, m.Text("payload", "auth", "token")
	c.resuming, c.after = m.Type() == "session.resume", 0
	for _, path := range [][]string{{"payload"}, {"payload", "resume"}} {
		v, _ := m.Lookup(path...)
		if n, ok := whole(v, "last_event_seq"); ok {
			c.after = max(c.after, n)
			c.resuming = true
		}
		if token, _ := wire.Lookup(v, "resume_token"); token != nil {
			c.resuming = true
		}
	}
}

// welcome gives the connection its session: an old one only when the client asked for it.
func (s *scene) welcome(c *connection, m *wire.Message) {
	id := m.SessionID()
	known := s.sessions[id]
	switch {
	case c.resuming && known != nil && !s.separate:
		c.now = known
		known.holed = known.holed || c.after > known.last
	case c.now.id != "" && c.now.id == id:
	case c.welcomed:
		c.now = newSession()
	}
	c.now.id, c.now.fresh = id, c.now.fresh || !c.resuming
	if c.now.token == "" {
		c.now.token = c.token
	}
	c.welcomed = true
	c.sessions[id], s.sessions[id] = c.now, c.now
	c.agree(m)
}

// agree works out the features of the session (§6.2). What a session had before a resume it keeps.
func (c *connection) agree(welcome *wire.Message) {
	if c.hello == nil {
		return
	}
	ours, one := c.hello.Lookup("payload", "capabilities", "features")
	theirs, two := welcome.Lookup("payload", "capabilities", "features")
	list, isList := ours.([]any)
	if _, ok := theirs.([]any); !one || !two || !isList || !ok {
		return
	}
	c.now.agreed = true
	for _, v := range list {
		if name, _ := v.(string); contains(theirs, name) {
			c.now.features[name] = true
		}
	}
}
