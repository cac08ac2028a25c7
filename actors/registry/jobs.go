package registry

import (
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// state is where a job stands here; doc.go has the diagram.
type state uint8

const (
	starting state = iota // known to nobody
	live
	finished // nothing of it runs
)

// entry is one job.
type entry struct {
	id      protocol.JobID
	owner   *principal
	session *session // the one that submitted
	key     *key     // nil without one
	state   state

	summary  protocol.JobSummary   // as it is listed, with what only the submitter may see
	created  time.Time             // as the summary says
	position uint64                // in the order of the acceptances; 0 before
	end      uint64                // in the order of the ends; 0 before
	until    time.Time             // when it is forgotten, once it ended
	watchers map[*session]struct{} // §7.6: sessions that observe it
}

// start notes a job that is about to be offered.
func (t *turn) start(s *session, id, parent protocol.JobID) *entry {
	e := &entry{id: id, owner: s.owner, session: s, watchers: map[*session]struct{}{}}
	if parent != "" {
		e.summary.ParentJobID = &parent
	}
	t.jobs[id] = e
	t.live++
	s.live++
	s.owner.live++
	return e
}

// accepted lists a job from now on, and answers all who wait for it.
func (t *turn) accepted(in JobAccepted) {
	e, known := t.jobs[in.JobID]
	if !known || e.state != starting {
		return
	}
	// §6.6 (choice): the job is created when it is accepted. What the two messages say is the same, to the character.
	created, err := protocol.ParseTime(in.Payload.AcceptedAt)
	if err != nil {
		created = t.now
	}
	e.state, e.position = live, t.number()
	e.created = created.UTC().Truncate(time.Millisecond)
	e.summary = protocol.JobSummary{
		JobID:       e.id,
		Agent:       in.Payload.Agent, // §7.5: the resolved version
		Status:      protocol.StatusPending,
		Lease:       in.Payload.Lease,
		ParentJobID: e.summary.ParentJobID,
		CreatedAt:   protocol.FormatTime(e.created),
		TraceID:     in.Payload.TraceID,
		Credentials: in.Payload.Credentials,
	}
	e.owner.jobs.add(e.position, e)
	if e.key == nil {
		return
	}
	e.key.accepted, e.key.payload = true, in.Payload
	for _, w := range e.key.decided() {
		t.do(ReplyAccepted{RequestID: w.request, SessionID: w.session.id, Payload: in.Payload})
	}
}

// refused forgets a job that never was, and its key with it: §7.2 (choice): only what was accepted is remembered.
func (t *turn) refused(id protocol.JobID, err *protocol.Error) {
	e, known := t.jobs[id]
	if !known || e.state != starting {
		return
	}
	if e.key != nil {
		for _, w := range e.key.decided() {
			t.refuse(w.request, w.session.id, "", err)
		}
		t.free(e.key)
	}
	t.stopped(e)
	t.forget(e)
	t.settle()
}

// changed takes how a job stands. §6.6: what a listing says is true.
func (t *turn) changed(in JobChanged) {
	e, known := t.jobs[in.JobID]
	if !known || e.state == starting {
		return
	}
	e.summary.LastEventSeq = max(e.summary.LastEventSeq, in.LastEventSeq)
	if stage(in.Status) > stage(e.summary.Status) {
		e.summary.Status = in.Status
		e.withdraw()
	}
}

// stage orders the statuses of §7.3; a final one is never left.
func stage(status protocol.JobStatus) int {
	switch {
	case !status.Known():
		return 0
	case status == protocol.StatusPending:
		return 1
	case status == protocol.StatusRunning:
		return 2
	}
	return 3
}

// withdraw takes the credentials out of the listing of a job that has its final status. §9.8: they are revoked, and what is
// secret is kept no longer than it is of use.
func (e *entry) withdraw() {
	if e.summary.Status.Final() {
		e.summary.Credentials = nil
	}
}

func (t *turn) rotated(in CredentialsChanged) {
	if e, known := t.jobs[in.JobID]; known && e.state != starting {
		e.summary.Credentials = in.Credentials
		e.withdraw()
	}
}

// ended takes the end of all that ran for a job, which stays listed for its time.
func (t *turn) ended(id protocol.JobID) {
	e, known := t.jobs[id]
	switch {
	case !known || e.state == finished:
		return
	case e.state == starting:
		t.refused(id, protocol.NewError(protocol.InternalError, "the job was lost before it was accepted"))
		return
	}
	t.stopped(e)
	if !e.summary.Status.Final() {
		e.summary.Status = protocol.StatusError // it broke, and could not say so
	}
	e.withdraw()
	e.unwatched()
	e.state, e.end = finished, t.number()
	e.until = t.now.Add(t.config.JobRetention)
	t.finished.add(e.end, e)
	e.owner.finished.add(e.end, e)
	if e.key != nil {
		t.spend(e.key)
		e.key = nil
	}
	if e.owner.finished.len() > t.config.MaxFinished {
		t.forget(e.owner.finished.first())
	}
	t.settle()
}

// stopped counts a job no longer among those that run.
func (t *turn) stopped(e *entry) {
	t.live--
	e.session.live--
	e.owner.live--
}

// forget takes a job out of everything.
func (t *turn) forget(e *entry) {
	delete(t.jobs, e.id)
	e.owner.jobs.remove(e.position)
	if e.end != 0 {
		t.finished.remove(e.end)
		e.owner.finished.remove(e.end)
	}
	t.release(e.owner)
	t.do(ForgetJob{JobID: e.id})
}
