package registry

import (
	"cmp"
	"slices"

	"github.com/arcp-conformance/arcp/protocol"
)

// subscribe passes a subscription on if the principal may observe the job (§7.6).
func (t *turn) subscribe(in SubscribeRequested) {
	s := t.sessions[in.SessionID]
	e := t.observable(s, in.JobID)
	var err *protocol.Error
	switch {
	case e == nil:
		err = notFound()
	case !t.watch(s, e):
		err = full("the session has as many subscriptions as it may have")
	}
	audit := AuditSubscribe{SessionID: in.SessionID, JobID: in.JobID, Allowed: err == nil}
	if s != nil {
		audit.Subscriber = s.owner.name
	}
	if target, known := t.jobs[in.JobID]; known {
		audit.Owner = target.owner.name
	}
	t.do(audit) // §14: every decision
	if err != nil {
		t.refuse(in.RequestID, in.SessionID, in.JobID, err)
		return
	}
	t.do(RouteSubscribe{
		RequestID: in.RequestID, SessionID: in.SessionID, Principal: s.owner.name, Submitter: s.owner == e.owner,
		JobID: in.JobID, History: in.History, From: in.From,
	})
}

// watch notes that a session observes a job, so that the job can be told when the session is over. It says whether it may
// observe one more. The submitting session has the events anyway, and a job that ended has no more.
func (t *turn) watch(s *session, e *entry) bool {
	if s == e.session || e.state == finished {
		return true
	}
	if _, again := s.watches[e]; !again && len(s.watches) >= t.config.MaxSubscriptions {
		return false
	}
	s.watches[e], e.watchers[s] = struct{}{}, struct{}{}
	return true
}

func unwatch(s *session, e *entry) {
	delete(s.watches, e)
	delete(e.watchers, s)
}

// unwatched forgets who observed a job that ended: with the ending every subscription is over.
func (e *entry) unwatched() {
	for s := range e.watchers {
		unwatch(s, e)
	}
}

// unsubscribe passes the end of a subscription on. Of a job that the session may not know of it has none.
func (t *turn) unsubscribe(in UnsubscribeRequested) {
	s := t.sessions[in.SessionID]
	if e := t.observable(s, in.JobID); e != nil {
		unwatch(s, e)
		t.do(RouteUnsubscribe(in))
	}
}

// unsubscribeAll tells all jobs that a session observes that it is over. Else a job that runs for long would go on for
// every session that ever looked at it.
func (t *turn) unsubscribeAll(s *session) {
	watched := make([]*entry, 0, len(s.watches))
	for e := range s.watches {
		watched = append(watched, e)
	}
	slices.SortFunc(watched, func(a, b *entry) int { return cmp.Compare(a.position, b.position) })
	for _, e := range watched {
		unwatch(s, e)
		t.do(RouteUnsubscribe{SessionID: s.id, JobID: e.id})
	}
}
