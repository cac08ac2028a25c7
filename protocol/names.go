package protocol

// Typed identifiers. Each is a ULID behind its prefix (msg_, sess_, job_, res_); peers' own forms are taken as they come.
type (
	MessageID string
	SessionID string
	JobID     string
	ResultID  string
	TraceID   string
)

// Number is a JSON number kept as its text, so that no digit is lost (§9.6).
type Number string

// Feature is a flag of §6.2.
type Feature string

// The features of the draft.
const (
	FeatureHeartbeat              Feature = "heartbeat"
	FeatureAck                    Feature = "ack"
	FeatureListJobs               Feature = "list_jobs"
	FeatureSubscribe              Feature = "subscribe"
	FeatureLeaseExpiresAt         Feature = "lease_expires_at"
	FeatureCostBudget             Feature = "cost.budget"
	FeatureModelUse               Feature = "model.use"
	FeatureProvisionedCredentials Feature = "provisioned_credentials"
	FeatureProgress               Feature = "progress"
	FeatureResultChunk            Feature = "result_chunk"
	FeatureAgentVersions          Feature = "agent_versions"
)

// JobStatus is a job's state, or its final_status (§7.3).
type JobStatus string

// The states of §7.3.
const (
	StatusPending   JobStatus = "pending"
	StatusRunning   JobStatus = "running"
	StatusSuccess   JobStatus = "success"
	StatusError     JobStatus = "error"
	StatusCancelled JobStatus = "cancelled"
	StatusTimedOut  JobStatus = "timed_out"
)

// Final says whether the word is one of the four that end a job (§7.3).
func (s JobStatus) Final() bool {
	return s.Known() && s != StatusPending && s != StatusRunning
}

// Known says whether the word is one of the six of §7.3.
func (s JobStatus) Known() bool {
	switch s {
	case StatusPending, StatusRunning, StatusSuccess, StatusError, StatusCancelled, StatusTimedOut:
		return true
	}
	return false
}

// Code is an error code of §12.
type Code string

// The fifteen codes of §12.
const (
	PermissionDenied         Code = "PERMISSION_DENIED"
	LeaseSubsetViolation     Code = "LEASE_SUBSET_VIOLATION"
	JobNotFound              Code = "JOB_NOT_FOUND"
	DuplicateKey             Code = "DUPLICATE_KEY"
	AgentNotAvailable        Code = "AGENT_NOT_AVAILABLE"
	AgentVersionNotAvailable Code = "AGENT_VERSION_NOT_AVAILABLE"
	Cancelled                Code = "CANCELLED"
	Timeout                  Code = "TIMEOUT"
	ResumeWindowExpired      Code = "RESUME_WINDOW_EXPIRED"
	HeartbeatLost            Code = "HEARTBEAT_LOST"
	LeaseExpired             Code = "LEASE_EXPIRED"
	BudgetExhausted          Code = "BUDGET_EXHAUSTED"
	InvalidRequest           Code = "INVALID_REQUEST"
	Unauthenticated          Code = "UNAUTHENTICATED"
	InternalError            Code = "INTERNAL_ERROR"
)

// Error is an error payload of §12.
type Error struct {
	Code      Code   `json:"code"`
	Message   string `json:"message"`
	Retryable bool   `json:"retryable"`
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }
