package transport_test

import (
	"bytes"
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

const frameLimit = 64 << 10

func framesArrive(t *testing.T, a, b transport.Conn, _ carrier) {
	frames := []string{"{}", `{"type":"job.event","note":"€ 𝄞 \u000a"}`, " ", strings.Repeat("é", 30_000), "not JSON", "\xff\x00"}
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
