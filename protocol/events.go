package protocol

import "encoding/json"

// EventKind discriminates a job.event (§8.2).
type EventKind string

// The event kinds of §8.2.
const (
	KindLog         EventKind = "log"
	KindThought     EventKind = "thought"
	KindToolCall    EventKind = "tool_call"
	KindToolResult  EventKind = "tool_result"
	KindStatus      EventKind = "status"
	KindMetric      EventKind = "metric"
	KindArtifactRef EventKind = "artifact_ref"
	KindDelegate    EventKind = "delegate"
	KindProgress    EventKind = "progress"
	KindResultChunk EventKind = "result_chunk"
)

// Log is the body of a log event.
type Log struct {
	Level   string `json:"level"`
	Message string `json:"message"`
}

// Thought is the body of a thought event.
type Thought struct {
	Text string `json:"text"`
}

// ToolCall is the body of a tool_call event.
type ToolCall struct {
	Tool   string          `json:"tool"`
	Args   json.RawMessage `json:"args"`
	CallID string          `json:"call_id"`
}

// ToolResult is the body of a tool_result event: exactly one of Result and Error.
type ToolResult struct {
	CallID string          `json:"call_id"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *Error          `json:"error,omitempty"`
}

// Status is the body of a status event.
type Status struct {
	Phase   string `json:"phase"`
	Message string `json:"message,omitempty"`
}

// Metric is the body of a metric event. Value keeps the digits of the JSON text (§9.6).
type Metric struct {
	Name       string          `json:"name"`
	Value      Number          `json:"value"`
	Unit       string          `json:"unit,omitempty"`
	Dimensions json.RawMessage `json:"dimensions,omitempty"`
}

// ArtifactRef is the body of an artifact_ref event.
type ArtifactRef struct {
	URI         string `json:"uri"`
	ContentType string `json:"content_type"`
	ByteSize    *int64 `json:"byte_size,omitempty"`
	SHA256      string `json:"sha256,omitempty"`
}

// Progress is the body of a progress event (§8.2.1).
type Progress struct {
	Current Number  `json:"current"`
	Total   *Number `json:"total,omitempty"`
	Units   string  `json:"units,omitempty"`
	Message string  `json:"message,omitempty"`
}

// ResultChunk is the body of a result_chunk event (§8.4).
type ResultChunk struct {
	ResultID ResultID `json:"result_id"`
	ChunkSeq uint64   `json:"chunk_seq"`
	Data     string   `json:"data"`
	Encoding Encoding `json:"encoding"`
	More     bool     `json:"more"`
}

// Encoding says how the data of a chunk is written (§8.4).
type Encoding string

// The encodings of §8.4.
const (
	UTF8   Encoding = "utf8"
	Base64 Encoding = "base64"
)

// Delegate is the body of a delegate event, as it came: the draft gives it no shape
// (§8.2, §10) beyond that it is an object.
type Delegate json.RawMessage

// MarshalJSON writes the body as it is.
func (d Delegate) MarshalJSON() ([]byte, error) { return json.RawMessage(d).MarshalJSON() }
