package protocol_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/protocol"
)

// envelopeOf has all that an envelope of any type needs.
func envelopeOf(payload protocol.Payload) protocol.Envelope {
	return protocol.Envelope{ID: "msg_1", SessionID: "sess_1", JobID: "job_1", EventSeq: 1, Payload: payload}
}

func result(raw string) protocol.JobResult {
	return protocol.JobResult{FinalStatus: protocol.StatusSuccess, Result: json.RawMessage(raw)}
}

func event(body string) protocol.JobEvent {
	return protocol.JobEvent{Kind: protocol.KindLog, TS: "t", Body: json.RawMessage(body)}
}

// foreign is a payload of somebody else's.
type foreign struct{ protocol.SessionClose }

func TestEncodeRefusesWhatNoPeerCouldRead(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", protocol.MaxID+1)
	for _, c := range []struct {
		name     string
		envelope protocol.Envelope
	}{
		{"no payload", protocol.Envelope{ID: "m"}},
		{"a payload of another package", envelopeOf(foreign{})},
		{"a pointer to a payload", envelopeOf(&protocol.SessionClose{})},
		{"no id", protocol.Envelope{Payload: protocol.SessionClose{}}},
		{"a long id", protocol.Envelope{ID: protocol.MessageID(long), Payload: protocol.SessionClose{}}},
		{"a long session", protocol.Envelope{ID: "m", SessionID: protocol.SessionID(long), Payload: protocol.SessionClose{}}},
		{"a long request", protocol.Envelope{ID: "m", RequestID: protocol.MessageID(long), Payload: protocol.SessionClose{}}},
		{"an event without a session", protocol.Envelope{ID: "m", JobID: "j", EventSeq: 1, Payload: event("{}")}},
		{"an event without a job", protocol.Envelope{ID: "m", SessionID: "s", EventSeq: 1, Payload: event("{}")}},
		{"an event without a number", protocol.Envelope{ID: "m", SessionID: "s", JobID: "j", Payload: event("{}")}},
		{"an event without a kind", envelopeOf(protocol.JobEvent{Body: json.RawMessage("{}")})},
		{"an event without a body", envelopeOf(protocol.JobEvent{Kind: protocol.KindLog})},
		{"a body that is null", envelopeOf(event("null"))},
		{"a body that is text", envelopeOf(event(`"{}"`))},
		{"a body that is a list", envelopeOf(event(` [{}]`))},
		{"a body of spaces", envelopeOf(event(` `))},
		{"a required name that is empty", envelopeOf(protocol.JobSubmit{})},
		{"a number below zero", envelopeOf(protocol.SessionWelcome{ResumeWindowSec: -1})},
		{"a decimal that is none", envelopeOf(protocol.JobSubmit{Agent: "a", MaxRuntimeSec: new(protocol.Number("1,5"))})},
		{"a decimal that is empty", envelopeOf(protocol.JobSubmit{Agent: "a", MaxRuntimeSec: new(protocol.Number)})},
		{"a counter that is none", envelopeOf(protocol.JobAccepted{JobID: "j", Budget: protocol.Budget{"USD": "NaN"}})},
		{"text that is not UTF-8", envelopeOf(protocol.SessionClose{Reason: "a\xff"})},
		{"half a pair in UTF-8", envelopeOf(protocol.SessionClose{Reason: "\xed\xa0\x80"})},
		{"a key that is not UTF-8", envelopeOf(protocol.JobSubmit{Agent: "a", LeaseRequest: protocol.Lease{"\xff": nil}})},
		{"JSON that is none", envelopeOf(result("{"))},
		{"JSON with half a pair", envelopeOf(result(`"\ud83d"`))},
		{"JSON with a key twice", envelopeOf(result(`{"a":1,"a":2}`))},
		{"JSON too deep by itself", envelopeOf(result(nested(65)))},
		{"JSON too deep where it stands", envelopeOf(result(nested(63)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if frame, err := protocol.Encode(c.envelope); !errors.Is(err, protocol.ErrEncode) || frame != nil {
				t.Errorf("got %s, %v, want ErrEncode", frame, err)
			}
		})
	}
}

// JSON of an agent's making must not get out of the field that it is for.
func TestEncodeLetsNoJSONOutOfItsField(t *testing.T) {
	t.Parallel()
	for _, rest := range []string{
		`,"summary":"forged"`,
		`},"session_id":"forged","x":{"y":1`,
		`}}` + "\n" + `{"arcp":"1.1","id":"forged","type":"session.close","payload":{"x":{"y":1`,
		`,{}`, ` {}`, `,`, `}`,
	} {
		for _, payload := range []protocol.Payload{result("1" + rest), result(`"a"` + rest), event("{}" + rest)} {
			if frame, err := protocol.Encode(envelopeOf(payload)); !errors.Is(err, protocol.ErrEncode) {
				t.Errorf("JSON that goes on with %s: got %s, %v, want ErrEncode", rest, frame, err)
			}
		}
	}
}

func TestEncodeWritesWhatTheDraftShows(t *testing.T) {
	t.Parallel()
	const head = `{"arcp":"1.1","id":"msg_1","type":`
	for _, c := range []struct {
		name     string
		envelope protocol.Envelope
		want     string
	}{
		{
			"nothing that is zero", protocol.Envelope{ID: "msg_1", Payload: protocol.SessionClose{}},
			head + `"session.close","payload":{}}`,
		}, {
			"no flag that is not set", protocol.Envelope{ID: "msg_1", Payload: protocol.JobSubscribe{JobID: "j"}},
			head + `"job.subscribe","payload":{"job_id":"j"}}`,
		}, {
			"all of an envelope",
			protocol.Envelope{
				ID: "msg_1", SessionID: "s", JobID: "j", TraceID: "t", EventSeq: 18446744073709551615, RequestID: "r",
				Payload: protocol.JobCancelled{JobID: "j"},
			},
			head + `"job.cancelled","session_id":"s","trace_id":"t","job_id":"j","event_seq":18446744073709551615,` +
				`"request_id":"r","payload":{"job_id":"j"}}`,
		}, {
			"required lists that are nil", protocol.Envelope{ID: "msg_1", Payload: protocol.SessionJobs{RequestID: "r"}},
			head + `"session.jobs","payload":{"request_id":"r","jobs":[],"next_cursor":null}}`,
		}, {
			"a lease in order, and an empty list in it",
			protocol.Envelope{ID: "msg_1", Payload: protocol.JobSubmit{
				Agent: "a", LeaseRequest: protocol.Lease{"tool.call": nil, "cost.budget": {"USD:5.00", "EUR:1"}},
			}},
			head + `"job.submit","payload":{"agent":"a","lease_request":{"cost.budget":["USD:5.00","EUR:1"],"tool.call":[]}}}`,
		}, {
			"digits as they are",
			protocol.Envelope{ID: "msg_1", Payload: protocol.JobAccepted{
				JobID: "j", Budget: protocol.Budget{"USD": "0.00000015", "EUR": "5.00", "x": "-0.12"}, AcceptedAt: "t",
			}},
			head + `"job.accepted","payload":{"job_id":"j","lease":{},"budget":{"EUR":5.00,"USD":0.00000015,"x":-0.12},` +
				`"accepted_at":"t"}}`,
		}, {
			"text that has to be escaped",
			protocol.Envelope{ID: "msg_1", Payload: protocol.SessionClose{Reason: "\"\\\n\r\t\x00\x1f\x7f<é😀\u2028"}},
			head + `"session.close","payload":{"reason":"\"\\\n\r\t\u0000\u001f` + "\x7f<é😀\u2028" + `"}}`,
		}, {
			"a null result", protocol.Envelope{ID: "msg_1", Payload: result("null")},
			head + `"job.result","payload":{"final_status":"success","result":null}}`,
		}, {
			"one line", protocol.Envelope{ID: "msg_1", Payload: result(" {\r\n \"a\" : [ 1,\n2 ], \"b\":\"<&\\n\" }\n")},
			head + `"job.result","payload":{"final_status":"success","result":{"a":[1,2],"b":"<&\n"}}}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			frame, err := protocol.Encode(c.envelope)
			if err != nil || string(frame) != c.want {
				t.Errorf("got  %s, %v\nwant %s", frame, err, c.want)
			}
		})
	}
}
