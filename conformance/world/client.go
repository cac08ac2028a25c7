package world

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// Client is one connection of the scenario, and the session on it once it was welcomed. It is safe for concurrent use.
type Client struct {
	w    *World
	name string
	conn wire.Conn

	// The fields below are guarded by the World's lock.
	received  []wire.Message
	marks     map[string]int    // how much had been received when the message of this id was sent
	sentTypes map[string]string // type of the message of this id
	jobs      map[string]bool   // jobs accepted on this connection
	welcome   wire.Message
	features  map[string]bool // of the hello
	principal Principal
	closed    *wire.Closed
}

func newClient(w *World, name string, conn wire.Conn) *Client {
	return &Client{
		w: w, name: name, conn: conn,
		marks: map[string]int{}, sentTypes: map[string]string{}, jobs: map[string]bool{},
	}
}

// Name is the connection's name in the transcript.
func (c *Client) Name() string { return c.name }

// World is the scenario that the client belongs to.
func (c *Client) World() *World { return c.w }

// Received is every frame that came on this connection so far, pings included.
func (c *Client) Received() []wire.Message {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return append([]wire.Message(nil), c.received...)
}

// Mark is the number of frames received so far: a place in the stream for AwaitAfter.
func (c *Client) Mark() int {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return len(c.received)
}

// Closed says how the peer ended the connection; nil while it is open.
func (c *Client) Closed() *wire.Closed {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return c.closed
}

// Close drops the transport at once, without session.close.
func (c *Client) Close() error { return c.conn.Close() }

// read takes every frame of the connection into the transcript until the connection or the scenario ends.
func (c *Client) read() {
	for {
		frame, err := c.conn.Recv(c.w.life)
		if err != nil {
			c.gone(err)
			return
		}
		m := c.w.record(wire.Parse(wire.Received, c.name, frame, c.w.cfg.Now()), c)
		if m.Type() == "session.ping" {
			c.pong(m)
		}
	}
}

func (c *Client) gone(err error) {
	var closed *wire.Closed
	if !errors.As(err, &closed) {
		closed = &wire.Closed{Code: -1, Err: err}
	}
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.closed = closed
	c.w.wake()
}

// pong answers a ping within the interval, whatever the scenario is busy with (§6.4).
func (c *Client) pong(ping wire.Message) {
	_, _ = c.Send(c.w.life, "session.pong", map[string]any{
		"ping_nonce": ping.Text("payload", "nonce"), "received_at": Timestamp(c.w.cfg.Now()),
	})
}

// Timestamp writes t as the draft's examples do: RFC 3339 in UTC with milliseconds and Z.
func Timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// SendRaw writes one text frame as it is. Awaits that follow may use Mark.
func (c *Client) SendRaw(ctx context.Context, data []byte) error {
	return c.send(ctx, data, "", "")
}

func (c *Client) send(ctx context.Context, data []byte, id, kind string) error {
	ctx, cancel := context.WithTimeout(ctx, c.w.cfg.Timeout)
	defer cancel()
	m := wire.Parse(wire.Sent, c.name, wire.Frame{Data: data}, c.w.cfg.Now())
	if id == "" {
		id, kind = m.ID(), m.Type()
	}
	c.w.record(m, c)
	c.w.mu.Lock()
	if id != "" {
		c.marks[id], c.sentTypes[id] = len(c.received), kind
	}
	c.w.mu.Unlock()
	if err := c.conn.Send(ctx, data); err != nil {
		return fmt.Errorf("send %s on %s: %w", kind, c.name, err)
	}
	return nil
}

// Send writes an envelope with a fresh id and gives that id. The session_id is set once the session is welcomed.
// Numbers in payload should be json.Number where digits matter. Options change or remove fields of the envelope.
func (c *Client) Send(ctx context.Context, kind string, payload map[string]any, opts ...Option) (string, error) {
	if payload == nil {
		payload = map[string]any{}
	}
	env := map[string]any{"arcp": "1.1", "id": c.w.newMessageID(), "type": kind, "payload": payload}
	if id := c.SessionID(); id != "" {
		env["session_id"] = id
	}
	for _, opt := range opts {
		opt(env)
	}
	data, err := marshal(env)
	if err != nil {
		return "", &SuiteError{err}
	}
	id, _ := env["id"].(string)
	return id, c.send(ctx, data, id, kind)
}

// Option changes the envelope that Send writes.
type Option func(envelope map[string]any)

// WithJob sets the envelope's job_id.
func WithJob(id string) Option { return With("job_id", id) }

// WithTrace sets the envelope's trace_id.
func WithTrace(id string) Option { return With("trace_id", id) }

// WithID sets the envelope's id.
func WithID(id string) Option { return With("id", id) }

// With sets any top-level field of the envelope.
func With(field string, value any) Option {
	return func(env map[string]any) { env[field] = value }
}

// Without removes a top-level field of the envelope.
func Without(field string) Option {
	return func(env map[string]any) { delete(env, field) }
}
