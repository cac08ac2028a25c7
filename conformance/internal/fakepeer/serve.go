package fakepeer

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/coder/websocket"
)

// Wire is one connection as a fake peer sees it; a *websocket.Conn is one.
type Wire interface {
	Read(ctx context.Context) (websocket.MessageType, []byte, error)
	Write(ctx context.Context, kind websocket.MessageType, data []byte) error
}

// Handler plays one connection; the connection ends when it returns.
type Handler func(ctx context.Context, ws Wire)

// Serve listens on the loopback interface until stop is called, and gives the ws:// address.
func Serve(h Handler) (url string, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.CloseNow() }()
		ws.SetReadLimit(64 << 20)
		h(ctx, ws)
	}))
	return "ws" + strings.TrimPrefix(s.URL, "http"), func() {
		cancel()
		s.CloseClientConnections()
		s.Close()
	}
}

// Stdio plays one connection over the process's own input and output, a frame a line.
func Stdio(h Handler) { h(context.Background(), &lines{in: bufio.NewReader(os.Stdin)}) }

type lines struct{ in *bufio.Reader }

func (l *lines) Read(context.Context) (websocket.MessageType, []byte, error) {
	line, err := l.in.ReadBytes('\n')
	return websocket.MessageText, bytes.TrimSuffix(line, []byte("\n")), err
}

func (l *lines) Write(_ context.Context, _ websocket.MessageType, data []byte) error {
	_, err := os.Stdout.Write(append(data, '\n'))
	return err
}
