package job

import (
	"time"

	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// constrain gives the lease its end in time (§9.5), if it was given one.
func constrain(now time.Time, l lease.Lease, constraints *protocol.LeaseConstraints) (lease.Lease, *protocol.Error) {
	if constraints == nil || constraints.ExpiresAt == "" {
		return l, nil
	}
	end, err := protocol.ParseUTC(constraints.ExpiresAt)
	if err != nil {
		return lease.Lease{}, invalid("expires_at: " + err.Message)
	}
	l = l.WithExpiry(end)
	if end.IsZero() || l.Expired(now) { // the zero time is that of a lease without an end
		// §9.5: it must lie ahead. (choice) There is no allowance for a client whose clock is behind.
		return lease.Lease{}, invalid("expires_at is not in the future")
	}
	return l, nil
}

// expire refuses an operation at or after the end of the lease, and stops the job. §9.5 (choice): the job goes on until its
// agent tries to use the lease, and may then unwind in its grace, so that the tool_result with the error comes before the
// ending (§13.4). Nothing is due at the end itself, so how far away it is makes no difference.
func (t *turn) expire(call CallID) {
	cause := protocol.NewError(protocol.LeaseExpired, "the lease has expired")
	t.reply(call, cause)
	t.stop(cause)
}
