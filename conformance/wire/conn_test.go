package wire_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// TestMain lets the test binary play the stdio children of its own tests.
func TestMain(m *testing.M) {
	switch os.Getenv("WIRE_TEST_CHILD") {
	case "echo":
		buf := make([]byte, 64<<10)
		for {
			n, err := os.Stdin.Read(buf)
			if err != nil {
				os.Exit(0)
			}
			_, _ = os.Stdout.Write(buf[:n])
		}
	case "deaf":
		os.Stderr.WriteString("I do not listen\n")
		select {}
	case "dies":
		os.Stdout.WriteString("{\"last\":1}\nno line end")
		os.Exit(7)
	}
	os.Exit(m.Run())
}

func child(t *testing.T, how string) *wire.Pipe {
	t.Helper()
	p, err := wire.Child{
		Command: []string{os.Args[0]}, Env: []string{"WIRE_TEST_CHILD=" + how}, Grace: 100 * time.Millisecond,
	}.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	return p
}

func TestStdioIsOneFrameALine(t *testing.T) {
	t.Parallel()
	p := child(t, "echo")
	big := strings.Repeat("x", 1<<20)
	for _, text := range []string{`{"a":1}`, ``, big, "\u20ac"} {
		if err := p.Send(t.Context(), []byte(text)); err != nil {
			t.Fatal(err)
		}
		frame, err := p.Recv(t.Context())
		if err != nil || string(frame.Data) != text {
			t.Fatalf("got %d bytes, %v; want %d", len(frame.Data), err, len(text))
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Recv(t.Context()); err == nil {
		t.Error("a closed child still speaks")
	}
}

func TestStdioChildThatDies(t *testing.T) {
	t.Parallel()
	p := child(t, "dies")
	for _, want := range []string{`{"last":1}`, `no line end`} {
		frame, err := p.Recv(t.Context())
		if err != nil || string(frame.Data) != want {
			t.Fatalf("got %q, %v; want %q", frame.Data, err, want)
		}
	}
	_, err := p.Recv(t.Context())
	var closed *wire.Closed
	if !errors.As(err, &closed) || closed.Code != 7 {
		t.Errorf("got %v, want exit status 7", err)
	}
}

func TestStdioChildThatWillNotEnd(t *testing.T) {
	t.Parallel()
	p := child(t, "deaf")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Recv(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	begun := time.Now()
	_ = p.Close()
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("closing took %s", took)
	}
	if !strings.Contains(p.Stderr(), "I do not listen") {
		t.Errorf("stderr: %q", p.Stderr())
	}
}

func TestWebSocketSaysHowItClosed(t *testing.T) {
	t.Parallel()
	url, stop := fakepeer.Serve(func(ctx context.Context, ws fakepeer.Wire) {
		_, data, _ := ws.Read(ctx)
		_ = ws.Write(ctx, websocket.MessageBinary, data)
		_ = ws.(*websocket.Conn).Close(websocket.StatusPolicyViolation, "enough")
	})
	t.Cleanup(stop)
	conn, err := wire.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Send(t.Context(), []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	frame, err := conn.Recv(t.Context())
	if err != nil || !frame.Binary || string(frame.Data) != `{}` {
		t.Errorf("got %+v, %v", frame, err)
	}
	_, err = conn.Recv(t.Context())
	var closed *wire.Closed
	if !errors.As(err, &closed) || closed.Code != 1008 || closed.Reason != "enough" {
		t.Errorf("got %v", err)
	}
}
