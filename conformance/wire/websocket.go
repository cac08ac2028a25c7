package wire

import (
	"context"
	"errors"
	"net/http"

	"github.com/coder/websocket"
)

// DialOptions adjusts a WebSocket connection; nil is all defaults.
type DialOptions struct {
	Header       http.Header // extra header fields of the handshake
	Subprotocols []string    // offered subprotocols; none by default: the draft names none
}

// Dial opens a WebSocket to url (§4). Compression is off, so that sizes on the wire are what the suite sends.
func Dial(ctx context.Context, url string, opts *DialOptions) (Conn, error) {
	if opts == nil {
		opts = &DialOptions{}
	}
	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{
		HTTPHeader:      opts.Header,
		Subprotocols:    opts.Subprotocols,
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(MaxFrame)
	return &socket{ws: ws}, nil
}

type socket struct{ ws *websocket.Conn }

func (s *socket) Send(ctx context.Context, data []byte) error {
	return s.ws.Write(ctx, websocket.MessageText, data)
}

func (s *socket) Recv(ctx context.Context) (Frame, error) {
	kind, data, err := s.ws.Read(ctx)
	if err == nil {
		return Frame{Data: data, Binary: kind == websocket.MessageBinary}, nil
	}
	closed := &Closed{Code: -1, Err: err}
	var ce websocket.CloseError
	if errors.As(err, &ce) {
		closed.Code, closed.Reason = int(ce.Code), ce.Reason
	}
	return Frame{}, closed
}

func (s *socket) Close() error { return s.ws.CloseNow() }
