package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// Stdio carries one envelope a line (§4): for a child process os.Stdin and os.Stdout, for its parent the other ends. It
// writes nothing else, so nobody else may write to out. A line ends with \n or \r\n, or with the input; empty lines
// mean nothing.
//
// in and out belong to the Conn: those that are an io.Closer are closed at its end, also while a Read or a Write is under
// way. Close and Abort do not wait for a Read or Write that goes on in spite of that, as one of the process's own
// standard input or output may: the goroutine that does it then lasts as long as the process.
func Stdio(in io.Reader, out io.Writer, o *Options) Conn {
	s := &stdio{
		in: in, out: out, options: o.withDefaults(),
		frames: make(chan []byte), lines: make(chan line),
		closing: newSignal(), gone: newSignal(), written: make(chan struct{}), released: make(chan struct{}),
		ending: newSignal(), ended: make(chan struct{}),
	}
	go s.read()
	go s.write()
	return s
}

// stdio has one goroutine that reads and one that writes, because neither can be called back from a blocking file.
type stdio struct {
	in      io.Reader
	out     io.Writer
	options Options

	frames  chan []byte // from the reader, which closes it at the end of the input
	readErr error       // why the input ended; set before frames is closed
	last    error       // what Receive says from now on

	lines   chan line     // to the writer
	written chan struct{} // closed when the writer has written its last line

	closing  *signal       // nothing new is sent or received
	gone     *signal       // nobody waits for anything any more
	released chan struct{} // closed when in and out are
	ending   *signal       // somebody closes in order
	ended    chan struct{} // and has done so
	endErr   error         // set before ended is closed
}

// line is one frame with its line end, and where to say what became of it.
type line struct {
	text []byte
	done chan<- error // has room for the answer
}

func (s *stdio) Receive(ctx context.Context) ([]byte, error) {
	if s.last != nil {
		return nil, s.last
	}
	frame, err := s.receive(ctx)
	s.last = err
	return frame, err
}

func (s *stdio) receive(ctx context.Context) ([]byte, error) {
	if s.closing.isRaised() {
		return nil, ErrClosed
	}
	if ctx.Err() != nil {
		s.Abort()
		return nil, ctx.Err()
	}
	select {
	case frame, more := <-s.frames:
		switch {
		case more:
			return frame, nil
		case s.closing.isRaised(): // which is why the read failed
			return nil, ErrClosed
		case !errors.Is(s.readErr, io.EOF):
			s.Abort()
		}
		return nil, s.readErr
	case <-s.closing.raised:
		return nil, ErrClosed
	case <-ctx.Done():
		s.Abort()
		return nil, ctx.Err()
	}
}

func (s *stdio) read() {
	defer close(s.frames)
	r := newLineReader(s.in, s.options.MaxFrame)
	for {
		frame, err := r.next()
		if err != nil {
			s.readErr = err
			return
		}
		select {
		case s.frames <- frame:
		case <-s.closing.raised:
			return
		}
	}
}

func (s *stdio) Send(ctx context.Context, frame []byte) error {
	// A \r inside is JSON, but many readers of lines take it for the end of one.
	if len(frame) == 0 || bytes.ContainsAny(frame, "\r\n") {
		return &FrameError{Fault: FrameNotALine}
	}
	if s.closing.isRaised() {
		return ErrClosed
	}
	if ctx.Err() != nil {
		s.Abort()
		return ctx.Err()
	}
	done := make(chan error, 1)
	text := append(append(make([]byte, 0, len(frame)+1), frame...), '\n')
	select {
	case s.lines <- line{text: text, done: done}:
	case <-s.closing.raised:
		return ErrClosed
	case <-ctx.Done():
		s.Abort()
		return ctx.Err()
	}
	select {
	case err := <-done:
		return err
	case <-s.gone.raised:
		return ErrClosed
	case <-ctx.Done():
		s.Abort()
		return ctx.Err()
	}
}

func (s *stdio) write() {
	defer close(s.written)
	for {
		select {
		case l := <-s.lines:
			_, err := s.out.Write(l.text)
			switch {
			case err != nil && s.gone.isRaised():
				err = ErrClosed
			case err != nil:
				err = broke(err)
			}
			l.done <- err
		case <-s.closing.raised:
			return
		}
	}
}

func (s *stdio) Close() error {
	if !s.ending.raise() {
		<-s.ended
		return s.endErr
	}
	defer close(s.ended)
	ctx, cancel := context.WithTimeout(context.Background(), s.options.CloseTimeout)
	defer cancel()
	s.closing.raise()
	select {
	case <-s.written:
	case <-s.gone.raised:
	case <-ctx.Done():
		s.endErr = errStuck
	}
	s.Abort()
	select {
	case <-s.released:
	case <-ctx.Done():
	}
	return s.endErr
}

func (s *stdio) Abort() {
	s.closing.raise()
	if s.gone.raise() {
		go s.release() // closing a file may take its time, or for ever while it is read
	}
}

// release closes the output first: that is what the peer waits for.
func (s *stdio) release() {
	defer close(s.released)
	if out, ok := s.out.(io.Closer); ok {
		_ = out.Close()
	}
	if in, ok := s.in.(io.Closer); ok {
		_ = in.Close()
	}
}
