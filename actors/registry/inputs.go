package registry

import (
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// Input is one thing that happened to a runtime. The types of this file are all there are. Every input is handled or
// refused in every state.
type Input interface{ input() }

// ConnectionOpened says that there is one connection more, whoever it will turn out to be.
type ConnectionOpened struct{}

// ConnectionClosed says that there is one connection less.
type ConnectionClosed struct{}

// SessionOpened asks to open a session of a principal that has been authenticated (§6.2). Answered by [AdmitSession] or
// [RefuseSession]. All requests of a session are its principal's.
type SessionOpened struct {
	SessionID protocol.SessionID
	Principal string
}

// SessionEnded says that a session is over, its resume window included. Its jobs run on; those that it observes are told
// with [RouteUnsubscribe].
type SessionEnded struct{ SessionID protocol.SessionID }

// ResumeRequested asks for a session to come back to (§6.3). Answered by [RouteResume] or [NotResumable].
type ResumeRequested struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID // the session to resume
	Principal string             // whose bearer token came with it
}

// SubmitRequested asks for a job (§7.1). Answered by [StartJob], [ReplyAccepted] or [Refuse]; where another submit with
// the same key is under way, when that one is decided.
type SubmitRequested struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	JobID     protocol.JobID // the name of the job, if it starts
	Key       string         // idempotency_key; "" for none
	Digest    [32]byte       // of the parameters, see [Digest]; only with a Key
}

// DelegationRequested asks for a child of a job, which is its parent's principal's and session's (§10). Answered by
// [StartJob] or [RefuseDelegation].
type DelegationRequested struct {
	ParentJobID protocol.JobID
	JobID       protocol.JobID // the name of the child, if it starts
}

// JobAccepted says that a job that was started exists (§7.1).
type JobAccepted struct {
	JobID   protocol.JobID
	Payload protocol.JobAccepted
}

// JobRefused says that a job that was started does not exist after all (§7.1). Who asked for it has been told.
type JobRefused struct {
	JobID protocol.JobID
	Err   *protocol.Error
}

// JobChanged says how a job stands (§6.6). What is older than what is known already changes nothing.
type JobChanged struct {
	JobID        protocol.JobID
	Status       protocol.JobStatus // "" for as before
	LastEventSeq uint64
}

// CredentialsChanged says which credentials a job has after a rotation (§9.8).
type CredentialsChanged struct {
	JobID       protocol.JobID
	Credentials []protocol.Credential
}

// JobEnded says that nothing of a job runs any more. One whose status was never said to be final, or that was never
// accepted, broke.
type JobEnded struct{ JobID protocol.JobID }

// ListRequested asks for an inventory of jobs (§6.6). Answered by [Listed] or [Refuse].
type ListRequested struct {
	RequestID    protocol.MessageID
	SessionID    protocol.SessionID
	Statuses     []protocol.JobStatus // none: of any
	Agent        string               // a name, or name@version; "": any
	CreatedAfter time.Time            // zero: any
	Limit        int                  // 0: 100; more than 1000 is 1000
	Cursor       string               // "": from the beginning
}

// CancelRequested asks to cancel a job (§7.4). Answered by [RouteCancel] or [Refuse].
type CancelRequested struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	JobID     protocol.JobID
}

// SubscribeRequested asks to observe a job (§7.6). Answered by [AuditSubscribe], and then [RouteSubscribe] or [Refuse].
type SubscribeRequested struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	JobID     protocol.JobID
	History   bool
	From      uint64
}

// UnsubscribeRequested says that a session observes a job no longer (§7.6). It is passed on where there is such a job,
// and not answered.
type UnsubscribeRequested struct {
	SessionID protocol.SessionID
	JobID     protocol.JobID
}

// ShutdownRequested says that the runtime stops.
type ShutdownRequested struct{}

// Tick says that time went on, and that the machine's Deadline may have passed.
type Tick struct{}

func (ConnectionOpened) input()     {}
func (ConnectionClosed) input()     {}
func (SessionOpened) input()        {}
func (SessionEnded) input()         {}
func (ResumeRequested) input()      {}
func (SubmitRequested) input()      {}
func (DelegationRequested) input()  {}
func (JobAccepted) input()          {}
func (JobRefused) input()           {}
func (JobChanged) input()           {}
func (CredentialsChanged) input()   {}
func (JobEnded) input()             {}
func (ListRequested) input()        {}
func (CancelRequested) input()      {}
func (SubscribeRequested) input()   {}
func (UnsubscribeRequested) input() {}
func (ShutdownRequested) input()    {}
func (Tick) input()                 {}
