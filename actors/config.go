package actors

import (
	"errors"
	"log/slog"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/arcp-conformance/arcp/transport"
)

// Config adjusts a Runtime. Only Authenticator is required.
type Config struct {
	// Authenticator says who the bearer of a token is (§6.1).
	Authenticator auth.Authenticator
	// Runtime names this runtime in the welcome (§6.2). The zero value is arcp 0.0.0.
	Runtime protocol.Peer
	// Features are those to advertise; nil is all that the runtime serves (session.ServedFeatures).
	Features []protocol.Feature
	// HeartbeatInterval is rounded up to whole seconds (§6.4). Zero is 30 s.
	HeartbeatInterval time.Duration
	// ResumeWindow is how long a session outlives its connection, rounded up to whole seconds (§6.3). Zero is 600 s.
	ResumeWindow time.Duration
	// HandshakeTimeout bounds the time from a connection to its welcome. Zero is 10 s.
	HandshakeTimeout time.Duration
	// Job bounds each job; nil is all defaults.
	Job *job.Config
	// Transport bounds the connections that Handler accepts; nil is all defaults.
	Transport *transport.Options
	// SessionCredit bounds what a session's jobs have on the way to its client, in bytes. An event waits for credit
	// before it is emitted. Zero is 4 MiB.
	SessionCredit int64
	// Logger takes what operators should know; nil is nothing.
	Logger *slog.Logger
}

// maxControl is how many answers may wait for a client before nothing more is read from it.
const maxControl = 256

func (c *Config) withDefaults() (Config, error) {
	if c == nil || c.Authenticator == nil {
		return Config{}, errors.New("actors: Config.Authenticator is required: it says who may open a session")
	}
	filled := *c
	if filled.SessionCredit <= 0 {
		filled.SessionCredit = 4 << 20
	}
	if filled.Logger == nil {
		filled.Logger = slog.New(slog.DiscardHandler)
	}
	if filled.Job == nil {
		filled.Job = &job.Config{}
	}
	return filled, nil
}
