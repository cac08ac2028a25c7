package protocol

// The walks over the fields of the messages (form.go): names and needs as the draft
// has them. What stands in its examples only is optional where an example lacks it.

func (p *SessionHello) walk(f *form) {
	part(f, "client", required, &p.Client, (*Peer).walk)
	// §12: missing authentication is UNAUTHENTICATED, which is not the codec's to say.
	part(f, "auth", optional, &p.Auth, (*Auth).walk)
	part(f, "capabilities", optional, &p.Capabilities, (*Capabilities).walk)
	maybePart(f, "resume", &p.Resume, (*SessionResume).walk)
}

func (p *Peer) walk(f *form) {
	text(f, "name", required, &p.Name)
	text(f, "version", required, &p.Version)
}

func (p *Auth) walk(f *form) {
	text(f, "scheme", optional, &p.Scheme)
	text(f, "token", optional, &p.Token)
}

func (p *Capabilities) walk(f *form) {
	// §6.2 (choice): who lists none has none.
	texts(f, "encodings", optional, &p.Encodings)
	texts(f, "features", optional, &p.Features)
	parts(f, "agents", optional, &p.Agents, (*Agent).walk)
}

func (p *Agent) walk(f *form) {
	text(f, "name", named, &p.Name)
	texts(f, "versions", required, &p.Versions)
	text(f, "default", optional, &p.Default)
}

func (p *SessionWelcome) walk(f *form) {
	part(f, "runtime", required, &p.Runtime, (*Peer).walk)
	text(f, "resume_token", required, &p.ResumeToken)
	count(f, "resume_window_sec", required, &p.ResumeWindowSec)
	count(f, "heartbeat_interval_sec", required, &p.HeartbeatIntervalSec)
	part(f, "capabilities", required, &p.Capabilities, (*Capabilities).walk)
}

func (p *SessionResume) walk(f *form) {
	text(f, "session_id", optional, &p.SessionID)
	text(f, "resume_token", named, &p.ResumeToken)
	count(f, "last_event_seq", required, &p.LastEventSeq)
	maybePart(f, "auth", &p.Auth, (*Auth).walk)
}

func (p *SessionPing) walk(f *form) {
	text(f, "nonce", required, &p.Nonce)
	text(f, "sent_at", optional, &p.SentAt)
}

func (p *SessionPong) walk(f *form) {
	text(f, "ping_nonce", required, &p.PingNonce)
	text(f, "received_at", optional, &p.ReceivedAt)
}

func (p *SessionAck) walk(f *form) {
	count(f, "last_processed_seq", required, &p.LastProcessedSeq)
}

func (p *SessionListJobs) walk(f *form) {
	maybePart(f, "filter", &p.Filter, (*JobFilter).walk)
	maybe(f, "limit", &p.Limit, count[int64])
	maybe(f, "cursor", &p.Cursor, text[string])
}

func (p *JobFilter) walk(f *form) {
	texts(f, "status", optional, &p.Status)
	text(f, "agent", optional, &p.Agent)
	text(f, "created_after", optional, &p.CreatedAfter)
}

func (p *SessionJobs) walk(f *form) {
	text(f, "request_id", required, &p.RequestID)
	parts(f, "jobs", required, &p.Jobs, (*JobSummary).walk)
	nullable(f, "next_cursor", &p.NextCursor, text[string])
}

func (p *JobSummary) walk(f *form) {
	text(f, "job_id", named, &p.JobID)
	text(f, "agent", named, &p.Agent)
	text(f, "status", named, &p.Status)
	leaseField(f, "lease", required, &p.Lease)
	nullable(f, "parent_job_id", &p.ParentJobID, text[JobID])
	text(f, "created_at", required, &p.CreatedAt)
	text(f, "trace_id", optional, &p.TraceID)
	count(f, "last_event_seq", required, &p.LastEventSeq)
	parts(f, "credentials", optional, &p.Credentials, (*Credential).walk)
}

func (p *SessionClose) walk(f *form) { text(f, "reason", optional, &p.Reason) }

func (*SessionClosed) walk(*form) {}

func (p *SessionError) walk(f *form) { p.Error.walk(f) }

func (e *Error) walk(f *form) {
	text(f, "code", named, &e.Code)
	text(f, "message", required, &e.Message)
	flag(f, "retryable", required, &e.Retryable)
}

func (p *JobSubmit) walk(f *form) {
	text(f, "agent", named, &p.Agent)
	anyJSON(f, "input", optional, &p.Input)
	leaseField(f, "lease_request", optional, &p.LeaseRequest)
	maybePart(f, "lease_constraints", &p.LeaseConstraints, (*LeaseConstraints).walk)
	// §7.2 (choice): an empty key is no key and no absence either.
	text(f, "idempotency_key", filled, &p.IdempotencyKey)
	maybe(f, "max_runtime_sec", &p.MaxRuntimeSec, decimal)
}

func (p *LeaseConstraints) walk(f *form) {
	// §9.5: an invalid time is refused, and an empty one is invalid.
	text(f, "expires_at", filled, &p.ExpiresAt)
}

func (p *JobAccepted) walk(f *form) {
	text(f, "job_id", named, &p.JobID)
	text(f, "agent", optional, &p.Agent)
	leaseField(f, "lease", required, &p.Lease)
	maybePart(f, "lease_constraints", &p.LeaseConstraints, (*LeaseConstraints).walk)
	budgetField(f, "budget", optional, &p.Budget)
	parts(f, "credentials", optional, &p.Credentials, (*Credential).walk)
	text(f, "accepted_at", required, &p.AcceptedAt)
	text(f, "trace_id", optional, &p.TraceID)
	text(f, "parent_job_id", optional, &p.ParentJobID)
}

func (p *Credential) walk(f *form) {
	text(f, "id", named, &p.ID)
	text(f, "scheme", named, &p.Scheme)
	text(f, "value", required, &p.Value)
	text(f, "endpoint", required, &p.Endpoint)
	text(f, "profile", optional, &p.Profile)
	object(f, "constraints", optional, &p.Constraints)
}

func (p *JobEvent) walk(f *form) {
	text(f, "kind", named, &p.Kind)
	text(f, "ts", optional, &p.TS)
	object(f, "body", required, &p.Body)
}

func (p *JobResult) walk(f *form) {
	text(f, "final_status", named, &p.FinalStatus)
	anyJSON(f, "result", optional, &p.Result)
	text(f, "result_id", filled, &p.ResultID)
	maybe(f, "result_size", &p.ResultSize, count[int64])
	text(f, "summary", optional, &p.Summary)
}

func (p *JobError) walk(f *form) {
	text(f, "final_status", named, &p.FinalStatus)
	p.Error.walk(f)
}

func (p *JobCancel) walk(f *form) {
	text(f, "job_id", optional, &p.JobID)
	text(f, "reason", optional, &p.Reason)
}

func (p *JobCancelled) walk(f *form) { text(f, "job_id", required, &p.JobID) }

func (p *JobSubscribe) walk(f *form) {
	text(f, "job_id", named, &p.JobID)
	maybe(f, "from_event_seq", &p.FromEventSeq, count[uint64])
	flag(f, "history", optional, &p.History)
}

func (p *JobSubscribed) walk(f *form) {
	text(f, "job_id", named, &p.JobID)
	text(f, "current_status", named, &p.CurrentStatus)
	text(f, "agent", named, &p.Agent)
	leaseField(f, "lease", required, &p.Lease)
	maybePart(f, "lease_constraints", &p.LeaseConstraints, (*LeaseConstraints).walk)
	budgetField(f, "budget", optional, &p.Budget)
	parts(f, "credentials", optional, &p.Credentials, (*Credential).walk)
	nullable(f, "parent_job_id", &p.ParentJobID, text[JobID])
	text(f, "trace_id", optional, &p.TraceID)
	count(f, "subscribed_from", required, &p.SubscribedFrom)
	flag(f, "replayed", required, &p.Replayed)
}

func (p *JobUnsubscribe) walk(f *form) { text(f, "job_id", named, &p.JobID) }
