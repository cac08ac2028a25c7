package job

import (
	"encoding/json"
	"strconv"

	"github.com/arcp-conformance/arcp/protocol"
)

// maxCallID bounds the call_id that an open tool_call keeps in memory, in bytes.
const maxCallID = 1024

// emitted takes one event of the agent: it is checked, and then passed on as it is.
func (t *turn) emitted(in EventEmitted) {
	body, err := protocol.DecodeBody(in.Kind, in.Body)
	if err != nil {
		t.reply(in.Call, err)
		return
	}
	switch body := body.(type) {
	case protocol.Metric:
		t.metric(in.Call, in.Body, body)
		return
	case protocol.ResultChunk:
		t.rawChunk(in, body)
		return
	case protocol.ToolCall:
		err = t.calls.open(body.CallID)
	case protocol.ToolResult:
		in.Body, err = t.result(in.Body, body)
	case protocol.Progress:
		err = t.within(protocol.FeatureProgress)
	default:
		if in.Kind == protocol.KindDelegate {
			// §10 (choice): it says that there is a child, so it comes of a delegation only.
			err = invalid("a delegate event is the runtime's, which emits it for a delegation")
		}
	}
	if err == nil {
		t.publish(in.Kind, in.Body)
	}
	t.reply(in.Call, err)
}

// publish passes one event to the session, and to those who are subscribed (§7.6).
func (t *turn) publish(kind protocol.EventKind, body json.RawMessage) {
	t.running()
	event := protocol.JobEvent{Kind: kind, TS: protocol.FormatTime(t.now), Body: body}
	t.do(SendEvent{Event: event})
	event = t.redactEvent(event) // for those who only look on
	t.journal.add(event)
	for _, session := range t.subscribers {
		t.do(CopyEvent{SessionID: session, Event: event})
	}
}

// within refuses what was not negotiated. §6.2: it must not be used, so nothing of it
// goes out.
func (m *Machine) within(feature protocol.Feature) *protocol.Error {
	if m.uses(feature) {
		return nil
	}
	return invalid("the feature " + string(feature) + " was not negotiated")
}

// result checks a tool_result, and returns its body as it may go out.
func (t *turn) result(raw json.RawMessage, body protocol.ToolResult) (json.RawMessage, *protocol.Error) {
	if body.Error != nil {
		// §12: what every error payload must say holds inside an event too.
		pinned := pin(body.Error)
		if pinned.Code != body.Error.Code {
			return nil, invalid("the code of the error is none of the protocol's")
		}
		if *pinned != *body.Error {
			body.Error = pinned
			raw = marshal(body)
		}
	}
	return raw, t.calls.close(body.CallID)
}

// openCalls are the call_ids of the tool_calls that await their tool_result. §8.2
// (choice): a tool_result answers one tool_call; when it is answered, its call_id is
// forgotten and may be used again.
type openCalls struct {
	limit int
	ids   map[string]struct{}
}

func (c *openCalls) open(id string) *protocol.Error {
	_, taken := c.ids[id]
	switch {
	case id == "" || len(id) > maxCallID:
		return invalid("call_id must have 1 to " + strconv.Itoa(maxCallID) + " bytes")
	case taken:
		return invalid("call_id is that of a call which awaits its result")
	case len(c.ids) >= c.limit:
		return invalid("too many calls await their result")
	case c.ids == nil:
		c.ids = map[string]struct{}{}
	}
	c.ids[id] = struct{}{}
	return nil
}

func (c *openCalls) close(id string) *protocol.Error {
	if _, open := c.ids[id]; !open {
		return invalid("call_id is that of no call which awaits its result")
	}
	delete(c.ids, id)
	return nil
}

// marshal writes a body of our own making, which always can be written.
func marshal(body any) json.RawMessage {
	text, err := json.Marshal(body)
	if err != nil {
		panic("job: " + err.Error())
	}
	return text
}
