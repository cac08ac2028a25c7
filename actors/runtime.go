package actors

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/credentials"
)

// Runtime is an ARCP runtime in this process. All its methods are safe for concurrent use. Use New, and Shutdown when it
// is done with.
type Runtime struct {
	config Config
	log    *slog.Logger
	tracer trace.Tracer
	engine *engine.Engine

	registering sync.Mutex // of agents, which users may do from several goroutines
	agents      atomic.Pointer[inventory]

	issuer       *credentials.Issuer // nil without credentials
	provisioning sync.WaitGroup      // of those who ask it

	registry *engine.Ref[registryMessage]
	drained  <-chan struct{}
	life     context.Context // ends when nothing of the runtime may go on
	stop     context.CancelFunc
}

// New makes a runtime without agents. The error says what is missing in the configuration.
func New(config *Config) (*Runtime, error) {
	filled, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	e, err := engine.New()
	if err != nil {
		return nil, err
	}
	r := &Runtime{config: filled, log: filled.Logger, tracer: filled.TracerProvider.Tracer(tracerName), engine: e}
	r.agents.Store(&inventory{})
	if filled.Credentials != nil {
		if r.issuer, err = credentials.New(filled.Credentials); err != nil {
			return nil, err
		}
		if filled.Job.ProvisionTimeout <= 0 {
			filled.Job.ProvisionTimeout = r.issuer.Timeout() + 5*time.Second // it says itself that it took too long
		}
	}
	r.life, r.stop = context.WithCancel(context.Background())
	g := newRegistry(r)
	r.drained = g.drained
	r.registry = engine.Spawn(e, "registry", engine.Behaviour[registryMessage]{
		Receive: g.receive,
		Panicked: func(reason any, stack []byte) {
			r.log.Error("the registry failed: no more jobs are taken", "panic", fmt.Sprint(reason), "stack", string(stack))
		},
	})
	return r, nil
}

// Handle registers an agent under a name and a version, both in the grammar of §7.5. The version that was registered
// last is the default of its name. Sessions see the agents that were there when they connected. The error says what is
// wrong with the name, or that this version is taken.
func (r *Runtime) Handle(name, version string, agent Agent) error {
	r.registering.Lock()
	defer r.registering.Unlock()
	next, err := r.agents.Load().with(name, version, agent)
	if err != nil {
		return err
	}
	r.agents.Store(next)
	return nil
}

func (r *Runtime) sessionConfig() *session.Config {
	return &session.Config{
		Runtime: r.config.Runtime, Features: r.config.Features, Provisions: r.issuer != nil, Agents: r.agents.Load().list(),
		HeartbeatInterval: r.config.HeartbeatInterval, ResumeWindow: r.config.ResumeWindow,
		HandshakeTimeout: r.config.HandshakeTimeout,
	}
}

// Left is what had not ended when a Shutdown ran out of time.
type Left struct {
	Jobs, Connections int
	Credentials       int // still to be revoked; the next start does
}

func (l *Left) Error() string {
	return fmt.Sprintf("actors: shut down with %d jobs, %d connections and %d credentials left", l.Jobs, l.Connections, l.Credentials)
}

// Shutdown ends the runtime from the producers to the consumers: no new jobs, then the agents are cancelled and their
// jobs end, then every session writes what it has and closes, and last the credentials are revoked. When ctx ends first, the rest is cut off, and the error is
// a *Left. It may be called more than once.
func (r *Runtime) Shutdown(ctx context.Context) error {
	defer r.registry.Close()
	defer r.stop()
	if r.registry.Tell(shutDown{}) != nil {
		return nil // somebody has shut it down already
	}
	select {
	case <-r.drained:
		if left := r.lastCredentials(ctx); left > 0 {
			return &Left{Credentials: left}
		}
		return nil
	case <-r.registry.Done():
		r.lastCredentials(ctx)
		return nil
	case <-ctx.Done():
	}
	left, err := engine.Ask(context.WithoutCancel(ctx), r.registry, func(q *engine.Question[Left]) registryMessage {
		return countLeft{answer: q}
	})
	left.Credentials = r.lastCredentials(ctx)
	if err != nil || left == (Left{}) {
		return nil
	}
	return &left
}
