package transport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/arcp-conformance/arcp/transport"
)

func TestAPeerLearnsWhyItsFrameWasRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		kind  websocket.MessageType
		size  int
		code  websocket.StatusCode
		fault transport.Fault
	}{
		{"binary", websocket.MessageBinary, 2, websocket.StatusUnsupportedData, transport.FrameBinary},
		{"large and binary", websocket.MessageBinary, 256 << 10, websocket.StatusUnsupportedData, transport.FrameBinary},
		{"a byte too large", websocket.MessageText, 1001, websocket.StatusMessageTooBig, transport.FrameTooLarge},
		{"far too large", websocket.MessageText, 256 << 10, websocket.StatusMessageTooBig, transport.FrameTooLarge},
	} {
		for side, open := range rawPeers() {
			t.Run(tc.name+"/"+side, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					conn, peer := open(t, &transport.Options{MaxFrame: 1000})
					received := start(func(p *pending) {
						_, p.err = conn.Receive(t.Context())
						conn.Abort() // the code has arrived by now
					})
					told := start(func(p *pending) { _, _, p.err = peer.Read(t.Context()) })
					if err := peer.Write(t.Context(), tc.kind, bytes.Repeat([]byte{'x'}, tc.size)); err != nil {
						t.Errorf("the peer could not finish its frame: %v", err)
					}
					if told.wait(); websocket.CloseStatus(told.err) != tc.code {
						t.Errorf("the peer sees %v, want %d", told.err, tc.code)
					}
					err := received.wait().err
					var refused *transport.FrameError
					if !errors.As(err, &refused) || refused.Fault != tc.fault ||
						!strings.Contains(err.Error(), string(tc.fault)) {
						t.Errorf("received %v, want %s", err, tc.fault)
					}
				})
			})
		}
	}
}

func TestHowAPeerEndsAWebSocket(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		end  func(*websocket.Conn) error
		want string
		eof  bool
	}{
		{"it is done", func(c *websocket.Conn) error { return c.Close(1000, "") }, "EOF", true},
		{"it goes away", func(c *websocket.Conn) error { return c.Close(1001, "") }, "EOF", true},
		{"it gives no code", func(c *websocket.Conn) error { return c.Close(1005, "") }, "EOF", true},
		{"it has a defect", func(c *websocket.Conn) error { return c.Close(1011, "oh\n") },
			`transport: the peer closed the connection with 1011 "oh\n"`, false},
		{"it does not like this side", func(c *websocket.Conn) error { return c.Close(1008, "") },
			`transport: the peer closed the connection with 1008 ""`, false},
		{"no close frame", (*websocket.Conn).CloseNow, "transport: the connection broke: unexpected EOF", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			url := listen(t, func(w http.ResponseWriter, r *http.Request) {
				peer, err := websocket.Accept(w, r, nil)
				if err != nil {
					t.Error(err)
					return
				}
				_ = tc.end(peer)
			})
			conn, err := transport.Dial(t.Context(), url, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Abort()
			_, err = conn.Receive(t.Context())
			if err == nil || err.Error() != tc.want || errors.Is(err, io.EOF) != tc.eof {
				t.Errorf("received %v, want %s", err, tc.want)
			}
			if err := conn.Close(); err != nil {
				t.Errorf("Close after the end: %v", err)
			}
		})
	}
}

// Register: R4-1.
func TestAFrameInFragmentsIsOneFrame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, peer := serveRaw(t, nil)
		got := receive(t.Context(), server)
		w, err := peer.Writer(t.Context(), websocket.MessageText)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{`{"a":"`, "\xe2\x82", "\xac", `"}`} {
			if _, err := io.WriteString(w, part); err != nil {
				t.Error(err)
			}
		}
		if got.over() {
			t.Errorf("received %q before the end", got.frame)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if got.wait(); got.err != nil || string(got.frame) != `{"a":"€"}` {
			t.Errorf("received %q, %v", got.frame, got.err)
		}
	})
}

// A peer that reads slowly and pings is slow, not gone.
func TestAPingDoesNotEndAConnectionWhoseSendBlocks(t *testing.T) {
	t.Parallel()
	for side, open := range rawPeers() {
		t.Run(side, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				conn, peer := open(t, nil)
				sending := start(func(p *pending) {
					p.err = conn.Send(t.Context(), bytes.Repeat([]byte{'x'}, 30_000))
				})
				received := receive(t.Context(), conn)
				if sending.over() {
					t.Fatalf("Send does not wait: %v", sending.err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				pinging := start(func(p *pending) { p.err = peer.Ping(ctx) }) // who does not read sees no answer
				synctest.Wait()
				if err := peer.Write(t.Context(), websocket.MessageText, []byte("patience")); err != nil {
					t.Error(err)
				}
				if received.wait(); received.err != nil || string(received.frame) != "patience" {
					t.Errorf("received %q, %v", received.frame, received.err)
				}
				peer.SetReadLimit(-1)
				if _, frame, err := peer.Read(t.Context()); err != nil || len(frame) != 30_000 {
					t.Errorf("the peer received %d bytes, %v", len(frame), err)
				}
				if sending.wait(); sending.err != nil {
					t.Errorf("Send: %v", sending.err)
				}
				cancel()
				pinging.wait()
			})
		})
	}
}

func TestAPingIsAnswered(t *testing.T) {
	t.Parallel()
	for side, open := range rawPeers() {
		t.Run(side, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				conn, peer := open(t, nil)
				receiving := receive(t.Context(), conn)
				reading := start(func(p *pending) { _, p.frame, p.err = peer.Read(t.Context()) })
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if err := peer.Ping(ctx); err != nil {
					t.Error(err)
				}
				if err := conn.Close(); err != nil {
					t.Error(err)
				}
				receiving.wait()
				reading.wait()
			})
		})
	}
}

// The library waits for the rest of a frame without a bound.
func TestCloseIsBoundedInsideAFrameThatStalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network, accepted := newMemoryNet(), make(chan transport.Conn, 1)
		stop := network.serve(accept(t, &transport.Options{CloseTimeout: time.Second}, accepted))
		under, err := network.dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		upgrade(t, under)
		server := <-accepted
		stop()
		closed := closing(server)
		go func() { _, _ = io.Copy(io.Discard, under) }()
		// The head of a masked text frame of 1 MiB, and nothing of it.
		if _, err := under.Write([]byte{0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 1, 2, 3, 4}); err != nil {
			t.Error(err)
		}
		begun := time.Now()
		if closed.wait(); closed.err == nil {
			t.Error("Close does not say that the peer held it up")
		}
		if took := time.Since(begun); took != time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestCloseSaysThatNobodyAnswered(t *testing.T) {
	t.Parallel()
	for _, patience := range []time.Duration{time.Second, 5 * time.Second, time.Hour} {
		for side, open := range rawPeers() {
			t.Run(side+" "+patience.String(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					conn, _ := open(t, &transport.Options{CloseTimeout: patience})
					begun := time.Now()
					if conn.Close() == nil {
						t.Error("no error")
					}
					if took := time.Since(begun); took != min(patience, 5*time.Second) {
						t.Errorf("it took %v", took)
					}
				})
			})
		}
	}
}

// TLS says good-bye before it closes, which a peer that does not read holds up.
func TestAbortDoesNotWaitForTLS(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"client", "server"} {
		t.Run(side, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client, server := openTLS(t)
				got := receive(t.Context(), server)
				send(t, client, "secret")
				if got.wait(); string(got.frame) != "secret" {
					t.Errorf("received %q, %v", got.frame, got.err)
				}
				begun := time.Now()
				if side == "client" {
					client.Abort()
				} else {
					server.Abort()
				}
				if took := time.Since(begun); took != 0 {
					t.Errorf("it took %v", took)
				}
				client.Abort()
				server.Abort()
			})
		})
	}
}
