package transport

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/coder/websocket"
)

// closePatience is how long the library waits before it gives up in silence.
const closePatience = 5 * time.Second

// pongPatience is how long an answer to a WebSocket ping waits for a Send that blocks. A peer that reads slowly and
// pings is not dropped for it; its ping is.
const pongPatience = 500 * time.Millisecond

// socket is a WebSocket of either side. Contexts are not handed to the library, which would register each several
// times a frame; the end of one closes the connection below, as the library would.
type socket struct {
	ws      *websocket.Conn
	under   net.Conn // below the WebSocket and TLS: the library cannot be stopped once it closes, this can
	options Options

	writing chan struct{} // holds a token while a frame is written
	closing *signal       // nothing new is sent or received
	ending  *signal       // somebody closes in order
	ended   chan struct{} // and has done so
	endErr  error         // set before ended is closed
	last    error         // what Receive says from now on
}

func newSocket(o *Options) *socket {
	return &socket{
		options: o.withDefaults(), writing: make(chan struct{}, 1),
		closing: newSignal(), ending: newSignal(), ended: make(chan struct{}),
	}
}

// attach makes a socket of an open WebSocket and the connection below.
func (s *socket) attach(ws *websocket.Conn, under net.Conn) *socket {
	if secured, ok := under.(interface{ NetConn() net.Conn }); ok {
		under = secured.NetConn() // TLS would first say good-bye to a peer that may not read
	}
	s.ws, s.under = ws, under
	ws.SetReadLimit(int64(s.options.MaxFrame))
	return s
}

func (s *socket) Receive(ctx context.Context) ([]byte, error) {
	if s.last != nil {
		return nil, s.last
	}
	if s.closing.isRaised() {
		return nil, ErrClosed
	}
	if ctx.Err() != nil { // a frame that has come already must not hide it
		s.Abort()
		return nil, ctx.Err()
	}
	stop := context.AfterFunc(ctx, s.drop)
	defer stop()
	frame, err := s.receive()
	if err != nil {
		s.last = s.explain(ctx, err)
		return nil, s.last
	}
	return frame, nil
}

func (s *socket) receive() ([]byte, error) {
	kind, message, err := s.ws.Reader(context.Background())
	if err != nil {
		return nil, err
	}
	if kind != websocket.MessageText {
		_ = s.end(websocket.StatusUnsupportedData)
		return nil, &FrameError{Fault: FrameBinary}
	}
	frame, err := io.ReadAll(message)
	if errors.Is(err, websocket.ErrMessageTooBig) {
		_ = s.end(websocket.StatusMessageTooBig) // the library has said it; the peer needs time to hear it
		return nil, &FrameError{Fault: FrameTooLarge, Limit: s.options.MaxFrame}
	}
	return frame, err
}

// explain turns an error of the library into one of Receive's, and leaves nothing open.
func (s *socket) explain(ctx context.Context, err error) error {
	_ = s.ws.CloseNow() // waits for a Close that is under way
	var refused *FrameError
	var closed websocket.CloseError
	switch {
	case errors.As(err, &refused):
		return refused
	case ctx.Err() != nil:
		return ctx.Err()
	case s.closing.isRaised():
		return ErrClosed
	case !errors.As(err, &closed):
		return broke(err)
	}
	switch closed.Code {
	case websocket.StatusNormalClosure, websocket.StatusGoingAway, websocket.StatusNoStatusRcvd:
		return io.EOF
	}
	return &CloseError{Code: int(closed.Code), Reason: closed.Reason}
}

func (s *socket) Send(ctx context.Context, frame []byte) error {
	if ctx.Err() != nil && !s.closing.isRaised() {
		s.Abort()
		return ctx.Err()
	}
	stop := context.AfterFunc(ctx, s.drop)
	defer stop()
	s.writing <- struct{}{} // a Send that holds it fails when the connection goes
	err := s.ws.Write(context.Background(), websocket.MessageText, frame)
	<-s.writing
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case s.closing.isRaised():
		return ErrClosed
	}
	return broke(err)
}

func (s *socket) Close() error { return s.end(websocket.StatusNormalClosure) }

// end closes with a code, once. The library's own bounds do not hold against a peer that stalls inside a frame.
func (s *socket) end(code websocket.StatusCode) error {
	if !s.ending.raise() {
		<-s.ended
		return s.endErr
	}
	defer close(s.ended)
	s.closing.raise()
	timer := time.AfterFunc(min(s.options.CloseTimeout, closePatience), s.drop)
	_ = s.ws.Close(code, "") // its error does not tell whether the peer answered
	if !timer.Stop() {
		s.endErr = errStuck
	}
	return s.endErr
}

func (s *socket) Abort() {
	s.drop()
	_ = s.ws.CloseNow()
}

// drop wakes everybody who waits for the peer. What the peer has not taken yet is thrown away, or the system would
// keep it for a peer that never reads.
func (s *socket) drop() {
	s.closing.raise()
	if tcp, ok := s.under.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	_ = s.under.Close()
}

// mayPong says whether a ping can be answered now. An answer that waits behind a Send for more than some seconds
// would end the connection.
func (s *socket) mayPong(context.Context, []byte) bool {
	timer := time.NewTimer(pongPatience)
	defer timer.Stop()
	select {
	case s.writing <- struct{}{}:
		<-s.writing
		return true
	case <-s.closing.raised:
	case <-timer.C:
	}
	return false
}
