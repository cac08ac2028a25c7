package registry

import "github.com/arcp-conformance/arcp/protocol"

func (t *turn) connected() {
	t.connections++
	if t.closing && t.live == 0 {
		t.do(CloseSessions{})
	}
}

func (t *turn) disconnected() {
	t.connections = max(t.connections-1, 0)
	t.drain()
}

// open admits a session, if its principal may have one more.
func (t *turn) open(in SessionOpened) {
	_, used := t.sessions[in.SessionID]
	p := t.principals[in.Principal]
	var err *protocol.Error
	switch {
	case used || in.SessionID == "":
		err = protocol.NewError(protocol.InternalError, "the session could not be named")
	case t.closing:
		err = shuttingDown()
	case p != nil && p.sessions >= t.config.MaxSessions:
		err = full("the principal has as many sessions as it may have") // §14
	}
	if err != nil {
		t.do(RefuseSession{SessionID: in.SessionID, Err: err})
		return
	}
	if p == nil {
		p = &principal{name: in.Principal, keys: map[keyName]*key{}}
		t.principals[in.Principal] = p
	}
	p.sessions++
	t.sessions[in.SessionID] = &session{id: in.SessionID, owner: p, watches: map[*entry]struct{}{}}
	t.do(AdmitSession{SessionID: in.SessionID})
}

func (t *turn) close(id protocol.SessionID) {
	s, open := t.sessions[id]
	if !open {
		return
	}
	delete(t.sessions, id)
	t.unsubscribeAll(s)
	s.owner.sessions--
	t.release(s.owner)
}

// resume finds the session of a resume, which decides (§6.3).
func (t *turn) resume(in ResumeRequested) {
	if s, open := t.sessions[in.SessionID]; open && s.owner.name == in.Principal {
		t.do(RouteResume{RequestID: in.RequestID, SessionID: in.SessionID})
		return
	}
	t.do(NotResumable{RequestID: in.RequestID})
}

// observable returns a job that a session may know of, nil where there is none.
func (m *Machine) observable(s *session, id protocol.JobID) *entry {
	e, known := m.jobs[id]
	if !known || s == nil || e.state == starting || !m.mayObserve(s.owner, e.owner) {
		return nil
	}
	return e
}

// mayObserve says whether a principal may know of the jobs of another. §7.6: of its own it always may. §14: of others only
// where somebody has said so.
func (m *Machine) mayObserve(observer, owner *principal) bool {
	return observer == owner || m.config.MayObserve != nil && m.config.MayObserve(observer.name, owner.name)
}

// notFound is the answer for a job that does not exist, and for one that the asking principal must not know of. §7.6 names
// PERMISSION_DENIED for the latter, which would say that there is such a job; §6.6 forbids that, and §12 has JOB_NOT_FOUND
// for what is not visible.
func notFound() *protocol.Error {
	return protocol.NewError(protocol.JobNotFound, "no such job")
}

// cancel passes a cancel on if it comes from the session that submitted the job (§7.4).
func (t *turn) cancel(in CancelRequested) {
	s := t.sessions[in.SessionID]
	e := t.observable(s, in.JobID)
	switch {
	case e == nil:
		t.refuse(in.RequestID, in.SessionID, in.JobID, notFound())
	case e.session != s:
		// §7.4, §7.6: cancelling is reserved for the session that submitted, and observing gives no part in that.
		t.refuse(in.RequestID, in.SessionID, in.JobID,
			protocol.NewError(protocol.PermissionDenied, "only the session that submitted a job may cancel it"))
	default:
		t.do(RouteCancel{RequestID: in.RequestID, SessionID: in.SessionID, Principal: s.owner.name, JobID: in.JobID})
	}
}

// shutDown takes no more jobs and asks those that run to end; the sessions follow when their jobs' endings are on the way.
func (t *turn) shutDown() {
	if t.closing {
		return
	}
	t.closing = true
	t.do(StopJobs{})
	t.settle()
}

// settle closes the sessions of a runtime that stops when no job is left.
func (t *turn) settle() {
	if t.closing && t.live == 0 {
		t.do(CloseSessions{})
		t.drain()
	}
}

// drain says that nothing is left.
func (t *turn) drain() {
	if t.closing && t.live == 0 && t.connections == 0 && !t.drained {
		t.drained = true
		t.do(Drained{})
	}
}
