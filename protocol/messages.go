package protocol

import "encoding/json"

// MessageType is the envelope's `type`.
type MessageType string

// The message types of the draft.
const (
	TypeSessionHello    MessageType = "session.hello"
	TypeSessionWelcome  MessageType = "session.welcome"
	TypeSessionResume   MessageType = "session.resume"
	TypeSessionPing     MessageType = "session.ping"
	TypeSessionPong     MessageType = "session.pong"
	TypeSessionAck      MessageType = "session.ack"
	TypeSessionListJobs MessageType = "session.list_jobs"
	TypeSessionJobs     MessageType = "session.jobs"
	TypeSessionClose    MessageType = "session.close"
	TypeSessionClosed   MessageType = "session.closed"
	TypeSessionError    MessageType = "session.error"
	TypeJobSubmit       MessageType = "job.submit"
	TypeJobAccepted     MessageType = "job.accepted"
	TypeJobEvent        MessageType = "job.event"
	TypeJobResult       MessageType = "job.result"
	TypeJobError        MessageType = "job.error"
	TypeJobCancel       MessageType = "job.cancel"
	TypeJobCancelled    MessageType = "job.cancelled"
	TypeJobSubscribe    MessageType = "job.subscribe"
	TypeJobSubscribed   MessageType = "job.subscribed"
	TypeJobUnsubscribe  MessageType = "job.unsubscribe"
)

// Payload is the typed payload of one message type; Type says which.
type Payload interface{ Type() MessageType }

// Envelope is one message of the wire (§5).
type Envelope struct {
	ID        MessageID
	SessionID SessionID // "" before the welcome
	JobID     JobID     // "" where no job is meant
	TraceID   TraceID   // "" when none was given (§11)
	EventSeq  uint64    // 0: the message is not sequenced (§8.3 numbers from 1)
	RequestID MessageID // `request_id`: on replies, the id of the request answered. An extra field that §5 allows.
	Payload   Payload
}

// SessionHello opens a session (§6.2).
type SessionHello struct {
	Client       Peer         `json:"client"`
	Auth         Auth         `json:"auth"`
	Capabilities Capabilities `json:"capabilities"`
	// Resume is the extra field (§5) with which several clients resume in place of session.resume (§6.3).
	Resume *SessionResume `json:"resume,omitempty"`
}

// Peer names a client or a runtime.
type Peer struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Auth carries the credential of §6.1.
type Auth struct {
	Scheme string `json:"scheme"`
	Token  string `json:"token"`
}

// Capabilities is the negotiated surface of §6.2. Agents is set by a runtime only.
type Capabilities struct {
	Encodings []string  `json:"encodings"`
	Features  []Feature `json:"features"`
	Agents    []Agent   `json:"agents,omitempty"`
}

// Agent is one entry of the runtime's inventory (§6.2, §7.5).
type Agent struct {
	Name     string   `json:"name"`
	Versions []string `json:"versions"`
	Default  string   `json:"default,omitempty"`
}

// SessionWelcome answers session.hello (§6.2).
type SessionWelcome struct {
	Runtime              Peer         `json:"runtime"`
	ResumeToken          string       `json:"resume_token"`
	ResumeWindowSec      int64        `json:"resume_window_sec"`
	HeartbeatIntervalSec int64        `json:"heartbeat_interval_sec"`
	Capabilities         Capabilities `json:"capabilities"`
}

// SessionResume reattaches to a session after a drop (§6.3).
type SessionResume struct {
	SessionID    SessionID `json:"session_id,omitempty"`
	ResumeToken  string    `json:"resume_token"`
	LastEventSeq uint64    `json:"last_event_seq"`
	Auth         *Auth     `json:"auth,omitempty"`
}

// SessionPing asks for a session.pong (§6.4).
type SessionPing struct {
	Nonce  string `json:"nonce"`
	SentAt string `json:"sent_at,omitempty"`
}

// SessionPong answers a session.ping (§6.4).
type SessionPong struct {
	PingNonce  string `json:"ping_nonce"`
	ReceivedAt string `json:"received_at"`
}

// SessionAck declares the highest processed event_seq (§6.5).
type SessionAck struct {
	LastProcessedSeq uint64 `json:"last_processed_seq"`
}

// SessionListJobs asks for an inventory of jobs (§6.6).
type SessionListJobs struct {
	Filter *JobFilter `json:"filter,omitempty"`
	Limit  *int64     `json:"limit,omitempty"`
	Cursor *string    `json:"cursor,omitempty"`
}

// JobFilter narrows a listing; absent fields do not filter (§6.6).
type JobFilter struct {
	Status       []JobStatus `json:"status,omitempty"`
	Agent        string      `json:"agent,omitempty"`
	CreatedAfter string      `json:"created_after,omitempty"`
}

// SessionJobs answers session.list_jobs (§6.6).
type SessionJobs struct {
	RequestID  MessageID    `json:"request_id"`
	Jobs       []JobSummary `json:"jobs"`
	NextCursor *string      `json:"next_cursor"`
}

// JobSummary is one entry of a listing (§6.6).
type JobSummary struct {
	JobID        JobID        `json:"job_id"`
	Agent        string       `json:"agent"`
	Status       JobStatus    `json:"status"`
	Lease        Lease        `json:"lease"`
	ParentJobID  *JobID       `json:"parent_job_id"`
	CreatedAt    string       `json:"created_at"`
	TraceID      TraceID      `json:"trace_id,omitempty"`
	LastEventSeq uint64       `json:"last_event_seq"`
	Credentials  []Credential `json:"credentials,omitempty"`
}

// SessionClose ends a session gracefully (§6.7).
type SessionClose struct {
	Reason string `json:"reason,omitempty"`
}

// SessionClosed answers session.close (§6.7).
type SessionClosed struct{}

// SessionError refuses a request or a session (§12).
type SessionError struct{ Error }

// Lease is the wire form of a lease: namespace to patterns (§9.2).
type Lease map[string][]string

// LeaseConstraints bounds a lease in time (§9.5).
type LeaseConstraints struct {
	ExpiresAt string `json:"expires_at,omitempty"`
}

// JobSubmit asks for a job (§7.1).
type JobSubmit struct {
	Agent            string            `json:"agent"`
	Input            json.RawMessage   `json:"input,omitempty"`
	LeaseRequest     Lease             `json:"lease_request,omitempty"`
	LeaseConstraints *LeaseConstraints `json:"lease_constraints,omitempty"`
	IdempotencyKey   string            `json:"idempotency_key,omitempty"`
	MaxRuntimeSec    *Number           `json:"max_runtime_sec,omitempty"`
}

// Budget is the wire form of the counters: currency to its exact value (§7.1, §9.6).
type Budget map[string]Number

// JobAccepted answers job.submit (§7.1).
type JobAccepted struct {
	JobID            JobID             `json:"job_id"`
	Agent            string            `json:"agent"`
	Lease            Lease             `json:"lease"`
	LeaseConstraints *LeaseConstraints `json:"lease_constraints,omitempty"`
	Budget           Budget            `json:"budget,omitempty"`
	Credentials      []Credential      `json:"credentials,omitempty"`
	AcceptedAt       string            `json:"accepted_at"`
	TraceID          TraceID           `json:"trace_id,omitempty"`
	ParentJobID      JobID             `json:"parent_job_id,omitempty"` // of a delegated job (§10)
}

// Credential is a provisioned credential (§9.8). Value is a secret.
type Credential struct {
	ID          string          `json:"id"`
	Scheme      string          `json:"scheme"`
	Value       string          `json:"value"`
	Endpoint    string          `json:"endpoint"`
	Profile     string          `json:"profile,omitempty"`
	Constraints json.RawMessage `json:"constraints,omitempty"`
}

// JobEvent carries one event of a job (§8.1). Body's shape follows Kind (§8.2).
type JobEvent struct {
	Kind EventKind       `json:"kind"`
	TS   string          `json:"ts"`
	Body json.RawMessage `json:"body"`
}

// JobResult is the ending of a job that succeeded (§7.3, §8.4).
type JobResult struct {
	FinalStatus JobStatus       `json:"final_status"`
	Result      json.RawMessage `json:"result,omitempty"` // inline; absent when streamed
	ResultID    ResultID        `json:"result_id,omitempty"`
	ResultSize  *int64          `json:"result_size,omitempty"` // decoded bytes
	Summary     string          `json:"summary,omitempty"`
}

// JobError is the ending of a job that did not succeed (§7.3, §12).
type JobError struct {
	FinalStatus JobStatus `json:"final_status"`
	Error
}

// JobCancel asks to cancel a job (§7.4).
type JobCancel struct {
	JobID  JobID  `json:"job_id,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// JobCancelled acknowledges job.cancel (§7.4).
type JobCancelled struct {
	JobID JobID `json:"job_id"`
}

// JobSubscribe attaches to a job (§7.6).
type JobSubscribe struct {
	JobID        JobID   `json:"job_id"`
	FromEventSeq *uint64 `json:"from_event_seq,omitempty"`
	History      bool    `json:"history,omitempty"`
}

// JobSubscribed answers job.subscribe with the authority descriptor (§7.6).
type JobSubscribed struct {
	JobID            JobID             `json:"job_id"`
	CurrentStatus    JobStatus         `json:"current_status"`
	Agent            string            `json:"agent"`
	Lease            Lease             `json:"lease"`
	LeaseConstraints *LeaseConstraints `json:"lease_constraints,omitempty"`
	Budget           Budget            `json:"budget,omitempty"`
	Credentials      []Credential      `json:"credentials,omitempty"`
	ParentJobID      *JobID            `json:"parent_job_id"`
	TraceID          TraceID           `json:"trace_id,omitempty"`
	SubscribedFrom   uint64            `json:"subscribed_from"`
	Replayed         bool              `json:"replayed"`
}

// JobUnsubscribe detaches from a job (§7.6).
type JobUnsubscribe struct {
	JobID JobID `json:"job_id"`
}
