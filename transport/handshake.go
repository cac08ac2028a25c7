package transport

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"

	"github.com/coder/websocket"
)

// Accept makes a WebSocket of a request (§4). The connection outlives the handler and the request's context. When it gives
// an error it has answered the request. Pages of other origins are refused, see Options.AllowedOrigins.
func Accept(w http.ResponseWriter, r *http.Request, o *Options) (Conn, error) {
	s := newSocket(o)
	kept := &keptConn{ResponseWriter: w}
	if kept.hijacker = findHijacker(w); kept.hijacker != nil {
		w = kept
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: s.options.allows(r.Header.Get("Origin")),
		CompressionMode:    websocket.CompressionDisabled, // §14: a small frame must not become a large one
		OnPingReceived:     s.mayPong,
	})
	if err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	return s.attach(ws, kept.conn), nil
}

// keptConn remembers the connection that it hands to the WebSocket.
type keptConn struct {
	http.ResponseWriter
	hijacker http.Hijacker
	conn     net.Conn
}

func (k *keptConn) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := k.hijacker.Hijack()
	k.conn = conn
	return conn, buffered, err
}

// WriteHeaderNow makes a writer that puts headers off, as that of gin does, write them before the connection is taken.
func (k *keptConn) WriteHeaderNow() {
	if late, ok := k.ResponseWriter.(interface{ WriteHeaderNow() }); ok {
		late.WriteHeaderNow()
	}
}

// findHijacker looks through the wrappers of a middleware, as http.ResponseController does. Without one the library
// refuses the request.
func findHijacker(w http.ResponseWriter) http.Hijacker {
	for {
		switch t := w.(type) {
		case http.Hijacker:
			return t
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return nil
		}
	}
}

// Dial opens a WebSocket to a ws:// or wss:// URL (§4), through the proxy that the environment names. ctx bounds the
// handshake alone. A redirection is an error: it could lead the token that the client is about to send (§6.1) to another
// host, or out of TLS.
func Dial(ctx context.Context, url string, o *Options) (Conn, error) {
	return dial(ctx, url, o, &http.Transport{
		Proxy:             http.ProxyFromEnvironment,
		DisableKeepAlives: true, // a refused handshake leaves nothing behind
	})
}

func dial(ctx context.Context, url string, o *Options, through http.RoundTripper) (Conn, error) {
	s := newSocket(o)
	var under net.Conn
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(got httptrace.GotConnInfo) { under = got.Conn },
	})
	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPClient: &http.Client{
			Transport:     through,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		CompressionMode: websocket.CompressionDisabled,
		OnPingReceived:  s.mayPong,
	})
	if err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	return s.attach(ws, under), nil
}
