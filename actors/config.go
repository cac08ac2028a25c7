package actors

import (
	"errors"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/credentials"
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
	// Credentials provisions credentials for jobs (§9.8); nil is that there are none, and that the feature is not advertised.
	// Its Logger is this one where it has none. §14: the runtime must then be served over encrypted transports only, which
	// is the embedder's to see to.
	Credentials *credentials.Config
	// Job bounds each job; nil is all defaults.
	Job *job.Config
	// Registry bounds what one principal may have, and says who may observe what (§6.6, §7.2, §7.6, §14); nil is all
	// defaults.
	Registry *registry.Config
	// Transport bounds the connections that Handler accepts; nil is all defaults.
	Transport *transport.Options
	// SessionCredit bounds what a session's jobs have on the way to its client, in bytes. An event waits for credit
	// before it is emitted. Zero is 4 MiB.
	SessionCredit int64
	// Unpaid bounds what one connection may have waiting of events that took no credit: those of subscriptions, and what a
	// resume replays. A client that lets more pile up loses its connection, and can resume. It must be larger than what
	// session.Config keeps for a resume. Zero is 64 MiB.
	Unpaid int64
	// TracerProvider takes the spans of jobs and operations (§11), through the API of OpenTelemetry alone; nil makes none.
	TracerProvider trace.TracerProvider
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
	if filled.Unpaid <= 0 {
		filled.Unpaid = 64 << 20
	}
	if filled.TracerProvider == nil {
		filled.TracerProvider = noop.NewTracerProvider()
	}
	if filled.Logger == nil {
		filled.Logger = slog.New(slog.DiscardHandler)
	}
	if filled.Job == nil {
		filled.Job = &job.Config{}
	}
	jobs := *filled.Job
	jobs.Provisions = filled.Credentials != nil
	filled.Job = &jobs
	if filled.Credentials != nil && filled.Credentials.Logger == nil {
		provider := *filled.Credentials
		provider.Logger = filled.Logger
		filled.Credentials = &provider
	}
	return filled, nil
}
