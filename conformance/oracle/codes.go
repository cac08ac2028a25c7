package oracle

// errorCodes holds §12: only its fifteen codes are used, and some of them pin the retryable flag. That an error has all
// of its fields is the schema's.
type errorCodes struct{ d *docket }

func (c errorCodes) see(f frame) {
	if !f.received() {
		return
	}
	switch {
	case f.Type() == "session.error" || f.Type() == "job.error":
		if f.Text("payload", "code") != "" {
			c.judge(f, "payload")
		} else {
			c.judge(f, "payload", "error")
		}
	case f.Type() == "job.event" && f.Kind() == "tool_result":
		c.judge(f, "payload", "body", "error")
	}
}

func (c errorCodes) judge(f frame, path ...string) {
	code := f.Text(append(path, "code")...)
	if code == "" {
		return
	}
	c.d.demand("R12-1", known(code), f.Message, "one of the fifteen codes, and not %q", code)
	retryable, ok := f.Bool(append(path, "retryable")...)
	if !ok {
		return
	}
	switch code {
	case "BUDGET_EXHAUSTED":
		c.d.demand("R9.6-10", !retryable, f.Message, "retryable false for BUDGET_EXHAUSTED")
		c.d.demand("R12-2", !retryable, f.Message, "retryable false for BUDGET_EXHAUSTED")
	case "LEASE_EXPIRED":
		c.d.demand("R12-2", !retryable, f.Message, "retryable false for LEASE_EXPIRED")
	case "INTERNAL_ERROR":
		c.d.demand("R12-2", retryable, f.Message, "retryable true for INTERNAL_ERROR")
	}
}

// known says whether code stands in the table of §12.
func known(code string) bool {
	switch code {
	case "PERMISSION_DENIED", "LEASE_SUBSET_VIOLATION", "JOB_NOT_FOUND", "DUPLICATE_KEY", "AGENT_NOT_AVAILABLE",
		"AGENT_VERSION_NOT_AVAILABLE", "CANCELLED", "TIMEOUT", "RESUME_WINDOW_EXPIRED", "HEARTBEAT_LOST",
		"LEASE_EXPIRED", "BUDGET_EXHAUSTED", "INVALID_REQUEST", "UNAUTHENTICATED", "INTERNAL_ERROR":
		return true
	}
	return false
}
