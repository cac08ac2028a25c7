package protocol

import "slices"

// rule is what the draft says about one code. Of the codes that are not pinned, the
// draft leaves `retryable` open: the table has the default.
type rule struct {
	code      Code
	retryable bool
	pinned    bool
}

// rules is the table of §12, in the draft's order.
func rules() [15]rule {
	return [15]rule{
		{code: PermissionDenied},
		{code: LeaseSubsetViolation},
		{code: JobNotFound},
		{code: DuplicateKey},
		{code: AgentNotAvailable},
		{code: AgentVersionNotAvailable},
		{code: Cancelled},
		{code: Timeout},
		{code: ResumeWindowExpired},
		{code: HeartbeatLost, retryable: true}, // the session can be resumed (§6.4)
		{code: LeaseExpired, pinned: true},
		{code: BudgetExhausted, pinned: true},
		{code: InvalidRequest},
		{code: Unauthenticated},
		{code: InternalError, retryable: true, pinned: true},
	}
}

// Codes returns the fifteen codes of §12 in the draft's order.
func Codes() []Code {
	codes := make([]Code, 0, 15)
	for _, r := range rules() {
		codes = append(codes, r.code)
	}
	return codes
}

func (c Code) rule() (rule, bool) {
	all := rules()
	i := slices.IndexFunc(all[:], func(r rule) bool { return r.code == c })
	if i < 0 {
		return rule{}, false
	}
	return all[i], true
}

// Known says whether the code is one of the fifteen of §12.
func (c Code) Known() bool {
	_, known := c.rule()
	return known
}

// Retryable returns the `retryable` that goes with the code by default, false for a
// code that is not of §12.
func (c Code) Retryable() bool {
	r, _ := c.rule()
	return r.retryable
}

// Pinned says whether §12 fixes `retryable` for the code, so that nobody may say
// otherwise: LEASE_EXPIRED and BUDGET_EXHAUSTED false, INTERNAL_ERROR true.
func (c Code) Pinned() bool {
	r, _ := c.rule()
	return r.pinned
}

// NewError returns an error with the code's own `retryable` (§12).
func NewError(code Code, message string) *Error {
	return &Error{Code: code, Message: message, Retryable: code.Retryable()}
}

// Pin returns the error with `retryable` as §12 fixes it for its code; an error whose
// code is not pinned comes back as it is.
func (e Error) Pin() Error {
	if e.Code.Pinned() {
		e.Retryable = e.Code.Retryable()
	}
	return e
}

// Refusal says why a frame was not taken, with what its answer needs (§5, §12).
type Refusal struct {
	RequestID MessageID // the frame's `id`, "" when it cannot be read
	SessionID SessionID // the frame's `session_id`, "" when it cannot be read
	Err       *Error    // INVALID_REQUEST; its message names fields, never their values
}

func (r *Refusal) Error() string { return r.Err.Error() }

// Unwrap returns Err.
func (r *Refusal) Unwrap() error { return r.Err }
