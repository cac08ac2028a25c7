package protocol_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/protocol"
)

// alike takes two values for the same where they are the same on the wire: a list that is nil and an empty one, JSON
// with spaces between its tokens and without.
var alike = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.FilterValues(func(a, b json.RawMessage) bool { return len(a)+len(b) > 0 }, cmp.Comparer(func(a, b json.RawMessage) bool {
		return bytes.Equal(tight(a), tight(b))
	})),
	cmp.Comparer(func(a, b protocol.Delegate) bool { return bytes.Equal(tight(a), tight(b)) }),
}

// tight is JSON without the spaces between its tokens, or nothing where it is none.
func tight(text []byte) []byte {
	var out bytes.Buffer
	if err := json.Compact(&out, text); err != nil {
		return nil
	}
	return out.Bytes()
}

func TestEveryEnvelopeReadsBack(t *testing.T) {
	t.Parallel()
	for _, payload := range payloads(good()) {
		t.Run(string(payload.Example(0).Type()), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				want := envelope(t, payload)
				want.EventSeq = max(want.EventSeq, 1)
				frame, err := protocol.Encode(want)
				if err != nil {
					t.Fatal(err)
				}
				if bytes.ContainsAny(frame, "\r\n") {
					t.Fatalf("a line break in %s", frame)
				}
				readsBack(t, frame, want)
			})
		})
	}
}

func readsBack(t *rapid.T, frame []byte, want protocol.Envelope) {
	t.Helper()
	got, err := protocol.Decode(frame)
	if err != nil {
		t.Fatalf("%v in %s", err, frame)
	}
	if diff := cmp.Diff(want, got, alike); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", frame, diff)
	}
}

// Whatever it is given, Encode either refuses it or writes what reads back as the same.
func TestEncodeNeverWritesAnotherMessage(t *testing.T) {
	t.Parallel()
	any := rapid.OneOf(payloads(wild())...)
	rapid.Check(t, func(t *rapid.T) {
		want := envelope(t, any)
		frame, err := protocol.Encode(want)
		if err == nil {
			readsBack(t, frame, want)
			return
		}
		if !errors.Is(err, protocol.ErrEncode) || frame != nil {
			t.Fatalf("got %s, %v, want ErrEncode alone", frame, err)
		}
	})
}

// CheckValue says beforehand whether a result can be sent.
func TestWhatCheckValueTakesCanBeSent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.OneOf(
			rapid.Custom(anyText), rapid.Custom(brokenText), rapid.Map(rapid.IntRange(60, 66), func(depth int) json.RawMessage {
				return json.RawMessage(nested(depth))
			}),
		).Draw(t, "value")
		refusal := protocol.CheckValue(raw)
		_, err := protocol.Encode(envelopeOf(protocol.JobResult{FinalStatus: protocol.StatusSuccess, Result: raw}))
		if len(raw) > 0 && (refusal == nil) != (err == nil) {
			t.Fatalf("%s: CheckValue says %v, Encode %v", raw, refusal, err)
		}
		if refusal != nil && refusal.Code != protocol.InvalidRequest {
			t.Fatalf("%s: %v", raw, refusal)
		}
	})
}

func TestClause_8_2_EveryBodyReadsBack(t *testing.T) {
	t.Parallel()
	for _, body := range bodies(good()) {
		kind := body.Example(0).Kind()
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				want := body.Draw(t, "body")
				if result, ok := want.(protocol.ToolResult); ok && result.Error != nil {
					result.Result = nil // one or the other
					want = result
				}
				text, err := json.Marshal(want)
				if err != nil {
					t.Fatal(err)
				}
				got, refusal := protocol.DecodeBody(kind, text)
				if refusal != nil {
					t.Fatalf("%s: %v", text, refusal)
				}
				if diff := cmp.Diff(want, got, alike); diff != "" {
					t.Fatalf("%s (-want +got):\n%s", text, diff)
				}
			})
		})
	}
}
