package protocol_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/protocol"
)

// framed puts members behind those that every frame has, at the top and in the payload of a job.submit.
func framed(top, payload string) string {
	return `{"arcp":"1.1","id":"msg_1","type":"job.submit"` + top + `,"payload":{"agent":"a"` + payload + `}}`
}

// accepted reads a frame that has to be one.
func accepted(t testing.TB, frame string) protocol.Envelope {
	t.Helper()
	envelope, err := protocol.Decode([]byte(frame))
	if err != nil {
		t.Fatalf("%.200q: %v", frame, err)
	}
	return envelope
}

// refused wants INVALID_REQUEST with the frame's id, and no envelope.
func refused(t *testing.T, frame string, id protocol.MessageID) *protocol.Refusal {
	t.Helper()
	envelope, err := protocol.Decode([]byte(frame))
	var refusal *protocol.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("%.200q: got %v, %v, want a *Refusal", frame, envelope, err)
	}
	if want := protocol.NewError(protocol.InvalidRequest, refusal.Err.Message); *refusal.Err != *want || refusal.Err.Message == "" {
		t.Errorf("%.200q: refused with %v", frame, refusal.Err)
	}
	if refusal.RequestID != id {
		t.Errorf("%.200q: request id %q, want %q", frame, refusal.RequestID, id)
	}
	if envelope.Payload != nil || envelope.ID != "" {
		t.Errorf("%.200q: %v beside the refusal", frame, envelope)
	}
	return refusal
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

func TestClause_5_WhatDoesNoHarmIsTaken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, frame string }{
		{"spaces", " \t\r\n" + strings.ReplaceAll(framed("", ""), ":", " :\n ") + "\n"},
		{"other order", `{"payload":{"agent":"a"},"type":"job.submit","id":"msg_1","arcp":"1.1"}`},
		{"escaped key", strings.Replace(framed("", ""), `"agent"`, `"\u0061gent"`, 1)},
		{"escaped value", strings.Replace(framed("", ""), `"job.submit"`, `"job\u002Esubmit"`, 1)},
		{"unknown fields", framed(`,"x":1,"extensions":{"a":[1,{}]},"ids":"b"`, `,"priority":"high","x":null`)},
		{"a known name in the wrong place", framed(`,"agent":"b"`, `,"arcp":"9","id":7`)},
		{"one name in two objects", framed("", `,"input":{"a":1,"b":{"a":1}},"x":[{"a":1},{"a":1}]`)},
		{"names apart by case in what is not ours", framed("", `,"input":{"a":1,"A":2}`)},
		{"null is absence", framed(`,"session_id":null,"job_id":null,"event_seq":null,"trace_id":null`,
			`,"lease_request":null,"lease_constraints":null,"idempotency_key":null,"max_runtime_sec":null`)},
		{"a pair of surrogates", framed("", `,"input":"\ud83d\ude00"`)},
		{"characters of 2, 3 and 4 bytes", framed("", `,"input":"é€😀"`)},
		{"an escaped NUL", framed("", `,"input":"\u0000"`)},
		{"64 levels", framed("", `,"input":`+nested(62))},
		{"longest ids", framed(`,"session_id":"`+strings.Repeat("s", 256)+`","trace_id":"`+strings.Repeat("t", 256)+`"`, "")},
		{"a great number that is not ours", framed("", `,"input":1e999999999`)},
		{"a whole number in other forms", framed(`,"event_seq":50e-1`, "")},
		{"a request_id that is none", framed(`,"request_id":{"a":1}`, "")},
		{"many keys", framed("", manyKeys(5000))},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			envelope := accepted(t, c.frame)
			if submit, ok := envelope.Payload.(protocol.JobSubmit); !ok || submit.Agent != "a" || envelope.ID != "msg_1" {
				t.Errorf("read as %+v", envelope)
			}
		})
	}
}

func manyKeys(n int) string {
	var keys strings.Builder
	for i := range n {
		fmt.Fprintf(&keys, `,"k%d":%d`, i, i)
	}
	return keys.String()
}

func TestClause_5_WhatIsNoFrameIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, frame string }{
		{"nothing", ""}, {"spaces", " \n"}, {"text", "hello"}, {"a string", `"a"`}, {"a number", "5"}, {"null", "null"},
		{"a list", "[" + framed("", "") + "]"}, {"two frames", framed("", "") + framed("", "")},
		{"cut off", framed("", "")[:60]}, {"half a string", `{"arcp":"1.1`}, {"half a key", `{"arcp`},
		{"half an escape", `{"a":"\`}, {"half a unicode escape", `{"a":"\u00`}, {"half a literal", `{"a":tru`},
		{"no brace at its end", strings.TrimSuffix(framed("", ""), "}")},
		{"a comma at its end", strings.TrimSuffix(framed("", ""), "}") + ",}"},
		{"a comma in front", `{,"a":1}`}, {"two commas", `{"a":1,,"b":2}`}, {"no comma", `{"a":1"b":2}`},
		{"a comma at the end of a list", framed("", `,"input":[1,]`)}, {"no colon", `{"a" 1}`}, {"a number as key", `{1:1}`},
		{"single quotes", `{'a':1}`}, {"a comment", framed("", "") + "// x"}, {"a mark of the byte order", "\ufeff" + framed("", "")},
		{"NaN", framed("", `,"input":NaN`)}, {"a plus", framed("", `,"input":+1`)}, {"a zero in front", framed("", `,"input":01`)},
		{"a point at the end", framed("", `,"input":1.`)}, {"a point in front", framed("", `,"input":.5`)},
		{"no comma in a list", framed("", `,"input":[1 2]`)},
		{"half an exponent", framed("", `,"input":1e`)}, {"a minus alone", framed("", `,"input":-`)},
		{"a control character in a string", framed("", ",\"input\":\"a\x01b\"")},
		{"a line break in a string", framed("", ",\"input\":\"a\nb\"")},
		{"an unknown escape", framed("", `,"input":"\x41"`)}, {"an escape that is not hexadecimal", framed("", `,"input":"\u00g0"`)},
		{"half a pair and no hexadecimal", framed("", `,"input":"\ud83d\u00g0"`)}, {"a capital literal", framed("", `,"input":True`)},
		{"65 levels", framed("", `,"input":`+nested(63))}, {"a million levels", strings.Repeat(`[`, 1_000_000)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			refused(t, c.frame, "")
		})
	}
}

// Frames that can be read, and must not be taken: the answer still names the request.
func TestClause_5_WhatTwoReadersMayReadInTwoWaysIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, frame string }{
		{"a type twice", framed(`,"type":"job.cancel"`, "")},
		{"an unknown key twice", framed(`,"x":1,"x":1`, "")},
		{"twice in the payload", framed("", `,"agent":"b"`)},
		{"twice deep inside", framed("", `,"input":[{"a":[{"b":1,"c":2,"b":1}]}]`)},
		{"twice, escaped", framed("", `,"\u0061gent":"b"`)},
		{"twice, both escaped", framed("", `,"input":{"\u0061":1,"\u0061":2}`)},
		{"twice as the empty key", framed("", `,"input":{"":1,"":2}`)},
		{"twice, the second of many", framed("", `,"input":{"k0":0`+manyKeys(16)+`}`)},
		{"twice, the first of very many", framed("", `,"input":{"a":0`+manyKeys(5000)+`,"a":0}`)},
		{"twice, the last of very many", framed("", `,"input":{"a":0`+manyKeys(5000)+`,"k4999":0}`)},
		{"twice after many objects", framed("", strings.Repeat(`,"input":[{"a":1}]`, 2))},
		{"TYPE", framed(`,"TYPE":"job.cancel"`, "")},
		{"Id", framed(`,"Id":"b"`, "")},
		{"Session_ID", framed(`,"Session_ID":"b"`, "")},
		{"Agent", framed("", `,"Agent":"b"`)},
		{"an optional field in other letters", framed("", `,"Idempotency_Key":"b"`)},
		{"in other letters, deeper", framed("", `,"lease_constraints":{"EXPIRES_AT":"2026-05-13T23:42:00Z"}`)},
		{"in letters that fold", framed(`,"\u017fession_id":"b"`, "")},
		{"in other letters, null", framed(`,"JOB_ID":null`, "")},
		{"invalid UTF-8", framed("", ",\"input\":\"a\xffb\"")},
		{"invalid UTF-8 in a key", framed("", ",\"a\xff\":1")},
		{"half a character", framed("", ",\"input\":\"\xe2\x82\"")},
		{"a surrogate in UTF-8", framed("", ",\"input\":\"\xed\xa0\x80\"")},
		{"an overlong slash", framed("", ",\"input\":\"\xc0\xaf\"")},
		{"the first half of a pair", framed("", `,"input":"\ud83d"`)},
		{"the second half of a pair", framed("", `,"input":"\ude00"`)},
		{"two second halves", framed("", `,"input":"\ude00\ude00"`)},
		{"two first halves", framed("", `,"input":"\ud83d\ud83d"`)},
		{"first halves and a pair", framed("", `,"input":"\ud83d\ud83d\ude00"`)},
		{"a half and another escape", framed("", `,"input":"\ud83d\n"`)},
		{"a half in a key", framed("", `,"\ud83d":1`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			refused(t, c.frame, "msg_1")
		})
	}
}

// The answer to a refused frame repeats its id only where there is no doubt which it is, and where it may be sent.
func TestClause_5_TheIDOfARefusedFrame(t *testing.T) {
	t.Parallel()
	const rest = `,"type":"job.submit","arcp":"1.1","payload":{},"x":1,"x":2}`
	for _, c := range []struct {
		name, id string
		want     protocol.MessageID
	}{
		{"plain", `"msg_1"`, "msg_1"},
		{"longest", `"` + strings.Repeat("é", 128) + `"`, protocol.MessageID(strings.Repeat("é", 128))},
		{"too long", `"` + strings.Repeat("a", 257) + `"`, ""},
		{"a number", `7`, ""}, {"an object", `{"id":"msg_1"}`, ""}, {"null", `null`, ""}, {"empty", `""`, ""},
		{"twice", `"msg_1","id":"msg_2"`, ""},
		{"invalid UTF-8", "\"\xff\"", ""},
		{"half a pair", `"\ud83d"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			refused(t, `{"id":`+c.id+rest, c.want)
		})
	}
}

func TestClause_5_TheSessionOfARefusedFrame(t *testing.T) {
	t.Parallel()
	refusal := refused(t, framed(`,"session_id":"sess_1"`, `,"input":0,"max_runtime_sec":"long"`), "msg_1")
	if refusal.SessionID != "sess_1" || refusal.Err.Message != "payload.max_runtime_sec must be a number" {
		t.Errorf("got %q: %v", refusal.SessionID, refusal)
	}
	if !errors.Is(refusal, error(refusal.Err)) {
		t.Error("a refusal does not unwrap to its error")
	}
}

// A message may hold a secret where none belongs; a refusal names the field alone.
func TestARefusalNamesNoValues(t *testing.T) {
	t.Parallel()
	for _, frame := range []string{
		framed("", `,"max_runtime_sec":"s3cret"`), framed("", `,"lease_request":{"s3cret":1}`), framed(`,"TYPE":"s3cret"`, ""),
		strings.Replace(framed("", ""), "job.submit", "s3cret", 1), strings.Replace(framed("", ""), "1.1", "s3cret", 1),
	} {
		if refusal := refused(t, frame, "msg_1"); strings.Contains(refusal.Error(), "s3cret") {
			t.Error(refusal)
		}
	}
}
