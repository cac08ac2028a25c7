package transport_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/arcp-conformance/arcp/transport"
)

// carrier makes the two ends of one connection, inside a bubble of testing/synctest. The bubble ends only when every
// goroutine in it has, so every test over a carrier also shows that none is left behind.
type carrier struct {
	name string
	open func(t *testing.T, o *transport.Options) (a, b transport.Conn)
	// tellsAbort: the peer of an Abort, or of a refused frame, does not take it for an end in order.
	tellsAbort bool
}

func carriers() []carrier {
	return []carrier{
		{name: "pipe", tellsAbort: true, open: func(_ *testing.T, o *transport.Options) (a, b transport.Conn) {
			return transport.PipeWith(o)
		}},
		{name: "stdio", open: func(_ *testing.T, o *transport.Options) (a, b transport.Conn) {
			in, there := io.Pipe()
			back, out := io.Pipe()
			return transport.Stdio(back, there, o), transport.Stdio(in, out, o)
		}},
		{name: "client to server", tellsAbort: true, open: openWebSocket},
		{name: "server to client", tellsAbort: true,
			open: func(t *testing.T, o *transport.Options) (a, b transport.Conn) {
				b, a = openWebSocket(t, o)
				return a, b
			}},
	}
}

// openWebSocket gives the client and the server of a WebSocket whose network is in memory, and holds no byte.
func openWebSocket(t *testing.T, o *transport.Options) (client, server transport.Conn) {
	t.Helper()
	network := newMemoryNet()
	accepted := make(chan transport.Conn, 1)
	stop := network.serve(accept(t, o, accepted))
	defer stop() // what was accepted goes on
	client, err := transport.DialThrough(t.Context(), "ws://memory", o, network.roundTripper())
	if err != nil {
		t.Fatal(err)
	}
	return client, <-accepted
}

// accept is a handler that hands over what it accepted.
func accept(t *testing.T, o *transport.Options, accepted chan<- transport.Conn) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := transport.Accept(w, r, o)
		if err != nil {
			t.Error(err)
		}
		accepted <- conn
	}
}

// memoryNet is a network of net.Pipes.
type memoryNet struct {
	waiting chan net.Conn
	once    sync.Once
	closed  chan struct{}
}

func newMemoryNet() *memoryNet {
	return &memoryNet{waiting: make(chan net.Conn), closed: make(chan struct{})}
}

func (n *memoryNet) Accept() (net.Conn, error) {
	select {
	case conn := <-n.waiting:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

func (n *memoryNet) Close() error {
	n.once.Do(func() { close(n.closed) })
	return nil
}

func (n *memoryNet) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

func (n *memoryNet) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	n.waiting <- theirs
	return ours, nil
}

func (n *memoryNet) roundTripper() http.RoundTripper { return &http.Transport{DialContext: n.dial} }

// serve runs a server until stop, which does not end the connections that were taken over.
func (n *memoryNet) serve(handle http.HandlerFunc) (stop func()) {
	server := &http.Server{Handler: handle}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(n)
	}()
	return func() {
		_ = server.Close()
		<-ended
	}
}
