package transport_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/transport"
)

const closeTimeout = 3 * time.Second

// TestContract holds every carrier to what Conn says.
func TestContract(t *testing.T) {
	t.Parallel()
	for _, clause := range []struct {
		name string
		hold func(t *testing.T, a, b transport.Conn, c carrier)
	}{
		{"frames arrive whole and in order", framesArrive},
		{"both directions at once", bothDirections},
		{"a frame is the sender's again after Send", senderKeepsItsFrame},
		{"frames of many senders do not mix", sendersDoNotMix},
		{"Close is an end in order", closeIsInOrder},
		{"Close wakes Receive", closeWakesReceive},
		{"Close twice and from many", closeOften},
		{"nothing passes after Close", nothingAfterClose},
		{"Close is bounded while Send blocks", closeWhileSendBlocks},
		{"Abort is no end in order", abortIsNotInOrder},
		{"Abort wakes Receive and Send", abortWakes},
		{"Abort during and after Close", abortAndClose},
		{"a context that ends in Receive", contextEndsInReceive},
		{"a context that had ended before Receive", contextEndedBeforeReceive},
		{"a context that ends in Send", contextEndsInSend},
		{"a context that had ended before Send", contextEndedBeforeSend},
		{"a frame of the limit passes", frameOfTheLimit},
		{"a frame over the limit ends it", frameOverTheLimit},
	} {
		for _, c := range carriers() {
			t.Run(clause.name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					a, b := c.open(t, &transport.Options{MaxFrame: frameLimit, CloseTimeout: closeTimeout})
					defer b.Abort()
					defer a.Abort()
					clause.hold(t, a, b, c)
				})
			})
		}
	}
}

const frameLimit = 1 << 20

// pending is a call that goes on in another goroutine.
type pending struct {
	done  chan struct{}
	frame []byte
	err   error
}

func start(call func(*pending)) *pending {
	p := &pending{done: make(chan struct{})}
	go func() {
		defer close(p.done)
		call(p)
	}()
	return p
}

func receive(ctx context.Context, c transport.Conn) *pending {
	return start(func(p *pending) { p.frame, p.err = c.Receive(ctx) })
}

// flood sends until it fails: whatever a carrier holds, a peer that does not read stops it.
func flood(ctx context.Context, c transport.Conn) *pending {
	return start(func(p *pending) {
		for p.err == nil {
			p.err = c.Send(ctx, bytes.Repeat([]byte{'x'}, frameLimit))
		}
	})
}

func closing(c transport.Conn) *pending { return start(func(p *pending) { p.err = c.Close() }) }

// over lets the call go as far as it gets without time passing, and says whether it is over.
func (p *pending) over() bool {
	synctest.Wait()
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *pending) wait() *pending {
	<-p.done
	return p
}

func send(t *testing.T, c transport.Conn, frame string) {
	t.Helper()
	if err := c.Send(t.Context(), []byte(frame)); err != nil {
		t.Errorf("Send: %v", err)
	}
}

func expect(t *testing.T, c transport.Conn, want string) {
	t.Helper()
	got, err := c.Receive(t.Context())
	if err != nil || string(got) != want {
		t.Errorf("received %d bytes %.40q, %v; want %d bytes %.40q", len(got), got, err, len(want), want)
	}
}

// expectErr wants the same error twice: the end of a connection stays.
func expectErr(t *testing.T, c transport.Conn, want error) {
	t.Helper()
	for range 2 {
		if frame, err := c.Receive(t.Context()); !errors.Is(err, want) || frame != nil {
			t.Fatalf("received %.40q, %v; want %v", frame, err, want)
		}
	}
}

func framesArrive(t *testing.T, a, b transport.Conn, _ carrier) {
	frames := []string{"{}", `{"type":"job.event","note":"€ 𝄞 \u000a"}`, " ", strings.Repeat("é", 40_000), "not JSON", "\xff\x00"}
	var all sync.WaitGroup
	all.Go(func() {
		for _, frame := range frames {
			send(t, a, frame)
		}
	})
	for _, frame := range frames {
		expect(t, b, frame)
	}
	all.Wait()
}

func bothDirections(t *testing.T, a, b transport.Conn, _ carrier) {
	var all sync.WaitGroup
	for _, from := range []transport.Conn{a, b} {
		all.Go(func() {
			for n := range 50 {
				send(t, from, fmt.Sprint(n))
			}
		})
		all.Go(func() {
			for n := range 50 {
				expect(t, from, fmt.Sprint(n))
			}
		})
	}
	all.Wait()
}

func senderKeepsItsFrame(t *testing.T, a, b transport.Conn, _ carrier) {
	got := receive(t.Context(), b)
	frame := []byte("first")
	if err := a.Send(t.Context(), frame); err != nil {
		t.Fatal(err)
	}
	copy(frame, "other")
	if got := got.wait(); string(got.frame) != "first" {
		t.Errorf("received %q, %v", got.frame, got.err)
	}
	next := receive(t.Context(), b)
	send(t, a, "second")
	next.wait()
	if string(got.frame) != "first" {
		t.Errorf("the frame that was received became %q", got.frame)
	}
}

func sendersDoNotMix(t *testing.T, a, b transport.Conn, _ carrier) {
	const senders, each = 8, 10
	var all sync.WaitGroup
	for n := range senders {
		all.Go(func() {
			for range each {
				send(t, a, strings.Repeat(fmt.Sprint(n), 10_000))
			}
		})
	}
	for range senders * each {
		frame, err := b.Receive(t.Context())
		if err != nil || len(frame) != 10_000 || strings.Trim(string(frame), string(frame[:1])) != "" {
			t.Fatalf("received %d bytes %.40q, %v", len(frame), frame, err)
		}
	}
	all.Wait()
}

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

func frameOfTheLimit(t *testing.T, a, b transport.Conn, _ carrier) {
	frame := strings.Repeat("x", frameLimit)
	var all sync.WaitGroup
	all.Go(func() {
		send(t, a, frame)
		send(t, a, "small")
	})
	expect(t, b, frame)
	expect(t, b, "small")
	all.Wait()
}

func frameOverTheLimit(t *testing.T, a, b transport.Conn, c carrier) {
	peer := receive(t.Context(), a)
	go func() { _ = a.Send(t.Context(), bytes.Repeat([]byte{'x'}, frameLimit+1)) }()
	for range 2 {
		_, err := b.Receive(t.Context())
		var refused *transport.FrameError
		if !errors.As(err, &refused) || *refused != (transport.FrameError{Fault: transport.FrameTooLarge, Limit: frameLimit}) {
			t.Errorf("received %v", err)
		}
	}
	if err := b.Send(t.Context(), []byte("late")); err != transport.ErrClosed {
		t.Errorf("Send: %v", err)
	}
	if peer.wait(); peer.err == nil || errors.Is(peer.err, io.EOF) == c.tellsAbort {
		t.Errorf("the peer: %q, %v", peer.frame, peer.err)
	}
}
