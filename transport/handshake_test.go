package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/arcp-conformance/arcp/transport"
)

func TestOrigins(t *testing.T) {
	t.Parallel()
	const any = "*"
	for _, tc := range []struct {
		name    string
		origin  string
		allowed []string
		want    int
	}{
		{"no browser", "", nil, 101},
		{"the host's own page", "http://HOST", nil, 101},
		{"the host's own page in TLS", "https://HOST", nil, 101},
		{"another host", "https://evil.example", nil, 403},
		{"another port", "http://127.0.0.1:1", nil, 403},
		{"a name that begins like the host", "http://HOST.evil.example", nil, 403},
		{"no origin to name", "null", nil, 403},
		{"a file", "file://", nil, 403},
		{"no URL", "%", nil, 403},
		{"allowed", "https://app.example", []string{"https://b.example", "https://app.example"}, 101},
		{"allowed, with other letters", "https://app.example", []string{"HTTPS://App.Example/"}, 101},
		{"allowed with another scheme", "http://app.example", []string{"https://app.example"}, 403},
		{"allowed with another port", "https://app.example:8443", []string{"https://app.example"}, 403},
		{"below an allowed one", "https://x.app.example", []string{"https://app.example"}, 403},
		{"a star inside is no pattern", "https://x.example", []string{"https://*.example"}, 403},
		{"every page", "https://evil.example", []string{any}, 101},
		{"every page, also without a name", "null", []string{any}, 101},
		{"an address in brackets", "http://[::1]:9", []string{"http://[::1]:9"}, 101},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			url := listen(t, func(w http.ResponseWriter, r *http.Request) {
				conn, err := transport.Accept(w, r, &transport.Options{AllowedOrigins: tc.allowed})
				if (err == nil) != (tc.want == 101) {
					t.Errorf("Accept: %v", err)
				}
				if err == nil {
					conn.Abort()
				}
			})
			header := http.Header{}
			if tc.origin != "" {
				header.Set("Origin", strings.Replace(tc.origin, "HOST", strings.TrimPrefix(url, "ws://"), 1))
			}
			peer, response, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{HTTPHeader: header})
			if err == nil {
				defer peer.CloseNow()
			}
			if response == nil || response.StatusCode != tc.want {
				t.Errorf("got %+v, %v; want %d", response, err, tc.want)
			}
		})
	}
}

// §14: what is compressed can be a thousand times as large as it looks.
func TestNothingIsCompressed(t *testing.T) {
	t.Parallel()
	offered := make(chan string, 2)
	url := listen(t, func(w http.ResponseWriter, r *http.Request) {
		offered <- r.Header.Get("Sec-WebSocket-Extensions")
		if conn, err := transport.Accept(w, r, nil); err == nil {
			conn.Abort()
		}
	})
	peer, response, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{
		CompressionMode: websocket.CompressionContextTakeover,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer peer.CloseNow()
	if got := <-offered; !strings.Contains(got, "permessage-deflate") {
		t.Errorf("the peer offers %q: the test is of no use", got)
	}
	if got := response.Header.Get("Sec-WebSocket-Extensions"); got != "" {
		t.Errorf("Accept takes %q", got)
	}
	conn, err := transport.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.Abort()
	if got := <-offered; got != "" {
		t.Errorf("Dial offers %q", got)
	}
}

func TestDialDoesNotFollow(t *testing.T) {
	t.Parallel()
	elsewhere := listen(t, func(w http.ResponseWriter, r *http.Request) { t.Error("the redirection was followed") })
	url := listen(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(elsewhere, "ws", "http", 1), http.StatusFound)
	})
	if conn, err := transport.Dial(t.Context(), url, nil); err == nil || !strings.Contains(err.Error(), "302") {
		t.Errorf("got %v, %v", conn, err)
	}
}

func TestDialThatFails(t *testing.T) {
	t.Parallel()
	plain := listen(t, func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusTeapot) })
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tc := range []struct {
		name, url, want string
		ctx             context.Context
	}{
		{"no WebSocket there", plain, "418", t.Context()},
		{"another scheme", "ftp://127.0.0.1", "scheme", t.Context()},
		{"no URL", "ws://%", "URL", t.Context()},
		{"the context has ended", plain, "context canceled", over},
	} {
		t.Run(tc.name, func(t *testing.T) {
			conn, err := transport.Dial(tc.ctx, tc.url, nil)
			if err == nil || conn != nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, %v", conn, err)
			}
		})
	}
}

func TestTheContextOfDialBoundsTheHandshakeAlone(t *testing.T) {
	t.Parallel()
	url := listen(t, echo)
	ctx, cancel := context.WithCancel(t.Context())
	conn, err := transport.Dial(ctx, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Abort()
	cancel()
	for _, frame := range []string{"one", "two"} {
		send(t, conn, frame)
		expect(t, conn, frame)
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
}

// echo is a handler that sends back what it receives until the end.
func echo(w http.ResponseWriter, r *http.Request) {
	conn, err := transport.Accept(w, r, nil)
	if err != nil {
		return
	}
	reflect(conn)
}

func TestAcceptWithoutAConnectionToTake(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
		"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
	} {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	if conn, err := transport.Accept(w, r, nil); err == nil || conn != nil || w.Code != http.StatusNotImplemented {
		t.Errorf("got %v, %v, answered %d", conn, err, w.Code)
	}
	w = httptest.NewRecorder()
	if _, err := transport.Accept(w, httptest.NewRequest(http.MethodGet, "/", nil), nil); err == nil || w.Code != http.StatusUpgradeRequired {
		t.Errorf("a plain request: %v, answered %d", err, w.Code)
	}
}

// wrapped is a middleware's writer, of the kind that http.ResponseController looks through.
type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// lateWriter writes no header before it is told to, as the writer of gin does.
type lateWriter struct {
	http.ResponseWriter
	http.Hijacker
	status int
}

func (w *lateWriter) WriteHeader(status int) { w.status = status }
func (w *lateWriter) WriteHeaderNow()        { w.ResponseWriter.WriteHeader(w.status) }

func TestAcceptThroughAMiddleware(t *testing.T) {
	t.Parallel()
	for name, wrap := range map[string]func(http.ResponseWriter) http.ResponseWriter{
		"that unwraps": func(w http.ResponseWriter) http.ResponseWriter { return wrapped{wrapped{w}} },
		"that is late": func(w http.ResponseWriter) http.ResponseWriter {
			return &lateWriter{ResponseWriter: w, Hijacker: w.(http.Hijacker)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan any, 1)
			url := listen(t, func(w http.ResponseWriter, r *http.Request) {
				defer func() { ended <- recover() }() // the server of the standard library would hide a panic
				echo(wrap(w), r)
			})
			conn, err := transport.Dial(t.Context(), url, nil)
			if err != nil {
				t.Fatal(err)
			}
			send(t, conn, "{}")
			expect(t, conn, "{}")
			conn.Abort()
			if defect := <-ended; defect != nil {
				t.Error(defect)
			}
		})
	}
}

// A peer that ends its half of the TCP connection, and no more, has not ended in order.
func TestAHalfClosedWebSocketBroke(t *testing.T) {
	t.Parallel()
	received := make(chan error, 1)
	url := listen(t, func(w http.ResponseWriter, r *http.Request) {
		conn, err := transport.Accept(w, r, nil)
		if err == nil {
			_, err = conn.Receive(context.Background())
		}
		received <- err
	})
	under := dialTCP(t, url)
	upgrade(t, under)
	if err := under.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(under); err != nil || len(rest) != 0 {
		t.Errorf("the peer read %q, %v: the other half stays open", rest, err)
	}
	if err := <-received; err == nil || err.Error() != "transport: the connection broke: unexpected EOF" {
		t.Errorf("received %v", err)
	}
}

// The system would hold megabytes for a peer that never reads, long after the connection has gone.
func TestAbortThrowsAwayWhatWasNotTaken(t *testing.T) {
	t.Parallel()
	accepted := make(chan transport.Conn, 1)
	under := dialTCP(t, listen(t, accept(t, nil, accepted)))
	upgrade(t, under)
	conn := <-accepted
	sent := start(func(p *pending) { p.err = conn.Send(context.Background(), make([]byte, 64<<20)) })
	if _, err := io.ReadFull(under, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	conn.Abort()
	if rest, err := io.ReadAll(under); err == nil {
		t.Errorf("the peer read %d bytes more, and an end in order", len(rest))
	}
	if sent.wait(); sent.err != transport.ErrClosed {
		t.Errorf("Send: %v", sent.err)
	}
}
