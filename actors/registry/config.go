package registry

import "time"

// Config bounds a registry and says who may see what. A nil *Config is all defaults.
type Config struct {
	// KeyRetention is how long an idempotency key is kept after its job ended (§7.2). Zero means 24 h.
	KeyRetention time.Duration
	// MaxKeys is how many keys one principal may have; beyond it the one whose job ended first makes room, and a key
	// whose job has not ended never does. Zero means 10 000.
	MaxKeys int
	// MaxSessions is how many sessions one principal may have, detached ones included (§14). Zero means 10 000.
	MaxSessions int
	// MaxJobs is how many jobs of one session may run, those that it delegated and those that it waits for included
	// (§14). Zero means 1000.
	MaxJobs int
	// MaxSubscriptions is how many jobs of other sessions that run one session may observe (§14). Zero means 1000.
	MaxSubscriptions int
	// MaxPrincipalJobs is how many jobs of one principal may run, those of sessions that are over included: else whoever
	// opens one session after the other has no bound. Zero means 10 000.
	MaxPrincipalJobs int
	// JobRetention is how long a finished job stays listed (§6.6). Zero means 10 min.
	JobRetention time.Duration
	// MaxFinished is how many finished jobs of one principal stay listed; beyond it the one that ended first goes. Zero
	// means 1000.
	MaxFinished int
	// PageBytes is about how large a page of a listing may get; one with larger jobs has fewer of them, but at least
	// one. Zero means 1 MiB.
	PageBytes int
	// MayObserve says whether a principal may list and subscribe to the jobs of another (§6.6, §7.6). It is not asked
	// about a principal's own jobs, which it always may. It must give the same answer each time. Nil means nobody may
	// (§14).
	MayObserve func(observer, owner string) bool
	// CursorKey seals the cursors of listings. A runtime draws it at random. With the zero value whoever knows this
	// package can read in a cursor how many jobs of all principals came before.
	CursorKey [32]byte
}

// The number of jobs on one page of a listing (§6.6, choice).
const (
	defaultPage = 100  // where the client does not say
	maxPage     = 1000 // whatever it says
)

func (c *Config) withDefaults() Config {
	var filled Config
	if c != nil {
		filled = *c
	}
	orElse(&filled.KeyRetention, 24*time.Hour)
	orElse(&filled.MaxKeys, 10_000)
	orElse(&filled.MaxSessions, 10_000)
	orElse(&filled.MaxJobs, 1000)
	orElse(&filled.MaxSubscriptions, 1000)
	orElse(&filled.MaxPrincipalJobs, 10_000)
	orElse(&filled.JobRetention, 10*time.Minute)
	orElse(&filled.MaxFinished, 1000)
	orElse(&filled.PageBytes, 1<<20)
	return filled
}

func orElse[T int | time.Duration](field *T, fallback T) {
	if *field <= 0 {
		*field = fallback
	}
}
