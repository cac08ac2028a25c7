package oracle_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/conformance/oracle"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

func TestHonestTranscriptsDrawNoFinding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		j := oracle.Judge(written(t, honest(r), r), nil)
		for _, f := range j.Findings {
			r.Log(f)
		}
		if len(j.Findings) > 0 {
			r.Fatal("a finding about an honest runtime")
		}
	})
}

// mutation is one fault put into an honest transcript.
type mutation struct {
	name    string
	want    string // a finding that it must draw
	applied func(r *rapid.T, talk []said) []said
}

// on is a mutation of the first message that is received and fits: changed in place, in a copy of its payload.
func on(fits func(map[string]any) bool, change func(doc map[string]any)) func(*rapid.T, []said) []said {
	return func(r *rapid.T, talk []said) []said {
		i := slices.IndexFunc(talk, func(s said) bool { return s.dir == wire.Received && fits(s.doc) })
		if i < 0 {
			r.Fatal("the honest transcript has nothing to put the fault into")
		}
		talk[i].doc = deep(talk[i].doc)
		change(talk[i].doc)
		return talk
	}
}

func deep(doc map[string]any) map[string]any {
	data, _ := json.Marshal(doc)
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.UseNumber()
	var out map[string]any
	_ = dec.Decode(&out)
	return out
}

func at(doc map[string]any, path ...string) map[string]any {
	for _, name := range path {
		doc, _ = doc[name].(map[string]any)
	}
	return doc
}

func ofType(kind string) func(map[string]any) bool {
	return func(doc map[string]any) bool { return doc["type"] == kind }
}

// first is the event of the first job that is of this kind, and whose body has the member, if one is named.
func first(kind string, member ...string) func(map[string]any) bool {
	return func(doc map[string]any) bool {
		if doc["job_id"] != "job_0" || at(doc, "payload")["kind"] != kind {
			return false
		}
		_, has := at(doc, "payload", "body")[strings.Join(member, "")]
		return len(member) == 0 || has
	}
}

func firstResult(doc map[string]any) bool {
	return doc["job_id"] == "job_0" && doc["type"] == "job.result"
}

func gauge(doc map[string]any) bool {
	return first("metric")(doc) && at(doc, "payload", "body")["name"] == "cost.budget.remaining"
}

func set(value any, path ...string) func(map[string]any) {
	return func(doc map[string]any) { at(doc, path[:len(path)-1]...)[path[len(path)-1]] = value }
}

func drop(path ...string) func(map[string]any) {
	return func(doc map[string]any) { delete(at(doc, path[:len(path)-1]...), path[len(path)-1]) }
}

func TestEveryFaultDrawsItsFinding(t *testing.T) {
	t.Parallel()
	for _, m := range faults() {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			for seed := range 5 {
				m.draws(t, rapid.Custom(func(r *rapid.T) []said { return m.applied(r, honest(r)) }).Example(seed))
			}
		})
	}
}

func TestFaultsAreFoundInWhateverTranscript(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		m := rapid.SampledFrom(faults()).Draw(r, "fault")
		m.draws(r, m.applied(r, honest(r)))
	})
}

func (m mutation) String() string { return m.name }

func (m mutation) draws(t rapid.TB, talk []said) {
	if got := told(oracle.Judge(written(t, talk, nil), nil)); !slices.Contains(got, m.want) {
		t.Fatalf("it drew %q, want %q among them", got, m.want)
	}
}

func faults() []mutation { return append(messageFaults(), orderFaults()...) }

func messageFaults() []mutation {
	event := ofType("job.event")
	return []mutation{
		{"no arcp", "fail R5-1", on(event, drop("arcp"))},
		{"no session_id", "fail R8.1-1", on(event, drop("session_id"))},
		{"another session_id", "fail R5-1", on(event, set("sess_x", "session_id"))},
		{"no event_seq on a result", "fail R5-1", on(firstResult, drop("event_seq"))},
		{"no resume_token", "fail R6.2-1", on(ofType("session.welcome"), drop("payload", "resume_token"))},
		{"no ping_nonce", "fail R6.4-1", on(ofType("session.pong"), drop("payload", "ping_nonce"))},
		{"a number on a pong", "fail R6.4-5", on(ofType("session.pong"), set(1, "event_seq"))},
		{"no accepted_at", "fail R7.1-1", on(ofType("job.accepted"), drop("payload", "accepted_at"))},
		{"no budget", "fail R7.1-2", on(ofType("job.accepted"), drop("payload", "budget"))},
		{"half a budget", "fail R7.1-2", on(ofType("job.accepted"), set(0.00000001, "payload", "budget", "USD"))},
		{"another status word", "fail R7.3-1", on(firstResult, set("done", "payload", "final_status"))},
		{"a result that says error", "fail R7.3-1", on(firstResult, set("error", "payload", "final_status"))},
		{"no level", "fail R8.2-1", on(first("log"), drop("payload", "body", "level"))},
		{"a negative progress", "fail R8.2-3", on(first("progress"), set(-1, "payload", "body", "current"))},
		{"an unknown call", "fail R8.2-5", on(first("tool_result"), set("call_x", "payload", "body", "call_id"))},
		{"a chunk without more", "fail R8.4-1", on(first("result_chunk"), drop("payload", "body", "more"))},
		{"chunks from 1", "fail R8.4-2", on(first("result_chunk"), set(1, "payload", "body", "chunk_seq"))},
		{"more false on the first", "fail R8.4-3", on(first("result_chunk"), set(false, "payload", "body", "more"))},
		{"no result_id", "fail R8.4-4", on(firstResult, drop("payload", "result_id"))},
		{"an inline result as well", "fail R8.4-5", on(firstResult, set(1, "payload", "result"))},
		{"a result_size too great", "warn R8.4-7", on(firstResult, set(1000, "payload", "result_size"))},
		{"another result_id", "fail R8.4-9", on(first("result_chunk"), set("res_x", "payload", "body", "result_id"))},
		{"a gauge that is off by a little", "fail R9.6-3", on(gauge, func(doc map[string]any) {
			body := at(doc, "payload", "body")
			body["value"] = json.Number(string(body["value"].(json.Number)) + "1")
		})},
		{"BUDGET_EXHAUSTED, retryable", "fail R9.6-10", on(first("tool_result", "error"), set(true, "payload", "body", "error", "retryable"))},
		{"a made-up code", "fail R12-1", on(first("tool_result", "error"), set("OOPS", "payload", "body", "error", "code"))},
		{"the bearer token in a log", "fail R6.1-4", on(first("log"), set("bearer-of-c0", "payload", "body", "message"))},
		{"a feature that was not agreed on", "fail R6.2-3", on(ofType("session.welcome"),
			set([]string{"result_chunk", "cost.budget"}, "payload", "capabilities", "features"))},
	}
}

func orderFaults() []mutation {
	numbered := func(s said) bool { return s.doc["event_seq"] != nil && s.doc["session_id"] == "sess_0" }
	return []mutation{
		{"a number left out", "fail R8.3-1", func(r *rapid.T, talk []said) []said {
			from := rapid.IntRange(2, 6).Draw(r, "from")
			for i, s := range talk {
				if seq, _ := s.doc["event_seq"].(int); numbered(s) && seq >= from {
					talk[i].doc = deep(s.doc)
					talk[i].doc["event_seq"] = seq + 1
				}
			}
			return talk
		}},
		{"a number twice", "fail R8.3-1", func(_ *rapid.T, talk []said) []said {
			i := slices.IndexFunc(talk, func(s said) bool { return numbered(s) && s.doc["event_seq"] == 2 })
			talk[i].doc = deep(talk[i].doc)
			talk[i].doc["event_seq"] = 1
			return talk
		}},
		{"one id twice", "fail R5-5", func(_ *rapid.T, talk []said) []said {
			j := slices.IndexFunc(talk, func(s said) bool { return numbered(s) && s.doc["event_seq"] == 1 })
			i := slices.IndexFunc(talk, func(s said) bool { // of the same session: two peers may have one id
				return numbered(s) && s.doc["event_seq"] == 2 && s.doc["session_id"] == talk[j].doc["session_id"]
			})
			talk[i].doc = deep(talk[i].doc)
			talk[i].doc["id"] = talk[j].doc["id"]
			return talk
		}},
		{"a second ending", "fail R7.3-1", again(firstResult)},
		{"an event after the ending", "fail R7.3-3", again(first("log"))},
		{"an event before the acceptance", "fail R7.1-6", func(_ *rapid.T, talk []said) []said {
			i := slices.IndexFunc(talk, func(s said) bool {
				return s.doc["type"] == "job.accepted" && at(s.doc, "payload")["job_id"] == "job_0"
			})
			accepted := talk[i]
			talk = slices.Delete(talk, i, i+1)
			j := slices.IndexFunc(talk, func(s said) bool { return s.doc["job_id"] == "job_0" })
			return slices.Insert(talk, j+1, accepted)
		}},
		{"a cost that is told under another name", "fail R9.6-3", func(_ *rapid.T, talk []said) []said {
			for i, s := range talk { // where a resume repeats it, too
				if first("metric")(s.doc) && !gauge(s.doc) {
					talk[i].doc = deep(s.doc)
					at(talk[i].doc, "payload", "body")["name"] = "price.x"
				}
			}
			return talk
		}},
		{"other content under a replayed number", "fail R6.3-2", func(_ *rapid.T, talk []said) []said {
			i := slices.IndexFunc(talk, func(s said) bool { return numbered(s) && strings.HasSuffix(s.conn, "#2") })
			talk[i].doc = deep(talk[i].doc)
			at(talk[i].doc, "payload")["other"] = 1
			return talk
		}},
	}
}

// again says the first message that fits once more at the end, as news.
func again(fits func(map[string]any) bool) func(*rapid.T, []said) []said {
	return func(_ *rapid.T, talk []said) []said {
		i := slices.IndexFunc(talk, func(s said) bool { return fits(s.doc) })
		doc, last, conn := deep(talk[i].doc), 0, ""
		for _, s := range talk {
			if seq, _ := s.doc["event_seq"].(int); s.doc["session_id"] == "sess_0" && seq > last {
				last, conn = seq, s.conn
			}
		}
		doc["id"], doc["event_seq"] = "m_again", last+1
		return append(talk, said{wire.Received, conn, doc})
	}
}
