package credentials

import (
	"context"
	"time"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/protocol"
)

// Provisioner mints and revokes the credentials of one upstream, or of several (§9.8). Its methods are called at the same
// time for different jobs. A context ends when nobody waits for the answer any more. What an error says goes to the
// operators' log, so it must not have a value in it.
type Provisioner interface {
	// Issue mints what one job needs, each within the job's lease: Request.Constraints says what to bake in (§9.8.3). A job
	// that needs nothing gets nothing. Each value is new: no other job may ever have had it. With an error, what was minted
	// all the same is returned too, and is revoked.
	Issue(ctx context.Context, request Request) ([]Issued, error)
	// Revoke ends a credential at its upstream. One that does not exist, or is revoked already, is no error: a revocation
	// whose answer was lost is tried again.
	Revoke(ctx context.Context, handle string) error
}

// Rotator is a Provisioner that renews credentials within the life of a job (§9.8.2).
type Rotator interface {
	Provisioner
	// Rotate mints a new value for a credential whose RotateAt has come. The old value is revoked once the job has the new
	// one, unless both have the same handle: then the upstream has replaced it itself. Of the Credential in the answer only
	// the Value counts.
	Rotate(ctx context.Context, rotation Rotation) (Issued, error)
}

// Request says what a job's credentials are for.
type Request struct {
	JobID     protocol.JobID
	Principal string // who submitted
	// ParentJobID is the job that delegated this one (§10), "" for none. A credential of a child spends besides its parent's,
	// so an upstream that can nest its spend caps should.
	ParentJobID protocol.JobID
	Lease       protocol.Lease // effective (§9.1)
	// Remaining is what the job may still spend, sorted by currency; nil is without a limit (§9.6). A child has no more than
	// any of its ancestors.
	Remaining []budget.Counter
	ExpiresAt time.Time // the end of the lease; zero is none (§9.5)
	// Reserve notes a handle before the credential is minted. An upstream that lets its client choose names should be used
	// with it: then there is no moment at which a crash can leave a credential behind that nobody knows of.
	Reserve func(handle string) error
}

// Rotation asks for a new value.
type Rotation struct {
	Request        // as it is now
	ID      string // of the credential; it stays
	Handle  string // of the value that shall be replaced
}

// Issued is one credential as it was minted.
type Issued struct {
	Credential protocol.Credential
	// Handle names this value at the upstream, for its revocation: unique for ever, kept in the ledger and shown to operators,
	// so no secret. "" is the credential's id.
	Handle string
	// RotateAt is when a Rotator is asked for a new value; zero is never.
	RotateAt time.Time
}
