package fakepeer

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"github.com/coder/websocket"
)

// Useless gives the peers that obey nothing, by name. None of them may pass a single binding scenario.
func Useless() map[string]Handler {
	return map[string]Handler{
		"silent":         silent,
		"hangs up":       func(context.Context, Wire) {},
		"one frame":      oneFrame,
		"always errors":  alwaysErrors,
		"echoes":         echoes,
		"binary noise":   noise,
		"welcomes alone": welcomesAlone,
		"agrees to all":  agreesToAll,
	}
}

// silent reads and says nothing.
func silent(ctx context.Context, ws Wire) {
	for {
		if _, _, err := ws.Read(ctx); err != nil {
			return
		}
	}
}

// oneFrame hangs up after the first frame.
func oneFrame(ctx context.Context, ws Wire) { _, _, _ = ws.Read(ctx) }

// alwaysErrors answers every frame with the same error.
func alwaysErrors(ctx context.Context, ws Wire) {
	each(ctx, ws, func(map[string]any, []byte) []map[string]any {
		return []map[string]any{{"type": "session.error", "payload": map[string]any{
			"code": "INTERNAL_ERROR", "message": "no", "retryable": true,
		}}}
	})
}

// echoes sends every frame back as it came.
func echoes(ctx context.Context, ws Wire) {
	for {
		kind, data, err := ws.Read(ctx)
		if err != nil || ws.Write(ctx, kind, data) != nil {
			return
		}
	}
}

// noise answers every frame with bytes that are no text.
func noise(ctx context.Context, ws Wire) {
	for {
		if _, _, err := ws.Read(ctx); err != nil {
			return
		}
		if ws.Write(ctx, websocket.MessageBinary, []byte{0xff, 0x00, 0xfe, 0x7b}) != nil {
			return
		}
	}
}

// welcomesAlone welcomes everybody and is silent afterwards.
func welcomesAlone(ctx context.Context, ws Wire) {
	each(ctx, ws, func(m map[string]any, _ []byte) []map[string]any {
		if m["type"] == "session.hello" {
			return []map[string]any{welcome("sess_same")}
		}
		return nil
	})
}

// agreesToAll welcomes everybody and says yes to every request, without doing anything.
func agreesToAll(ctx context.Context, ws Wire) {
	var jobs atomic.Int64
	each(ctx, ws, func(m map[string]any, _ []byte) []map[string]any {
		payload, _ := m["payload"].(map[string]any)
		switch m["type"] {
		case "session.hello":
			return []map[string]any{welcome("sess_yes")}
		case "session.ping":
			return []map[string]any{{"type": "session.pong", "payload": map[string]any{"ping_nonce": payload["nonce"]}}}
		case "session.close":
			return []map[string]any{{"type": "session.closed", "payload": map[string]any{}}}
		case "job.submit":
			return accepted(fmt.Sprintf("job_%d", jobs.Add(1)), payload)
		case "job.cancel":
			return []map[string]any{{"type": "job.cancelled", "payload": map[string]any{"job_id": payload["job_id"]}}}
		}
		return nil
	})
}

func accepted(id string, payload map[string]any) []map[string]any {
	return []map[string]any{
		{"type": "job.accepted", "job_id": id, "payload": map[string]any{
			"job_id": id, "agent": "conformance@2.0.0", "lease": payload["lease_request"], "accepted_at": now(),
		}},
		{"type": "job.result", "job_id": id, "event_seq": 1, "payload": map[string]any{"final_status": "success"}},
	}
}

// each reads frames and sends what reply gives, with the fields that every envelope needs and request_id set.
func each(ctx context.Context, ws Wire, reply func(m map[string]any, raw []byte) []map[string]any) {
	for {
		_, data, err := ws.Read(ctx)
		if err != nil {
			return
		}
		var m map[string]any
		_ = json.Unmarshal(data, &m)
		for _, out := range reply(m, data) {
			if send(ctx, ws, out, m["id"]) != nil {
				return
			}
		}
	}
}

// Recording plays one recorded welcome to everybody, word for word.
func Recording() Handler {
	const recorded = `{"arcp":"1.1","id":"msg_1","type":"session.welcome","session_id":"sess_1","payload":{"resume_token":"rt_1"}}`
	return func(ctx context.Context, ws Wire) {
		for {
			_, data, err := ws.Read(ctx)
			if err != nil {
				return
			}
			var m struct{ Type string }
			if json.Unmarshal(data, &m) == nil && m.Type == "session.hello" {
				_ = ws.Write(ctx, websocket.MessageText, []byte(recorded))
			}
		}
	}
}
