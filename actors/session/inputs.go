package session

import "github.com/arcp-conformance/arcp/protocol"

// Input is one thing that happened to a session. The types of this file are all
// there are. Every input is handled or refused in every state.
type Input interface{ input() }

// MessageReceived is a well-formed message of the client.
type MessageReceived struct{ Envelope protocol.Envelope }

// FrameRefused is a frame of the client that is no message (§5).
type FrameRefused struct{ Refusal *protocol.Refusal }

// Authenticated answers [Authenticate]: the token is good, and these are the names of
// the session that begins (§6.1, §6.2).
type Authenticated struct {
	Principal string
	SessionID protocol.SessionID
	Secret    string // of the resume token, new each time (§6.3): 128 bits or more that nobody can guess, without "_"
}

// SessionRefused answers [Authenticate]: the token is good, and its principal may have no more sessions (§14).
type SessionRefused struct{ Err *protocol.Error }

// ResumeRequested offers the connection of a client that wants to come back to this session (§6.3). Answered by
// [Attach] or [DenyResume].
type ResumeRequested struct {
	RequestID    protocol.MessageID
	Principal    string // whose bearer token came with it
	Token        string
	LastEventSeq uint64
	Secret       string // of the next token
}

// HandedOver answers [ResumeSession]: the session has taken the connection.
type HandedOver struct{}

// ResumeRefused answers [ResumeSession] with an error.
type ResumeRefused struct{ Err *protocol.Error }

// AuthenticationFailed answers [Authenticate]: the token is not good. Why stays inside.
type AuthenticationFailed struct{}

// JobAccepted answers [SubmitJob] (§7.1).
type JobAccepted struct {
	RequestID protocol.MessageID
	JobID     protocol.JobID
	TraceID   protocol.TraceID
	Payload   protocol.JobAccepted
}

// JobCancelled answers [CancelJob]: the cancel was taken (§7.4).
type JobCancelled struct {
	RequestID protocol.MessageID
	JobID     protocol.JobID
}

// RequestRefused answers [SubmitJob] or [CancelJob] with an error.
type RequestRefused struct {
	RequestID protocol.MessageID
	JobID     protocol.JobID // "" for a submit: there is no job
	Err       *protocol.Error
}

// JobEvent is one event of a job of this session, or (Copied) of one that it is subscribed to (§7.6, §8.1).
type JobEvent struct {
	Copied  bool
	JobID   protocol.JobID
	TraceID protocol.TraceID
	Payload protocol.JobEvent
}

// JobEnded is the one ending of a job of this session (§7.3).
type JobEnded struct {
	Copied  bool
	JobID   protocol.JobID
	TraceID protocol.TraceID
	Payload protocol.Payload // protocol.JobResult or protocol.JobError
}

// JobsListed answers [ListJobs].
type JobsListed struct {
	RequestID protocol.MessageID
	Payload   protocol.SessionJobs
}

// JobSubscribed answers [SubscribeJob]. Own: the session submitted the job itself, and has its events anyway.
type JobSubscribed struct {
	RequestID protocol.MessageID
	JobID     protocol.JobID
	TraceID   protocol.TraceID
	Payload   protocol.JobSubscribed
	Own       bool
}

// ConnectionLost says that the transport is gone, whoever closed it.
type ConnectionLost struct{}

// Tick says that time went on, and that the machine's Deadline may have passed.
type Tick struct{}

func (MessageReceived) input()      {}
func (FrameRefused) input()         {}
func (Authenticated) input()        {}
func (AuthenticationFailed) input() {}
func (SessionRefused) input()       {}
func (ResumeRequested) input()      {}
func (HandedOver) input()           {}
func (ResumeRefused) input()        {}
func (JobAccepted) input()          {}
func (JobCancelled) input()         {}
func (RequestRefused) input()       {}
func (JobEvent) input()             {}
func (JobEnded) input()             {}
func (JobsListed) input()           {}
func (JobSubscribed) input()        {}
func (ConnectionLost) input()       {}
func (Tick) input()                 {}
