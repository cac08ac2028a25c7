package transport_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/arcp-conformance/arcp/transport"
)

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
