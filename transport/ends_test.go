package transport_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/transport"
)

func closeIsInOrder(t *testing.T, a, b transport.Conn, _ carrier) {
	sent := start(func(p *pending) {
		p.err = errors.Join(a.Send(t.Context(), []byte("1")), a.Send(t.Context(), []byte("2")), a.Close())
	})
	expect(t, b, "1")
	expect(t, b, "2")
	expectErr(t, b, io.EOF)
	if sent.wait().err != nil {
		t.Error(sent.err)
	}
	if err := b.Send(t.Context(), []byte("late")); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("the peer's Send: %v", err)
	}
}

func closeWakesReceive(t *testing.T, a, b transport.Conn, _ carrier) {
	received := receive(t.Context(), a)
	peer := receive(t.Context(), b)
	if received.over() {
		t.Fatalf("received too early: %q, %v", received.frame, received.err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if received.wait(); received.err != transport.ErrClosed {
		t.Errorf("this side: %q, %v", received.frame, received.err)
	}
	if peer.wait(); peer.err != io.EOF {
		t.Errorf("the peer: %q, %v", peer.frame, peer.err)
	}
}

func closeOften(t *testing.T, a, b transport.Conn, _ carrier) {
	peer := receive(t.Context(), b)
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if peer.wait(); peer.err != io.EOF {
		t.Errorf("the peer: %q, %v", peer.frame, peer.err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("closing after the peer: %v", err)
	}
}

func nothingAfterClose(t *testing.T, a, b transport.Conn, _ carrier) {
	peer := receive(t.Context(), b)
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	expectErr(t, a, transport.ErrClosed)
	if err := a.Send(t.Context(), []byte("late")); err != transport.ErrClosed {
		t.Errorf("Send: %v", err)
	}
	if peer.wait(); peer.err != io.EOF {
		t.Errorf("the peer: %q, %v", peer.frame, peer.err)
	}
}

func closeWhileSendBlocks(t *testing.T, a, _ transport.Conn, c carrier) {
	sending := flood(t.Context(), a)
	if sending.over() {
		t.Fatalf("nobody reads, and Send says %v", sending.err)
	}
	begun := time.Now()
	err := a.Close()
	if took := time.Since(begun); took > closeTimeout {
		t.Errorf("Close took %v", took)
	}
	if sending.wait(); sending.err != transport.ErrClosed {
		t.Errorf("Send: %v", sending.err)
	}
	if c.name != "pipe" && err == nil { // a pipe has nothing to wait for
		t.Error("Close does not say that the peer held it up")
	}
}

func abortIsNotInOrder(t *testing.T, a, b transport.Conn, c carrier) {
	peer := receive(t.Context(), b)
	synctest.Wait()
	a.Abort()
	a.Abort()
	expectErr(t, a, transport.ErrClosed)
	if err := a.Send(t.Context(), []byte("late")); err != transport.ErrClosed {
		t.Errorf("Send: %v", err)
	}
	peer.wait()
	if inOrder := errors.Is(peer.err, io.EOF); peer.err == nil || inOrder == c.tellsAbort {
		t.Errorf("the peer: %q, %v", peer.frame, peer.err)
	}
	expectErr(t, b, peer.err)
	if c.tellsAbort && b.Send(t.Context(), []byte("late")) == nil {
		t.Error("the peer can still send")
	}
}

func abortWakes(t *testing.T, a, _ transport.Conn, _ carrier) {
	receiving, sending := receive(t.Context(), a), flood(t.Context(), a)
	if receiving.over() || sending.over() {
		t.Fatalf("too early: Receive %v, Send %v", receiving.err, sending.err)
	}
	begun := time.Now()
	a.Abort()
	if receiving.wait(); receiving.err != transport.ErrClosed {
		t.Errorf("Receive: %v", receiving.err)
	}
	if sending.wait(); sending.err != transport.ErrClosed {
		t.Errorf("Send: %v", sending.err)
	}
	if took := time.Since(begun); took != 0 {
		t.Errorf("it took %v", took)
	}
}

func abortAndClose(t *testing.T, a, _ transport.Conn, c carrier) {
	sending := flood(t.Context(), a)
	synctest.Wait()
	begun := time.Now()
	closing := closing(a)
	if closing.over() != (c.name == "pipe") {
		t.Errorf("Close: %v", closing.err)
	}
	a.Abort()
	closing.wait()
	sending.wait()
	_ = a.Close()
	a.Abort()
	if took := time.Since(begun); took != 0 {
		t.Errorf("it took %v", took)
	}
}

func contextEndsInReceive(t *testing.T, a, b transport.Conn, _ carrier) {
	peer := receive(t.Context(), b)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if frame, err := a.Receive(ctx); err != context.DeadlineExceeded || frame != nil {
		t.Errorf("received %q, %v", frame, err)
	}
	expectErr(t, a, context.DeadlineExceeded)
	if err := a.Send(t.Context(), []byte("late")); err == nil {
		t.Error("Send works after the connection has gone")
	}
	if peer.wait(); peer.err == nil {
		t.Errorf("the peer received %q", peer.frame)
	}
}

func contextEndedBeforeReceive(t *testing.T, a, b transport.Conn, _ carrier) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	sending := start(func(p *pending) { p.err = b.Send(t.Context(), []byte("there")) })
	synctest.Wait()
	if frame, err := a.Receive(ctx); err != context.Canceled || frame != nil {
		t.Errorf("received %q, %v", frame, err)
	}
	sending.wait()
	if err := a.Send(t.Context(), []byte("late")); err != transport.ErrClosed {
		t.Errorf("Send: %v", err)
	}
}

func contextEndsInSend(t *testing.T, a, b transport.Conn, _ carrier) {
	receiving := receive(t.Context(), a)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	begun := time.Now()
	if sending := flood(ctx, a).wait(); sending.err != context.DeadlineExceeded {
		t.Errorf("Send: %v", sending.err)
	}
	if took := time.Since(begun); took != time.Minute {
		t.Errorf("it took %v", took)
	}
	if err := a.Send(t.Context(), []byte("late")); err != transport.ErrClosed {
		t.Errorf("Send: %v", err)
	}
	if receiving.wait(); receiving.err != transport.ErrClosed {
		t.Errorf("Receive: %v", receiving.err)
	}
	if _, err := receiveLast(t.Context(), b); err == nil {
		t.Error("the peer's connection goes on")
	}
}

// receiveLast reads to the end.
func receiveLast(ctx context.Context, c transport.Conn) (last []byte, err error) {
	for {
		frame, err := c.Receive(ctx)
		if err != nil {
			return last, err
		}
		last = frame
	}
}

func contextEndedBeforeSend(t *testing.T, a, b transport.Conn, _ carrier) {
	peer := receive(t.Context(), b)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Send(ctx, []byte("not sent")); err != context.Canceled {
		t.Errorf("Send: %v", err)
	}
	expectErr(t, a, transport.ErrClosed)
	if peer.wait(); peer.err == nil {
		t.Errorf("the peer received %q", peer.frame)
	}
}
