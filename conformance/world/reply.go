package world

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// ErrTimeout says that what was waited for did not come in time.
var ErrTimeout = errors.New("nothing of the kind came in time")

// Await waits for a frame of this connection that pred accepts, those that came already included, and gives the first.
// It ends early when the peer closes the connection.
func (c *Client) Await(ctx context.Context, pred func(wire.Message) bool) (wire.Message, error) {
	return c.AwaitAfter(ctx, 0, pred)
}

// AwaitAfter is Await over the frames from the mark-th on (see Mark).
func (c *Client) AwaitAfter(ctx context.Context, mark int, pred func(wire.Message) bool) (wire.Message, error) {
	return c.AwaitFor(ctx, c.w.cfg.Timeout, mark, pred)
}

// AwaitFor is AwaitAfter with a time of its own, for what is allowed to take longer or must be quicker.
func (c *Client) AwaitFor(
	ctx context.Context, d time.Duration, mark int, pred func(wire.Message) bool,
) (wire.Message, error) {
	var found wire.Message
	next := mark
	err := c.wait(ctx, d, func(received []wire.Message, closed *wire.Closed) (bool, error) {
		for ; next < len(received); next++ {
			if pred(received[next]) {
				found = received[next]
				return true, nil
			}
		}
		if closed != nil {
			return false, closed
		}
		return false, nil
	})
	return found, err
}

// AwaitClose waits until the peer has closed the connection.
func (c *Client) AwaitClose(ctx context.Context) error {
	return c.wait(ctx, c.w.cfg.Timeout, func(_ []wire.Message, closed *wire.Closed) (bool, error) {
		return closed != nil, nil
	})
}

// Quiet waits for d and says whether no frame that pred accepts came from the mark-th on; if one did, it gives it.
func (c *Client) Quiet(
	ctx context.Context, d time.Duration, mark int, pred func(wire.Message) bool,
) (wire.Message, bool) {
	m, err := c.AwaitFor(ctx, d, mark, pred)
	return m, err != nil
}

// wait calls look with what was received, again after each change, until it says yes or fails, or time is up. The list
// only ever grows at its end, so what look was given stays true without the lock.
func (c *Client) wait(
	ctx context.Context, d time.Duration, look func([]wire.Message, *wire.Closed) (bool, error),
) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		c.w.mu.Lock()
		received, closed, broken, changed := c.received, c.closed, c.w.broken, c.w.changed
		c.w.mu.Unlock()
		if broken != nil {
			return &SuiteError{broken}
		}
		if ok, err := look(received, closed); ok || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-timer.C:
			return fmt.Errorf("%w: waited %s on %s", ErrTimeout, d.Round(time.Millisecond), c.name)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Reply waits for the answer to the message of this id. A message that names the id (see Correlated) is its answer;
// else the first message after the request that can be an answer to one of its type and that names no other request.
func (c *Client) Reply(ctx context.Context, id string) (wire.Message, error) {
	c.w.mu.Lock()
	mark, kind := c.marks[id], c.sentTypes[id]
	c.w.mu.Unlock()
	m, err := c.AwaitAfter(ctx, mark, func(m wire.Message) bool { return c.answers(m, id, kind) })
	if err != nil {
		return m, fmt.Errorf("no reply to %s: %w", kind, err)
	}
	return m, nil
}

// Correlated says whether m names the request of this id, in one of the ways that public peers use (§12 gives none).
func Correlated(m wire.Message, id string) bool {
	if id == "" || m.Dir != wire.Received {
		return false
	}
	return slices.Contains(requestNames(m), id) || m.ID() == id
}

func requestNames(m wire.Message) []string {
	var names []string
	for _, path := range []string{
		"request_id", "reply_to", "correlation_id", "details/request_id",
		"payload/request_id", "payload/reply_to", "payload/correlation_id", "payload/details/request_id",
		"payload/error/request_id", "payload/error/details/request_id",
	} {
		if name := m.Text(strings.Split(path, "/")...); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// answers says whether m is the reply to the request id of type kind.
func (c *Client) answers(m wire.Message, id, kind string) bool {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	t := m.Type()
	if t == "job.event" || t == "job.result" || t == "session.ping" {
		return false
	}
	// An ending of a job that this connection submitted is no refusal, even where it names its submit.
	if t == "job.error" && c.jobs[m.JobID()] {
		return false
	}
	if Correlated(m, id) {
		return true
	}
	for _, named := range requestNames(m) {
		if _, ours := c.sentTypes[named]; ours {
			return false
		}
	}
	if _, ours := c.sentTypes[m.ID()]; ours {
		return false
	}
	request, only := replyTo[t]
	return !only || request == kind || (t == "session.welcome" && kind == "session.resume")
}

// replyTo gives the one request that a message of this type can answer.
var replyTo = map[string]string{
	"session.welcome": "session.hello",
	"session.pong":    "session.ping",
	"session.jobs":    "session.list_jobs",
	"session.closed":  "session.close",
	"job.accepted":    "job.submit",
	"job.cancelled":   "job.cancel",
	"job.subscribed":  "job.subscribe",
}

// Refused says whether m refuses a request: an error message, or any message that carries a code of §12.
func Refused(m wire.Message) bool {
	return m.Type() == "session.error" || m.Type() == "job.error" || m.Code() != ""
}

// failed turns a wait that came to nothing into the breach of req; trouble of the suite's own stays what it is.
func (w *World) failed(req, expected string, err error) error {
	var own *SuiteError
	if errors.As(err, &own) || errors.Is(err, context.Canceled) {
		return err
	}
	return w.check(req, false, expected, err.Error())
}

// Failed is for steps: it turns a wait that came to nothing into the breach of req, and leaves trouble of the suite's
// own, and a skip, as they are.
func (w *World) Failed(req, expected string, err error) error { return w.failed(req, expected, err) }
