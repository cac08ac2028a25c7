package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// Pipe gives the two ends of a connection in memory. It holds no frame: Send waits until the other end receives. It
// starts no goroutine, and waits on channels only, so it works inside a bubble of testing/synctest. Options are the
// defaults of every carrier.
func Pipe() (a, b Conn) { return pipe(nil) }

func pipe(o *Options) (a, b *pipeEnd) {
	limit := o.withDefaults().MaxFrame
	there, back := make(chan []byte), make(chan []byte)
	cut, left, right := newSignal(), newSignal(), newSignal()
	a = &pipeEnd{limit: limit, in: back, out: there, closed: left, peerClosed: right, cut: cut}
	b = &pipeEnd{limit: limit, in: there, out: back, closed: right, peerClosed: left, cut: cut}
	return a, b
}

type pipeEnd struct {
	limit      int
	in         <-chan []byte
	out        chan<- []byte
	closed     *signal // by this end
	peerClosed *signal
	cut        *signal // by either end: what comes after it is not in order
	last       error   // what Receive says from now on
}

func (p *pipeEnd) Receive(ctx context.Context) ([]byte, error) {
	if p.last != nil {
		return nil, p.last
	}
	frame, err := p.receive(ctx)
	p.last = err
	return frame, err
}

func (p *pipeEnd) receive(ctx context.Context) ([]byte, error) {
	if err := p.over(ctx); err != nil {
		return nil, err
	}
	select {
	case frame := <-p.in:
		if len(frame) > p.limit {
			p.Abort()
			return nil, &FrameError{Fault: FrameTooLarge, Limit: p.limit}
		}
		return frame, nil
	case <-p.cut.raised:
	case <-p.closed.raised:
	case <-p.peerClosed.raised:
	case <-ctx.Done():
	}
	return nil, p.over(ctx)
}

func (p *pipeEnd) Send(ctx context.Context, frame []byte) error {
	if err := p.over(ctx); err != nil {
		return sendError(err)
	}
	select {
	case p.out <- bytes.Clone(frame):
		return nil
	case <-p.cut.raised:
	case <-p.closed.raised:
	case <-p.peerClosed.raised:
	case <-ctx.Done():
	}
	return sendError(p.over(ctx))
}

// over says why nothing can pass any more, nil when something can. A context that has ended cuts the connection.
func (p *pipeEnd) over(ctx context.Context) error {
	switch {
	case p.closed.isRaised():
		return ErrClosed
	case p.cut.isRaised():
		return broke(nil)
	case p.peerClosed.isRaised():
		return io.EOF
	case ctx.Err() != nil:
		p.Abort()
		return ctx.Err()
	}
	return nil
}

// sendError keeps the end of a connection that was in order from looking like one of what is sent.
func sendError(err error) error {
	if errors.Is(err, io.EOF) {
		return broke(err)
	}
	return err
}

func (p *pipeEnd) Close() error {
	p.closed.raise()
	return nil
}

func (p *pipeEnd) Abort() {
	p.cut.raise() // before closed: what the peer sees must not be in order for a moment
	p.closed.raise()
}
