package wire

import (
	"encoding/json"
	"math/big"
	"strconv"
	"time"
)

// Direction says who sent a frame.
type Direction int

// The two directions of a frame, as seen from the suite.
const (
	Sent Direction = iota
	Received
)

// String is "sent" or "received".
func (d Direction) String() string {
	if d == Sent {
		return "sent"
	}
	return "received"
}

// Message is one frame and what it says. It is a value: the accessors never change it, and it may be read by many
// goroutines. Doc must be treated as read-only.
type Message struct {
	Dir    Direction
	At     time.Time      // when the suite sent or read it
	Raw    []byte         // the frame as it was on the wire
	Doc    map[string]any // the parsed object, numbers as json.Number; nil when the frame is not one JSON object
	Faults []string       // what is wrong with the frame as JSON text; empty for a sound frame
	Conn   string         // name of the connection
	Index  int            // position in the scenario's transcript, from 0
	Binary bool           // it came as a binary WebSocket frame (§4 wants text)
}

// Type is the envelope's `type`, or "".
func (m Message) Type() string { return m.Text("type") }

// ID is the envelope's `id`, or "".
func (m Message) ID() string { return m.Text("id") }

// SessionID is the envelope's `session_id`, or "".
func (m Message) SessionID() string { return m.Text("session_id") }

// TraceID is the envelope's `trace_id`, or "".
func (m Message) TraceID() string { return m.Text("trace_id") }

// JobID is the job that the message is about: the envelope's `job_id`, else the payload's, else "".
func (m Message) JobID() string {
	if id := m.Text("job_id"); id != "" {
		return id
	}
	return m.Text("payload", "job_id")
}

// Seq is the envelope's `event_seq`; false when there is none or it is no whole number (§8.3).
func (m Message) Seq() (uint64, bool) {
	r, ok := m.Decimal("event_seq")
	if !ok || !r.IsInt() || !r.Num().IsUint64() {
		return 0, false
	}
	return r.Num().Uint64(), true
}

// Payload is the envelope's `payload`, or nil when it is not an object.
func (m Message) Payload() map[string]any {
	p, _ := m.Doc["payload"].(map[string]any)
	return p
}

// Kind is the kind of a job.event, or "" (§8.1).
func (m Message) Kind() string { return m.Text("payload", "kind") }

// Body is the body of a job.event, or nil (§8.1).
func (m Message) Body() map[string]any {
	b, _ := m.Payload()["body"].(map[string]any)
	return b
}

// Code is the error code that the message carries (§12): the payload's `code`, else that of its `error` member.
func (m Message) Code() string {
	if code := m.Text("payload", "code"); code != "" {
		return code
	}
	return m.Text("payload", "error", "code")
}

// Lookup follows path through objects, and through lists by decimal index. False when nothing stands there.
func (m Message) Lookup(path ...string) (any, bool) {
	if m.Doc == nil {
		return nil, false
	}
	return Lookup(m.Doc, path...)
}

// Text is the string at path, or "" when there is none or it is no string.
func (m Message) Text(path ...string) string {
	v, _ := m.Lookup(path...)
	s, _ := v.(string)
	return s
}

// Bool is the boolean at path; ok is false when there is none.
func (m Message) Bool(path ...string) (value, ok bool) {
	v, _ := m.Lookup(path...)
	value, ok = v.(bool)
	return value, ok
}

// Decimal is the exact value of the JSON number at path. A string is no number.
func (m Message) Decimal(path ...string) (*big.Rat, bool) {
	v, _ := m.Lookup(path...)
	return Decimal(v)
}

// Has says whether anything, null included, stands at path.
func (m Message) Has(path ...string) bool {
	_, ok := m.Lookup(path...)
	return ok
}

// Lookup follows path from v through objects, and through lists by decimal index.
func Lookup(v any, path ...string) (any, bool) {
	for _, name := range path {
		switch t := v.(type) {
		case map[string]any:
			next, ok := t[name]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(t) {
				return nil, false
			}
			v = t[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// Decimal is the exact value of a json.Number. False for anything else, and for an exponent beyond a million, which
// would eat the suite's memory.
func Decimal(v any) (*big.Rat, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return nil, false
	}
	return new(big.Rat).SetString(string(n)) // it refuses such exponents itself
}
