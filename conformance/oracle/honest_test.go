package oracle_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// said is one message of a generated transcript, not yet written.
type said struct {
	dir  wire.Direction
	conn string
	doc  map[string]any
}

// play generates what an honest runtime says: sessions, jobs of all sorts interleaved, and a resume now and then.
type play struct {
	t        *rapid.T
	said     []said
	sessions []*playSession
	ids      int
}

type playSession struct {
	id, conn string
	conns    int
	seq      int
	numbered []map[string]any // what it may have to say again
}

// playJob is one job: what it still has to emit.
type playJob struct {
	session *playSession
	id      string
	todo    []map[string]any // payloads of events; the last one is the ending
}

// honest gives a transcript without a fault. Its first session is resumed, and its first job does a bit of everything.
func honest(t *rapid.T) []said {
	p := &play{t: t}
	for i := range rapid.IntRange(1, 3).Draw(t, "sessions") {
		s := &playSession{id: fmt.Sprintf("sess_%d", i), conn: fmt.Sprintf("c%d", i)}
		p.sessions = append(p.sessions, s)
		p.hello(s)
	}
	jobs := []*playJob{p.job(0, true)}
	for i := range rapid.IntRange(0, 3).Draw(t, "jobs") {
		jobs = append(jobs, p.job(i+1, false))
	}
	resume := rapid.IntRange(3, 11).Draw(t, "events before the resume")
	for len(jobs) > 0 {
		i := rapid.IntRange(0, len(jobs)-1).Draw(t, "whose turn")
		if !p.step(jobs[i]) {
			jobs = append(jobs[:i], jobs[i+1:]...)
		}
		if s := p.sessions[0]; s.seq >= resume && s.conns == 0 {
			p.resume(s)
		}
	}
	return p.said
}

func (p *play) say(dir wire.Direction, s *playSession, kind string, payload map[string]any) map[string]any {
	p.ids++
	doc := map[string]any{"arcp": "1.1", "id": fmt.Sprintf("m%d", p.ids), "type": kind, "payload": payload, "session_id": s.id}
	p.said = append(p.said, said{dir, s.conn, doc})
	return doc
}

func (p *play) hello(s *playSession) {
	delete(p.say(wire.Sent, s, "session.hello", world.HelloPayload("bearer-of-"+s.conn, nil)), "session_id")
	p.welcome(s)
	p.say(wire.Sent, s, "session.ping", map[string]any{"nonce": "n", "sent_at": now})
	p.say(wire.Received, s, "session.pong", map[string]any{"ping_nonce": "n", "received_at": now})
}

func (p *play) welcome(s *playSession) {
	p.say(wire.Received, s, "session.welcome", map[string]any{
		"runtime": map[string]any{"name": "r", "version": "1"}, "resume_token": fmt.Sprintf("resume-%s-%d", s.id, s.conns),
		"resume_window_sec": 60, "heartbeat_interval_sec": 30, "capabilities": map[string]any{
			"encodings": []string{"json"}, "features": world.AllFeatures(),
			"agents": []any{map[string]any{"name": "conformance", "versions": []string{"2.0.0"}, "default": "2.0.0"}},
		},
	})
}

// resume drops the connection and comes back on another, some events behind.
func (p *play) resume(s *playSession) {
	behind := rapid.IntRange(1, s.seq).Draw(p.t, "events to replay")
	s.conns++
	s.conn += "#2"
	p.say(wire.Sent, s, "session.resume", map[string]any{
		"session_id": s.id, "resume_token": "resume-" + s.id + "-0", "last_event_seq": s.seq - behind,
	})
	p.welcome(s)
	for _, doc := range s.numbered[len(s.numbered)-behind:] {
		again := map[string]any{}
		for name, v := range doc {
			again[name] = v
		}
		p.said = append(p.said, said{wire.Received, s.conn, again})
	}
}

// job thinks a job up. The first one does all that the mutations need.
func (p *play) job(n int, full bool) *playJob {
	s := p.sessions[0]
	if !full {
		s = rapid.SampledFrom(p.sessions).Draw(p.t, "session")
	}
	j := &playJob{session: s, id: fmt.Sprintf("job_%d", n)}
	left := rapid.IntRange(100, 100_000).Draw(p.t, "budget")
	p.say(wire.Sent, s, "job.submit", map[string]any{
		"agent": "conformance", "input": map[string]any{}, "lease_request": map[string]any{"cost.budget": []string{"USD:" + places(left)}},
	})
	j.todo = append(j.todo, map[string]any{
		"job_id": j.id, "agent": "conformance@2.0.0", "lease": map[string]any{"cost.budget": []string{"USD:" + places(left)}},
		"budget": map[string]any{"USD": json.Number(places(left))}, "accepted_at": now,
	})
	kinds := []string{"cost", "call", "refusal", "progress", "log"}
	if !full {
		kinds = rapid.SliceOfN(rapid.SampledFrom(kinds), 0, 12).Draw(p.t, "events")
	}
	for i, kind := range kinds {
		left = p.emit(j, kind, left, fmt.Sprintf("call_%d", i), full)
	}
	p.ending(j, n, full)
	return j
}

// places writes hundred-millionths, so that small ones look as small as a token's price.
func places(n int) string { return fmt.Sprintf("%d.%08d", n/100_000_000, n%100_000_000) }

func (p *play) emit(j *playJob, kind string, left int, call string, full bool) int {
	event := func(kind string, body map[string]any) {
		j.todo = append(j.todo, map[string]any{"kind": kind, "ts": now, "body": body})
	}
	switch kind {
	case "cost":
		cost := rapid.IntRange(1, 60_000).Draw(p.t, "cost")
		left -= cost
		gauge := full || rapid.Bool().Draw(p.t, "gauge")
		event("metric", map[string]any{"name": "cost.x", "value": json.Number(places(cost)), "unit": "USD"})
		if gauge {
			event("metric", map[string]any{"name": "cost.budget.remaining", "value": signed(left), "unit": "USD"})
		}
	case "call":
		event("tool_call", map[string]any{"tool": "t", "args": map[string]any{}, "call_id": call})
		event("tool_result", map[string]any{"call_id": call, "result": 1})
	case "refusal":
		event("tool_call", map[string]any{"tool": "t", "args": map[string]any{}, "call_id": call})
		event("tool_result", map[string]any{"call_id": call, "error": map[string]any{
			"code": "BUDGET_EXHAUSTED", "message": "x", "retryable": false}})
	case "progress":
		event("progress", map[string]any{"current": 4, "total": 9})
	default:
		event("log", map[string]any{"level": "info", "message": "x"})
	}
	return left
}

func signed(n int) json.Number {
	if n < 0 {
		return json.Number("-" + places(-n))
	}
	return json.Number(places(n))
}

// ending ends a job with a stream, with an inline result or with an error.
func (p *play) ending(j *playJob, n int, full bool) {
	how := "stream"
	if !full {
		how = rapid.SampledFrom([]string{"stream", "inline", "error"}).Draw(p.t, "ending")
	}
	switch how {
	case "inline":
		j.todo = append(j.todo, map[string]any{"final_status": "success", "result": map[string]any{"n": n}})
	case "error":
		j.todo = append(j.todo, map[string]any{"final_status": "error", "code": "INTERNAL_ERROR", "message": "x", "retryable": true})
	default:
		parts := rapid.SliceOfN(rapid.StringN(0, 4, -1), 2, 4).Draw(p.t, "chunks")
		for i, part := range parts {
			j.todo = append(j.todo, map[string]any{"kind": "result_chunk", "ts": now, "body": map[string]any{
				"result_id": "res_" + j.id, "chunk_seq": i, "data": part, "encoding": "utf8", "more": i < len(parts)-1}})
		}
		j.todo = append(j.todo, map[string]any{
			"final_status": "success", "result_id": "res_" + j.id, "result_size": len(strings.Join(parts, "")),
		})
	}
}

// step says the next thing of the job, and whether there is more.
func (p *play) step(j *playJob) bool {
	payload := j.todo[0]
	j.todo = j.todo[1:]
	kind := "job.event"
	switch {
	case payload["accepted_at"] != nil:
		p.say(wire.Received, j.session, "job.accepted", payload)
		return true
	case payload["code"] != nil:
		kind = "job.error"
	case payload["final_status"] != nil:
		kind = "job.result"
	}
	j.session.seq++
	doc := p.say(wire.Received, j.session, kind, payload)
	doc["job_id"], doc["event_seq"] = j.id, j.session.seq
	j.session.numbered = append(j.session.numbered, doc)
	return len(j.todo) > 0
}

// written is the transcript as frames, with the members of each object in some order, and oddities that mean nothing.
func written(t rapid.TB, talk []said, odd *rapid.T) []wire.Message {
	var out []wire.Message
	for i, s := range talk {
		data, err := json.Marshal(s.doc)
		if err != nil {
			t.Fatal(err)
		}
		if odd != nil && rapid.Bool().Draw(odd, "odd") {
			data = oddly(data, rapid.IntRange(0, 3).Draw(odd, "oddity"))
		}
		m := wire.Parse(s.dir, s.conn, wire.Frame{Data: data}, time.Time{})
		m.Index = i
		out = append(out, m)
	}
	return out
}

// oddly writes the same message otherwise.
func oddly(data []byte, how int) []byte {
	text := string(data)
	switch how {
	case 0: // another order: the last member first
		if at := strings.LastIndex(text, `,"type":`); at > 0 {
			return []byte("{" + text[at+1:len(text)-1] + "," + text[1:at] + "}")
		}
	case 1:
		return []byte(`{"x-unknown":{"a":[1,null]},"trace_id":null,` + text[1:])
	case 2:
		return []byte(strings.Replace(text, `"retryable":`, `"details":null,"retryable":`, 1))
	case 3:
		return []byte(strings.Replace(strings.Replace(text, `"chunk_seq":1,`, `"chunk_seq":1.0e0,`, 1), `"current":4`, `"current":4.00`, 1))
	}
	return data
}
