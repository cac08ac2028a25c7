package wire_test

import (
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

func parse(text string) wire.Message {
	return wire.Parse(wire.Received, "A", wire.Frame{Data: []byte(text)}, time.Unix(0, 0))
}

func TestParseKeepsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text, fault string
		object            bool
	}{
		{"sound", `{"type":"x","payload":{}}`, "", true},
		{"one member twice", `{"type":"x","type":"y"}`, "member /type stands twice", true},
		{"one member twice, deep", `{"payload":{"list":[{"a":1,"a":2}]}}`, "member /payload/list/0/a stands twice", true},
		{"other letters are another member", `{"type":"x","TYPE":"y"}`, "", true},
		{"a list", `[1]`, "not a JSON object", false},
		{"a number", `1`, "not a JSON object", false},
		{"two objects", `{} {}`, "more than one JSON value", false},
		{"cut off", `{"type":`, "not JSON", false},
		{"nothing", ``, "not JSON", false},
		{"nested too deep", strings.Repeat("[", 1_000_000), "nested more than", false},
		{"not UTF-8", "{\"type\":\"\xff\"}", "not UTF-8", true},
	} {
		m := parse(tc.text)
		if got := strings.Join(m.Faults, "; "); !strings.Contains(got, tc.fault) || (tc.fault == "") != (got == "") {
			t.Errorf("%s: faults %q, want %q", tc.name, got, tc.fault)
		}
		if (m.Doc != nil) != tc.object {
			t.Errorf("%s: Doc is %v", tc.name, m.Doc)
		}
	}
	if m := wire.Parse(wire.Received, "A", wire.Frame{Data: []byte(`{}`), Binary: true}, time.Time{}); len(m.Faults) != 1 {
		t.Errorf("binary frame: faults %q", m.Faults)
	}
}

func TestAccessors(t *testing.T) {
	t.Parallel()
	m := parse(`{"type":"job.event","id":"msg_1","session_id":"s","trace_id":"t","event_seq":7,
		"payload":{"job_id":"j","kind":"metric","body":{"value":0.00000015,"list":[{"on":true}]},"error":{"code":"X"}}}`)
	if m.Type() != "job.event" || m.ID() != "msg_1" || m.SessionID() != "s" || m.TraceID() != "t" || m.JobID() != "j" ||
		m.Kind() != "metric" || m.Code() != "X" {
		t.Errorf("%+v", m)
	}
	if v, ok := m.Bool("payload", "body", "list", "0", "on"); !v || !ok {
		t.Error("a list is not followed by index")
	}
	if m.Has("payload", "body", "list", "1") || m.Has("payload", "body", "value", "x") || m.Has("nothing") {
		t.Error("something stands where nothing does")
	}
	value, ok := m.Decimal("payload", "body", "value")
	if !ok || value.RatString() != "3/20000000" {
		t.Errorf("value %v", value)
	}
}

func TestSeqIsAWholeNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]uint64{`7`: 7, `7.0`: 7, `70e-1`: 7, `0`: 0, `18446744073709551615`: 1<<64 - 1} {
		if got, ok := parse(`{"event_seq":` + text + `}`).Seq(); got != want || !ok {
			t.Errorf("%s: %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{`"7"`, `7.5`, `-1`, `null`, `1e999999999`, `18446744073709551616`} {
		if got, ok := parse(`{"event_seq":` + text + `}`).Seq(); ok {
			t.Errorf("%s: taken for %d", text, got)
		}
	}
}
