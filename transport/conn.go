package transport

import "context"

// Conn carries whole frames: one JSON envelope each (§4). One goroutine may Receive while others Send: frames never mix.
// Every Conn must be ended by Close or Abort, also after an error.
type Conn interface {
	// Receive waits for the next frame, which is then the caller's. The error is io.EOF when the peer closed in
	// order, a *FrameError when a frame was not acceptable, a *CloseError when the peer said what was wrong, ErrClosed
	// when this side ended the connection, that of ctx when ctx ended; with any other the connection broke. After an
	// error the Conn receives nothing more, and Receive says the same again.
	Receive(ctx context.Context) ([]byte, error)
	// Send writes one frame whole, and does not keep it. It may block as long as the peer does not read; the end of ctx
	// ends that, and the connection. A *FrameError means that nothing was written and nothing is lost. After any
	// other error the Conn is of no more use.
	Send(ctx context.Context, frame []byte) error
	// Close ends the connection in order: the frames of each Send that returned reach a peer that reads. It takes
	// Options.CloseTimeout at most, after which a Send that still blocks fails; the error says that it came to that. It
	// wakes Receive. It may be called more than once and by several goroutines.
	Close() error
	// Abort drops the connection at once, with all that is under way. It may be called more than once, and during Close.
	Abort()
}
