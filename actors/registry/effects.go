package registry

import "github.com/arcp-conformance/arcp/protocol"

// Effect is one thing that the shell shall do. The effects of a Step are carried out in their order. The types of this
// file are all there are. What is for a session that is over is lost, as it should be.
type Effect interface{ effect() }

// AdmitSession says that a session may open.
type AdmitSession struct{ SessionID protocol.SessionID }

// RefuseSession says that a session may not open. Nothing is known of it.
type RefuseSession struct {
	SessionID protocol.SessionID
	Err       *protocol.Error
}

// RouteResume passes a resume on to its session, which decides (§6.3).
type RouteResume struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID // the session to resume
}

// NotResumable says that there is no such session for the principal (§6.3).
type NotResumable struct{ RequestID protocol.MessageID }

// StartJob offers a job to an actor of its own (§7.1), which says [JobAccepted] or [JobRefused].
type StartJob struct {
	RequestID   protocol.MessageID // "" for a child
	SessionID   protocol.SessionID // the session that submits, or that of the parent
	Principal   string
	JobID       protocol.JobID
	ParentJobID protocol.JobID // "" for a root
}

// ReplyAccepted answers a submit with the job that its key stands for (§7.2): the payload is the one that the first
// submit got.
type ReplyAccepted struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID // the session that asks
	Payload   protocol.JobAccepted
}

// Refuse answers a request of a session with an error (§12).
type Refuse struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	JobID     protocol.JobID // "" for a submit and a listing
	Err       *protocol.Error
}

// RefuseDelegation answers the parent of a child that is not started.
type RefuseDelegation struct {
	ParentJobID protocol.JobID
	JobID       protocol.JobID // of the child
	Err         *protocol.Error
}

// ForgetJob says that a job is no longer known. The shell stops its actor.
type ForgetJob struct{ JobID protocol.JobID }

// Listed answers a listing (§6.6). The payload shares memory with the machine, and with other payloads.
type Listed struct {
	SessionID protocol.SessionID
	Payload   protocol.SessionJobs // which names the request
}

// RouteCancel passes a cancel of the submitting session on to its job, which decides whether it can still be cancelled
// (§7.4).
type RouteCancel struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	Principal string
	JobID     protocol.JobID
}

// RouteSubscribe passes a subscription that is permitted on to its job (§7.6).
type RouteSubscribe struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID // the subscriber
	Principal string             // of the subscriber
	Submitter bool               // the principal is the job's own: it alone sees credentials (§14)
	JobID     protocol.JobID
	History   bool
	From      uint64
}

// RouteUnsubscribe passes the end of a subscription on to its job (§7.6). It also comes for a session that is over.
type RouteUnsubscribe struct {
	SessionID protocol.SessionID
	JobID     protocol.JobID
}

// AuditSubscribe is what the log of an operator says of one job.subscribe (§14).
type AuditSubscribe struct {
	SessionID  protocol.SessionID
	Subscriber string         // the principal that asks
	JobID      protocol.JobID // as the client named it
	Owner      string         // the principal whose job it is; "" where there is no such job
	Allowed    bool           // the subscription was passed on
}

// StopJobs tells every job that the runtime stops.
type StopJobs struct{}

// CloseSessions tells every session, those without a name too, to write what stands and to close: no job is left. It may
// come again, for connections that were made meanwhile.
type CloseSessions struct{}

// Drained says that the runtime stops and neither a job nor a connection is left. It comes once.
type Drained struct{}

func (AdmitSession) effect()     {}
func (RefuseSession) effect()    {}
func (RouteResume) effect()      {}
func (NotResumable) effect()     {}
func (StartJob) effect()         {}
func (ReplyAccepted) effect()    {}
func (Refuse) effect()           {}
func (RefuseDelegation) effect() {}
func (ForgetJob) effect()        {}
func (Listed) effect()           {}
func (RouteCancel) effect()      {}
func (RouteSubscribe) effect()   {}
func (RouteUnsubscribe) effect() {}
func (AuditSubscribe) effect()   {}
func (StopJobs) effect()         {}
func (CloseSessions) effect()    {}
func (Drained) effect()          {}
