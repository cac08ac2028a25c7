package protocol_test

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/protocol"
)

// payloads has a generator for each payload type, which fills it by reflection with what the config draws.
func payloads(c rapid.MakeConfig) []*rapid.Generator[protocol.Payload] {
	return []*rapid.Generator[protocol.Payload]{
		payload[protocol.SessionHello](c), payload[protocol.SessionWelcome](c), payload[protocol.SessionResume](c),
		payload[protocol.SessionPing](c), payload[protocol.SessionPong](c), payload[protocol.SessionAck](c),
		payload[protocol.SessionListJobs](c), payload[protocol.SessionJobs](c), payload[protocol.SessionClose](c),
		payload[protocol.SessionClosed](c), payload[protocol.SessionError](c), payload[protocol.JobSubmit](c),
		payload[protocol.JobAccepted](c), payload[protocol.JobEvent](c), payload[protocol.JobResult](c),
		payload[protocol.JobError](c), payload[protocol.JobCancel](c), payload[protocol.JobCancelled](c),
		payload[protocol.JobSubscribe](c), payload[protocol.JobSubscribed](c), payload[protocol.JobUnsubscribe](c),
	}
}

func payload[T protocol.Payload](c rapid.MakeConfig) *rapid.Generator[protocol.Payload] {
	return rapid.Map(rapid.MakeCustom[T](c), func(p T) protocol.Payload { return p })
}

// bodies has a generator for the body of each kind of event.
func bodies(c rapid.MakeConfig) []*rapid.Generator[protocol.Body] {
	return []*rapid.Generator[protocol.Body]{
		body[protocol.Log](c), body[protocol.Thought](c), body[protocol.ToolCall](c), body[protocol.ToolResult](c),
		body[protocol.Status](c), body[protocol.Metric](c), body[protocol.ArtifactRef](c), body[protocol.Delegate](c),
		body[protocol.Progress](c), body[protocol.ResultChunk](c),
	}
}

func body[T protocol.Body](c rapid.MakeConfig) *rapid.Generator[protocol.Body] {
	return rapid.Map(rapid.MakeCustom[T](c), func(b T) protocol.Body { return b })
}

// envelope draws a message around a payload.
func envelope(t *rapid.T, payload *rapid.Generator[protocol.Payload]) protocol.Envelope {
	id := func(label string) string { return rapid.StringN(1, 20, protocol.MaxID).Draw(t, label) }
	return protocol.Envelope{
		ID: protocol.MessageID(id("id")), SessionID: protocol.SessionID(id("session")), JobID: protocol.JobID(id("job")),
		TraceID: protocol.TraceID(id("trace")), RequestID: protocol.MessageID(id("request")),
		EventSeq: rapid.Uint64().Draw(t, "seq"), Payload: payload.Draw(t, "payload"),
	}
}

// good draws only what a frame may have. No text is empty, since an empty one may stand for an absence.
func good() rapid.MakeConfig {
	objects := rapid.Custom(objectText).AsAny()
	return rapid.MakeConfig{
		Kinds: map[reflect.Kind]*rapid.Generator[any]{
			reflect.String: rapid.StringN(1, 20, protocol.MaxID).AsAny(),
			reflect.Int64:  rapid.Int64Min(0).AsAny(),
		},
		Types: map[reflect.Type]*rapid.Generator[any]{
			reflect.TypeFor[protocol.Number]():   rapid.Custom(numberText).AsAny(),
			reflect.TypeFor[json.RawMessage]():   rapid.Custom(anyText).AsAny(),
			reflect.TypeFor[protocol.Delegate](): objects,
		},
		Fields: map[reflect.Type]map[string]*rapid.Generator[any]{
			reflect.TypeFor[protocol.JobEvent]():   {"Body": objects},
			reflect.TypeFor[protocol.Credential](): {"Constraints": objects},
			reflect.TypeFor[protocol.Metric]():     {"Dimensions": objects},
			reflect.TypeFor[protocol.ResultChunk](): {
				"Encoding": rapid.SampledFrom([]protocol.Encoding{protocol.UTF8, protocol.Base64}).AsAny(),
			},
			reflect.TypeFor[protocol.Progress](): {"Current": rapid.Map(rapid.Custom(numberText), func(n protocol.Number) protocol.Number {
				return protocol.Number(strings.TrimPrefix(string(n), "-"))
			}).AsAny()},
		},
	}
}

// wild draws anything, most of all what must not get into a frame.
func wild() rapid.MakeConfig {
	return rapid.MakeConfig{
		Kinds: map[reflect.Kind]*rapid.Generator[any]{
			reflect.String: rapid.OneOf(rapid.String(), rapid.String(), rapid.String(), rapid.SampledFrom([]string{
				"", "\xff", "\xed\xa0\x80", "\x00\"\\", strings.Repeat("a", protocol.MaxID+1), "1.1",
			})).AsAny(),
		},
		Types: map[reflect.Type]*rapid.Generator[any]{
			reflect.TypeFor[json.RawMessage](): rapid.OneOf(
				rapid.Custom(anyText), rapid.Custom(objectText), rapid.Custom(brokenText),
				rapid.SampledFrom([]json.RawMessage{[]byte(`1,"x":1`), []byte(`{},"x":1`), []byte(`{}},"x":{"y":1`), []byte("\n{}")}),
			).AsAny(),
			reflect.TypeFor[protocol.Number](): rapid.OneOf(rapid.Custom(numberText), rapid.SampledFrom([]protocol.Number{
				"", "NaN", "1,", "+1", "1}", " 1", protocol.Number(strings.Repeat("1", 65)),
			})).AsAny(),
		},
	}
}

// numberText draws the text of a number as JSON has them.
func numberText(t *rapid.T) protocol.Number {
	text := rapid.SampledFrom([]string{"", "-"}).Draw(t, "sign") + strconv.FormatUint(rapid.Uint64().Draw(t, "whole"), 10)
	if rapid.Bool().Draw(t, "pointed") {
		text += "." + rapid.StringMatching(`[0-9]{1,20}`).Draw(t, "fraction")
	}
	return protocol.Number(text + rapid.SampledFrom([]string{"", "", "e5", "E-07", "e+400"}).Draw(t, "exponent"))
}

// anyText draws the text of any JSON value, on one line or several.
func anyText(t *rapid.T) json.RawMessage { return laidOut(t, tree(t, 3)) }

func objectText(t *rapid.T) json.RawMessage { return laidOut(t, branch(t, 3)) }

func laidOut(t *rapid.T, doc any) json.RawMessage {
	write := json.Marshal
	if rapid.Bool().Draw(t, "indented") {
		write = func(doc any) ([]byte, error) { return json.MarshalIndent(doc, "", " ") }
	}
	text, err := write(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func tree(t *rapid.T, depth int) any {
	most := 6
	if depth == 0 {
		most = 4
	}
	switch rapid.IntRange(0, most).Draw(t, "type") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "flag")
	case 2:
		return json.Number(numberText(t))
	case 3, 4:
		return rapid.String().Draw(t, "text")
	case 5:
		list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range list {
			list[i] = tree(t, depth-1)
		}
		return list
	default:
		return branch(t, depth-1)
	}
}

func branch(t *rapid.T, depth int) map[string]any {
	object := map[string]any{}
	for range rapid.IntRange(0, 3).Draw(t, "members") {
		object[rapid.String().Draw(t, "key")] = tree(t, max(depth, 0))
	}
	return object
}

// brokenText draws pieces of JSON that may or may not make one value.
func brokenText(t *rapid.T) json.RawMessage {
	pieces := rapid.SliceOfN(rapid.SampledFrom([]string{
		`{`, `}`, `[`, `]`, `,`, `:`, `1`, `"a"`, `"x":1`, `null`, "\n", " ", "\xff", `"\ud83d"`, `"`, `\`,
	}), 0, 12).Draw(t, "pieces")
	return json.RawMessage(strings.Join(pieces, ""))
}
