package transport_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/arcp-conformance/arcp/transport"
)

func ExamplePipe() {
	ctx := context.Background()
	client, runtime := transport.Pipe()
	go func() {
		_ = client.Send(ctx, []byte(`{"type":"session.hello"}`))
		_ = client.Close()
	}()
	frame, _ := runtime.Receive(ctx)
	fmt.Println(string(frame))
	_, err := runtime.Receive(ctx)
	fmt.Println(err == io.EOF)
	// Output:
	// {"type":"session.hello"}
	// true
}

func ExampleAccept() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := transport.Accept(w, r, &transport.Options{MaxFrame: 1 << 20})
		if err != nil {
			return // the request has been answered
		}
		_ = conn.Send(context.Background(), []byte(`{"type":"session.welcome"}`))
		_ = conn.Close()
	}))
	defer server.Close()

	ctx := context.Background()
	conn, err := transport.Dial(ctx, strings.Replace(server.URL, "http", "ws", 1), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	frame, _ := conn.Receive(ctx)
	fmt.Println(string(frame))
	// Output: {"type":"session.welcome"}
}

func ExampleStdio() {
	ctx := context.Background()
	conn := transport.Stdio(strings.NewReader("{\"type\":\"session.hello\"}\n"), os.Stdout, nil)
	// A child process would Close at the end; here os.Stdout is still needed.
	frame, _ := conn.Receive(ctx)
	_ = conn.Send(ctx, frame)

	var refused *transport.FrameError
	fmt.Println(errors.As(conn.Send(ctx, []byte("{\n}")), &refused), refused)
	// Output:
	// {"type":"session.hello"}
	// true transport: a frame is not exactly one line
}
