package oracle

import (
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// lifecycle holds §7.1 and §7.3: acceptance first, one ending with a status that fits it, and silence after.
type lifecycle struct {
	d     *docket
	scene *scene
	lives map[*view]*life
}

// life is what a session saw of one job.
type life struct {
	events int // before its acceptance
	ending *wire.Message
	conn   *connection // of the ending
}

func newLifecycle(d *docket, s *scene) *lifecycle {
	return &lifecycle{d: d, scene: s, lives: map[*view]*life{}}
}

func (l *lifecycle) see(f frame) {
	if f.view == nil || !f.news() {
		return
	}
	j := l.lives[f.view]
	if j == nil {
		j = &life{}
		l.lives[f.view] = j
	}
	switch f.Type() {
	case "job.accepted":
		if !f.view.accepted && f.view.subscribes == 0 {
			l.d.demand("R7.1-6", j.events == 0, f.Message, "job.accepted before the first event of the job")
		}
		f.view.accepted, f.view.torn = true, f.view.torn || j.events > 0
	case "job.event":
		if !f.view.accepted {
			j.events++
		}
		l.d.demand("R7.3-3", j.ending == nil || f.view.subscribes > 0, f.Message, "nothing of the job after its ending")
	case "job.result":
		l.ending(f, j)
	case "job.error":
		if l.ends(f, j) {
			l.ending(f, j)
		}
	}
}

// ends tells the ending of a job from the refusal of a request about it, which may stand in a job.error as well.
func (l *lifecycle) ends(f frame, j *life) bool {
	if !f.view.accepted && f.view.subscribes == 0 {
		return false
	}
	status, _ := f.Lookup("payload", "final_status")
	_, numbered := f.seq()
	return status != nil || numbered || j.ending == nil && !l.refuses(f)
}

// refuses says whether the message names a request, or whether one about some job is under way that it may answer.
func (l *lifecycle) refuses(f frame) bool {
	if f.conn.sent[f.ID()] {
		return true
	}
	for _, field := range []string{"request_id", "reply_to", "correlation_id"} {
		if f.conn.sent[f.Text(field)] || f.conn.sent[f.Text("payload", field)] {
			return true
		}
	}
	return f.conn.asked["job.cancel"] || f.conn.asked["job.subscribe"] || f.conn.asked["job.unsubscribe"]
}

func (l *lifecycle) ending(f frame, j *life) {
	if j.ending != nil {
		again := j.conn != f.conn || f.view.subscribes > 0 // repeated after a resume, or for a subscriber
		l.d.demand("R7.3-1", again && sameContent(j.ending, f.Message), f.Message, "one ending of job %s", f.view.job)
		return
	}
	j.ending, j.conn = f.Message, f.conn
	l.d.checks["R7.3-1"]++
	if _, numbered := f.seq(); !numbered && f.Type() == "job.error" { // that of job.result is in its schema
		l.d.demand("R5-1", false, f.Message, "an event_seq on the job's ending")
	}
	l.status(f)
}

// status holds the word for the ending against the message that brings it. Words outside the set are the schema's.
func (l *lifecycle) status(f frame) {
	status, code := f.Text("payload", "final_status"), f.Code()
	cancelled := l.scene.cancelled[f.view.job]
	if f.Type() == "job.result" {
		l.d.demand("R7.3-1", status != "error", f.Message, "a job.error for a job that ends in error")
		if status == "cancelled" {
			l.fits("R7.4-1", cancelled, false, f, "a job.error CANCELLED for a cancelled job")
		} else if status == "timed_out" {
			l.fits("R7.3-4", l.scene.limits, false, f, "a job.error TIMEOUT for a job that timed out")
		}
		return
	}
	l.d.demand("R7.3-1", status != "" && status != "success", f.Message,
		"a final_status of error, cancelled or timed_out in a job.error")
	switch code {
	case "BUDGET_EXHAUSTED", "LEASE_EXPIRED":
		l.d.demand("R7.3-2", status == "error", f.Message, "final_status error for %s", code)
	case "CANCELLED":
		l.fits("R7.4-1", cancelled, status == "cancelled", f, "final_status cancelled for CANCELLED")
	case "TIMEOUT":
		l.fits("R7.3-4", l.scene.limits, status == "timed_out", f, "final_status timed_out for TIMEOUT")
	}
	switch status {
	case "cancelled":
		l.fits("R7.4-1", cancelled, code == "CANCELLED", f, "code CANCELLED for a cancelled job")
	case "timed_out":
		l.fits("R7.3-4", l.scene.limits, code == "TIMEOUT", f, "code TIMEOUT for a job that timed out")
	}
}

// fits demands only where the client asked for that ending: an agent may name any code for a failure of its own.
func (l *lifecycle) fits(req string, asked, holds bool, f frame, expected string) {
	l.d.checks[req]++
	verdict := report.Warn
	if asked {
		verdict = report.Fail
	}
	if !holds {
		l.d.find(req, verdict, f.Message, "%s", expected)
	}
}
