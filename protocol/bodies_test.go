package protocol_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/protocol"
)

func TestClause_8_2_BodiesOfEachKind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       protocol.Body
	}{
		{"log", `{"level":"info","message":""}`, protocol.Log{Level: "info"}},
		{"thought", `{"text":"hm"}`, protocol.Thought{Text: "hm"}},
		{"tool_call", `{"tool":"t","args":null,"call_id":"c"}`,
			protocol.ToolCall{Tool: "t", Args: json.RawMessage("null"), CallID: "c"}},
		{"tool_result", `{"call_id":"c","result":[1]}`, protocol.ToolResult{CallID: "c", Result: json.RawMessage("[1]")}},
		{"a null result alone", `{"call_id":"c","result":null}`,
			protocol.ToolResult{CallID: "c", Result: json.RawMessage("null")}},
		{"a null error beside a result", `{"call_id":"c","result":1,"error":null}`,
			protocol.ToolResult{CallID: "c", Result: json.RawMessage("1")}},
		{"a null result beside an error", `{"call_id":"c","result":null,"error":{"code":"TIMEOUT","message":"m","retryable":true}}`,
			protocol.ToolResult{CallID: "c", Error: &protocol.Error{Code: protocol.Timeout, Message: "m", Retryable: true}}},
		{"status", ` {"phase":"p","message":"m"}`, protocol.Status{Phase: "p", Message: "m"}},
		{"metric", `{"name":"cost.x","value":4.4999999999999993e-07,"unit":"USD","dimensions":{"a":1}}`,
			protocol.Metric{Name: "cost.x", Value: "4.4999999999999993e-07", Unit: "USD", Dimensions: json.RawMessage(`{"a":1}`)}},
		{"a metric below zero", `{"name":"x","value":-0.10}`, protocol.Metric{Name: "x", Value: "-0.10"}},
		{"artifact_ref", `{"uri":"u","content_type":"text/plain","byte_size":0,"sha256":"aa"}`,
			protocol.ArtifactRef{URI: "u", ContentType: "text/plain", ByteSize: new(int64), SHA256: "aa"}},
		{"delegate", `{"agent":"b","anything":[1]}`, protocol.Delegate(`{"agent":"b","anything":[1]}`)},
		{"delegate of 62 levels", `{"a":` + nested(61) + `}`, protocol.Delegate(`{"a":` + nested(61) + `}`)},
		{"progress", `{"current":-0,"total":10.5,"units":"files"}`,
			protocol.Progress{Current: "-0", Total: new(protocol.Number("10.5")), Units: "files"}},
		{"progress beyond its total", `{"current":12,"total":10}`,
			protocol.Progress{Current: "12", Total: new(protocol.Number("10"))}},
		{"result_chunk", `{"result_id":"r","chunk_seq":1e0,"data":"","encoding":"base64","more":false,"x":1}`,
			protocol.ResultChunk{ResultID: "r", ChunkSeq: 1, Encoding: protocol.Base64}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := protocol.DecodeBody(c.want.Kind(), json.RawMessage(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if err := protocol.CheckEvent(c.want.Kind(), json.RawMessage(c.text)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestClause_8_2_BodiesThatMayNotBeEmitted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		kind protocol.EventKind
		text string
	}{
		{"an unknown kind", "frobnicate", `{}`}, {"no kind", "", `{}`}, {"a kind in other letters", "Log", `{"level":"i","message":"m"}`},
		{"nothing", "log", ``}, {"spaces", "log", ` `}, {"null", "log", `null`}, {"a list", "log", `[]`}, {"text", "delegate", `"a"`},
		{"no JSON", "log", `{"level":"info"`}, {"two values", "delegate", `{} {}`},
		{"a key twice", "delegate", `{"a":{"b":1,"b":1}}`}, {"too deep where it will stand", "delegate", `{"a":` + nested(62) + `}`},
		{"invalid UTF-8", "delegate", "{\"a\":\"\xff\"}"},
		{"a log without a level", "log", `{"message":"m"}`}, {"a log without a message", "log", `{"level":"info"}`},
		{"a log with an empty level", "log", `{"level":"","message":"m"}`},
		{"a log with a Level", "log", `{"level":"info","message":"m","Level":"error"}`},
		{"a thought of a number", "thought", `{"text":5}`},
		{"a call without arguments", "tool_call", `{"tool":"t","call_id":"c"}`},
		{"a call of nothing", "tool_call", `{"tool":"","args":{},"call_id":"c"}`},
		{"a call without an id", "tool_call", `{"tool":"t","args":{}}`},
		{"a result and an error", "tool_result", `{"call_id":"c","result":1,"error":{"code":"TIMEOUT","message":"m","retryable":true}}`},
		{"neither result nor error", "tool_result", `{"call_id":"c"}`},
		{"an error without retryable", "tool_result", `{"call_id":"c","error":{"code":"TIMEOUT","message":"m"}}`},
		{"an error that is text", "tool_result", `{"call_id":"c","error":"boom"}`},
		{"a status without a phase", "status", `{"message":"m"}`},
		{"a metric without a value", "metric", `{"name":"cost.x"}`}, {"a metric of null", "metric", `{"name":"cost.x","value":null}`},
		{"a metric of text", "metric", `{"name":"cost.x","value":"0.1"}`},
		{"a metric of 65 digits", "metric", `{"name":"cost.x","value":0.` + manyDigits(63) + `}`},
		{"a metric without a name", "metric", `{"value":1}`},
		{"dimensions in a list", "metric", `{"name":"x","value":1,"dimensions":[]}`},
		{"an artifact without its type", "artifact_ref", `{"uri":"u"}`},
		{"an artifact of less than nothing", "artifact_ref", `{"uri":"u","content_type":"t","byte_size":-1}`},
		{"progress below zero", "progress", `{"current":-1e-9}`}, {"progress of nothing", "progress", `{"total":5}`},
		{"a chunk of its own encoding", "result_chunk", `{"result_id":"r","chunk_seq":0,"data":"","encoding":"hex","more":true}`},
		{"a chunk without more", "result_chunk", `{"result_id":"r","chunk_seq":0,"data":"","encoding":"utf8"}`},
		{"a chunk without data", "result_chunk", `{"result_id":"r","chunk_seq":0,"encoding":"utf8","more":true}`},
		{"a chunk and a half", "result_chunk", `{"result_id":"r","chunk_seq":0.5,"data":"","encoding":"utf8","more":true}`},
		{"a chunk before the first", "result_chunk", `{"result_id":"r","chunk_seq":-1,"data":"","encoding":"utf8","more":true}`},
		{"a chunk of nothing", "result_chunk", `{"result_id":"","chunk_seq":0,"data":"","encoding":"utf8","more":true}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := protocol.DecodeBody(c.kind, json.RawMessage(c.text))
			if err == nil || err.Code != protocol.InvalidRequest || err.Message == "" || got != nil {
				t.Errorf("got %v, %v, want INVALID_REQUEST", got, err)
			}
			if checked := protocol.CheckEvent(c.kind, json.RawMessage(c.text)); !cmp.Equal(checked, err) {
				t.Errorf("CheckEvent says %v, DecodeBody %v", checked, err)
			}
		})
	}
}

func manyDigits(n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = byte('1' + i%9)
	}
	return string(text)
}
