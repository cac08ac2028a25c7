package oracle

import (
	"strings"

	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// envelope holds §4 and §5 beyond what the schema says: one sound JSON object a frame, the session's own id on all that
// follows its welcome, a job where one is meant, and no id twice.
type envelope struct {
	d        *docket
	separate bool
	ids      map[string]map[string]*wire.Message // by connection
}

func newEnvelope(d *docket, separate bool) *envelope {
	return &envelope{d: d, separate: separate, ids: map[string]map[string]*wire.Message{}}
}

func (e *envelope) see(f frame) {
	if f.Dir != wire.Received {
		return
	}
	e.text(f)
	if f.Doc == nil {
		return
	}
	e.session(f)
	e.job(f)
	e.unique(f)
}

// text judges the frame before anything is read from it. RFC 8259 only advises against a member that stands twice, so
// outside of the envelope, where nobody could say which one counts, it warns.
func (e *envelope) text(f frame) {
	transport := "R4-1"
	if e.separate {
		transport = "R4-2"
	}
	e.d.checks[transport]++
	e.d.checks["R5-1"]++
	for _, fault := range f.Faults {
		req, verdict := "R5-1", report.Fail
		switch {
		case strings.HasPrefix(fault, "member "):
			if strings.Count(fault, "/") > 1 {
				verdict = report.Warn
			}
		case f.Binary, e.separate: // a stray line on stdout is the transport's fault
			req = transport
		}
		e.d.find(req, verdict, f.Message, "one JSON object as text in the frame, and not: %s", fault)
	}
}

// session: the answer to a frame that could not be read may go without the id.
func (e *envelope) session(f frame) {
	if !f.conn.welcomed || f.Type() == "session.welcome" {
		return
	}
	id := f.SessionID()
	switch {
	case id == "" && f.Type() == "session.error":
		e.d.prefer("R5-1", false, f.Message, "session_id %s on what follows the welcome", f.conn.now.id)
	case id == "":
		e.d.demand("R5-1", false, f.Message, "session_id %s on what follows the welcome", f.conn.now.id)
	default:
		e.d.demand("R5-1", f.conn.sessions[id] != nil, f.Message, "the session_id of this session, %s", f.conn.now.id)
	}
}

// job: the draft's examples have the job in the envelope of what the job emits and in the payload of what answers a
// request. The other place is as good as a hint; no place at all says nothing.
func (e *envelope) job(f frame) {
	around, within := f.Text("job_id"), f.Text("payload", "job_id")
	switch f.Type() {
	case "job.result":
		e.d.demand("R5-1", around+within != "", f.Message, "a job_id")
		e.d.prefer("R5-1", around != "" || within == "", f.Message, "job_id in the envelope")
	case "job.accepted":
		e.d.demand("R7.1-1", around+within != "", f.Message, "a job_id")
		e.d.prefer("R7.1-1", within != "" || around == "", f.Message, "job_id in the payload")
	case "job.subscribed":
		e.d.demand("R7.6-1", around+within != "", f.Message, "a job_id")
		e.d.prefer("R7.6-1", within != "" || around == "", f.Message, "job_id in the payload")
	case "job.cancelled":
		e.d.prefer("R5-1", around+within != "", f.Message, "a job_id")
	}
}

// unique: a reply may name its request by taking its id, and what is delivered again may keep its own.
func (e *envelope) unique(f frame) {
	id := f.ID()
	if id == "" || f.conn.sent[id] {
		return
	}
	ids := e.ids[f.Conn]
	if ids == nil {
		ids = map[string]*wire.Message{}
		e.ids[f.Conn] = ids
	}
	before := ids[id]
	fresh := before == nil || sameContent(before, f.Message)
	if !fresh && f.Type() == "job.accepted" && before.Type() == "job.accepted" && before.JobID() == f.JobID() {
		// §7.2 asks for the same answer again. A peer may take that to include the id, with another request in it.
		e.d.prefer("R5-5", false, f.Message, "an id of its own for an acceptance that is told again")
		return
	}
	e.d.demand("R5-5", fresh, f.Message, "an id that no message before had")
	if before == nil {
		ids[id] = f.Message
	}
}
