package session

import "github.com/arcp-conformance/arcp/protocol"

// Effect is one thing that the shell shall do. The effects of a Step are carried
// out in their order. The types of this file are all there are.
type Effect interface{ effect() }

// Send writes one message to the client. The shell stamps the envelope's ID.
type Send struct{ Envelope protocol.Envelope }

// Authenticate asks who the bearer of the token is (§6.1). Answered by
// [Authenticated] or [AuthenticationFailed].
type Authenticate struct{ Token string }

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

// CloseTransport closes the connection when all that was sent before is written.
// The shell reports [ConnectionLost] when it is closed.
type CloseTransport struct{}

// End says that the session is over: nothing more is sent. The shell may stop the
// actor.
type End struct{}

func (Send) effect()           {}
func (Authenticate) effect()   {}
func (SubmitJob) effect()      {}
func (CancelJob) effect()      {}
func (CloseTransport) effect() {}
func (End) effect()            {}
