package registry

import (
	"crypto/sha256"
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// key is one idempotency key of a principal (§7.2).
type key struct {
	owner    *principal
	name     keyName
	digest   [32]byte
	accepted bool
	payload  protocol.JobAccepted // once accepted; with the credentials, since it must stay the same
	waiting  []waiter             // until accepted or refused
	number   uint64               // in the order of the ends; 0 while the job has not ended
	until    time.Time            // when it is free again, once its job ended
}

// keyName stands for an idempotency key: how long that is, is the client's to choose, how much is kept is not.
type keyName [sha256.Size]byte

// waiter is one submit that waits for the decision on the first one with its key.
type waiter struct {
	request protocol.MessageID
	session *session
}

// submit starts a job, or finds the one that the key stands for.
func (t *turn) submit(in SubmitRequested) {
	s, open := t.sessions[in.SessionID]
	if !open {
		t.refuse(in.RequestID, in.SessionID, "", over())
		return
	}
	name := keyName(sha256.Sum256([]byte(in.Key)))
	// §7.2 (choice): keys are per principal, so that nobody learns another's. Under "", which is no key, there is none.
	if k, used := s.owner.keys[name]; used {
		t.again(in, s, k)
		return
	}
	err := t.room(s, in.JobID)
	if err == nil && in.Key != "" {
		err = t.roomForKey(s.owner)
	}
	if err != nil {
		t.refuse(in.RequestID, in.SessionID, "", err)
		return
	}
	e := t.start(s, in.JobID, "")
	if in.Key != "" {
		e.key = &key{owner: s.owner, name: name, digest: in.Digest}
		s.owner.keys[name] = e.key
	}
	t.do(StartJob{RequestID: in.RequestID, SessionID: in.SessionID, Principal: s.owner.name, JobID: in.JobID})
}

// again answers a submit whose key was used before. It starts nothing, so a shutdown does not stand against it, and of the
// caps only the session's on what waits.
func (t *turn) again(in SubmitRequested, s *session, k *key) {
	switch {
	case k.digest != in.Digest:
		// §7.2: a reused key with conflicting parameters. That of a job which is not accepted yet, too.
		t.refuse(in.RequestID, in.SessionID, "", protocol.NewError(protocol.DuplicateKey,
			"the idempotency_key was used with other parameters"))
	case k.accepted:
		// §7.2: the same job.accepted payload.
		t.do(ReplyAccepted{RequestID: in.RequestID, SessionID: in.SessionID, Payload: k.payload})
	case s.live+s.waiting >= t.config.MaxJobs:
		t.refuse(in.RequestID, in.SessionID, "", fullSession())
	default:
		s.waiting++
		k.waiting = append(k.waiting, waiter{request: in.RequestID, session: s})
	}
}

// decided lets go of all who wait for a key.
func (k *key) decided() []waiter {
	waiting := k.waiting
	k.waiting = nil
	for _, w := range waiting {
		w.session.waiting--
	}
	return waiting
}

// room says why no job may start for a session, nil when one may.
func (t *turn) room(s *session, id protocol.JobID) *protocol.Error {
	_, used := t.jobs[id]
	switch {
	case t.closing: // §12 (choice): as INTERNAL_ERROR, since the client may try again elsewhere, or later
		return shuttingDown()
	case s.live+s.waiting >= t.config.MaxJobs:
		return fullSession() // §14
	case s.owner.live >= t.config.MaxPrincipalJobs:
		return full("the principal has as many jobs as it may have")
	case used || id == "":
		return protocol.NewError(protocol.InternalError, "the job could not be named")
	}
	return nil
}

func fullSession() *protocol.Error {
	return full("the session has as many jobs as it may have")
}

// roomForKey makes room for one more key, and says why there is none. §7.2 (choice): the key whose job ended first goes; one
// whose job has not ended never does, or the same submit could run twice at a time.
func (t *turn) roomForKey(p *principal) *protocol.Error {
	if len(p.keys) < t.config.MaxKeys {
		return nil
	}
	oldest := p.spent.first()
	if oldest == nil {
		return full("the principal has as many idempotency keys as it may have")
	}
	t.free(oldest)
	return nil
}

// free forgets a key.
func (t *turn) free(k *key) {
	delete(k.owner.keys, k.name)
	if k.number != 0 {
		t.spent.remove(k.number)
		k.owner.spent.remove(k.number)
	}
	t.release(k.owner)
}

// spend begins to count the time of a key whose job ended.
func (t *turn) spend(k *key) {
	k.number, k.until = t.number(), t.now.Add(t.config.KeyRetention)
	t.spent.add(k.number, k)
	k.owner.spent.add(k.number, k)
}

// delegate starts a child of a job (§10).
func (t *turn) delegate(in DelegationRequested) {
	parent, known := t.jobs[in.ParentJobID]
	var err *protocol.Error
	switch {
	case !known || parent.state != live:
		err = protocol.NewError(protocol.InvalidRequest, "the parent does not run")
	default:
		err = t.room(parent.session, in.JobID)
	}
	if err != nil {
		t.do(RefuseDelegation{ParentJobID: in.ParentJobID, JobID: in.JobID, Err: err})
		return
	}
	t.start(parent.session, in.JobID, in.ParentJobID)
	t.do(StartJob{
		SessionID: parent.session.id, Principal: parent.owner.name, JobID: in.JobID, ParentJobID: in.ParentJobID,
	})
}

// refuse answers a request with an error.
func (t *turn) refuse(request protocol.MessageID, session protocol.SessionID, job protocol.JobID, err *protocol.Error) {
	t.do(Refuse{RequestID: request, SessionID: session, JobID: job, Err: err})
}
