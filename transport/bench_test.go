package transport_test

import (
	"bytes"
	"context"
	"testing"

	"github.com/arcp-conformance/arcp/transport"
)

// BenchmarkRoundTrip sends a frame of 300 bytes to a peer that sends it back: over loopback, and over pipes of the
// system.
func BenchmarkRoundTrip(b *testing.B) {
	for _, carrier := range []struct {
		name string
		open func(b *testing.B) transport.Conn
	}{
		{"Pipe", func(b *testing.B) transport.Conn {
			here, there := transport.Pipe()
			go reflect(there)
			return here
		}},
		{"Stdio", func(b *testing.B) transport.Conn {
			here, there := openSystemPipes(b)
			go reflect(there)
			return here
		}},
		{"WebSocket", func(b *testing.B) transport.Conn {
			conn, err := transport.Dial(b.Context(), listen(b, echo), nil)
			if err != nil {
				b.Fatal(err)
			}
			return conn
		}},
	} {
		b.Run(carrier.name, func(b *testing.B) {
			conn := carrier.open(b)
			defer conn.Abort()
			ctx, cancel := context.WithCancel(context.Background()) // as a connection has one
			defer cancel()
			frame := bytes.Repeat([]byte{'x'}, 300)
			b.ReportAllocs()
			for b.Loop() {
				if err := conn.Send(ctx, frame); err != nil {
					b.Fatal(err)
				}
				if _, err := conn.Receive(ctx); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// reflect sends back what it receives until the end.
func reflect(conn transport.Conn) {
	defer conn.Abort()
	for {
		frame, err := conn.Receive(context.Background())
		if err != nil || conn.Send(context.Background(), frame) != nil {
			return
		}
	}
}
