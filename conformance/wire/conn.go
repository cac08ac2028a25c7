package wire

import (
	"context"
	"fmt"
)

// MaxFrame is the largest frame that a Conn reads, in bytes. A bigger one ends the connection.
const MaxFrame = 64 << 20

// Frame is what a transport delivered at once: a WebSocket message, or a line of stdio without its end.
type Frame struct {
	Data   []byte
	Binary bool // a binary WebSocket message
}

// Conn is one open connection to a peer. One goroutine may receive while others send. After an error of Recv the
// connection is of no more use.
type Conn interface {
	// Send writes one text frame.
	Send(ctx context.Context, data []byte) error
	// Recv waits for the next frame. When the peer ended the connection the error is a *Closed.
	Recv(ctx context.Context) (Frame, error)
	// Close drops the transport at once, without any message of the protocol. It may be called more than once.
	Close() error
}

// Closed says that a connection is over, and how.
type Closed struct {
	Code   int    // WebSocket close code, or exit status of a stdio child; -1 when there was none
	Reason string // the peer's own words, if any
	Err    error  // what the transport said
}

func (c *Closed) Error() string {
	switch {
	case c.Reason != "":
		return fmt.Sprintf("connection closed with %d: %s", c.Code, c.Reason)
	case c.Code >= 0:
		return fmt.Sprintf("connection closed with %d", c.Code)
	case c.Err != nil:
		return "connection closed: " + c.Err.Error()
	}
	return "connection closed"
}

// Unwrap gives what the transport said.
func (c *Closed) Unwrap() error { return c.Err }
