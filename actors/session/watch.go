package session

import "github.com/arcp-conformance/arcp/protocol"

// list passes session.list_jobs on (§6.6) if it can be understood.
func (t *turn) list(request protocol.MessageID, list protocol.SessionListJobs) {
	if !t.negotiated(request, protocol.FeatureListJobs) {
		return
	}
	ask := ListJobs{RequestID: request, SessionID: t.id, Principal: t.principal}
	if err := ask.read(list); err != nil {
		t.refuse(request, err)
		return
	}
	t.do(ask)
}

// read takes filter, limit and cursor. §6.6: all fields are optional.
func (l *ListJobs) read(list protocol.SessionListJobs) *protocol.Error {
	if list.Cursor != nil {
		l.Cursor = *list.Cursor
	}
	if list.Limit != nil {
		if *list.Limit < 1 {
			return protocol.NewError(protocol.InvalidRequest, "limit must be at least 1")
		}
		l.Limit = int(min(*list.Limit, 1<<30))
	}
	if list.Filter == nil {
		return nil
	}
	for _, status := range list.Filter.Status {
		if !status.Known() {
			return protocol.NewError(protocol.InvalidRequest, "filter.status has a word that is no status")
		}
	}
	l.Statuses = list.Filter.Status
	if l.Agent = list.Filter.Agent; l.Agent != "" {
		if _, _, err := protocol.ParseAgentRef(l.Agent); err != nil {
			return err
		}
	}
	if list.Filter.CreatedAfter == "" {
		return nil
	}
	var err *protocol.Error
	l.CreatedAfter, err = protocol.ParseTime(list.Filter.CreatedAfter)
	return err
}

// subscribe passes job.subscribe on (§7.6).
func (t *turn) subscribe(request protocol.MessageID, subscribe protocol.JobSubscribe) {
	if !t.negotiated(request, protocol.FeatureSubscribe) {
		return
	}
	ask := SubscribeJob{
		RequestID: request, SessionID: t.id, Principal: t.principal, JobID: subscribe.JobID, History: subscribe.History,
	}
	if subscribe.FromEventSeq != nil {
		ask.From = *subscribe.FromEventSeq
	}
	t.asked[request] = asked{job: subscribe.JobID}
	t.do(ask)
}

// subscribed begins to number the events of a job that another session submitted. Its reply may find nobody to read it; the
// subscription stands all the same, and a resume goes on with it (§6.3).
func (t *turn) subscribed(in JobSubscribed) {
	switch t.state {
	case Open, Closing, Detached:
	default:
		return
	}
	void := t.asked[in.RequestID].void
	delete(t.asked, in.RequestID)
	// Nothing follows for a job that has ended, unless it is replayed.
	over := in.Payload.CurrentStatus.Final() && !in.Payload.Replayed
	if !in.Own && !void && !over {
		t.subscriptions[in.JobID] = struct{}{}
	}
	in.Payload.Credentials = t.shown(in.Payload.Credentials)
	t.reply(protocol.Envelope{RequestID: in.RequestID, JobID: in.JobID, TraceID: in.TraceID, Payload: in.Payload})
}

// unsubscribe ends a subscription (§7.6). §7.6 (choice): it is not answered, since the draft has no answer to it; what does
// not exist is refused.
func (t *turn) unsubscribe(request protocol.MessageID, unsubscribe protocol.JobUnsubscribe) {
	if !t.negotiated(request, protocol.FeatureSubscribe) {
		return
	}
	_, subscribed := t.subscriptions[unsubscribe.JobID]
	for request, ask := range t.asked {
		if ask.job == unsubscribe.JobID { // its answer comes, and nothing after it
			t.asked[request] = asked{job: ask.job, void: true}
			subscribed = true
		}
	}
	if !subscribed {
		t.refuse(request, protocol.NewError(protocol.JobNotFound, "there is no subscription to this job"))
		return
	}
	delete(t.subscriptions, unsubscribe.JobID)
	t.do(UnsubscribeJob{SessionID: t.id, JobID: unsubscribe.JobID})
}

// asked is one job.subscribe that is not answered yet.
type asked struct {
	job  protocol.JobID
	void bool // the client has unsubscribed meanwhile
}

// expected says whether an event of a job is the session's to pass on: of an own job, or of one that it is still
// subscribed to. §7.6: after job.unsubscribe no further event comes, whatever was under way.
func (m *Machine) expected(job protocol.JobID, copied bool) bool {
	if !copied {
		return true
	}
	_, subscribed := m.subscriptions[job]
	return subscribed
}
