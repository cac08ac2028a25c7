package actors_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/arcp-conformance/arcp/transport"
)

// client is one connection to a runtime, as a test uses it.
type client struct {
	t    *testing.T
	conn transport.Conn
	id   protocol.SessionID
	sent int
}

const token = "token-of-alice"

func newRuntime(t testing.TB, config *actors.Config) *actors.Runtime {
	t.Helper()
	if config == nil {
		config = &actors.Config{}
	}
	tokens, err := auth.Tokens(map[string]string{token: "alice", "token-of-bob": "bob"})
	if err != nil {
		t.Fatal(err)
	}
	config.Authenticator = tokens
	runtime, err := actors.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return runtime
}

// handle registers an agent named after what it does.
func handle(t testing.TB, runtime *actors.Runtime, name string, agent actors.Agent) {
	t.Helper()
	if err := runtime.Handle(name, "1.0.0", agent); err != nil {
		t.Fatal(err)
	}
}

// connect opens a connection in memory; the test's end closes it and waits for it.
func connect(t *testing.T, runtime *actors.Runtime) *client {
	t.Helper()
	ours, theirs := transport.Pipe()
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = runtime.ServeConn(context.Background(), theirs)
	}()
	t.Cleanup(func() {
		ours.Abort()
		<-served
	})
	return &client{t: t, conn: ours}
}

// open opens a session with all features.
func open(t *testing.T, runtime *actors.Runtime) *client {
	t.Helper()
	c := connect(t, runtime)
	c.hello()
	c.id = want[protocol.SessionWelcome](c).SessionID
	return c
}

// hello says hello with all features.
func (c *client) hello() {
	c.t.Helper()
	c.send(protocol.SessionHello{
		Client: protocol.Peer{Name: "test", Version: "1"}, Auth: protocol.Auth{Scheme: "bearer", Token: token},
		Capabilities: protocol.Capabilities{Encodings: []string{"json"}, Features: protocol.Features()},
	}, "")
}

func (c *client) send(payload protocol.Payload, job protocol.JobID) {
	c.t.Helper()
	c.write(protocol.Envelope{JobID: job, Payload: payload})
}

// sendTraced is send with a trace_id.
func (c *client) sendTraced(payload protocol.Payload, id protocol.TraceID) {
	c.t.Helper()
	c.write(protocol.Envelope{TraceID: id, Payload: payload})
}

func (c *client) write(envelope protocol.Envelope) {
	c.t.Helper()
	c.sent++
	envelope.ID, envelope.SessionID = protocol.MessageID("m"+string(rune('0'+c.sent%10))), c.id
	frame, err := protocol.Encode(envelope)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.conn.Send(c.t.Context(), frame); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) next() protocol.Envelope {
	c.t.Helper()
	frame, err := c.conn.Receive(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	envelope, err := protocol.Decode(frame)
	if err != nil {
		c.t.Fatalf("%v in %s", err, frame)
	}
	return envelope
}

// want takes the next message, which must have that payload.
func want[P protocol.Payload](c *client) protocol.Envelope {
	c.t.Helper()
	envelope := c.next()
	if _, ok := envelope.Payload.(P); !ok {
		c.t.Fatalf("got %T %+v, want %T", envelope.Payload, envelope.Payload, *new(P))
	}
	return envelope
}

// submit starts a job that must be accepted.
func (c *client) submit(agent string, input any, lease protocol.Lease) protocol.JobID {
	c.t.Helper()
	text, err := json.Marshal(input)
	if err != nil {
		c.t.Fatal(err)
	}
	c.send(protocol.JobSubmit{Agent: agent, Input: text, LeaseRequest: lease}, "")
	return want[protocol.JobAccepted](c).JobID
}

// end reads to the ending of the job and returns it with the events before it.
func (c *client) end(job protocol.JobID) (protocol.Payload, []protocol.JobEvent) {
	c.t.Helper()
	var events []protocol.JobEvent
	for {
		envelope := c.next()
		if envelope.JobID != job {
			continue
		}
		event, ok := envelope.Payload.(protocol.JobEvent)
		if !ok {
			return envelope.Payload, events
		}
		events = append(events, event)
	}
}

func TestAJobFromSubmitToResult(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "greeter", func(ctx context.Context, job *actors.Job) (any, error) {
		if err := job.Log(ctx, "info", "hello "+string(job.Input())); err != nil {
			return nil, err
		}
		return map[string]int{"answer": 42}, nil
	})
	c := open(t, runtime)
	ending, events := c.end(c.submit("greeter", "world", nil))
	if len(events) != 1 || string(events[0].Body) != `{"level":"info","message":"hello \"world\""}` {
		t.Errorf("events: %+v", events)
	}
	result, ok := ending.(protocol.JobResult)
	if !ok || string(result.Result) != `{"answer":42}` {
		t.Errorf("ending: %+v", ending)
	}
}

func TestAPanicEndsOneJobOnly(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "panics", func(context.Context, *actors.Job) (any, error) { panic("a secret") })
	handle(t, runtime, "waits", func(ctx context.Context, job *actors.Job) (any, error) {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	})
	c := open(t, runtime)
	waiting := c.submit("waits", nil, nil)
	ending, _ := c.end(c.submit("panics", nil, nil))
	failure, ok := ending.(protocol.JobError)
	if !ok || failure.Code != protocol.InternalError || !failure.Retryable || strings.Contains(failure.Message, "secret") {
		t.Errorf("ending: %+v", ending)
	}
	c.send(protocol.JobCancel{JobID: waiting}, waiting)
	want[protocol.JobCancelled](c)
	ending, _ = c.end(waiting)
	if failure, ok := ending.(protocol.JobError); !ok || failure.FinalStatus != protocol.StatusCancelled {
		t.Errorf("ending: %+v", ending)
	}
}

// TestRequestsRightBehindTheHello sends everything before it reads anything, and ends its input.
func TestRequestsRightBehindTheHello(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "quick", func(context.Context, *actors.Job) (any, error) { return 1, nil })
	var in, out bytes.Buffer
	for i, payload := range []protocol.Payload{
		protocol.SessionHello{Client: protocol.Peer{Name: "test", Version: "1"}, Auth: protocol.Auth{Scheme: "bearer", Token: token}},
		protocol.JobSubmit{Agent: "quick"},
	} {
		frame, err := protocol.Encode(protocol.Envelope{ID: protocol.MessageID(fmt.Sprint(i)), Payload: payload})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(frame, '\n'))
	}
	if err := runtime.ServeConn(t.Context(), transport.Stdio(&in, &out, nil)); err != nil {
		t.Error(err)
	}
	first, _, _ := strings.Cut(out.String(), "\n")
	if envelope, err := protocol.Decode([]byte(first)); err != nil || envelope.Payload.Type() != protocol.TypeSessionWelcome {
		t.Errorf("answered %s (%v)", out.String(), err)
	}
	if strings.Contains(out.String(), string(protocol.TypeSessionError)) {
		t.Errorf("the submit was refused: %s", out.String())
	}
}

func TestNewNeedsAnAuthenticator(t *testing.T) {
	t.Parallel()
	for _, config := range []*actors.Config{nil, {}} {
		if _, err := actors.New(config); err == nil {
			t.Error("anybody could have opened a session")
		}
	}
}

func TestHandleRefusesWhatNobodyCouldAskFor(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	agent := func(context.Context, *actors.Job) (any, error) { return nil, nil }
	handle(t, runtime, "good", agent)
	for _, bad := range []struct {
		name, version string
		agent         actors.Agent
	}{{"Bad", "1", agent}, {"good", "", agent}, {"good", "a b", agent}, {"good", "1.0.0", agent}, {"good", "2", nil}} {
		if err := runtime.Handle(bad.name, bad.version, bad.agent); err == nil {
			t.Errorf("%q@%q was registered", bad.name, bad.version)
		}
	}
}

func TestShutdownEndsJobsAndConnections(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "waits", func(ctx context.Context, job *actors.Job) (any, error) {
		<-ctx.Done()
		return nil, context.Cause(ctx)
	})
	c := open(t, runtime)
	id := c.submit("waits", nil, nil)
	stopped := make(chan error, 1)
	go func() { stopped <- runtime.Shutdown(context.Background()) }()
	ending, _ := c.end(id)
	if failure, ok := ending.(protocol.JobError); !ok || failure.Code != protocol.InternalError {
		t.Errorf("ending: %+v", ending)
	}
	if _, err := c.conn.Receive(t.Context()); err == nil {
		t.Error("the connection goes on")
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	ours, theirs := transport.Pipe()
	defer ours.Abort()
	if err := runtime.ServeConn(t.Context(), theirs); !errors.Is(err, actors.ErrShutdown) {
		t.Errorf("a new connection: %v", err)
	}
}
