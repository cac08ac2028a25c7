package transport_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/arcp-conformance/arcp/transport"
)

// listen serves on loopback until the test ends, and gives the URL.
func listen(t testing.TB, handle http.HandlerFunc) (url string) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

// rawPeers opens each side of a WebSocket against the library alone, inside a bubble.
func rawPeers() map[string]func(*testing.T, *transport.Options) (transport.Conn, *websocket.Conn) {
	return map[string]func(*testing.T, *transport.Options) (transport.Conn, *websocket.Conn){
		"server": serveRaw, "client": dialRawServer,
	}
}

func serveRaw(t *testing.T, o *transport.Options) (server transport.Conn, peer *websocket.Conn) {
	t.Helper()
	network, accepted := newMemoryNet(), make(chan transport.Conn, 1)
	stop := network.serve(accept(t, o, accepted))
	defer stop()
	peer, _, err := websocket.Dial(t.Context(), "ws://memory", &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: network.roundTripper()},
	})
	if err != nil {
		t.Fatal(err)
	}
	server = <-accepted
	endBoth(t, server, peer)
	return server, peer
}

func dialRawServer(t *testing.T, o *transport.Options) (client transport.Conn, peer *websocket.Conn) {
	t.Helper()
	network, accepted := newMemoryNet(), make(chan *websocket.Conn, 1)
	stop := network.serve(func(w http.ResponseWriter, r *http.Request) {
		peer, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
		}
		accepted <- peer
	})
	defer stop()
	client, err := transport.DialThrough(t.Context(), "ws://memory", o, network.roundTripper())
	if err != nil {
		t.Fatal(err)
	}
	peer = <-accepted
	endBoth(t, client, peer)
	return client, peer
}

func endBoth(t *testing.T, conn transport.Conn, peer *websocket.Conn) {
	t.Cleanup(func() {
		conn.Abort()
		_ = peer.CloseNow()
	})
}

// openTLS gives both ends of a WebSocket in TLS, inside a bubble.
func openTLS(t *testing.T) (client, server transport.Conn) {
	t.Helper()
	network, accepted := newMemoryNet(), make(chan transport.Conn, 1)
	host := &httptest.Server{Listener: network, Config: &http.Server{Handler: accept(t, nil, accepted)}}
	host.StartTLS()
	defer host.Close()
	through := host.Client().Transport.(*http.Transport)
	through.DialContext = network.dial
	client, err := transport.DialThrough(t.Context(), "wss://example.com", nil, through)
	if err != nil {
		t.Fatal(err)
	}
	return client, <-accepted
}

// upgrade makes a WebSocket of a plain connection, and nothing more.
func upgrade(t *testing.T, under net.Conn) {
	t.Helper()
	_, err := io.WriteString(under, "GET / HTTP/1.1\r\nHost: memory\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(under), nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%+v, %v", response, err)
	}
}

func dialTCP(t *testing.T, url string) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "ws://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn.(*net.TCPConn)
}
