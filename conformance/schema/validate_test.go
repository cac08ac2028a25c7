package schema_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/register"
	"github.com/arcp-conformance/arcp/conformance/schema"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// sound is one good frame of each kind that the tables below spoil.
var sound = map[string]string{
	"welcome": `{"arcp":"1.1","id":"m","type":"session.welcome","session_id":"s","payload":{"runtime":{"name":"r","version":"1"},
		"resume_token":"rt","resume_window_sec":600,"heartbeat_interval_sec":30,"capabilities":{"encodings":["json"],
		"features":["ack"],"agents":[{"name":"a","versions":["1.0.0"],"default":"1.0.0"}]}}}`,
	"pong":   `{"arcp":"1.1","id":"m","type":"session.pong","session_id":"s","payload":{"ping_nonce":"n","received_at":"2026-05-13T19:42:13.020Z"}}`,
	"ping":   `{"arcp":"1.1","id":"m","type":"session.ping","session_id":"s","payload":{"nonce":"n","sent_at":"2026-05-13T19:42:13Z"}}`,
	"closed": `{"arcp":"1.1","id":"m","type":"session.closed","session_id":"s","payload":{}}`,
	"error":  `{"arcp":"1.1","id":"m","type":"session.error","session_id":"s","payload":{"code":"INVALID_REQUEST","message":"x","retryable":false}}`,
	"jobs": `{"arcp":"1.1","id":"m","type":"session.jobs","session_id":"s","payload":{"request_id":"q","next_cursor":null,"jobs":[
		{"job_id":"j","agent":"a@1","status":"running","lease":{},"parent_job_id":null,"created_at":"2026-05-13T19:30:00Z","trace_id":"t","last_event_seq":5}]}}`,
	"accepted": `{"arcp":"1.1","id":"m","type":"job.accepted","session_id":"s","payload":{"job_id":"j","agent":"a@1","lease":{"cost.budget":["USD:5.00"]},
		"lease_constraints":{"expires_at":"2026-05-13T23:42:00Z"},"budget":{"USD":5.0},"credentials":[{"id":"c","scheme":"bearer","value":"v","endpoint":"e"}],
		"accepted_at":"2026-05-13T19:30:00Z","trace_id":"t"}}`,
	"result":     `{"arcp":"1.1","id":"m","type":"job.result","session_id":"s","job_id":"j","event_seq":4,"payload":{"final_status":"success","result_id":"r","result_size":3,"summary":"s"}}`,
	"job error":  `{"arcp":"1.1","id":"m","type":"job.error","session_id":"s","job_id":"j","event_seq":4,"payload":{"final_status":"error","code":"TIMEOUT","message":"x","retryable":true}}`,
	"cancelled":  `{"arcp":"1.1","id":"m","type":"job.cancelled","session_id":"s","job_id":"j","payload":{"job_id":"j"}}`,
	"subscribed": `{"arcp":"1.1","id":"m","type":"job.subscribed","session_id":"s","payload":{"job_id":"j","current_status":"running","agent":"a@1","lease":{},"lease_constraints":{"expires_at":"2026-05-13T23:42:00Z"},"budget":{"USD":3.58},"parent_job_id":null,"trace_id":"t","subscribed_from":18,"replayed":false}}`,
	"log":        event("log", `{"level":"info","message":"x"}`),
	"thought":    event("thought", `{"text":"x"}`),
	"call":       event("tool_call", `{"tool":"t","args":{},"call_id":"c"}`),
	"outcome":    event("tool_result", `{"call_id":"c","result":{"error":"none"}}`),
	"refusal":    event("tool_result", `{"call_id":"c","error":{"code":"BUDGET_EXHAUSTED","message":"x","retryable":false}}`),
	"status":     event("status", `{"phase":"running","message":"x"}`),
	"metric":     event("metric", `{"name":"cost.x","value":0.5,"unit":"USD","dimensions":{"a":1}}`),
	"gauge":      event("metric", `{"name":"cost.budget.remaining","value":-0.12,"unit":"USD"}`),
	"artifact":   event("artifact_ref", `{"uri":"u","content_type":"c","byte_size":5,"sha256":"x"}`),
	"delegate":   event("delegate", `{"agent":"b"}`),
	"progress":   event("progress", `{"current":4,"total":10,"units":"files","message":"x"}`),
	"chunk":      event("result_chunk", `{"result_id":"r","chunk_seq":0,"data":"x","encoding":"utf8","more":true}`),
}

func event(kind, body string) string {
	return `{"arcp":"1.1","id":"m","type":"job.event","session_id":"s","job_id":"j","event_seq":1,"payload":{"kind":"` + kind +
		`","ts":"2026-05-13T19:42:13Z","body":` + body + `}}`
}

// spoil sets the member at path to the JSON text value, or takes it away when value is "".
func spoil(t *testing.T, m wire.Message, path, value string) {
	t.Helper()
	steps := strings.Split(path, "/")
	parent, _ := wire.Lookup(m.Doc, steps[:len(steps)-1]...)
	object, ok := parent.(map[string]any)
	if !ok {
		t.Fatalf("no object above %s", path)
	}
	last := steps[len(steps)-1]
	if value == "" {
		delete(object, last)
		return
	}
	dec := json.NewDecoder(strings.NewReader(value))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	object[last] = v
}

type spoilt struct{ frame, path, value, want string }

func judge(t *testing.T, cases []spoilt) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.frame+" "+tc.path+" "+tc.value, func(t *testing.T) {
			t.Parallel()
			m := read(sound[tc.frame])
			if got := brief(schema.Validate(m)); len(got) != 0 {
				t.Fatalf("the frame itself is not sound: %q", got)
			}
			spoil(t, m, tc.path, tc.value)
			var want []string
			if tc.want != "" {
				want = strings.Split(tc.want, ", ")
			}
			got := brief(schema.Validate(m))
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestWhatBreaksTheShape(t *testing.T) {
	t.Parallel()
	judge(t, []spoilt{
		{"log", "arcp", "", "fail R5-1 "},
		{"log", "arcp", `"2.0"`, "fail R5-1 /arcp, warn R5-1 /arcp"},
		{"log", "id", "", "fail R5-1 "},
		{"log", "id", `7`, "fail R5-1 /id"},
		{"log", "id", `""`, "fail R5-1 /id"},
		{"log", "payload", `[]`, "fail R5-1 /payload"},
		{"error", "payload", "", "fail R5-1 "},
		{"error", "event_seq", `3`, "fail R5-1 /event_seq"},
		{"pong", "event_seq", `3`, "fail R6.4-5 /event_seq"},
		{"welcome", "session_id", "", "fail R6.2-1 "},
		{"welcome", "payload/runtime/name", "", "fail R6.2-1 /payload/runtime"},
		{"welcome", "payload/resume_token", `null`, "fail R6.2-1 /payload/resume_token"},
		{"welcome", "payload/resume_window_sec", `0`, "fail R6.2-1 /payload/resume_window_sec"},
		{"welcome", "payload/heartbeat_interval_sec", `"30"`, "fail R6.2-1 /payload/heartbeat_interval_sec"},
		{"welcome", "payload/capabilities/features", `{}`, "fail R6.2-1 /payload/capabilities/features"},
		{"welcome", "payload/capabilities/agents/0/name", `"A b"`, "fail R6.2-2 /payload/capabilities/agents/0/name"},
		{"welcome", "payload/capabilities/agents/0/versions", `["a b"]`, "fail R6.2-2 /payload/capabilities/agents/0/versions/0"},
		{"welcome", "payload/capabilities/agents/0/versions", `"1"`,
			"fail R6.2-2 /payload/capabilities/agents/0/versions, warn R6.2-2 /payload/capabilities/agents/0/versions"},
		{"welcome", "payload/capabilities/agents", `[7]`, "fail R6.2-2 /payload/capabilities/agents/0"},
		{"pong", "payload/ping_nonce", "", "fail R6.4-1 /payload"},
		{"ping", "payload/nonce", "", "warn R6.4-2 /payload"},
		{"jobs", "payload/request_id", "", "fail R6.6-1 /payload"},
		{"jobs", "payload/jobs/0/status", `"done"`, "fail R6.6-2 /payload/jobs/0/status"},
		{"jobs", "payload/jobs/0/lease", `null`, "fail R6.6-2 /payload/jobs/0/lease"},
		{"accepted", "payload/accepted_at", `"yesterday"`, "fail R7.1-1 /payload/accepted_at, warn R7.1-1 /payload/accepted_at"},
		{"accepted", "payload/lease", `{"tool.call":"*"}`, "fail R7.1-1 /payload/lease/tool.call"},
		{"accepted", "payload/lease_constraints/expires_at", `"2026-05-13T23:42:00+02:00"`,
			"fail R7.1-1 /payload/lease_constraints/expires_at, warn R7.1-1 /payload/lease_constraints/expires_at"},
		{"accepted", "payload/budget", `5`, "fail R7.1-2 /payload/budget"},
		{"accepted", "payload/budget/USD", `true`, "fail R7.1-2 /payload/budget/USD"},
		{"accepted", "payload/credentials/0/endpoint", "", "fail R9.8-1 /payload/credentials/0"},
		{"error", "payload/code", "", "fail R12-1 /payload"},
		{"error", "payload/retryable", `"no"`, "fail R12-1 /payload/retryable"},
		{"error", "payload", `{"error":{"code":"X"}}`, "fail R12-1 /payload/error"},
		{"job error", "payload/retryable", "", "fail R12-1 /payload"},
		{"job error", "payload/final_status", `"failed"`, "fail R7.3-1 /payload/final_status"},
		{"result", "payload/final_status", "", "fail R7.3-1 /payload"},
		{"result", "payload/final_status", `"done"`, "fail R7.3-1 /payload/final_status"},
		{"result", "payload/result_id", `5`, "fail R8.4-4 /payload/result_id"},
		{"result", "event_seq", "", "fail R5-1 "},
		{"log", "job_id", "", "fail R8.1-1 "},
		{"log", "event_seq", `"1"`, "fail R5-1 /event_seq, fail R8.1-1 /event_seq"},
		{"log", "payload/body", `null`, "fail R8.1-1 /payload/body"},
		{"log", "payload/kind", "", "fail R8.1-1 /payload"},
		{"log", "payload/body/level", "", "fail R8.2-1 /payload/body"},
		{"thought", "payload/body/text", `{}`, "fail R8.2-1 /payload/body/text"},
		{"call", "payload/body/call_id", "", "fail R8.2-1 /payload/body"},
		{"outcome", "payload/body/call_id", `1`, "fail R8.2-1 /payload/body/call_id"},
		{"refusal", "payload/body/result", `{}`, "fail R8.2-5 /payload/body/result"},
		{"refusal", "payload/body/error/retryable", "", "fail R12-1 /payload/body/error"},
		{"refusal", "payload/body/error", `"no"`, "fail R8.2-1 /payload/body/error"},
		{"metric", "payload/body/value", `"0.5"`, "fail R8.2-1 /payload/body/value"},
		{"metric", "payload/body/unit", `5`, "fail R8.2-1 /payload/body/unit"},
		{"artifact", "payload/body/uri", "", "fail R8.2-1 /payload/body"},
		{"progress", "payload/body/current", `-1`, "fail R8.2-3 /payload/body/current"},
		{"progress", "payload/body/current", `"4"`, "fail R8.2-3 /payload/body/current"},
		{"progress", "payload/body/total", `"10"`, "fail R8.2-1 /payload/body/total"},
		{"chunk", "payload/body/more", "", "fail R8.4-1 /payload/body"},
		{"chunk", "payload/body/encoding", `"hex"`, "fail R8.4-1 /payload/body/encoding"},
		{"chunk", "payload/body/chunk_seq", `0.5`, "fail R8.4-1 /payload/body/chunk_seq"},
		{"subscribed", "payload/current_status", `"ended"`, "fail R7.6-1 /payload/current_status"},
		{"subscribed", "payload/lease", "", "fail R7.6-1 /payload"},
		{"subscribed", "payload/budget", `[]`, "fail R7.6-2 /payload/budget"},
	})
}

func TestWhatIsToleratedOrOnlyWarnedOf(t *testing.T) {
	t.Parallel()
	judge(t, []spoilt{
		{"log", "arcp", `"1"`, "warn R5-1 /arcp"},
		{"closed", "payload", "", "warn R5-1 "},
		{"closed", "payload", "null", "warn R5-1 /payload"},
		{"closed", "payload/reason", "[1]", ""},
		{"log", "x-unknown", `{"a":[]}`, ""},
		{"log", "payload/x", `1`, ""},
		{"log", "payload/body/x", `1`, ""},
		{"log", "trace_id", `null`, ""},
		{"log", "event_seq", `5e0`, ""},
		{"log", "event_seq", `5.00`, ""},
		{"pong", "event_seq", `null`, ""},
		{"pong", "payload/received_at", "", "warn R6.4-1 /payload"},
		{"log", "payload/ts", "", "warn R8.1-1 /payload"},
		{"log", "payload/ts", `"2026-05-13T19:42:13+00:00"`, "warn R8.1-1 /payload/ts"},
		{"log", "payload/kind", `"x.vendor"`, ""},
		{"log", "type", `"envelope"`, ""},
		{"log", "type", `"event.log"`, ""},
		{"log", "type", `"session.bye"`, "fail R5-1 /event_seq"},
		{"welcome", "payload/capabilities/encodings", "", "warn R6.2-1 /payload/capabilities"},
		{"welcome", "payload/capabilities/features", `["x.vendor"]`, ""},
		{"welcome", "payload/capabilities/agents", `[]`, ""},
		{"welcome", "payload/capabilities/agents", `["a"]`, "warn R6.2-2 /payload/capabilities/agents/0"},
		{"welcome", "payload/capabilities/agents/0/versions", ``, "warn R6.2-2 /payload/capabilities/agents/0"},
		{"welcome", "payload/heartbeat_interval_sec", "", "warn R6.2-1 /payload"},
		{"welcome", "payload/heartbeat_interval_sec", "null", "warn R6.2-1 /payload/heartbeat_interval_sec"},
		{"welcome", "payload/capabilities/agents/0/default", `null`, ""},
		{"welcome", "payload/capabilities/agents/0/versions", `[]`, "warn R6.2-2 /payload/capabilities/agents/0/versions"},
		{"welcome", "payload/resume_window_sec", `0.5`, ""},
		{"accepted", "payload/agent", "", "warn R7.5-3 /payload"},
		{"accepted", "payload/agent", `"a"`, "warn R7.5-3 /payload/agent"},
		{"accepted", "payload/budget", `null`, ""},
		{"accepted", "payload/budget/USD", `"USD:5.00"`, "warn R7.1-2 /payload/budget/USD"},
		{"accepted", "payload/lease_constraints/expires_at", `"2026-05-13T23:42:00+00:00"`,
			"warn R7.1-1 /payload/lease_constraints/expires_at"},
		{"accepted", "payload/lease_constraints", `null`, ""},
		{"accepted", "payload/credentials", `null`, ""},
		{"jobs", "payload/next_cursor", "", ""},
		{"jobs", "payload/next_cursor", "5", "warn R6.6-1 /payload/next_cursor"},
		{"jobs", "payload/jobs/0/parent_job_id", "", ""},
		{"jobs", "payload/jobs/0/last_event_seq", "", ""},
		{"jobs", "payload/jobs/0/agent", `"a"`, "warn R7.5-3 /payload/jobs/0/agent"},
		{"subscribed", "payload/replayed", `0`, "warn R7.6-1 /payload/replayed"},
		{"subscribed", "payload/budget", `null`, ""},
		{"subscribed", "payload/budget/USD", `"3.58"`, "warn R7.6-2 /payload/budget/USD"},
		{"error", "payload", `{"error":{"code":"X","message":"x","retryable":true,"details":null}}`, ""},
		{"error", "payload/error", `{"anything":1}`, ""},
		{"job error", "payload/final_status", "", ""},
		{"job error", "payload/final_status", "null", ""},
		{"job error", "event_seq", "", ""},
		{"result", "payload/result_id", "null", ""},
		{"result", "payload/result_size", `"3"`, "warn R8.4-7 /payload/result_size"},
		{"result", "payload/result", `[null]`, ""},
		{"outcome", "payload/body/result", `null`, ""},
		{"outcome", "payload/body/result", "", "warn R8.2-5 /payload/body"},
		{"outcome", "payload/body/error", `null`, ""},
		{"refusal", "payload/body/result", `null`, ""},
		{"call", "payload/body/args", "", "warn R8.2-1 /payload/body"},
		{"call", "payload/body/args", `[1]`, ""},
		{"status", "payload/body/phase", `"timed_out_a_bit"`, ""},
		{"status", "payload/body/message", `null`, ""},
		{"metric", "payload/body/value", `5e-7`, ""},
		{"metric", "payload/body/value", `-1`, ""},
		{"metric", "payload/body/unit", "", ""},
		{"metric", "payload/body/dimensions", `null`, ""},
		{"gauge", "payload/body/value", `"0.58"`, "warn R8.2-1 /payload/body/value"},
		{"progress", "payload/body/total", `null`, ""},
		{"progress", "payload/body/current", `0.5`, ""},
		{"chunk", "payload/body/data", `""`, ""},
		{"chunk", "payload/body/chunk_seq", `0.0`, ""},
		{"delegate", "payload/body", `{}`, ""},
	})
}

func TestMonstrousNumbersBreakNothing(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("9", 5000)
	for _, tc := range []spoilt{
		{"progress", "payload/body/current", "1e999999999", ""},
		{"progress", "payload/body/current", "1e-999999999", ""},
		{"progress", "payload/body/current", "0e999999999", ""},
		{"progress", "payload/body/current", long, ""},
		{"progress", "payload/body/current", "0." + long, ""},
		{"progress", "payload/body/current", "-1e99999999999999999999", "fail R8.2-3 /payload/body/current"},
		{"chunk", "payload/body/chunk_seq", "1e999999999", ""},
		{"chunk", "payload/body/chunk_seq", "1e-999999999", "fail R8.4-1 /payload/body/chunk_seq"},
		{"metric", "payload/body/dimensions", `{"a":[[1e999999999]]}`, ""},
	} {
		m := read(sound[tc.frame])
		spoil(t, m, tc.path, tc.value)
		if got := strings.Join(brief(schema.Validate(m)), ", "); got != tc.want {
			t.Errorf("%s %.20s: got %q, want %q", tc.path, tc.value, got, tc.want)
		}
	}
}

func TestFramesThatAreNoObjectHaveNoShape(t *testing.T) {
	t.Parallel()
	for _, frame := range []string{``, `[]`, `nonsense`, `{"a":1`} {
		if got := schema.Validate(read(frame)); got != nil {
			t.Errorf("%q: %v", frame, got)
		}
	}
}

func TestRequirementsAreRowsOfTheRegister(t *testing.T) {
	t.Parallel()
	for name, frame := range sound {
		rows := schema.Requirements(read(frame))
		if len(rows) < 2 {
			t.Errorf("%s: %q", name, rows)
		}
		for _, row := range rows {
			if _, ok := register.Lookup(row); !ok {
				t.Errorf("%s: no row %q", name, row)
			}
		}
	}
	if got := schema.Requirements(read(`{"type":"common"}`)); len(got) != 1 {
		t.Errorf("a type that is the name of a file: %q", got)
	}
	if types := schema.Types(); len(types) != 21 || !slices.Contains(types, "job.unsubscribe") {
		t.Errorf("%d types: %q", len(types), types)
	}
}
