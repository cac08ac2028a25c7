package world_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// scripted answers each frame with the next of replies; "$id" in it becomes the id of the frame, and a reply of several
// lines is several frames.
func scripted(replies ...string) fakepeer.Handler {
	return func(ctx context.Context, ws fakepeer.Wire) {
		for _, reply := range replies {
			_, data, err := ws.Read(ctx)
			if err != nil {
				return
			}
			var m struct{ ID string }
			_ = json.Unmarshal(data, &m)
			for _, frame := range strings.Split(strings.ReplaceAll(reply, "$id", m.ID), "\n") {
				_ = ws.Write(ctx, websocket.MessageText, []byte(frame))
			}
		}
		_, _, _ = ws.Read(ctx)
	}
}

const (
	hello  = `{"type":"session.welcome","id":"w","session_id":"s","payload":{"resume_token":"rt_secret\"quoted","capabilities":{"features":["heartbeat"]}}}`
	accept = `{"type":"job.accepted","id":"a","job_id":"j1","payload":{}}`
)

func TestRepliesAreFoundOnWiresThatDiffer(t *testing.T) {
	t.Parallel()
	for name, reply := range map[string]string{
		"the same id":           `{"type":"session.error","id":"$id","payload":{"code":"WANTED"}}`,
		"request_id":            `{"type":"session.error","id":"x","request_id":"$id","payload":{"code":"WANTED"}}`,
		"reply_to":              `{"type":"nack","id":"x","reply_to":"$id","payload":{"code":"WANTED"}}`,
		"correlation_id":        `{"type":"job.error","id":"x","correlation_id":"$id","payload":{"code":"WANTED"}}`,
		"in the payload":        `{"type":"session.error","id":"x","payload":{"request_id":"$id","code":"WANTED"}}`,
		"in the details":        `{"type":"session.error","id":"x","payload":{"details":{"request_id":"$id"},"code":"WANTED"}}`,
		"nothing named":         `{"type":"job.error","id":"x","payload":{"code":"WANTED"}}`,
		"after an event":        `{"type":"job.event","id":"x","job_id":"j0","event_seq":1,"payload":{}}` + "\n" + `{"type":"session.error","id":"y","payload":{"code":"WANTED"}}`,
		"after a pong":          `{"type":"session.pong","id":"x","payload":{}}` + "\n" + `{"type":"session.error","id":"y","payload":{"code":"WANTED"}}`,
		"after another's":       `{"type":"session.error","id":"x","request_id":"msg_other","payload":{"code":"NO"}}` + "\n" + `{"type":"session.error","id":"y","payload":{"code":"WANTED"}}`,
		"a late acceptance for": `{"type":"session.closed","id":"x","payload":{}}` + "\n" + `{"type":"session.error","id":"y","payload":{"code":"WANTED"}}`,
	} {
		w := against(t, scripted(hello, "{}", reply), nil)
		c := session(t, w)
		// An earlier request of our own, so that a reply that names it is not taken for this one's.
		if _, err := c.Send(t.Context(), "session.ack", nil, world.WithID("msg_other")); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Await(t.Context(), func(m wire.Message) bool { return string(m.Raw) == "{}" }); err != nil {
			t.Fatal(err)
		}
		_, got, err := c.Submit(t.Context(), w.Submission(nil))
		if err != nil || got.Code() != "WANTED" {
			t.Errorf("%s: %s, %v", name, world.Brief(got), err)
		}
	}
}

func TestAnEndingIsNoReply(t *testing.T) {
	t.Parallel()
	end := `{"type":"job.error","id":"e","job_id":"j1","event_seq":1,"payload":{"code":"CANCELLED","final_status":"cancelled"}}`
	w := against(t, scripted(hello, accept, end+"\n"+`{"type":"job.cancelled","id":"c","payload":{"job_id":"j1"}}`), nil)
	c := session(t, w)
	job, err := c.MustSubmit(t.Context(), w.Submission(nil))
	if err != nil {
		t.Fatal(err)
	}
	id, _ := c.Send(t.Context(), "job.cancel", map[string]any{"job_id": job.ID}, world.WithJob(job.ID))
	reply, err := c.Reply(t.Context(), id)
	if err != nil || reply.Type() != "job.cancelled" || world.Correlated(reply, id) {
		t.Errorf("%s, %v", world.Brief(reply), err)
	}
	if end, err := job.AwaitEnd(t.Context()); err != nil || end.Code() != "CANCELLED" {
		t.Errorf("%s, %v", world.Brief(end), err)
	}
}

func TestOutcomesOfAJob(t *testing.T) {
	t.Parallel()
	event := func(kind, body string) string {
		return `{"type":"job.event","id":"x","job_id":"j1","payload":{"kind":"` + kind + `","body":` + body + `}}`
	}
	frames := strings.Join([]string{
		accept, event("tool_call", `{"tool":"t1","call_id":"c1"}`), event("tool_result", `{"call_id":"c1","result":{"ok":true}}`),
		event("tool_call", `{"tool":"t2","call_id":"c2"}`),
		event("tool_result", `{"call_id":"c2","error":{"code":"BUDGET_EXHAUSTED","message":"m","retryable":false}}`),
		event("metric", `{"name":"cost.x","value":1}`), event("metric", `{"name":"other","value":2}`),
		`{"type":"job.result","id":"r","job_id":"j1","payload":{}}`,
	}, "\n")
	w := against(t, scripted(hello, frames), nil)
	job, err := session(t, w).MustSubmit(t.Context(), w.Submission(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job.AwaitEnd(t.Context()); err != nil {
		t.Fatal(err)
	}
	c1, _ := job.Outcome("c1")
	c2, ok := job.Outcome("c2")
	if retryable, has := c2.Retryable(); c1.Code() != "" || c1.Tool != "t1" || !ok || c2.Code() != "BUDGET_EXHAUSTED" || retryable || !has {
		t.Errorf("%+v %+v", c1, c2)
	}
	if len(job.Metrics("cost.x")) != 1 || len(job.Metrics("")) != 2 || len(job.Outcomes()) != 2 {
		t.Errorf("metrics %v", job.Metrics(""))
	}
}

func TestWhatTheAgentCannotDoSkips(t *testing.T) {
	t.Parallel()
	refusal := `{"type":"job.event","id":"x","job_id":"j1","payload":{"kind":"tool_result","body":{"call_id":"c1","error":` +
		`{"code":"INVALID_REQUEST","message":"unsupported: model","retryable":false}}}}`
	w := against(t, scripted(hello, accept+"\n"+refusal+"\n"+`{"type":"job.result","id":"r","job_id":"j1","payload":{}}`), nil)
	job, err := session(t, w).MustSubmit(t.Context(), w.Submission(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job.AwaitEnd(t.Context()); err == nil || !strings.Contains(w.Skipped(), "model") {
		t.Errorf("%v, %q", err, w.Skipped())
	}
}

func TestTranscriptHidesSecretsAndShortens(t *testing.T) {
	t.Parallel()
	long := `{"type":"job.event","id":"x","payload":{"data":"` + strings.Repeat("é", 10_000) + `"}}`
	credential := `{"type":"job.accepted","id":"a","job_id":"j1","payload":{"credentials":[{"id":"c","value":"sk-secret"}]}}`
	rotated := `{"type":"job.event","id":"x","payload":{"kind":"status","body":{"phase":"credential_rotated","value":"sk-newer"}}}`
	w := against(t, scripted(hello, credential+"\n"+rotated+"\n"+long+"\n"+long), nil)
	c := session(t, w)
	if _, err := c.MustSubmit(t.Context(), w.Submission(nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Await(t.Context(), func(m wire.Message) bool { return m.Index == 6 }); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(w.Transcript(0), "\n")
	for _, secret := range []string{fakepeer.Token, "rt_secret", "sk-secret", "sk-newer"} {
		if strings.Contains(all, secret) {
			t.Errorf("%s stands in the transcript:\n%s", secret, all)
		}
	}
	if !strings.Contains(all, "A → ") || !strings.Contains(all, "A ← ") || !strings.Contains(all, "bytes)") || len(all) > 5000 {
		t.Errorf("transcript of %d bytes:\n%s", len(all), all)
	}
	if short := w.Transcript(4); len(short) != 5 || !strings.Contains(short[2], "left out") {
		t.Errorf("shortened to %q", short)
	}
	if got := w.Redact(`"rt_secret\"quoted" and rt_secret"quoted`); strings.Contains(got, "rt_secret") {
		t.Errorf("redacted to %s", got)
	}
}
