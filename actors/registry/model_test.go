package registry_test

import (
	"slices"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

// model is a registry made of lists that are searched from their beginning. It knows no index, no counter and no order but
// that of the lists, and it is told what a cursor stands for.
type model struct {
	config      registry.Config
	now         time.Time
	sessions    []*modelSession
	jobs        []*modelJob // in the order in which they were accepted; those that start at the end
	keys        []*modelKey // in the order in which they were used
	ends        []*modelJob // jobs that ended, in that order
	cursors     map[string]modelCursor
	connections int
	closing     bool
	drained     bool
}

// modelSession is one session: another one that gets its name later is another one.
type modelSession struct {
	id        protocol.SessionID
	principal string
	over      bool
	watches   []*modelJob // of other sessions, until they end
}

type modelJob struct {
	id, parent       protocol.JobID
	session          *modelSession
	principal        string
	accepted, ended  bool
	forgotten        bool
	endedAt, created time.Time
	listed           protocol.JobSummary
}

type modelKey struct {
	principal, key string
	digest         [32]byte
	job            *modelJob
	payload        protocol.JobAccepted
	waiting        []modelWaiter
}

type modelWaiter struct {
	reply   registry.ReplyAccepted
	session *modelSession
}

// modelCursor is the place behind a job, for one principal.
type modelCursor struct {
	principal string
	after     *modelJob
}

func refusal(code protocol.Code, retryable bool) *protocol.Error {
	return &protocol.Error{Code: code, Retryable: retryable}
}

// session finds a session that is open.
func (m *model) session(id protocol.SessionID) (*modelSession, bool) {
	for _, s := range m.sessions {
		if s.id == id && !s.over {
			return s, true
		}
	}
	return &modelSession{}, false
}

// job finds a job that is not forgotten.
func (m *model) job(id protocol.JobID) *modelJob {
	for _, j := range m.jobs {
		if j.id == id && !j.forgotten {
			return j
		}
	}
	return nil
}

// sweep lets go of what has been kept for its time.
func (m *model) sweep() (effects []registry.Effect) {
	for _, j := range m.ends {
		if !j.forgotten && !m.now.Before(j.endedAt.Add(m.config.JobRetention)) {
			effects = append(effects, m.forget(j))
		}
	}
	m.keys = slices.DeleteFunc(m.keys, func(k *modelKey) bool {
		return k.job.ended && !m.now.Before(k.job.endedAt.Add(m.config.KeyRetention))
	})
	return effects
}

func (m *model) forget(j *modelJob) registry.Effect {
	j.forgotten = true
	return registry.ForgetJob{JobID: j.id}
}

// running counts jobs that have not ended.
func (m *model) running(count func(*modelJob) bool) (n int) {
	for _, j := range m.jobs {
		if !j.ended && !j.forgotten && count(j) {
			n++
		}
	}
	return n
}

func (m *model) waiting(session *modelSession) (n int) {
	for _, k := range m.keys {
		for _, w := range k.waiting {
			if w.session == session {
				n++
			}
		}
	}
	return n
}

func (m *model) fullSession(s *modelSession) bool {
	return m.running(func(j *modelJob) bool { return j.session == s })+m.waiting(s) >= m.config.MaxJobs
}

// room says why a job of a session may not start.
func (m *model) room(s *modelSession) *protocol.Error {
	switch {
	case m.closing:
		return refusal(protocol.InternalError, true)
	case m.fullSession(s):
		return refusal(protocol.PermissionDenied, true)
	case m.running(func(j *modelJob) bool { return j.principal == s.principal }) >= m.config.MaxPrincipalJobs:
		return refusal(protocol.PermissionDenied, true)
	}
	return nil
}

func (m *model) submit(in registry.SubmitRequested) []registry.Effect {
	refuse := func(err *protocol.Error) []registry.Effect {
		return []registry.Effect{registry.Refuse{RequestID: in.RequestID, SessionID: in.SessionID, Err: err}}
	}
	s, open := m.session(in.SessionID)
	if !open {
		return refuse(refusal(protocol.InvalidRequest, false))
	}
	count := 0
	for _, k := range m.keys {
		if k.principal != s.principal {
			continue
		}
		count++
		if k.key != in.Key {
			continue
		}
		reply := registry.ReplyAccepted{RequestID: in.RequestID, SessionID: in.SessionID}
		switch {
		case k.digest != in.Digest:
			return refuse(refusal(protocol.DuplicateKey, false))
		case k.job.accepted:
			reply.Payload = k.payload
			return []registry.Effect{reply}
		case m.fullSession(s):
			return refuse(refusal(protocol.PermissionDenied, true))
		}
		k.waiting = append(k.waiting, modelWaiter{reply, s})
		return nil
	}
	if err := m.room(s); err != nil {
		return refuse(err)
	}
	j := &modelJob{id: in.JobID, session: s, principal: s.principal}
	if in.Key != "" {
		if count >= m.config.MaxKeys && !m.dropKey(s.principal) {
			return refuse(refusal(protocol.PermissionDenied, true))
		}
		m.keys = append(m.keys, &modelKey{principal: s.principal, key: in.Key, digest: in.Digest, job: j})
	}
	m.jobs = append(m.jobs, j)
	return []registry.Effect{registry.StartJob{RequestID: in.RequestID, SessionID: s.id, Principal: s.principal, JobID: j.id}}
}

// dropKey takes out the key whose job ended first.
func (m *model) dropKey(principal string) bool {
	for _, j := range m.ends {
		for i, k := range m.keys {
			if k.job == j && k.principal == principal {
				m.keys = slices.Delete(m.keys, i, i+1)
				return true
			}
		}
	}
	return false
}

func (m *model) delegate(in registry.DelegationRequested) []registry.Effect {
	parent := m.job(in.ParentJobID)
	err := refusal(protocol.InvalidRequest, false)
	if parent != nil && parent.accepted && !parent.ended {
		err = m.room(parent.session)
	}
	if err != nil {
		return []registry.Effect{registry.RefuseDelegation{ParentJobID: in.ParentJobID, JobID: in.JobID, Err: err}}
	}
	j := &modelJob{id: in.JobID, parent: parent.id, session: parent.session, principal: parent.principal}
	m.jobs = append(m.jobs, j)
	return []registry.Effect{registry.StartJob{SessionID: j.session.id, Principal: j.principal, JobID: j.id, ParentJobID: parent.id}}
}

// observable finds a job that a session may know of.
func (m *model) observable(session protocol.SessionID, id protocol.JobID) *modelJob {
	s, open := m.session(session)
	if j := m.job(id); open && j != nil && j.accepted && m.may(s.principal, j.principal) {
		return j
	}
	return nil
}

func (m *model) may(observer, owner string) bool {
	return observer == owner || m.config.MayObserve != nil && m.config.MayObserve(observer, owner)
}

func (m *model) list(in registry.ListRequested) []registry.Effect {
	refuse := []registry.Effect{registry.Refuse{
		RequestID: in.RequestID, SessionID: in.SessionID, Err: refusal(protocol.InvalidRequest, false),
	}}
	s, open := m.session(in.SessionID)
	cursor, made := m.cursors[in.Cursor]
	if !open || in.Cursor != "" && (!made || cursor.principal != s.principal) {
		return refuse
	}
	payload := protocol.SessionJobs{RequestID: in.RequestID, Jobs: []protocol.JobSummary{}}
	behind := in.Cursor == ""
	for _, j := range m.jobs {
		if behind && j.accepted && !j.forgotten && m.may(s.principal, j.principal) && wanted(j, in) {
			if len(payload.Jobs) == in.Limit {
				payload.NextCursor = new(string)
				break
			}
			listed := j.listed
			if j.principal != s.principal {
				listed.Credentials = nil
			}
			payload.Jobs = append(payload.Jobs, listed)
		}
		behind = behind || j == cursor.after
	}
	return []registry.Effect{registry.Listed{SessionID: in.SessionID, Payload: payload}}
}

func wanted(j *modelJob, in registry.ListRequested) bool {
	name, _, _ := strings.Cut(j.listed.Agent, "@")
	return (len(in.Statuses) == 0 || slices.Contains(in.Statuses, j.listed.Status)) &&
		(in.Agent == "" || in.Agent == name || in.Agent == j.listed.Agent) &&
		(in.CreatedAfter.IsZero() || j.created.After(in.CreatedAfter))
}
