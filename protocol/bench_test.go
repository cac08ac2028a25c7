package protocol_test

import (
	"encoding/json"
	"testing"

	"github.com/arcp-conformance/arcp/protocol"
)

// benchFrames are the frames that a busy runtime reads and writes most, and one at the size of a full chunk.
func benchFrames(tb testing.TB) map[string][]byte {
	tb.Helper()
	found := map[string][]byte{}
	for _, e := range examples(tb) {
		switch e.name {
		case "7.1-job.submit":
			found["submit"] = e.Frame
		case "9.6-cost.inference":
			found["event"] = e.Frame
		}
	}
	data, err := json.Marshal(string(make64K()))
	if err != nil {
		tb.Fatal(err)
	}
	found["chunk64K"] = []byte(`{"arcp":"1.1","id":"msg_1","type":"job.event","session_id":"sess_1","job_id":"job_1","event_seq":1,` +
		`"payload":{"kind":"result_chunk","body":{"result_id":"res_1","chunk_seq":0,"encoding":"utf8","more":true,"data":` +
		string(data) + `}}}`)
	for name, frame := range found {
		if found[name], err = compact(frame); err != nil {
			tb.Fatal(err)
		}
	}
	return found
}

// make64K is prose with line breaks, which have to be escaped.
func make64K() []byte {
	text := make([]byte, 64<<10)
	for i := range text {
		text[i] = byte('a' + i%26)
		if i%80 == 79 {
			text[i] = '\n'
		}
	}
	return text
}

// compact takes a frame through the codec, so that it stands as our own runtime writes it.
func compact(frame []byte) ([]byte, error) {
	envelope, err := protocol.Decode(frame)
	if err != nil {
		return nil, err
	}
	return protocol.Encode(envelope)
}

func BenchmarkDecode(b *testing.B) {
	for name, frame := range benchFrames(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				if _, err := protocol.Decode(frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for name, frame := range benchFrames(b) {
		envelope, err := protocol.Decode(frame)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				if _, err := protocol.Encode(envelope); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDecodeJSON reads the same frames with the standard library, which checks neither names nor duplicates: what
// the codec's checks cost.
func BenchmarkDecodeJSON(b *testing.B) {
	for name, frame := range benchFrames(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				if err := decodeJSON(frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// decodeJSON reads the envelope and then its payload, as a codec of encoding/json has to.
func decodeJSON(frame []byte) error {
	var envelope struct {
		ARCP      string             `json:"arcp"`
		ID        protocol.MessageID `json:"id"`
		Type      string             `json:"type"`
		SessionID protocol.SessionID `json:"session_id"`
		JobID     protocol.JobID     `json:"job_id"`
		TraceID   protocol.TraceID   `json:"trace_id"`
		EventSeq  uint64             `json:"event_seq"`
		Payload   json.RawMessage    `json:"payload"`
	}
	if err := json.Unmarshal(frame, &envelope); err != nil {
		return err
	}
	if envelope.Type == "job.submit" {
		return json.Unmarshal(envelope.Payload, new(protocol.JobSubmit))
	}
	return json.Unmarshal(envelope.Payload, new(protocol.JobEvent))
}

func BenchmarkDecodeBody(b *testing.B) {
	b.ReportAllocs()
	body := json.RawMessage(`{"name":"cost.inference","value":0.0234,"unit":"USD"}`)
	for b.Loop() {
		if _, err := protocol.DecodeBody(protocol.KindMetric, body); err != nil {
			b.Fatal(err)
		}
	}
}
