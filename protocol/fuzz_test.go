package protocol_test

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/protocol"
)

// FuzzDecode holds the codec to this, whatever comes in: it does not panic; what it refuses, it refuses with
// INVALID_REQUEST and an id that may be sent; what it takes is JSON to encoding/json too, reads there as the same
// envelope, and reads back from its encoding as the same again.
func FuzzDecode(f *testing.F) {
	for _, e := range examples(f) {
		f.Add([]byte(e.Frame))
	}
	for messageType := range least {
		f.Add([]byte(leastFrame(messageType)))
	}
	for _, seed := range []string{
		framed("", `,"input":"\ud83d\ude00"`), framed("", `,"input":"\ud83d"`), framed(`,"x":1,"x":2`, ""), framed(`,"ID":"b"`, ""),
		framed(`,"request_id":"msg_0"`, `,"max_runtime_sec":1e3`), framed("", `,"input":`+nested(62)), framed("", `,"input":`+nested(63)),
		framed("", ",\"input\":\"\xff\""), framed(`,"event_seq":5.0`, ""), `{"id":"msg_1","id":"msg_2"}`, "[]", "", "\ufeff{}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		envelope, err := protocol.Decode(frame)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		checkJSON(t, frame, envelope)
		text, err := protocol.Encode(envelope)
		if err != nil {
			t.Fatal(err)
		}
		again, err := protocol.Decode(text)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if diff := cmp.Diff(envelope, again, alike); diff != "" {
			t.Fatalf("%s (-first +again):\n%s", text, diff)
		}
	})
}

func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var refusal *protocol.Refusal
	if !errors.As(err, &refusal) || refusal.Err.Code != protocol.InvalidRequest || refusal.Err.Message == "" {
		t.Fatalf("refused with %v", err)
	}
	if len(refusal.RequestID) > protocol.MaxID || !utf8.ValidString(string(refusal.RequestID)) || !utf8.ValidString(refusal.Err.Message) {
		t.Fatalf("the answer cannot be sent: %q, %q", refusal.RequestID, refusal.Err.Message)
	}
}

// checkJSON compares with what encoding/json reads. Of names in other letters it would take one for the other, but
// such frames are refused before.
func checkJSON(t *testing.T, frame []byte, envelope protocol.Envelope) {
	t.Helper()
	var plain struct {
		ARCP    string                     `json:"arcp"`
		ID      protocol.MessageID         `json:"id"`
		Type    protocol.MessageType       `json:"type"`
		Session protocol.SessionID         `json:"session_id"`
		Trace   protocol.TraceID           `json:"trace_id"`
		Job     protocol.JobID             `json:"job_id"`
		Payload map[string]json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(frame, &plain); err != nil {
		t.Fatalf("encoding/json: %v", err)
	}
	if plain.ARCP != protocol.Version || plain.ID != envelope.ID || plain.Type != envelope.Payload.Type() ||
		plain.Session != envelope.SessionID || plain.Trace != envelope.TraceID || plain.Job != envelope.JobID {
		t.Fatalf("encoding/json reads %+v, Decode %+v", plain, envelope)
	}
}

// FuzzDecodeBody holds that a body which an agent may emit is JSON, and can be sent in an event as it is.
func FuzzDecodeBody(f *testing.F) {
	f.Add("metric", []byte(`{"name":"cost.inference","value":0.0234,"unit":"USD"}`))
	f.Add("tool_result", []byte(`{"call_id":"c","result":null}`))
	f.Add("result_chunk", []byte(`{"result_id":"r","chunk_seq":0,"data":"é","encoding":"utf8","more":true}`))
	f.Add("delegate", []byte(` {"agent":"a","x":[{"y":1}]} `))
	f.Add("log", []byte(`{"level":"info","message":"m","Level":"x"}`))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		read, refusal := protocol.DecodeBody(protocol.EventKind(kind), body)
		if refusal != nil {
			if refusal.Code != protocol.InvalidRequest || read != nil {
				t.Fatalf("%v beside %v", read, refusal)
			}
			return
		}
		if !json.Valid(body) || string(read.Kind()) != kind {
			t.Fatalf("%s is read as a %s", body, read.Kind())
		}
		frame, err := protocol.Encode(envelopeOf(protocol.JobEvent{Kind: read.Kind(), Body: body}))
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		event := accepted(t, string(frame)).Payload.(protocol.JobEvent)
		again, refusal := protocol.DecodeBody(event.Kind, event.Body)
		if refusal != nil {
			t.Fatalf("%s is refused after it was sent: %v", event.Body, refusal)
		}
		if diff := cmp.Diff(read, again, alike); diff != "" {
			t.Fatalf("%s (-sent +got):\n%s", frame, diff)
		}
	})
}
