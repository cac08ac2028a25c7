package protocol_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/protocol"
)

func TestClause_12_TheFifteenCodes(t *testing.T) {
	t.Parallel()
	table := []struct {
		code              protocol.Code
		text              string
		retryable, pinned bool
	}{
		{protocol.PermissionDenied, "PERMISSION_DENIED", false, false},
		{protocol.LeaseSubsetViolation, "LEASE_SUBSET_VIOLATION", false, false},
		{protocol.JobNotFound, "JOB_NOT_FOUND", false, false},
		{protocol.DuplicateKey, "DUPLICATE_KEY", false, false},
		{protocol.AgentNotAvailable, "AGENT_NOT_AVAILABLE", false, false},
		{protocol.AgentVersionNotAvailable, "AGENT_VERSION_NOT_AVAILABLE", false, false},
		{protocol.Cancelled, "CANCELLED", false, false},
		{protocol.Timeout, "TIMEOUT", false, false},
		{protocol.ResumeWindowExpired, "RESUME_WINDOW_EXPIRED", false, false},
		{protocol.HeartbeatLost, "HEARTBEAT_LOST", true, false},
		{protocol.LeaseExpired, "LEASE_EXPIRED", false, true},
		{protocol.BudgetExhausted, "BUDGET_EXHAUSTED", false, true},
		{protocol.InvalidRequest, "INVALID_REQUEST", false, false},
		{protocol.Unauthenticated, "UNAUTHENTICATED", false, false},
		{protocol.InternalError, "INTERNAL_ERROR", true, true},
	}
	var codes []protocol.Code
	for _, c := range table {
		codes = append(codes, c.code)
		if string(c.code) != c.text || !c.code.Known() || c.code.Retryable() != c.retryable || c.code.Pinned() != c.pinned {
			t.Errorf("%s: known %v, retryable %v, pinned %v", c.code, c.code.Known(), c.code.Retryable(), c.code.Pinned())
		}
		want := &protocol.Error{Code: c.code, Message: "m", Retryable: c.retryable}
		if got := protocol.NewError(c.code, "m"); *got != *want || got.Error() != c.text+": m" {
			t.Errorf("NewError(%s) = %v", c.code, got)
		}
		for _, said := range []bool{true, false} {
			want := said
			if c.pinned {
				want = c.retryable
			}
			if got := (protocol.Error{Code: c.code, Message: "m", Retryable: said}).Pin(); got.Retryable != want || got.Message != "m" {
				t.Errorf("%s with retryable %v goes out as %v", c.code, said, got)
			}
		}
	}
	if diff := cmp.Diff(codes, protocol.Codes()); diff != "" {
		t.Errorf("codes (-want +got):\n%s", diff)
	}
}

func TestClause_12_OtherCodesAreUnknown(t *testing.T) {
	t.Parallel()
	for _, code := range []protocol.Code{"", "budget_exhausted", "FROBNICATED", "TIMEOUT "} {
		if code.Known() || code.Retryable() || code.Pinned() {
			t.Errorf("%q: known %v, retryable %v, pinned %v", code, code.Known(), code.Retryable(), code.Pinned())
		}
		if got := (protocol.Error{Code: code, Retryable: true}).Pin(); !got.Retryable {
			t.Errorf("%q is pinned: %v", code, got)
		}
	}
}

func TestClause_12_AnErrorOnTheWire(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(protocol.NewError(protocol.BudgetExhausted, "USD"))
	const want = `{"code":"BUDGET_EXHAUSTED","message":"USD","retryable":false}`
	if err != nil || string(text) != want {
		t.Errorf("got %s, %v, want %s", text, err, want)
	}
}
