package registry_test

import (
	"slices"
	"time"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

// step says what a registry must do. Errors have no messages, and a cursor is the empty string.
func (m *model) step(now time.Time, in registry.Input) []registry.Effect {
	m.now = now
	return append(m.sweep(), m.answer(in)...)
}

// deadline is when the next thing is let go of; zero for never.
func (m *model) deadline() (due time.Time) {
	earlier := func(at time.Time) {
		if due.IsZero() || at.Before(due) {
			due = at
		}
	}
	for _, j := range m.ends {
		if !j.forgotten {
			earlier(j.endedAt.Add(m.config.JobRetention))
		}
	}
	for _, k := range m.keys {
		if k.job.ended {
			earlier(k.job.endedAt.Add(m.config.KeyRetention))
		}
	}
	return due
}

func (m *model) answer(in registry.Input) []registry.Effect {
	switch in := in.(type) {
	case registry.SubmitRequested:
		return m.submit(in)
	case registry.DelegationRequested:
		return m.delegate(in)
	case registry.JobAccepted:
		return m.accept(in)
	case registry.JobRefused:
		return m.refuse(in.JobID, in.Err.Code)
	case registry.JobChanged:
		m.change(in)
	case registry.CredentialsChanged:
		if j := m.job(in.JobID); j != nil && j.accepted && !final(j.listed.Status) {
			j.listed.Credentials = in.Credentials
		}
	case registry.JobEnded:
		return m.end(in.JobID)
	case registry.ListRequested:
		return m.list(in)
	case registry.CancelRequested:
		return m.cancel(in)
	case registry.SubscribeRequested:
		return m.subscribe(in)
	case registry.UnsubscribeRequested:
		if j := m.observable(in.SessionID, in.JobID); j != nil {
			s, _ := m.session(in.SessionID)
			s.watches = slices.DeleteFunc(s.watches, func(other *modelJob) bool { return other == j })
			return []registry.Effect{registry.RouteUnsubscribe(in)}
		}
	default:
		return m.admit(in)
	}
	return nil
}

// admit takes what is about sessions, connections and the runtime as a whole.
func (m *model) admit(in registry.Input) []registry.Effect {
	switch in := in.(type) {
	case registry.SessionOpened:
		return m.open(in)
	case registry.SessionEnded:
		s, _ := m.session(in.SessionID)
		s.over = true
		return m.leave(s)
	case registry.ResumeRequested:
		if s, open := m.session(in.SessionID); open && s.principal == in.Principal {
			return []registry.Effect{registry.RouteResume{RequestID: in.RequestID, SessionID: s.id}}
		}
		return []registry.Effect{registry.NotResumable{RequestID: in.RequestID}}
	case registry.ConnectionOpened:
		m.connections++
		if m.idle() {
			return []registry.Effect{registry.CloseSessions{}}
		}
	case registry.ConnectionClosed:
		if m.connections > 0 {
			m.connections--
		}
		return m.drain()
	case registry.ShutdownRequested:
		if !m.closing {
			m.closing = true
			return append([]registry.Effect{registry.StopJobs{}}, m.settle()...)
		}
	}
	return nil
}

func (m *model) open(in registry.SessionOpened) []registry.Effect {
	count := 0
	for _, s := range m.sessions {
		if s.principal == in.Principal && !s.over {
			count++
		}
	}
	_, used := m.session(in.SessionID)
	switch {
	case used, m.closing:
		return []registry.Effect{registry.RefuseSession{SessionID: in.SessionID, Err: refusal(protocol.InternalError, true)}}
	case count >= m.config.MaxSessions:
		return []registry.Effect{registry.RefuseSession{SessionID: in.SessionID, Err: refusal(protocol.PermissionDenied, true)}}
	}
	m.sessions = append(m.sessions, &modelSession{id: in.SessionID, principal: in.Principal})
	return []registry.Effect{registry.AdmitSession{SessionID: in.SessionID}}
}

// leave ends all subscriptions of a session, in the order of its jobs.
func (m *model) leave(s *modelSession) (effects []registry.Effect) {
	for _, j := range m.jobs {
		if slices.Contains(s.watches, j) && !j.ended {
			effects = append(effects, registry.RouteUnsubscribe{SessionID: s.id, JobID: j.id})
		}
	}
	return effects
}

func (m *model) idle() bool { return m.closing && m.running(func(*modelJob) bool { return true }) == 0 }

func (m *model) settle() []registry.Effect {
	if !m.idle() {
		return nil
	}
	return append([]registry.Effect{registry.CloseSessions{}}, m.drain()...)
}

func (m *model) drain() []registry.Effect {
	if !m.idle() || m.connections > 0 || m.drained {
		return nil
	}
	m.drained = true
	return []registry.Effect{registry.Drained{}}
}

// key finds the key of a job.
func (m *model) key(j *modelJob) *modelKey {
	for _, k := range m.keys {
		if k.job == j {
			return k
		}
	}
	return &modelKey{}
}

func (m *model) accept(in registry.JobAccepted) (effects []registry.Effect) {
	j := m.job(in.JobID)
	if j == nil || j.accepted {
		return nil
	}
	// The list is in the order of acceptance.
	i := slices.Index(m.jobs, j)
	m.jobs = slices.Delete(m.jobs, i, i+1)
	i = slices.IndexFunc(m.jobs, func(j *modelJob) bool { return !j.accepted && !j.forgotten })
	if i < 0 {
		i = len(m.jobs)
	}
	m.jobs = slices.Insert(m.jobs, i, j)
	j.accepted, j.created = true, m.now
	j.listed = protocol.JobSummary{
		JobID: j.id, Agent: in.Payload.Agent, Status: protocol.StatusPending, Lease: in.Payload.Lease,
		CreatedAt: in.Payload.AcceptedAt, TraceID: in.Payload.TraceID, Credentials: in.Payload.Credentials,
	}
	if j.parent != "" {
		j.listed.ParentJobID = &j.parent
	}
	k := m.key(j)
	k.payload = in.Payload
	for _, w := range k.waiting {
		w.reply.Payload = in.Payload
		effects = append(effects, w.reply)
	}
	k.waiting = nil
	return effects
}

func (m *model) refuse(id protocol.JobID, code protocol.Code) (effects []registry.Effect) {
	j := m.job(id)
	if j == nil || j.accepted {
		return nil
	}
	k := m.key(j)
	for _, w := range k.waiting {
		err := refusal(code, code.Retryable())
		effects = append(effects, registry.Refuse{RequestID: w.reply.RequestID, SessionID: w.session.id, Err: err})
	}
	m.keys = slices.DeleteFunc(m.keys, func(other *modelKey) bool { return k == other })
	effects = append(effects, m.forget(j))
	return append(effects, m.settle()...)
}

func final(status protocol.JobStatus) bool {
	return status != protocol.StatusPending && status != protocol.StatusRunning
}

func (m *model) change(in registry.JobChanged) {
	j := m.job(in.JobID)
	if j == nil || !j.accepted {
		return
	}
	j.listed.LastEventSeq = max(j.listed.LastEventSeq, in.LastEventSeq)
	if in.Status == "" || final(j.listed.Status) || in.Status == protocol.StatusPending {
		return
	}
	if j.listed.Status = in.Status; final(in.Status) {
		j.listed.Credentials = nil
	}
}

func (m *model) end(id protocol.JobID) (effects []registry.Effect) {
	j := m.job(id)
	switch {
	case j == nil, j.ended:
		return nil
	case !j.accepted:
		return m.refuse(id, protocol.InternalError)
	}
	if !final(j.listed.Status) {
		j.listed.Status = protocol.StatusError
	}
	j.listed.Credentials = nil
	j.ended, j.endedAt = true, m.now
	m.ends = append(m.ends, j)
	kept := slices.DeleteFunc(slices.Clone(m.ends), func(other *modelJob) bool { return other.forgotten || other.principal != j.principal })
	if len(kept) > m.config.MaxFinished {
		effects = append(effects, m.forget(kept[0]))
	}
	return append(effects, m.settle()...)
}

func (m *model) cancel(in registry.CancelRequested) []registry.Effect {
	err := refusal(protocol.JobNotFound, false)
	if j := m.observable(in.SessionID, in.JobID); j != nil {
		if s, _ := m.session(in.SessionID); s == j.session {
			return []registry.Effect{registry.RouteCancel{
				RequestID: in.RequestID, SessionID: in.SessionID, Principal: j.principal, JobID: j.id,
			}}
		}
		err = refusal(protocol.PermissionDenied, false)
	}
	return []registry.Effect{registry.Refuse{RequestID: in.RequestID, SessionID: in.SessionID, JobID: in.JobID, Err: err}}
}

// watch notes a subscription; the error says that there are too many.
func (s *modelSession) watch(j *modelJob, most int) *protocol.Error {
	s.watches = slices.DeleteFunc(s.watches, func(other *modelJob) bool { return other.ended })
	if j.session == s || j.ended || slices.Contains(s.watches, j) {
		return nil
	}
	if len(s.watches) == most {
		return refusal(protocol.PermissionDenied, true)
	}
	s.watches = append(s.watches, j)
	return nil
}

func (m *model) subscribe(in registry.SubscribeRequested) []registry.Effect {
	s, _ := m.session(in.SessionID)
	j := m.observable(in.SessionID, in.JobID)
	err := refusal(protocol.JobNotFound, false)
	if j != nil {
		err = s.watch(j, m.config.MaxSubscriptions)
	}
	audit := registry.AuditSubscribe{SessionID: in.SessionID, Subscriber: s.principal, JobID: in.JobID, Allowed: err == nil}
	if target := m.job(in.JobID); target != nil {
		audit.Owner = target.principal
	}
	if err != nil {
		return []registry.Effect{audit, registry.Refuse{
			RequestID: in.RequestID, SessionID: in.SessionID, JobID: in.JobID, Err: err,
		}}
	}
	return []registry.Effect{audit, registry.RouteSubscribe{
		RequestID: in.RequestID, SessionID: in.SessionID, Principal: s.principal, Submitter: s.principal == j.principal,
		JobID: in.JobID, History: in.History, From: in.From,
	}}
}
