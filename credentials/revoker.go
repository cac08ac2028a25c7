package credentials

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/internal/wait"
)

// revoker revokes until it is done, each credential in a goroutine of its own.
type revoker struct {
	config Config
	life   context.Context
	stop   context.CancelFunc
	slots  chan struct{} // one for each revocation that is at the upstream

	mutex    sync.Mutex
	underWay map[string]bool
	closed   bool
	all      sync.WaitGroup
}

func newRevoker(config Config) *revoker {
	r := &revoker{config: config, slots: make(chan struct{}, config.Concurrent), underWay: map[string]bool{}}
	r.life, r.stop = context.WithCancel(context.Background())
	return r
}

// revoke begins to revoke, and does not wait. What is being revoked is not begun again. After close nothing is begun: what
// is outstanding stays in the ledger.
func (r *revoker) revoke(entry Entry) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.closed || r.underWay[entry.Handle] {
		return
	}
	r.underWay[entry.Handle] = true
	r.all.Go(func() {
		r.persist(entry)
		r.mutex.Lock()
		defer r.mutex.Unlock()
		delete(r.underWay, entry.Handle)
	})
}

// persist tries until the credential is revoked, the attempts are used up, or the revoker ends.
func (r *revoker) persist(entry Entry) {
	log := r.config.Logger.With("credential", entry.Handle, "job", entry.JobID)
	for attempt := 1; ; attempt++ {
		err := r.try(entry)
		switch {
		case err == nil:
			if err := r.config.Ledger.Done(entry.Handle); err != nil {
				// It is revoked, and the next start revokes it again, which does no harm.
				log.Warn("a revoked credential could not be crossed off", "error", err)
				return
			}
			log.Info("credential revoked", "attempt", attempt)
			return
		case r.life.Err() != nil:
			return // the process ends; the ledger has it
		case attempt == r.config.Attempts:
			// §14: unrevocable credentials are surfaced to operators.
			log.Error("a credential could not be revoked: revoke it by hand", "attempts", attempt, "error", err)
			if r.config.Unrevocable != nil {
				r.config.Unrevocable(entry, err)
			}
			return
		}
		log.Warn("revoking a credential failed", "attempt", attempt, "error", err)
		if wait.For(r.life, backoff(r.config.FirstDelay, r.config.MaxDelay, attempt)) != nil {
			return
		}
	}
}

// try is one attempt, in its turn.
func (r *revoker) try(entry Entry) error {
	select {
	case r.slots <- struct{}{}:
	case <-r.life.Done():
		return r.life.Err()
	}
	defer func() { <-r.slots }()
	ctx, cancel := context.WithTimeout(r.life, r.config.RevokeTimeout)
	defer cancel()
	return guarded(func() error { return r.config.Provisioner.Revoke(ctx, entry.Handle) })
}

// close waits for what is being revoked, until ctx ends, and then gives up on the rest.
func (r *revoker) close(ctx context.Context) {
	r.mutex.Lock()
	r.closed = true
	r.mutex.Unlock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.all.Wait()
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	r.stop()
}

// backoff is how long to wait after a failed attempt: exponential, with jitter, so that what failed together does not come
// back together.
func backoff(first, most time.Duration, attempt int) time.Duration {
	delay := first
	for i := 1; i < attempt && delay < most; i++ {
		delay *= 2
	}
	delay = min(delay, most)
	return delay/2 + rand.N(delay/2+1)
}

// guarded makes an error of a panic of the embedder's code, without what it says.
func guarded(call func() error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("credentials: the provisioner panicked with a %T", reason)
		}
	}()
	return call()
}
