package job_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

func TestClause_8_2_EventsAreCheckedAndPassedOnAsTheyAre(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind protocol.EventKind
		body string
		ok   bool
	}{
		{protocol.KindLog, `{"level":"info","message":"m","more":[1.50]}`, true},
		{protocol.KindThought, `{"text":"t"}`, true},
		{protocol.KindThought, `{"text":7}`, false},
		{protocol.KindStatus, `{"phase":"p"}`, true},
		{protocol.KindMetric, `{"name":"latency","value":-1.250e-3}`, true},
		{protocol.KindArtifactRef, `{"uri":"file:///a","content_type":"text/plain"}`, true},
		{protocol.KindProgress, `{"current":0}`, true},
		{protocol.KindDelegate, `{}`, false},
		{"made.up", `{}`, false},
		{protocol.KindLog, `[`, false},
		{protocol.KindLog, ``, false},
	}
	for _, test := range tests {
		b := startedBench(t)
		effects := b.emit(test.kind, test.body)
		if !test.ok {
			wantRefused(t, effects, protocol.InvalidRequest)
			continue
		}
		wantDone(t, effects)
		wantEvents(t, effects, string(test.kind)+" "+test.body)
	}
}

func TestClause_8_2_FeaturesNotNegotiatedStayInside(t *testing.T) {
	t.Parallel()
	in := submission()
	in.Features = []protocol.Feature{protocol.FeatureCostBudget}
	b := benchOf(t, nil, in)
	wantRefused(t, b.emit(protocol.KindProgress, `{"current":1}`), protocol.InvalidRequest)
	wantRefused(t, b.step(job.StreamOpened{Call: b.call(), ResultID: "res_1", Encoding: protocol.UTF8}), protocol.InvalidRequest)
	raw := `{"result_id":"res_1","chunk_seq":0,"data":"","encoding":"utf8","more":false}`
	wantRefused(t, b.emit(protocol.KindResultChunk, raw), protocol.InvalidRequest)
	b.step(job.AgentReturned{Result: json.RawMessage("1")})
	if _, ok := b.ending().(protocol.JobResult); !ok {
		t.Error("a refused stream spoils the inline result")
	}
}

func TestClause_8_2_ToolResultAnswersAToolCall(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	wantRefused(t, b.emit(protocol.KindToolResult, `{"call_id":"c1","result":1}`), protocol.InvalidRequest)
	wantDone(t, b.emit(protocol.KindToolCall, `{"tool":"search","args":{},"call_id":"c1"}`))
	wantRefused(t, b.emit(protocol.KindToolCall, `{"tool":"search","args":{},"call_id":"c1"}`), protocol.InvalidRequest)
	wantDone(t, b.emit(protocol.KindToolResult, `{"call_id":"c1","result":1}`))
	wantRefused(t, b.emit(protocol.KindToolResult, `{"call_id":"c1","result":1}`), protocol.InvalidRequest)
	wantDone(t, b.emit(protocol.KindToolCall, `{"tool":"search","args":{},"call_id":"c1"}`))
}

func TestClause_8_2_OpenCallsAreBounded(t *testing.T) {
	t.Parallel()
	b := benchOf(t, &job.Config{MaxOpenCalls: 2}, submission())
	long := strings.Repeat("x", 1025)
	wantRefused(t, b.emit(protocol.KindToolCall, `{"tool":"t","args":{},"call_id":"`+long+`"}`), protocol.InvalidRequest)
	wantDone(t, b.emit(protocol.KindToolCall, `{"tool":"t","args":{},"call_id":"1"}`))
	wantDone(t, b.emit(protocol.KindToolCall, `{"tool":"t","args":{},"call_id":"2"}`))
	wantRefused(t, b.emit(protocol.KindToolCall, `{"tool":"t","args":{},"call_id":"3"}`), protocol.InvalidRequest)
	wantDone(t, b.emit(protocol.KindToolResult, `{"call_id":"1","result":null}`))
	wantDone(t, b.emit(protocol.KindToolCall, `{"tool":"t","args":{},"call_id":"3"}`))
}

func TestClause_12_ErrorsInToolResultsArePinned(t *testing.T) {
	t.Parallel()
	tests := []struct{ said, want string }{
		{`{"call_id":"c","error":{"code":"BUDGET_EXHAUSTED","message":"m","retryable":true}}`,
			`{"call_id":"c","error":{"code":"BUDGET_EXHAUSTED","message":"m","retryable":false}}`},
		{`{"call_id":"c","error":{"code":"INTERNAL_ERROR","message":"m","retryable":false}}`,
			`{"call_id":"c","error":{"code":"INTERNAL_ERROR","message":"m","retryable":true}}`},
		{`{"call_id":"c","error":{"code":"PERMISSION_DENIED","message":"m","retryable":true}}`,
			`{"call_id":"c","error":{"code":"PERMISSION_DENIED","message":"m","retryable":true}}`},
		{`{"call_id":"c","error":{"code":"ENOENT","message":"m","retryable":true}}`, ""},
	}
	for _, test := range tests {
		b := startedBench(t)
		b.emit(protocol.KindToolCall, `{"tool":"t","args":{},"call_id":"c"}`)
		effects := b.emit(protocol.KindToolResult, test.said)
		if test.want == "" {
			wantRefused(t, effects, protocol.InvalidRequest)
			wantDone(t, b.emit(protocol.KindToolResult, `{"call_id":"c","result":1}`)) // it is open still
			continue
		}
		if got := events(effects); len(got) != 1 || got[0] != "tool_result "+test.want {
			t.Errorf("got %s", transcript.Render(effects))
		}
	}
}
