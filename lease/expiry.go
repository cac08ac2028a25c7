package lease

import "time"

// WithExpiry returns the lease with an end in time (§9.5). The zero time means that it does not expire.
func (l Lease) WithExpiry(at time.Time) Lease {
	l.expires = at
	return l
}

// ExpiresAt returns when the lease ends, and false where it does not (§9.5).
func (l Lease) ExpiresAt() (time.Time, bool) { return l.expires, !l.expires.IsZero() }

// Expired reports whether the lease has ended at the time now. §9.5: at its end it is expired already.
func (l Lease) Expired(now time.Time) bool {
	return !l.expires.IsZero() && !now.Before(l.expires)
}
