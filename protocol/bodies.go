package protocol

import "encoding/json"

// Body is the typed body of a job.event; Kind says which.
type Body interface{ Kind() EventKind }

func (Log) Kind() EventKind         { return KindLog }
func (Thought) Kind() EventKind     { return KindThought }
func (ToolCall) Kind() EventKind    { return KindToolCall }
func (ToolResult) Kind() EventKind  { return KindToolResult }
func (Status) Kind() EventKind      { return KindStatus }
func (Metric) Kind() EventKind      { return KindMetric }
func (ArtifactRef) Kind() EventKind { return KindArtifactRef }
func (Delegate) Kind() EventKind    { return KindDelegate }
func (Progress) Kind() EventKind    { return KindProgress }
func (ResultChunk) Kind() EventKind { return KindResultChunk }

// CheckEvent says why an event may not be emitted, nil when it may: its kind is one of
// §8.2, and its body has the shape of that kind. §8.2 (choice): a kind that the draft
// does not define is refused, because no client could know what it says.
func CheckEvent(kind EventKind, body json.RawMessage) *Error {
	_, err := DecodeBody(kind, body)
	return err
}

// payloadDepth is how deep in its frame a field of a payload stands.
const payloadDepth = 2

// CheckValue says why a JSON value from elsewhere cannot stand in a payload, as the result of a job say; nil when it can.
func CheckValue(value json.RawMessage) *Error {
	if s, _ := scanAt(value, payloadDepth); s.fault != "" {
		return NewError(InvalidRequest, s.fault)
	}
	return nil
}

// DecodeBody reads the body of an event of §8.2 from JSON that nobody has looked at. It
// refuses with INVALID_REQUEST what CheckEvent says. The body shares memory with the
// text.
func DecodeBody(kind EventKind, body json.RawMessage) (Body, *Error) {
	s, _ := scanAt(body, payloadDepth)
	if s.fault != "" {
		return nil, NewError(InvalidRequest, "body: "+s.fault)
	}
	for len(body) > 0 && body[0] <= ' ' {
		body = body[1:]
	}
	if body[0] != '{' {
		return nil, NewError(InvalidRequest, "body must be an object")
	}
	f := reading(body, "body.")
	read := readBody(kind, body, f)
	if read == nil {
		return nil, NewError(InvalidRequest, "kind is none of the protocol's")
	}
	if f.done(); f.fault != "" {
		return nil, NewError(InvalidRequest, f.fault)
	}
	return read, nil
}

func readBody(kind EventKind, text json.RawMessage, f *form) Body {
	switch kind {
	case KindLog:
		return readInto(f, (*Log).walk)
	case KindThought:
		return readInto(f, (*Thought).walk)
	case KindToolCall:
		return readInto(f, (*ToolCall).walk)
	case KindToolResult:
		return readInto(f, (*ToolResult).walk)
	case KindStatus:
		return readInto(f, (*Status).walk)
	case KindMetric:
		return readInto(f, (*Metric).walk)
	case KindArtifactRef:
		return readInto(f, (*ArtifactRef).walk)
	case KindDelegate:
		return Delegate(text)
	case KindProgress:
		return readInto(f, (*Progress).walk)
	case KindResultChunk:
		return readInto(f, (*ResultChunk).walk)
	}
	return nil
}

func readInto[T Body](f *form, walk func(*T, *form)) Body {
	var body T
	walk(&body, f)
	return body
}

func (b *Log) walk(f *form) {
	text(f, "level", named, &b.Level)
	text(f, "message", required, &b.Message)
}

func (b *Thought) walk(f *form) { text(f, "text", required, &b.Text) }

func (b *ToolCall) walk(f *form) {
	text(f, "tool", named, &b.Tool)
	anyJSON(f, "args", required, &b.Args)
	text(f, "call_id", named, &b.CallID)
}

// walk takes result and error. §8.2: it is one or the other. A null beside the other is
// an absence, a null alone is a result.
func (b *ToolResult) walk(f *form) {
	text(f, "call_id", named, &b.CallID)
	anyJSON(f, "result", optional, &b.Result)
	maybePart(f, "error", &b.Error, (*Error).walk)
	switch {
	case b.Error == nil && b.Result == nil:
		f.refuse("result", "is missing, and so is error")
	case b.Error != nil && string(b.Result) == "null":
		b.Result = nil
	case b.Error != nil && b.Result != nil:
		f.refuse("result", "stands beside error")
	}
}

func (b *Status) walk(f *form) {
	text(f, "phase", named, &b.Phase)
	text(f, "message", optional, &b.Message)
}

func (b *Metric) walk(f *form) {
	text(f, "name", named, &b.Name)
	decimal(f, "value", required, &b.Value)
	text(f, "unit", optional, &b.Unit)
	object(f, "dimensions", optional, &b.Dimensions)
}

func (b *ArtifactRef) walk(f *form) {
	text(f, "uri", named, &b.URI)
	text(f, "content_type", named, &b.ContentType)
	maybe(f, "byte_size", &b.ByteSize, count[int64])
	text(f, "sha256", optional, &b.SHA256)
}

// walk takes the fields of §8.2.1, whose one MUST is that current is not below zero.
// That total is not below current is a SHOULD, and not held against anybody.
func (b *Progress) walk(f *form) {
	decimal(f, "current", required, &b.Current)
	if b.Current != "" && b.Current.Sign() < 0 {
		f.refuse("current", "is below zero")
	}
	maybe(f, "total", &b.Total, decimal)
	text(f, "units", optional, &b.Units)
	text(f, "message", optional, &b.Message)
}

// walk takes the fields of §8.4. That a base64 text is one is left to who decodes it.
func (b *ResultChunk) walk(f *form) {
	text(f, "result_id", named, &b.ResultID)
	count(f, "chunk_seq", required, &b.ChunkSeq)
	text(f, "data", required, &b.Data)
	text(f, "encoding", named, &b.Encoding)
	if b.Encoding != "" && b.Encoding != UTF8 && b.Encoding != Base64 {
		f.refuse("encoding", "must be utf8 or base64")
	}
	flag(f, "more", required, &b.More)
}
