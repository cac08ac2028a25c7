package actors

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/arcp-conformance/arcp/transport"
)

// closeGrace is how long a connection that shall close may take to write what stands.
const closeGrace = 5 * time.Second

// link is one connection as its session sees it.
type link struct {
	out     *outbox
	life    context.Context
	hangUp  context.CancelFunc
	session atomic.Pointer[engine.Ref[sessionMessage]] // whose it is: a resume hands it over (§6.3)
	gone    atomic.Bool                                // nothing more is read
}

// finish closes the connection when all that stands is written. A client that does not read must not hold it.
func (l *link) finish() {
	l.out.finish()
	time.AfterFunc(closeGrace, l.hangUp)
}

// drop closes the connection at once.
func (l *link) drop() {
	l.out.abandon()
	l.hangUp()
}

// ErrShutdown says that the runtime takes no more connections.
var ErrShutdown = errors.New("actors: the runtime is shutting down")

// Handler serves ARCP over WebSocket (§4), one session a connection.
func (r *Runtime) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		conn, err := transport.Accept(w, request, r.config.Transport)
		if err != nil {
			r.log.Debug("no WebSocket", "error", err) // Accept has answered the request
			return
		}
		_ = r.ServeConn(request.Context(), conn)
	})
}

// ServeConn serves one connection until it ends, and closes it. It takes connections of any transport. The error is that
// of the connection, nil where it ended in order, or ErrShutdown.
func (r *Runtime) ServeConn(ctx context.Context, conn transport.Conn) error {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	defer context.AfterFunc(r.life, hangUp)()
	l := &link{out: newOutbox(int(r.config.Unpaid), hangUp), life: ctx, hangUp: hangUp}
	ref := r.openSession(l)
	if r.registry.Tell(sessionOpened{ref: ref}) != nil {
		ref.Close()
		_ = conn.Close()
		return ErrShutdown
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		r.write(ctx, conn, l.out)
	}()
	err := read(ctx, conn, l)
	l.gone.Store(true)
	_ = l.session.Load().Tell(sessionMessage{input: session.ConnectionLost{}, link: l})
	l.out.finish()
	defer time.AfterFunc(closeGrace, hangUp).Stop()
	<-written
	_ = r.registry.Tell(connectionEnded{})
	return err
}

// read hands the client's frames to the session one by one: the next is read when this one was taken, and when the
// client has read enough of the answers.
func read(ctx context.Context, conn transport.Conn, l *link) error {
	taken := make(chan struct{}, 1)
	for {
		frame, err := conn.Receive(ctx)
		if err != nil {
			return inOrder(err)
		}
		ref := l.session.Load()
		if ref.Tell(sessionMessage{input: decode(frame), taken: taken, link: l}) != nil {
			return nil // the session is over, and its connection closes
		}
		select {
		case <-taken:
		case <-ref.Done():
			return nil
		}
		l.out.room()
	}
}

// inOrder leaves out the end of a connection that nobody did wrong.
func inOrder(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, transport.ErrClosed) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// decode reads one frame of the client.
func decode(frame []byte) session.Input {
	envelope, err := protocol.Decode(frame)
	if err == nil {
		return session.MessageReceived{Envelope: envelope}
	}
	var refusal *protocol.Refusal
	if !errors.As(err, &refusal) {
		panic("actors: an error that is no refusal: " + err.Error())
	}
	return session.FrameRefused{Refusal: refusal}
}

// write sends what the session says, in its order, and closes the connection after the last of it.
func (r *Runtime) write(ctx context.Context, conn transport.Conn, out *outbox) {
	defer out.abandon()
	for {
		l, more := out.next()
		if !more {
			_ = conn.Close()
			return
		}
		err := send(ctx, conn, l.envelope)
		l.loan.release()
		if err != nil {
			if errors.Is(err, protocol.ErrEncode) {
				r.log.Error("a message could not be written", "error", err)
			}
			if errors.Is(err, transport.ErrClosed) {
				_ = conn.Close() // it is being closed for a frame of the client's, and is telling why
				return
			}
			conn.Abort()
			return
		}
	}
}

func send(ctx context.Context, conn transport.Conn, envelope protocol.Envelope) error {
	id, err := protocol.NewMessageID(time.Now(), rand.Reader)
	if err != nil {
		return err
	}
	envelope.ID = id // §5: unique for each message
	frame, err := protocol.Encode(envelope)
	if err != nil {
		return err
	}
	return conn.Send(ctx, frame)
}
