package credentials

import (
	"errors"
	"log/slog"
	"time"
)

// Config says what an Issuer works with. Provisioner and Ledger are required.
type Config struct {
	Provisioner Provisioner
	// Ledger remembers what is to be revoked over restarts (§14); use OpenFile, and Memory in tests.
	Ledger Ledger
	// IssueTimeout bounds one call of Issue or Rotate. Zero is 20 s.
	IssueTimeout time.Duration
	// RevokeTimeout bounds one call of Revoke. Zero is 30 s.
	RevokeTimeout time.Duration
	// Attempts is how often a revocation is tried in the life of a process. Zero is 12.
	Attempts int
	// FirstDelay is the longest wait after the first failed attempt. It doubles with each further one, up to MaxDelay; the
	// actual wait is drawn from its upper half. Zero is 1 s, and 5 min for MaxDelay.
	FirstDelay time.Duration
	MaxDelay   time.Duration
	// Concurrent caps how many revocations are at the upstream at once. Zero is 8.
	Concurrent int
	// Unrevocable is told of each credential that could not be revoked in all attempts, so that a person can (§14). It is
	// called from several goroutines. Nil: only the log is told. The next start tries again.
	Unrevocable func(Entry, error)
	// Logger takes what operators should know; nil is nothing.
	Logger *slog.Logger
}

func (c *Config) withDefaults() (Config, error) {
	if c == nil || c.Provisioner == nil || c.Ledger == nil {
		// §14: what cannot guarantee revocation must not provision.
		return Config{}, errors.New("credentials: Config needs a Provisioner and a Ledger")
	}
	filled := *c
	orElse(&filled.IssueTimeout, 20*time.Second)
	orElse(&filled.RevokeTimeout, 30*time.Second)
	orElse(&filled.Attempts, 12)
	orElse(&filled.FirstDelay, time.Second)
	orElse(&filled.MaxDelay, 5*time.Minute)
	orElse(&filled.Concurrent, 8)
	if filled.Logger == nil {
		filled.Logger = slog.New(slog.DiscardHandler)
	}
	return filled, nil
}

func orElse[N int | time.Duration](field *N, fallback N) {
	if *field <= 0 {
		*field = fallback
	}
}
