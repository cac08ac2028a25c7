package world

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// Principal says whose token a session presents.
type Principal int

// The principals that a target may know.
const (
	First Principal = iota
	Second
)

// Defaults of Config.
const (
	DefaultTimeout   = 10 * time.Second
	DefaultMaxFrames = 50_000
	DefaultMaxBytes  = 256 << 20
	DefaultAgent     = "conformance"
)

// Config is what a World needs to know of the target and of the run. Dial is required; every other zero has a default.
type Config struct {
	Dial        func(ctx context.Context) (wire.Conn, error)
	Tokens      [2]string        // of the first and the second principal; "" when the target knows no such principal
	Agent       string           // name of the scripted agent; "" is "conformance"
	Timeout     time.Duration    // of each wait; 0 is 10 s
	Strict      bool             // findings that are judged a matter of strictness fail
	IDFormat    string           // of message ids: msg_ulid (also ""), ulid or uuid7
	TraceFormat string           // of trace_id: hex32 (also ""), traceparent or none
	Resume      string           // what carries a resume: session.resume (also "") or hello.resume
	Shared      bool             // connections reach one and the same runtime (false for stdio, a process each)
	MaxFrames   int              // of the whole scenario, both directions; 0 is 50 000
	MaxBytes    int64            // of the whole scenario, both directions; 0 is 256 MiB
	Now         func() time.Time // nil is time.Now
	Abilities   map[string]any   // what the scripted agent said of itself; nil when it was not asked
}

// World is one scenario's view of the target. It is safe for concurrent use.
type World struct {
	cfg Config

	life context.Context // ends with the scenario: readers and writers hang on it
	end  context.CancelFunc

	explicit atomic.Int64

	mu       sync.Mutex
	clients  map[string]*Client
	order    []*Client
	messages []wire.Message
	bytes    int64
	secrets  map[string]struct{}
	findings []report.Finding
	checks   map[string]int
	skipped  string
	broken   error // the suite's own trouble; ends every wait
	changed  chan struct{}
	values   map[any]any
}

// New gives a fresh World. Close it when the scenario is over.
func New(cfg Config) *World {
	if cfg.Agent == "" {
		cfg.Agent = DefaultAgent
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = DefaultTimeout
	}
	if cfg.MaxFrames == 0 {
		cfg.MaxFrames = DefaultMaxFrames
	}
	if cfg.MaxBytes == 0 {
		cfg.MaxBytes = DefaultMaxBytes
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	w := &World{
		cfg: cfg, clients: map[string]*Client{}, secrets: map[string]struct{}{}, checks: map[string]int{},
		changed: make(chan struct{}), values: map[any]any{},
	}
	w.life, w.end = context.WithCancel(context.Background())
	for _, token := range cfg.Tokens {
		w.secret(token)
	}
	return w
}

type contextKey struct{}

// Into puts w into ctx, for From.
func Into(ctx context.Context, w *World) context.Context {
	return context.WithValue(ctx, contextKey{}, w)
}

// From gives the World of the scenario that ctx belongs to. It panics when there is none.
func From(ctx context.Context) *World {
	w, ok := ctx.Value(contextKey{}).(*World)
	if !ok {
		panic("world: no World in this context")
	}
	return w
}

// Agent is the name of the scripted agent.
func (w *World) Agent() string { return w.cfg.Agent }

// Timeout is how long each wait lasts.
func (w *World) Timeout() time.Duration { return w.cfg.Timeout }

// Strict says whether matters of strictness fail.
func (w *World) Strict() bool { return w.cfg.Strict }

// Shared says whether two connections reach the same runtime.
func (w *World) Shared() bool { return w.cfg.Shared }

// Token is the bearer token of p, or "" when the target knows no such principal.
func (w *World) Token(p Principal) string { return w.cfg.Tokens[p] }

// Put keeps a value for later steps of the scenario. Keys are of unexported types, as with context.WithValue.
func (w *World) Put(key, value any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.values[key] = value
}

// Get is the value kept under key, or nil.
func (w *World) Get(key any) any {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.values[key]
}

// Connect opens a connection called name, without a hello. A client of that name that exists already is given instead.
func (w *World) Connect(ctx context.Context, name string) (*Client, error) {
	if c, ok := w.Client(name); ok {
		return c, nil
	}
	ctx, cancel := context.WithTimeout(ctx, w.cfg.Timeout)
	defer cancel()
	conn, err := w.cfg.Dial(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect %s: %w", name, err)
	}
	w.mu.Lock()
	c := newClient(w, w.unused(name), conn)
	w.clients[name] = c
	w.order = append(w.order, c)
	w.mu.Unlock()
	go c.read()
	return c, nil
}

// unused is name, with a number behind it when a connection of the scenario had that name before (see Forget): in the
// transcript a name stands for one connection. The caller holds the lock.
func (w *World) unused(name string) string {
	before := 0
	for _, c := range w.order {
		if base, _, _ := strings.Cut(c.name, "#"); base == name {
			before++
		}
	}
	if before == 0 {
		return name
	}
	return fmt.Sprintf("%s#%d", name, before+1)
}

// Client is the client called name, if there is one.
func (w *World) Client(name string) (*Client, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, ok := w.clients[name]
	return c, ok
}

// Forget lets the next Connect or Session of this name open a new connection. The old one stays open until the end of
// the scenario, unless it is closed.
func (w *World) Forget(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.clients, name)
}

// Session is the session called name: the first call connects and says hello as the first principal with all features
// of the draft, and later calls give the same client. A peer that does not welcome it breaks R6.2-1.
func (w *World) Session(ctx context.Context, name string) (*Client, error) {
	return w.SessionAs(ctx, name, First, nil)
}

// SessionAs is Session with a principal and a list of features; nil is all features of the draft.
func (w *World) SessionAs(ctx context.Context, name string, p Principal, features []string) (*Client, error) {
	if c, ok := w.Client(name); ok && c.SessionID() != "" {
		return c, nil
	}
	c, err := w.Connect(ctx, name)
	if err != nil {
		return nil, err
	}
	_, err = c.Hello(ctx, p, features)
	return c, err
}

// Messages is the transcript so far: every frame of every connection, in the order in which they were sent and read.
func (w *World) Messages() []wire.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]wire.Message(nil), w.messages...)
}

// Close drops every connection and ends every wait.
func (w *World) Close() {
	w.end()
	w.mu.Lock()
	clients := append([]*Client(nil), w.order...)
	w.mu.Unlock()
	for _, c := range clients {
		_ = c.Close()
	}
}

// ErrFlood says that a scenario went over its cap of frames or bytes.
var ErrFlood = errors.New("the scenario went over its cap of frames or bytes")

// record puts a frame into the transcript and wakes whoever waits.
func (w *World) record(m wire.Message, c *Client) wire.Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	m.Index = len(w.messages)
	w.messages = append(w.messages, m)
	w.bytes += int64(len(m.Raw))
	w.learn(m)
	if m.Dir == wire.Received {
		c.received = append(c.received, m)
		if m.Type() == "job.accepted" {
			c.jobs[m.JobID()] = true
		}
	}
	if w.broken == nil && (len(w.messages) > w.cfg.MaxFrames || w.bytes > w.cfg.MaxBytes) {
		w.broken = fmt.Errorf("%w: %d frames, %d bytes", ErrFlood, len(w.messages), w.bytes)
		w.end()
	}
	w.wake()
	return m
}

// wake tells all waits to look again; the caller holds the lock.
func (w *World) wake() {
	close(w.changed)
	w.changed = make(chan struct{})
}
