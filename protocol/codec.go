package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Version is the value of `arcp`. §5 (choice): another version, 1.0 or 1.2 alike, is
// refused: the draft does not say what they have in common.
const Version = "1.1"

// MaxID is the longest identifier that an envelope may carry, in bytes. §5 (choice).
const MaxID = 256

// ErrEncode is wrapped by the errors of Encode.
var ErrEncode = errors.New("protocol: cannot be encoded")

// Decode reads one frame of the wire (§5). The error is a *Refusal with INVALID_REQUEST
// and as much of the frame's identity as its answer needs. The envelope shares memory
// with the frame, which must not be changed afterwards.
func Decode(frame []byte) (Envelope, error) {
	s, readable := scan(frame)
	if !readable || s.fault != "" {
		return Envelope{}, &Refusal{RequestID: looseID(frame, readable), Err: NewError(InvalidRequest, s.fault)}
	}
	if bytes.TrimLeft(frame, " \t\r\n")[0] != '{' {
		return Envelope{}, &Refusal{Err: NewError(InvalidRequest, "the frame is not an object")}
	}
	f := reading(frame, "")
	var e Envelope
	var head header
	head.walk(&e, f)
	f.done()
	e.requestID(f)
	if f.fault == "" {
		e.readPayload(head, f)
	}
	if f.fault != "" {
		return Envelope{}, &Refusal{RequestID: e.ID, SessionID: e.SessionID, Err: NewError(InvalidRequest, f.fault)}
	}
	return e, nil
}

// header is what an envelope says about its payload.
type header struct {
	version     string
	messageType MessageType
	payload     json.RawMessage
}

// walk is over the fields of §5, in the draft's order.
func (h *header) walk(e *Envelope, f *form) {
	text(f, "arcp", required, &h.version)
	identifier(f, "id", named, &e.ID)
	text(f, "type", named, &h.messageType)
	identifier(f, "session_id", optional, &e.SessionID)
	identifier(f, "trace_id", optional, &e.TraceID)
	identifier(f, "job_id", optional, &e.JobID)
	count(f, "event_seq", optional, &e.EventSeq)
	if !f.writing {
		object(f, "payload", required, &h.payload)
	}
}

// identifier is a string with a bound.
func identifier[T ~string](f *form, name string, need need, p *T) {
	text(f, name, need, p)
	if len(*p) > MaxID {
		f.refuse(name, "is longer than "+strconv.Itoa(MaxID)+" bytes")
		*p = ""
	}
}

// requestID reads the one field that is not the draft's. §5: it is unknown to the
// draft, so one that is something else does no harm.
func (e *Envelope) requestID(f *form) {
	for _, m := range f.members {
		if string(m.name) == "request_id" && m.value[0] == '"' {
			if id := unquote(m.value); len(id) <= MaxID {
				e.RequestID = MessageID(id)
			}
		}
	}
}

func (e *Envelope) readPayload(head header, f *form) {
	if head.version != Version {
		f.fault = "arcp must be " + strconv.Quote(Version)
		return
	}
	inner := reading(head.payload, "payload.")
	e.Payload = readPayload(head.messageType, inner)
	switch {
	case e.Payload == nil:
		f.fault = "type is none of the protocol's"
	case inner.fault != "":
		f.fault = inner.fault
	case head.messageType == TypeJobEvent:
		e.eventNeeds(f)
	}
}

// eventNeeds holds an event to its envelope (§8.1).
func (e *Envelope) eventNeeds(f *form) {
	switch {
	case e.SessionID == "":
		f.refuse("session_id", "is missing")
	case e.JobID == "":
		f.refuse("job_id", "is missing")
	case e.EventSeq == 0:
		f.refuse("event_seq", "is missing")
	}
}

// looseID finds the id of a frame that is refused as a whole, "" when there is any
// doubt about it.
func looseID(frame []byte, readable bool) MessageID {
	frame = bytes.TrimLeft(frame, " \t\r\n")
	if !readable || frame[0] != '{' {
		return ""
	}
	var id string
	found := 0
	for _, m := range members(frame) {
		if string(m.name) == "id" {
			found++
			id = string(m.value)
		}
	}
	if found != 1 || id[0] != '"' {
		return ""
	}
	// The answer repeats it, so it must be one that may be sent. What is escaped may say half a character.
	if id = id[1 : len(id)-1]; len(id) > MaxID || !utf8.ValidString(id) || strings.ContainsRune(id, '\\') {
		return ""
	}
	return MessageID(id)
}

// Encode writes an envelope as one frame without a line break in it, which Decode
// reads as the same envelope. The error says what is missing or wrong in the envelope,
// and wraps ErrEncode.
func Encode(e Envelope) ([]byte, error) {
	if e.Payload == nil {
		return nil, fmt.Errorf("%w: no payload", ErrEncode)
	}
	f := form{writing: true, text: make([]byte, 0, size(e))}
	f.text = append(f.text, '{')
	head := header{version: Version, messageType: e.Payload.Type()}
	head.walk(&e, &f)
	if e.RequestID != "" {
		identifier(&f, "request_id", optional, &e.RequestID)
	}
	if head.messageType == TypeJobEvent {
		e.eventNeeds(&f)
	}
	f.key("payload")
	f.text = append(f.text, '{')
	if !writePayload(e.Payload, &f) {
		f.fault = "the payload is none of this package's"
	}
	f.text = append(f.text, '}', '}')
	if f.fault != "" {
		return nil, fmt.Errorf("%w: %s: %s", ErrEncode, head.messageType, f.fault)
	}
	return checked(f.text)
}

// checked reads back what was written: JSON that came from elsewhere is part of it, and
// must not make a frame that no peer can read.
func checked(frame []byte) ([]byte, error) {
	s, _ := scan(frame)
	if s.fault != "" {
		return nil, fmt.Errorf("%w: %s", ErrEncode, s.fault)
	}
	if !s.split {
		return frame, nil
	}
	// §4 (choice): over stdio a line is a frame.
	var line bytes.Buffer
	if err := json.Compact(&line, frame); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrEncode, err)
	}
	return line.Bytes(), nil
}

// size guesses the length of a frame, so that the usual ones are written in one go.
func size(e Envelope) int {
	switch p := e.Payload.(type) {
	case JobEvent:
		return len(p.Body) + 320
	case JobResult:
		return len(p.Result) + len(p.Summary) + 320
	}
	return 512
}
