package fakepeer

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
)

// Token is the bearer token that Honest takes.
const Token = "fake-peer-token"

// Honest gives a peer that welcomes whoever has Token, answers ping and close, and runs one kind of job: it accepts,
// emits a log event for each step of the script and succeeds. Each session has its own id and numbers.
func Honest() Handler {
	var sessions, jobs atomic.Int64
	return func(ctx context.Context, ws Wire) {
		s := &session{ws: ws, jobs: &jobs, id: fmt.Sprintf("sess_%d", sessions.Add(1))}
		for {
			_, data, err := ws.Read(ctx)
			if err != nil || !s.take(ctx, data) {
				return
			}
		}
	}
}

type session struct {
	ws   Wire
	jobs *atomic.Int64
	id   string
	open bool
	seq  int
}

// take serves one frame and says whether the connection goes on.
func (s *session) take(ctx context.Context, data []byte) bool {
	var m struct {
		ID, Type string
		Payload  map[string]any
	}
	if json.Unmarshal(data, &m) != nil {
		return s.refuse(ctx, nil, "INVALID_REQUEST")
	}
	switch {
	case m.Type == "session.hello" && !s.open:
		auth, _ := m.Payload["auth"].(map[string]any)
		if auth["token"] != Token {
			s.refuse(ctx, m.ID, "UNAUTHENTICATED")
			return false
		}
		s.open = true
		return send(ctx, s.ws, welcome(s.id), m.ID) == nil
	case !s.open:
		return s.refuse(ctx, m.ID, "INVALID_REQUEST")
	case m.Type == "session.ping":
		return s.say(ctx, m.ID, "session.pong", map[string]any{"ping_nonce": m.Payload["nonce"], "received_at": now()})
	case m.Type == "session.close":
		s.say(ctx, m.ID, "session.closed", map[string]any{})
		return false
	case m.Type == "job.submit":
		return s.job(ctx, m.ID, m.Payload)
	}
	return s.refuse(ctx, m.ID, "INVALID_REQUEST")
}

func (s *session) job(ctx context.Context, request string, payload map[string]any) bool {
	if payload["agent"] != "conformance" {
		return s.refuse(ctx, request, "AGENT_NOT_AVAILABLE")
	}
	id := fmt.Sprintf("job_%d", s.jobs.Add(1))
	s.say(ctx, request, "job.accepted", map[string]any{
		"job_id": id, "agent": "conformance@2.0.0", "lease": map[string]any{}, "accepted_at": now(),
	})
	input, _ := payload["input"].(map[string]any)
	steps, _ := input["steps"].([]any)
	for range steps {
		s.event(ctx, id, "job.event", map[string]any{
			"kind": "log", "ts": now(), "body": map[string]any{"level": "info", "message": "step"},
		})
	}
	return s.event(ctx, id, "job.result", map[string]any{"final_status": "success", "result": nil})
}

func (s *session) event(ctx context.Context, job, kind string, payload map[string]any) bool {
	s.seq++
	m := map[string]any{"type": kind, "session_id": s.id, "job_id": job, "event_seq": s.seq, "payload": payload}
	return send(ctx, s.ws, m, nil) == nil
}

func (s *session) say(ctx context.Context, request any, kind string, payload map[string]any) bool {
	m := map[string]any{"type": kind, "session_id": s.id, "payload": payload}
	return send(ctx, s.ws, m, request) == nil
}

func (s *session) refuse(ctx context.Context, request any, code string) bool {
	return s.say(ctx, request, "session.error", map[string]any{"code": code, "message": "refused", "retryable": false})
}

func welcome(session string) map[string]any {
	return map[string]any{"type": "session.welcome", "session_id": session, "payload": map[string]any{
		"runtime": map[string]any{"name": "fake-peer", "version": "0"}, "resume_token": fmt.Sprintf("rt_%s_%d", session, ids.Add(1)),
		"resume_window_sec": 60, "heartbeat_interval_sec": 30,
		"capabilities": map[string]any{
			"encodings": []string{"json"}, "features": []string{"heartbeat", "cost.budget"},
			"agents": []any{map[string]any{"name": "conformance", "versions": []string{"2.0.0"}, "default": "2.0.0"}},
		},
	}}
}

// ids numbers the messages of all fake peers of the process.
var ids atomic.Int64

func send(ctx context.Context, ws Wire, m map[string]any, request any) error {
	m["arcp"], m["id"] = "1.1", fmt.Sprintf("msg_%d", ids.Add(1))
	if request != nil {
		m["request_id"] = request
	}
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return ws.Write(ctx, websocket.MessageText, data)
}

func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }
