package transport

import (
	"errors"
	"fmt"
	"io"
)

// ErrClosed says that this side ended the connection: by Close, by Abort, or by a context.
var ErrClosed = errors.New("transport: the connection was closed on this side")

// errStuck is Close's, when the peer held it up to the end of its time.
var errStuck = errors.New("transport: the peer did not let the connection end in time")

// Fault is what makes a frame unacceptable.
type Fault string

// The faults of frames.
const (
	FrameBinary   Fault = "is binary: envelopes are text"
	FrameTooLarge Fault = "is too large"
	FrameNotALine Fault = "is not exactly one line" // Send on stdio: it is empty, or has a line end inside
)

// FrameError says that a frame was not acceptable. From Receive it means that the connection is over.
type FrameError struct {
	Fault Fault
	Limit int // bytes, with FrameTooLarge
}

func (e *FrameError) Error() string {
	if e.Fault == FrameTooLarge {
		return fmt.Sprintf("transport: a frame %s: at most %d bytes are taken", e.Fault, e.Limit)
	}
	return fmt.Sprintf("transport: a frame %s", e.Fault)
}

// CloseError says that the peer ended a WebSocket, and not because it was done.
type CloseError struct {
	Code   int    // of RFC 6455, section 7.4
	Reason string // the peer's own words, at most 123 bytes
}

func (e *CloseError) Error() string {
	return fmt.Sprintf("transport: the peer closed the connection with %d %q", e.Code, e.Reason)
}

// broke says that a connection ended without the signs of an order. Where a carrier reports that as io.EOF, the word
// is kept from those who ask errors.Is: io.EOF means the contrary here.
func broke(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("transport: the connection broke: %w", err)
}
