package actors_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/arcp-conformance/arcp/transport"
)

// BenchmarkEvents measures one job's events from the agent's call to the frame that the client read.
func BenchmarkEvents(b *testing.B) {
	b.Run("websocket", func(b *testing.B) {
		events(b, func(b *testing.B, runtime *actors.Runtime) transport.Conn {
			server := httptest.NewServer(runtime.Handler())
			b.Cleanup(server.Close)
			conn, err := transport.Dial(b.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), nil)
			if err != nil {
				b.Fatal(err)
			}
			return conn
		})
	})
	b.Run("memory", func(b *testing.B) {
		events(b, func(_ *testing.B, runtime *actors.Runtime) transport.Conn {
			ours, theirs := transport.Pipe()
			go func() { _ = runtime.ServeConn(context.Background(), theirs) }()
			return ours
		})
	})
}

func events(b *testing.B, connect func(*testing.B, *actors.Runtime) transport.Conn) {
	runtime := newRuntime(b, nil)
	handle(b, runtime, "chatty", func(ctx context.Context, job *actors.Job) (any, error) {
		for range b.N {
			if err := job.Log(ctx, "info", "one line of an ordinary length, as agents write them"); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	conn := connect(b, runtime)
	defer conn.Abort()
	say(b, conn, protocol.SessionHello{
		Client: protocol.Peer{Name: "bench", Version: "1"}, Auth: protocol.Auth{Scheme: "bearer", Token: token},
	})
	hear(b, conn)
	b.ReportAllocs()
	b.ResetTimer()
	say(b, conn, protocol.JobSubmit{Agent: "chatty"})
	for range b.N + 2 { // job.accepted, the events, job.result
		hear(b, conn)
	}
}

// BenchmarkCost measures one cost, from the agent's call to its booking and back, with the two metrics that it emits.
func BenchmarkCost(b *testing.B) {
	runtime := newRuntime(b, nil)
	done := make(chan struct{})
	handle(b, runtime, "spender", func(ctx context.Context, job *actors.Job) (any, error) {
		defer close(done)
		b.ResetTimer()
		for range b.N {
			if err := job.Cost(ctx, "cost.token", "0.00000015", "USD"); err != nil {
				return nil, err
			}
		}
		b.StopTimer()
		return nil, nil
	})
	ours, theirs := transport.Pipe()
	go func() { _ = runtime.ServeConn(context.Background(), theirs) }()
	defer ours.Abort()
	say(b, ours, protocol.SessionHello{
		Client: protocol.Peer{Name: "bench", Version: "1"}, Auth: protocol.Auth{Scheme: "bearer", Token: token},
		Capabilities: protocol.Capabilities{Features: protocol.Features()},
	})
	hear(b, ours)
	b.ReportAllocs()
	say(b, ours, protocol.JobSubmit{Agent: "spender", LeaseRequest: protocol.Lease{"cost.budget": {"USD:1000000"}}})
	for range 2*b.N + 2 {
		hear(b, ours)
	}
	<-done
}

func say(b *testing.B, conn transport.Conn, payload protocol.Payload) {
	b.Helper()
	frame, err := protocol.Encode(protocol.Envelope{ID: "m1", Payload: payload})
	if err != nil {
		b.Fatal(err)
	}
	if err := conn.Send(b.Context(), frame); err != nil {
		b.Fatal(err)
	}
}

func hear(b *testing.B, conn transport.Conn) {
	b.Helper()
	if _, err := conn.Receive(b.Context()); err != nil {
		b.Fatal(err)
	}
}
