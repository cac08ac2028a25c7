package target_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/arcp-conformance/arcp/conformance/target"
)

// TestMain lets the test binary play the peers that its tests start: "serve" listens where its argument says and prints
// the address when there is a second one.
func TestMain(m *testing.M) {
	switch os.Getenv("TARGET_TEST_PEER") {
	case "":
		os.Exit(m.Run())
	case "never":
		select {}
	}
	if len(os.Args) > 2 {
		fmt.Printf("ws://%s/ is where I am\n", os.Args[1])
	}
	fmt.Fprintln(os.Stderr, "serving with", os.Getenv("EXTRA"))
	err := http.ListenAndServe(os.Args[1], http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := websocket.Accept(w, r, nil)
		if err == nil {
			_ = ws.Write(r.Context(), websocket.MessageText, []byte(r.Header.Get("X-Test")))
			_, _, _ = ws.Read(r.Context())
		}
	}))
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{"unknown field", "name: x\ncolour: red\n", "unknown field \"colour\""},
		{"wrong type", "command: 5\n", "command"},
		{"no YAML", "a: [", "["},
		{"a duration without a unit", "ready: 20\n", "20"},
		{"a negative duration", "ready: -20s\n", "-20s"},
		{"two ways at once", "stdio: [a]\nurl: ws://x/\n", "stdio"},
		{"not a WebSocket", "url: http://x/\n", "ws://"},
		{"a port without a command", "url: ws://x:${PORT}/\n", "${PORT}"},
		{"one token for both", "tokens: {first: a, second: a}\n", "same token"},
		{"an unknown format", "id_format: numbers\n", "id_format"},
		{"an unknown trace", "trace_format: numbers\n", "trace_format"},
		{"an unknown carrier of a resume", "resume: hello\n", "resume"},
		{"an expectation without a reason", "expected_failures: [{scenario: arcp-5-01}]\n", "reason"},
	} {
		_, err := target.Parse([]byte(tc.text))
		var invalid *target.Invalid
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want something with %q", tc.name, err, tc.want)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "peer.yaml")
	text := `
name: A peer
version: 1.2.3
command: [python, host.py, "${PORT}"]
url: ws://127.0.0.1:${PORT}/arcp
dir: sub
env: {A: b}
ready: 1m30s
tokens: {first: one, second: two}
id_format: uuid7
resume: hello.resume
expected_failures:
  - {scenario: arcp-9.6-03, reason: floats}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := target.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if s.Dir != filepath.Join(filepath.Dir(file), "sub") || s.Ready.Or(0) != 90*time.Second || s.Tokens.Second != "two" ||
		s.Command[2] != "${PORT}" || s.Expected[0].Reason != "floats" ||
		s.Resume != "hello.resume" {
		t.Errorf("%+v", s)
	}
	if _, err := target.Load(file + "x"); err == nil {
		t.Error("a file that is not there was read")
	}
}

func command(t *testing.T, mode string, args ...string) *target.Spec {
	t.Helper()
	return &target.Spec{
		Command: append([]string{os.Args[0]}, args...),
		Env:     map[string]string{"TARGET_TEST_PEER": mode, "EXTRA": "port ${PORT}"},
		Header:  map[string]string{"X-Test": "hello"},
		Ready:   target.Duration(10 * time.Second), Grace: target.Duration(time.Second),
	}
}

func TestCommandIsStartedAndStopped(t *testing.T) {
	t.Parallel()
	withURL := command(t, "serve", "127.0.0.1:${PORT}")
	withURL.URL = "ws://127.0.0.1:${PORT}/"
	for name, spec := range map[string]*target.Spec{
		"by its address": withURL, "by what it prints": command(t, "serve", "127.0.0.1:${PORT}", "print"),
	} {
		peer, err := target.Open(spec, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := peer.Start(t.Context()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		conn, err := peer.Dial(t.Context())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if frame, err := conn.Recv(t.Context()); err != nil || string(frame.Data) != "hello" {
			t.Errorf("%s: %q, %v", name, frame.Data, err)
		}
		_ = conn.Close()
		if err := peer.Stop(); err != nil {
			t.Error(err)
		}
		// Before its end, what it wrote may still be on the way.
		if log := peer.Log(); !strings.Contains(log, "serving with port ") || strings.Contains(log, "${PORT}") {
			t.Errorf("%s: log %q", name, log)
		}
		if _, err := peer.Dial(t.Context()); err == nil {
			t.Errorf("%s: it listens after its end", name)
		}
	}
}

func TestCommandThatDoesNotComeUp(t *testing.T) {
	t.Parallel()
	never := command(t, "never")
	never.Ready = target.Duration(100 * time.Millisecond)
	elsewhere := command(t, "never")
	elsewhere.URL, elsewhere.Ready = "ws://127.0.0.1:${PORT}/", never.Ready
	for name, tc := range map[string]struct {
		spec *target.Spec
		want string
	}{
		"it prints nothing": {never, "printed no"},
		"it never listens":  {elsewhere, "did not listen"},
		"it ends":           {command(t, "serve", "nowhere:x"), "its error output ends"},
		"it is not there":   {&target.Spec{Command: []string{"/nonexistent/peer"}}, "no such file"},
	} {
		peer, err := target.Open(tc.spec, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = peer.Start(t.Context())
		var unreachable *target.Unreachable
		if !errors.As(err, &unreachable) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	if _, err := target.Open(nil, nil); err == nil {
		t.Error("an embedded target without a runtime was opened")
	}
	stopped := 0
	peer, err := target.Open(nil, func(_ context.Context, s *target.Spec) (string, func() error, error) {
		if len(s.Tokens.First) < 16 || len(s.Tokens.Second) < 16 || s.Tokens.First == s.Tokens.Second {
			return "", nil, fmt.Errorf("poor tokens %+v", s.Tokens)
		}
		return "ws://127.0.0.1:1/", func() error { stopped++; return nil }, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(peer.Start(t.Context()), peer.Stop(), peer.Stop()); err != nil || stopped != 1 {
		t.Errorf("%v; stopped %d times", err, stopped)
	}
}
