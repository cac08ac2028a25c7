package oracle_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/conformance/oracle"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// A transcript in a test is short lines. What a line leaves out is filled in as an honest peer would say it:
//
//	A hello                      A says hello with all features and is welcomed to session sess_A
//	A> submit {lease_request}    A submits a script
//	A< accepted j1 {members}     job.accepted, with members over the usual ones
//	A< j1 3 log {body}           event 3 of the session, of job j1; "-" is no event_seq
//	A< j1 4 result {members}     the ending; error likewise
//	A< {...}  A> {...}           any message: arcp, id and session_id are filled in
//	A<! text  A<b text           a frame as it stands, as text and as binary
type writer struct {
	t        testing.TB
	messages []wire.Message
	sessions map[string]string // by connection
}

func transcript(t testing.TB, text string) []wire.Message {
	t.Helper()
	w := &writer{t: t, sessions: map[string]string{}}
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			w.line(line)
		}
	}
	return w.messages
}

func (w *writer) line(line string) {
	head, rest, _ := strings.Cut(line, " ")
	conn := strings.TrimRight(head, "<>!b")
	switch how := strings.TrimPrefix(head, conn); {
	case rest == "hello":
		w.hello(conn)
	case how == "<!":
		w.add(wire.Received, conn, []byte(rest), false)
	case how == "<b":
		w.add(wire.Received, conn, []byte(rest), true)
	case how == ">" && strings.HasPrefix(rest, "submit "):
		w.message(wire.Sent, conn, map[string]any{"type": "job.submit", "payload": map[string]any{
			"agent": "conformance", "input": map[string]any{"steps": []any{}}, "lease_request": w.object(rest[7:]),
		}})
	case how == ">":
		w.message(wire.Sent, conn, w.object(rest))
	case strings.HasPrefix(rest, "{"):
		w.message(wire.Received, conn, w.object(rest))
	case strings.HasPrefix(rest, "accepted "):
		f := strings.SplitN(rest, " ", 3)
		w.message(wire.Received, conn, map[string]any{"type": "job.accepted", "payload": w.over(f[2:], map[string]any{
			"job_id": f[1], "agent": "conformance@2.0.0", "lease": map[string]any{}, "accepted_at": now,
		})})
	default:
		w.ofJob(conn, strings.SplitN(rest, " ", 4))
	}
}

const now = "2026-05-13T19:42:13.000Z"

func (w *writer) ofJob(conn string, f []string) {
	if len(f) < 3 {
		w.t.Fatalf("what is %q?", f)
	}
	m := map[string]any{"job_id": f[0], "event_seq": json.Number(f[1])}
	if f[1] == "-" {
		delete(m, "event_seq")
	}
	switch f[2] {
	case "result":
		m["type"], m["payload"] = "job.result", w.over(f[3:], map[string]any{"final_status": "success"})
	case "error":
		m["type"], m["payload"] = "job.error", w.over(f[3:], map[string]any{
			"final_status": "error", "code": "INVALID_REQUEST", "message": "x", "retryable": false,
		})
	default:
		body := map[string]any{}
		if len(f) > 3 {
			body = w.object(f[3])
		}
		m["type"], m["payload"] = "job.event", map[string]any{"kind": f[2], "ts": now, "body": body}
	}
	w.message(wire.Received, conn, m)
}

func (w *writer) hello(conn string) {
	w.message(wire.Sent, conn, map[string]any{"type": "session.hello", "payload": world.HelloPayload("token-of-"+conn, nil)})
	w.sessions[conn] = "sess_" + conn
	w.message(wire.Received, conn, map[string]any{"type": "session.welcome", "payload": map[string]any{
		"runtime": map[string]any{"name": "r", "version": "1"}, "resume_token": "resume-token-of-" + conn,
		"resume_window_sec": 60, "heartbeat_interval_sec": 30, "capabilities": map[string]any{
			"encodings": []any{"json"}, "features": world.AllFeatures(), "agents": []any{map[string]any{
				"name": "conformance", "versions": []any{"1.0.0", "2.0.0"}, "default": "2.0.0"}},
		},
	}})
}

// message fills in what every envelope has. A member that is given as "" is left out.
func (w *writer) message(dir wire.Direction, conn string, m map[string]any) {
	usual := map[string]any{"arcp": "1.1", "id": fmt.Sprintf("m%d", len(w.messages)), "payload": map[string]any{}}
	if s := w.sessions[conn]; s != "" {
		usual["session_id"] = s
	}
	for name, v := range usual {
		if _, given := m[name]; !given {
			m[name] = v
		} else if m[name] == "" {
			delete(m, name)
		}
	}
	if m["type"] == "session.welcome" {
		w.sessions[conn], _ = m["session_id"].(string)
	}
	data, err := json.Marshal(m)
	if err != nil {
		w.t.Fatal(err)
	}
	w.add(dir, conn, data, false)
}

func (w *writer) add(dir wire.Direction, conn string, data []byte, binary bool) {
	m := wire.Parse(dir, conn, wire.Frame{Data: data, Binary: binary}, time.Time{})
	m.Index = len(w.messages)
	w.messages = append(w.messages, m)
}

func (w *writer) object(text string) map[string]any {
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	dec.UseNumber()
	var object map[string]any
	if err := dec.Decode(&object); err != nil {
		w.t.Fatalf("%s: %v", text, err)
	}
	return object
}

func (w *writer) over(text []string, usual map[string]any) map[string]any {
	if len(text) > 0 {
		maps.Copy(usual, w.object(text[0]))
	}
	return usual
}

// told is what a judgement says, each verdict under each requirement once.
func told(j oracle.Judgement) []string {
	list := []string{}
	for _, f := range j.Findings {
		list = append(list, string(f.Verdict)+" "+f.Requirement)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

type verdict struct {
	name  string
	lines string
	want  string // verdicts and requirements, sorted, with commas between
}

func judgeAll(t *testing.T, facts *oracle.Facts, cases []verdict) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			j := oracle.Judge(transcript(t, tc.lines), facts)
			if got := strings.Join(told(j), ", "); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
				for _, f := range j.Findings {
					t.Log(f)
				}
			}
		})
	}
}
