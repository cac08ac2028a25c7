//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// process is arcp in a process of its own.
type process struct {
	*exec.Cmd
	out    *bufio.Reader
	stderr *bytes.Buffer // to be read after its end
}

func start(t *testing.T, in io.Reader, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.CommandContext(t.Context(), "arcp", args...), stderr: &bytes.Buffer{}}
	p.Stdin, p.Stderr, p.WaitDelay = in, p.stderr, time.Second
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewReader(out)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// line reads one line of stdout, without its end.
func (p *process) line(t *testing.T) string {
	t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		_ = p.Wait()
		t.Fatalf("no line: %v; stderr: %s", err, p.stderr)
	}
	return strings.TrimSuffix(line, "\n")
}

// ends waits for the end and gives the exit status and what was still to read on stdout.
func (p *process) ends(t *testing.T) (status int, rest string) {
	t.Helper()
	text, err := io.ReadAll(p.out)
	if err != nil {
		t.Error(err)
	}
	_ = p.Wait()
	return p.ProcessState.ExitCode(), string(text)
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// openJob opens a session on a server and starts a job of the suite's agent there; it gives the connection after the
// answer to it.
func openJob(t *testing.T, url, token, script string) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	say(t, conn, hello(token))
	welcome := hear(t, conn, "session.welcome")
	say(t, conn, `{"arcp":"1.1","id":"msg_2","type":"job.submit","session_id":"`+welcome.SessionID+
		`","payload":{"agent":"conformance","input":{"steps":[`+script+`]}}}`)
	hear(t, conn, "job.accepted")
	return conn
}

// message is what these tests look at.
type message struct {
	Type      string `json:"type"`
	SessionID string `json:"session_id"`
}

func say(t *testing.T, conn *websocket.Conn, frame string) {
	t.Helper()
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(frame)); err != nil {
		t.Fatal(err)
	}
}

// hear reads until a message of the type comes.
func hear(t *testing.T, conn *websocket.Conn, kind string) message {
	t.Helper()
	for {
		_, data, err := conn.Read(t.Context())
		var m message
		if err == nil {
			err = json.Unmarshal(data, &m)
		}
		if err != nil {
			t.Fatalf("waiting for %s: %v", kind, err)
		}
		if m.Type == kind {
			return m
		}
	}
}

func TestServeIsUsableWithoutFlags(t *testing.T) {
	t.Parallel()
	// The port of the default may be taken on the machine of the test, so that one flag is given.
	p := start(t, nil, "serve", "--listen", "127.0.0.1:0")
	url := p.line(t)
	if !strings.HasPrefix(url, "ws://127.0.0.1:") || !strings.HasSuffix(url, "/arcp") {
		t.Errorf("the first line is %q", url)
	}
	p.signal(t, syscall.SIGTERM)
	if status, rest := p.ends(t); status != 0 || rest != "" {
		t.Errorf("exit status %d, and %q on stdout", status, rest)
	}
	if said := p.stderr.String(); !strings.Contains(said, "arcp conformance --url "+url+" --token ") {
		t.Errorf("nothing to paste in\n%s", said)
	}
}

func TestServeEndsItsJobsAndThenItself(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "serve", "--listen", "127.0.0.1:0", "--token", "alice=a-token-of-alice")
	conn := openJob(t, p.line(t), "a-token-of-alice", `{"op":"await_cancel","steps":[]}`)
	p.signal(t, os.Interrupt)
	hear(t, conn, "job.error") // the one ending still goes out
	for {                      // the end of a WebSocket needs an answer, which reading gives
		if _, _, err := conn.Read(t.Context()); err != nil {
			break
		}
	}
	if status, _ := p.ends(t); status != 0 {
		t.Errorf("exit status %d: %s", status, p.stderr)
	}
	if said := p.stderr.String(); !strings.Contains(said, "stopped: no job and no connection is left") {
		t.Errorf("it said\n%s", said)
	}
}

func TestServeSaysWhatItCutOff(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "serve", "--listen", "127.0.0.1:0", "--token", "alice=a-token-of-alice", "--grace", "50ms")
	// It does not read, so the connection cannot end in order.
	openJob(t, p.line(t), "a-token-of-alice", `{"op":"await_cancel","steps":[{"op":"sleep","ms":60000}]}`)
	p.signal(t, os.Interrupt)
	if status, _ := p.ends(t); status != exitNotServed {
		t.Errorf("exit status %d: %s", status, p.stderr)
	}
	if said := p.stderr.String(); !strings.Contains(said, "connections were cut off") {
		t.Errorf("it said\n%s", said)
	}
}

func TestServeEndsAtOnceWithTheSecondSignal(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "serve", "--listen", "127.0.0.1:0", "--token", "alice=a-token-of-alice", "--grace", "10m")
	openJob(t, p.line(t), "a-token-of-alice", `{"op":"await_cancel","steps":[{"op":"sleep","ms":600000}]}`)
	p.signal(t, os.Interrupt)
	p.signal(t, syscall.SIGTERM) // two of one kind that are pending are one
	if status, _ := p.ends(t); status != exitInterrupted {
		t.Errorf("exit status %d: %s", status, p.stderr)
	}
}

func TestServeOverStdioEndsWithItsInput(t *testing.T) {
	t.Parallel()
	in, client := io.Pipe()
	p := start(t, in, "serve", "--stdio", "--token", "alice=a-token-of-alice")
	if _, err := io.WriteString(client, hello("a-token-of-alice")+"\n"); err != nil {
		t.Fatal(err)
	}
	var m message
	if line := p.line(t); json.Unmarshal([]byte(line), &m) != nil || m.Type != "session.welcome" {
		t.Errorf("the first line is %q", line)
	}
	_ = client.Close()
	if status, rest := p.ends(t); status != 0 || rest != "" {
		t.Errorf("exit status %d, and then %q: %s", status, rest, p.stderr)
	}
}

func TestConformanceBrokenOffWritesItsReports(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "report.json")
	p := start(t, nil, "conformance", "--token", "t", "--section", "6.4", "--timeout", "400ms", "--json", file, "--stdio", "--", "cat")
	p.line(t) // the heading: the run has begun
	p.signal(t, os.Interrupt)
	status, rest := p.ends(t)
	if status != exitInterrupted {
		t.Errorf("exit status %d: %s", status, p.stderr)
	}
	if !strings.Contains(rest, "The run was broken off") || !strings.Contains(p.stderr.String(), "not whole") {
		t.Errorf("stdout\n%s\nstderr\n%s", rest, p.stderr)
	}
	var r report.Report
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil || r.Conforms || len(r.Scenarios) == 0 {
		t.Errorf("the report: %v, conforms %v, %d scenarios", err, r.Conforms, len(r.Scenarios))
	}
}
