package protocol_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/protocol"
)

// least has each message with the fields that it must have, and no others.
var least = map[protocol.MessageType]string{
	"session.hello": `{"client":{"name":"c","version":"1"}}`,
	"session.welcome": `{"runtime":{"name":"r","version":"1"},"resume_token":"t","resume_window_sec":600,` +
		`"heartbeat_interval_sec":30,"capabilities":{}}`,
	"session.resume":    `{"resume_token":"t","last_event_seq":7}`,
	"session.ping":      `{"nonce":"n"}`,
	"session.pong":      `{"ping_nonce":"n"}`,
	"session.ack":       `{"last_processed_seq":7}`,
	"session.list_jobs": `{}`,
	"session.jobs": `{"request_id":"m","jobs":[{"job_id":"j","agent":"a","status":"running","lease":{},` +
		`"created_at":"t","last_event_seq":7}]}`,
	"session.close":   `{}`,
	"session.closed":  `{}`,
	"session.error":   `{"code":"INTERNAL_ERROR","message":"m","retryable":true}`,
	"job.submit":      `{"agent":"a"}`,
	"job.accepted":    `{"job_id":"j","lease":{},"accepted_at":"t"}`,
	"job.event":       `{"kind":"log","body":{}}`,
	"job.result":      `{"final_status":"success"}`,
	"job.error":       `{"final_status":"error","code":"TIMEOUT","message":"m","retryable":false}`,
	"job.cancel":      `{}`,
	"job.cancelled":   `{"job_id":"j"}`,
	"job.subscribe":   `{"job_id":"j"}`,
	"job.subscribed":  `{"job_id":"j","current_status":"running","agent":"a@1","lease":{},"subscribed_from":7,"replayed":false}`,
	"job.unsubscribe": `{"job_id":"j"}`,
}

// leastFrame has the envelope around it.
func leastFrame(messageType protocol.MessageType) string {
	return `{"arcp":"1.1","id":"msg_1","type":"` + string(messageType) + `","session_id":"s","job_id":"j","event_seq":1,` +
		`"payload":` + least[messageType] + `}`
}

func object(t *testing.T, text string) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return doc
}

func written(t *testing.T, doc any) string {
	t.Helper()
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Fields of which the codec does not look at the inside: those that hold any JSON, and objects.
var (
	anything = []string{"input", "result", "args"}
	opaque   = []string{"body", "constraints", "dimensions"}
)

// eachMember calls visit for every member that is the codec's to read, with the object that has it.
func eachMember(doc any, visit func(object map[string]any, key string)) {
	switch doc := doc.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(doc)) {
			visit(doc, key)
			if !slices.Contains(anything, key) && !slices.Contains(opaque, key) {
				eachMember(doc[key], visit)
			}
		}
	case []any:
		for _, element := range doc {
			eachMember(element, visit)
		}
	}
}

// answerTo is the request id that a refusal has to name where one field of an object was changed: the frame's own,
// unless that is what was changed.
func answerTo(at map[string]any, key string) protocol.MessageID {
	if _, envelope := at["payload"]; envelope && key == "id" {
		return ""
	}
	return "msg_1"
}

func TestClause_5_EveryMessageHasItsType(t *testing.T) {
	t.Parallel()
	if len(least) != 21 {
		t.Errorf("%d messages, want 21", len(least))
	}
	for messageType := range least {
		envelope := accepted(t, leastFrame(messageType))
		if got := envelope.Payload.Type(); got != messageType {
			t.Errorf("%s is read as %s", messageType, got)
		}
	}
	for _, unknown := range []string{"job.pause", "", "Job.Submit", "job.submit ", "session", "agent.frobnicate"} {
		refused(t, strings.Replace(framed("", ""), "job.submit", unknown, 1), "msg_1")
	}
}

func TestClause_5_NoRequiredFieldMayBeMissing(t *testing.T) {
	t.Parallel()
	optional := map[string]bool{"session_id": true, "job_id": true, "event_seq": true} // in the envelope
	for messageType := range least {
		frame := object(t, leastFrame(messageType))
		eachMember(frame, func(at map[string]any, key string) {
			if _, envelope := at["arcp"]; envelope && optional[key] && messageType != "job.event" {
				return
			}
			value := at[key]
			delete(at, key)
			refused(t, written(t, frame), answerTo(at, key))
			at[key] = nil
			refused(t, written(t, frame), answerTo(at, key))
			at[key] = value
		})
	}
}

func TestClause_5_NoKnownFieldMayBeInOtherLetters(t *testing.T) {
	t.Parallel()
	for messageType := range least {
		frame := object(t, leastFrame(messageType))
		eachMember(frame, func(at map[string]any, key string) {
			for _, other := range []string{strings.ToUpper(key), strings.ToUpper(key[:1]) + key[1:]} {
				at[other] = at[key]
				refused(t, written(t, frame), "msg_1")
				delete(at, other)
			}
		})
	}
}

// kinds are values of every JSON type but null. For the codec, numbers are of three.
var kinds = map[string][]any{
	"text": {"text", ""}, "whole": {5.0, 0.0}, "number": {-1.0, 2.5}, "flag": {true, false},
	"list": {[]any{}, []any{1.0}}, "object": {map[string]any{}, map[string]any{"x": 1.0}},
}

// Every field of every example of the draft has one type: with a value of another, the frame is refused.
func TestClause_5_EveryFieldHasOneType(t *testing.T) {
	t.Parallel()
	for _, e := range examples(t) {
		frame := object(t, string(e.Frame))
		frame["id"] = "msg_1"
		eachMember(frame, func(at map[string]any, key string) {
			value := at[key]
			if value == nil || slices.Contains(anything, key) {
				return
			}
			for kind, others := range kinds {
				if kind == kindOf(key, value) || kind == "whole" && kindOf(key, value) == "number" {
					continue
				}
				for _, other := range others {
					at[key] = other
					refused(t, written(t, frame), answerTo(at, key))
				}
			}
			at[key] = value
		})
	}
}

func TestClause_5_ValuesThatAFieldCannotHave(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		messageType protocol.MessageType
		member      string
	}{
		{"job.submit", `"lease_request":{"tool.call":"search"}`}, {"job.submit", `"lease_request":{"tool.call":null}`},
		{"job.submit", `"lease_request":{"tool.call":[1]}`}, {"job.submit", `"lease_request":{"tool.call":["a",null]}`},
		{"job.submit", `"lease_request":[["tool.call"]]`}, {"job.submit", `"max_runtime_sec":0.` + manyDigits(63)},
		{"job.accepted", `"budget":{"USD":"5.00"}`}, {"job.accepted", `"budget":{"USD":null}`}, {"job.accepted", `"budget":{"USD":[5]}`},
		{"job.accepted", `"budget":{"USD":0.` + manyDigits(63) + `}`}, {"job.accepted", `"credentials":[1]`},
		{"job.accepted", `"credentials":[{"id":"c","scheme":"bearer","value":"v"}]`},
		{"session.hello", `"capabilities":{"features":[1]}`}, {"session.hello", `"capabilities":{"encodings":["json",{}]}`},
		{"session.hello", `"capabilities":{"agents":["a"]}`}, {"session.hello", `"capabilities":{"agents":[{"name":"a"}]}`},
		{"session.hello", `"auth":{"scheme":1}`}, {"session.hello", `"auth":"token"`},
		{"session.list_jobs", `"filter":{"status":["running",1]}`}, {"session.list_jobs", `"limit":9223372036854775808`},
		// What must say something where it stands.
		{"job.submit", `"idempotency_key":""`}, {"job.submit", `"lease_constraints":{"expires_at":""}`}, {"job.result", `"result_id":""`},
	} {
		frame := strings.TrimSuffix(leastFrame(c.messageType), "}}")
		if least[c.messageType] != "{}" {
			frame += ","
		}
		refused(t, frame+c.member+"}}", "msg_1")
	}
}

// kindOf is the kind of a field, by its value in an example. Sums of money and of seconds may be fractions.
func kindOf(key string, value any) string {
	switch value.(type) {
	case string:
		return "text"
	case float64:
		if key == "USD" || key == "max_runtime_sec" {
			return "number"
		}
		return "whole"
	case bool:
		return "flag"
	case []any:
		return "list"
	}
	return "object"
}
