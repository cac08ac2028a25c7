package session

import (
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// Effect is one thing that the shell shall do. The effects of a Step are carried
// out in their order. The types of this file are all there are.
type Effect interface{ effect() }

// Send writes one message to the client. The shell stamps the envelope's ID.
type Send struct{ Envelope protocol.Envelope }

// Authenticate asks who the bearer of the token is (§6.1). Answered by
// [Authenticated] or [AuthenticationFailed].
type Authenticate struct {
	Token  string
	Resume bool // of a client that comes back to another session (§6.3): no new one will open
}

// ResumeSession offers this connection to the session that its client wants to come back to (§6.3). Answered by
// [HandedOver] or [ResumeRefused].
type ResumeSession struct {
	RequestID    protocol.MessageID
	Principal    string
	SessionID    protocol.SessionID // "" where the client did not say
	Token        string
	LastEventSeq uint64
	Secret       string
}

// LetGo says that the connection belongs to another session from now on.
type LetGo struct{}

// Attach takes the connection that was offered with [ResumeRequested] in place of the session's own, which is closed at
// once if it is still there. What is sent from now on goes there.
type Attach struct{}

// DenyResume answers [ResumeRequested] with an error. The session is as it was.
type DenyResume struct{ Err *protocol.Error }

// SubmitJob asks for a job (§7.1). Answered by [JobAccepted] or [RequestRefused] with
// the same RequestID.
type SubmitJob struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	Principal string
	TraceID   protocol.TraceID // "" when the client gave none (§11)
	Name      string           // the agent, from the advertised inventory (§7.5)
	Version   string           // resolved: never empty
	Submit    protocol.JobSubmit
	Features  []protocol.Feature // the session's intersection (§6.2)
}

// CancelJob asks to cancel a job (§7.4). Answered by [JobCancelled] or
// [RequestRefused] with the same RequestID. Whether there is such a job, and whether
// this session may cancel it, is for others to say.
type CancelJob struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	Principal string
	JobID     protocol.JobID
}

// ListJobs asks for an inventory of jobs (§6.6). Answered by [JobsListed] or [RequestRefused].
type ListJobs struct {
	RequestID    protocol.MessageID
	SessionID    protocol.SessionID
	Principal    string
	Statuses     []protocol.JobStatus // nil: of any
	Agent        string               // a name, or name@version; "": any
	CreatedAfter time.Time            // zero: any
	Limit        int                  // 0: the default
	Cursor       string               // "": from the beginning
}

// SubscribeJob asks to observe a job (§7.6). Answered by [JobSubscribed], with the job's events after it, or by
// [RequestRefused].
type SubscribeJob struct {
	RequestID protocol.MessageID
	SessionID protocol.SessionID
	Principal string
	JobID     protocol.JobID
	History   bool
	From      uint64 // from_event_seq; 0 where the client did not say
}

// UnsubscribeJob says that the session observes a job no longer. It is not answered.
type UnsubscribeJob struct {
	SessionID protocol.SessionID
	JobID     protocol.JobID
}

// CloseTransport closes the connection when all that was sent before is written.
// The shell reports [ConnectionLost] when it is closed.
type CloseTransport struct{}

// End says that the session is over: nothing more is sent. The shell may stop the
// actor.
type End struct{}

func (Send) effect()           {}
func (Authenticate) effect()   {}
func (ResumeSession) effect()  {}
func (LetGo) effect()          {}
func (Attach) effect()         {}
func (DenyResume) effect()     {}
func (SubmitJob) effect()      {}
func (CancelJob) effect()      {}
func (ListJobs) effect()       {}
func (SubscribeJob) effect()   {}
func (UnsubscribeJob) effect() {}
func (CloseTransport) effect() {}
func (End) effect()            {}
