package job

import (
	"time"
	"unicode/utf8"
)

// Config bounds a job. A nil *Config is all defaults.
type Config struct {
	// CancelGrace is how long a stopped agent may take to return before the job ends
	// without it. Zero means 5 s.
	CancelGrace time.Duration
	// MaxChunk caps one chunk of a streamed result in decoded bytes (§14). Zero means
	// 1 MiB; it is never less than one character.
	MaxChunk int
	// MaxResult caps a whole streamed result in decoded bytes (§14). Zero means 256 MiB.
	MaxResult int64
	// MaxOpenCalls caps the tool_calls that await their tool_result (§8.2). Zero means
	// 16384.
	MaxOpenCalls int
	// Provisions says that the runtime can issue credentials (§9.8): then each job of a session with the feature asks for
	// them. ProvisionTimeout is how long they are awaited before the submit is refused. Zero means 30 s.
	Provisions       bool
	ProvisionTimeout time.Duration
	// LogEvents and LogBytes bound what is kept of the job's events for those who subscribe later (§7.6); the oldest go
	// first. Zero means 4096 events and 8 MiB.
	LogEvents int
	LogBytes  int64
}

func (c *Config) withDefaults() Config {
	var filled Config
	if c != nil {
		filled = *c
	}
	if filled.CancelGrace <= 0 {
		filled.CancelGrace = 5 * time.Second
	}
	if filled.MaxChunk <= 0 {
		filled.MaxChunk = 1 << 20
	}
	filled.MaxChunk = max(filled.MaxChunk, utf8.UTFMax)
	if filled.MaxResult <= 0 {
		filled.MaxResult = 256 << 20
	}
	if filled.MaxOpenCalls <= 0 {
		filled.MaxOpenCalls = 16384
	}
	if filled.ProvisionTimeout <= 0 {
		filled.ProvisionTimeout = 30 * time.Second
	}
	if filled.LogEvents <= 0 {
		filled.LogEvents = 4096
	}
	if filled.LogBytes <= 0 {
		filled.LogBytes = 8 << 20
	}
	return filled
}
