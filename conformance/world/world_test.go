package world_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// against gives a World whose connections reach a peer played by h.
func against(t *testing.T, h fakepeer.Handler, change func(*world.Config)) *world.World {
	t.Helper()
	url, stop := fakepeer.Serve(h)
	cfg := world.Config{
		Dial:   func(ctx context.Context) (wire.Conn, error) { return wire.Dial(ctx, url, nil) },
		Tokens: [2]string{fakepeer.Token, ""}, Timeout: 2 * time.Second,
	}
	if change != nil {
		change(&cfg)
	}
	w := world.New(cfg)
	t.Cleanup(func() { w.Close(); stop() })
	return w
}

func session(t *testing.T, w *world.World) *world.Client {
	t.Helper()
	c, err := w.Session(t.Context(), "A")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSessionJobAndLiveness(t *testing.T) {
	t.Parallel()
	w := against(t, fakepeer.Honest(), nil)
	c := session(t, w)
	if again := session(t, w); again != c {
		t.Error("the second call gave another client")
	}
	if !c.Negotiated("heartbeat") || c.Negotiated("ack") || c.RequireFeature("ack") == nil || w.Skipped() == "" {
		t.Error("features are taken from one side alone")
	}
	job, err := c.MustSubmit(t.Context(), w.Submission(nil, map[string]any{"op": "log"}, map[string]any{"op": "log"}))
	if err != nil {
		t.Fatal(err)
	}
	end, err := job.AwaitEnd(t.Context())
	if err != nil || end.Type() != "job.result" || len(job.Events("log")) != 2 || len(job.Messages()) != 3 {
		t.Errorf("end %s, %d events, %v", world.Brief(end), len(job.Events()), err)
	}
	if err := c.Alive(t.Context()); err != nil {
		t.Error(err)
	}
	_, refusal, err := c.Submit(t.Context(), map[string]any{"agent": "nobody", "input": map[string]any{}})
	if err != nil || refusal.Code() != "AGENT_NOT_AVAILABLE" || !world.Refused(refusal) {
		t.Errorf("%s, %v", world.Brief(refusal), err)
	}
	if _, err := c.MustSubmit(t.Context(), map[string]any{"agent": "nobody"}); !errors.Is(err, godog.ErrSkip) {
		t.Errorf("an agent that is not hosted: %v", err)
	}
}

func TestEnvelopesAreTolerant(t *testing.T) {
	t.Parallel()
	w := against(t, fakepeer.Honest(), nil)
	c := session(t, w)
	id, err := c.Send(t.Context(), "session.ping", map[string]any{"nonce": "n<", "price": json.Number("1.50")},
		world.With("x-extra", true), world.WithJob("job_x"), world.Without("session_id"))
	if err != nil {
		t.Fatal(err)
	}
	messages := w.Messages()
	m := messages[len(messages)-1]
	if m.Type() == "session.pong" {
		m = messages[len(messages)-2]
	}
	raw := string(m.Raw)
	if m.ID() != id || !strings.HasPrefix(id, "msg_") || m.Text("arcp") != "1.1" || m.Has("session_id") ||
		m.JobID() != "job_x" || !m.Has("x-extra") || !strings.Contains(raw, `1.50`) || !strings.Contains(raw, `n<`) {
		t.Errorf("sent %s", raw)
	}
	hello := messages[0]
	if hello.Text("payload", "client", "name") == "" || hello.Text("payload", "auth", "scheme") != "bearer" {
		t.Errorf("hello %s", world.Brief(hello))
	}
}

func TestIDFormats(t *testing.T) {
	t.Parallel()
	for format, length := range map[string]int{"": 30, "ulid": 26, "uuid7": 36} {
		w := against(t, fakepeer.Honest(), func(c *world.Config) { c.IDFormat = format })
		session(t, w)
		if id := w.Messages()[0].ID(); len(id) != length || format == "uuid7" && id[14] != '7' {
			t.Errorf("%q: %s", format, id)
		}
	}
}

// pings every client that says hello, and welcomes it only once the pong came.
func pingsFirst(ctx context.Context, ws fakepeer.Wire) {
	_, _, _ = ws.Read(ctx)
	_ = ws.Write(ctx, websocket.MessageText, []byte(`{"type":"session.ping","id":"p","payload":{"nonce":"n1"}}`))
	_, data, _ := ws.Read(ctx)
	if strings.Contains(string(data), `"ping_nonce":"n1"`) {
		_ = ws.Write(ctx, websocket.MessageText, []byte(`{"type":"session.welcome","id":"w","session_id":"s","payload":{}}`))
	}
	_, _, _ = ws.Read(ctx)
}

func TestPingsAreAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	session(t, against(t, pingsFirst, nil))
}

func TestWaitsEndEarlyWhenThePeerHangsUp(t *testing.T) {
	t.Parallel()
	w := against(t, fakepeer.Useless()["one frame"], func(c *world.Config) { c.Timeout = time.Minute })
	begun := time.Now()
	_, err := w.Session(t.Context(), "A")
	var broken *world.Broken
	if !errors.As(err, &broken) || broken.Finding.Requirement != "R6.2-1" || time.Since(begun) > 10*time.Second {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
	c, _ := w.Client("A")
	if err := c.AwaitClose(t.Context()); err != nil || c.Closed() == nil {
		t.Errorf("%v, %v", err, c.Closed())
	}
}

func TestSilenceIsABreach(t *testing.T) {
	t.Parallel()
	w := against(t, fakepeer.Useless()["silent"], func(c *world.Config) { c.Timeout = 50 * time.Millisecond })
	_, err := w.Session(t.Context(), "A")
	var broken *world.Broken
	if !errors.As(err, &broken) {
		t.Error(err)
	}
	c, _ := w.Client("A")
	if _, err := c.Await(t.Context(), func(wire.Message) bool { return true }); !errors.Is(err, world.ErrTimeout) {
		t.Error(err)
	}
	if _, quiet := c.Quiet(t.Context(), time.Millisecond, 0, func(wire.Message) bool { return true }); !quiet {
		t.Error("a silent peer was not quiet")
	}
}

// floods answers the hello with more frames than a scenario bears.
func floods(ctx context.Context, ws fakepeer.Wire) {
	_, _, _ = ws.Read(ctx)
	for ws.Write(ctx, websocket.MessageText, []byte(`{"type":"job.event","payload":{}}`)) == nil {
	}
}

func TestAFloodIsTheSuitesTrouble(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*world.Config){
		"frames": func(c *world.Config) { c.MaxFrames = 100 }, "bytes": func(c *world.Config) { c.MaxBytes = 5000 },
	} {
		w := against(t, floods, change)
		_, err := w.Session(t.Context(), "A")
		var own *world.SuiteError
		if !errors.As(err, &own) || !errors.Is(err, world.ErrFlood) || w.Trouble() == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestChecksFollowTheLevelOfTheRegister(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		req     string
		strict  bool
		prefer  bool
		want    report.Verdict
		failing bool
	}{
		{"R9.6-3", false, false, report.Fail, true},  // MUST
		{"R8.4-5", false, false, report.Fail, true},  // MUST NOT
		{"R9.6-8", false, false, report.Fail, true},  // IMPL
		{"R9.6-9", false, false, report.Warn, false}, // SHOULD
		{"R9.6-11", false, false, report.Info, false},
		{"R9.6-3", false, true, report.Warn, false},
		{"R9.6-3", true, true, report.Fail, true},
	} {
		w := world.New(world.Config{Strict: tc.strict})
		check := w.Check
		if tc.prefer {
			check = w.Prefer
		}
		if err := check(tc.req, true, "x", "y"); err != nil || len(w.Findings()) != 0 {
			t.Errorf("%s holds: %v", tc.req, err)
		}
		err := check(tc.req, false, "x", "y")
		if f := w.Findings(); len(f) != 1 || f[0].Verdict != tc.want || (err != nil) != tc.failing {
			t.Errorf("%s broken: %+v, %v", tc.req, f, err)
		}
		if n := w.Checks()[tc.req]; n != 2 {
			t.Errorf("%s: %d checks counted", tc.req, n)
		}
	}
	w := world.New(world.Config{})
	var own *world.SuiteError
	if err := w.Check("R1-1", true, "", ""); !errors.As(err, &own) || w.Trouble() == nil {
		t.Errorf("an unknown requirement: %v", err)
	}
}
