package credentials

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// Issuer issues the credentials of one runtime's jobs, and revokes all that were ever issued. All methods are safe for
// concurrent use. Use New, and Close when no job is left.
type Issuer struct {
	config  Config
	revoker *revoker
	seen    *seen
	jobs    sync.Map // handle to protocol.JobID, for the log
}

// New makes an issuer, and begins to revoke what earlier runtimes have left in the ledger: their jobs are over. The error
// says what the configuration lacks, or is the ledger's.
func New(config *Config) (*Issuer, error) {
	filled, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	left, err := filled.Ledger.Outstanding()
	if err != nil {
		return nil, err
	}
	i := &Issuer{config: filled, revoker: newRevoker(filled), seen: newSeen()}
	for _, entry := range left {
		i.revoker.revoke(entry)
	}
	return i, nil
}

// Timeout bounds one call of Issue or Rotate.
func (i *Issuer) Timeout() time.Duration { return i.config.IssueTimeout }

// Issue mints the credentials of a job. They are in the ledger when it returns. With an error there are none: what was
// minted in vain is being revoked. The error's text has no value in it.
func (i *Issuer) Issue(ctx context.Context, request Request) ([]Issued, error) {
	ctx, cancel := context.WithTimeout(ctx, i.config.IssueTimeout)
	defer cancel()
	b := i.begin(&request)
	var issued []Issued
	err := guarded(func() (err error) {
		issued, err = i.config.Provisioner.Issue(ctx, request)
		return err
	})
	b.name(issued)
	if noted := b.note(issued); err == nil {
		err = noted
	}
	if err == nil {
		err = i.accept(issued)
	}
	if err != nil {
		i.Revoke(b.handles...)
		return nil, without(err, issued)
	}
	b.drop(issued) // reserved, and then not minted
	return issued, nil
}

// Rotate mints a new value for a credential. The old one is untouched. Where the Provisioner is no Rotator, the error is
// ErrNoRotator.
func (i *Issuer) Rotate(ctx context.Context, rotation Rotation) (Issued, error) {
	rotator, able := i.config.Provisioner.(Rotator)
	if !able {
		return Issued{}, ErrNoRotator
	}
	ctx, cancel := context.WithTimeout(ctx, i.config.IssueTimeout)
	defer cancel()
	b := i.begin(&rotation.Request)
	var issued Issued
	err := guarded(func() (err error) {
		issued, err = rotator.Rotate(ctx, rotation)
		return err
	})
	if err != nil && issued.Credential.Value == "" {
		i.Revoke(b.handles...)
		return Issued{}, err
	}
	if issued.Handle == "" {
		issued.Handle = rotation.Handle
	}
	issued.Credential.ID = rotation.ID
	all := []Issued{issued}
	if noted := b.note(all); err == nil {
		err = noted
	}
	if err == nil {
		err = i.fresh(issued.Credential.Value)
	}
	if err != nil {
		if issued.Handle == rotation.Handle { // the job goes on with it, as far as that goes
			b.drop(all)
		} else {
			i.Revoke(b.handles...)
		}
		return Issued{}, without(err, all)
	}
	b.drop(all)
	return issued, nil
}

// ErrNoRotator says that the Provisioner does not rotate.
var ErrNoRotator = errors.New("credentials: the provisioner does not rotate")

// Revoke begins to revoke credentials, and does not wait. They are in the ledger until it is done.
func (i *Issuer) Revoke(handles ...string) {
	for _, handle := range handles {
		id, _ := i.jobs.LoadAndDelete(handle)
		job, _ := id.(protocol.JobID)
		i.revoker.revoke(Entry{Handle: handle, JobID: job})
	}
}

// Left is what was not revoked when an Issuer was closed. The next start revokes it.
type Left struct{ Outstanding []Entry }

func (l *Left) Error() string {
	return fmt.Sprintf("credentials: closed with %d credentials to revoke", len(l.Outstanding))
}

// Close waits for the revocations, until ctx ends. The error is a *Left where any are outstanding then, those of jobs that
// never ended included, or the ledger's.
func (i *Issuer) Close(ctx context.Context) error {
	i.revoker.close(ctx)
	left, err := i.config.Ledger.Outstanding()
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return &Left{Outstanding: left}
	}
	return nil
}
