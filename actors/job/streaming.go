package job

import "github.com/arcp-conformance/arcp/protocol"

// openStream begins the streamed result, if the session negotiated it (§6.2, §8.4).
func (t *turn) openStream(in StreamOpened) {
	err := t.within(protocol.FeatureResultChunk)
	if err == nil {
		err = t.stream.begin(in.ResultID, in.Encoding)
	}
	t.reply(in.Call, err)
}

func (t *turn) writeStream(in StreamWritten) {
	chunks, err := t.stream.write(in.Bytes)
	t.deliver(in.Call, chunks, err)
}

func (t *turn) flushStream(in StreamFlushed) {
	chunks, err := t.stream.flush()
	t.deliver(in.Call, chunks, err)
}

func (t *turn) closeStream(in StreamClosed) {
	chunks, err := t.stream.end(in.Summary)
	t.deliver(in.Call, chunks, err)
}

// rawChunk takes a result_chunk that the agent made itself: the same stream judges it.
func (t *turn) rawChunk(in EventEmitted, chunk protocol.ResultChunk) {
	err := t.within(protocol.FeatureResultChunk)
	if err != nil {
		t.reply(in.Call, err)
		return
	}
	before, err := t.stream.accept(chunk)
	t.chunks(before)
	if err == nil {
		t.publish(in.Kind, in.Body)
	}
	t.reply(in.Call, err)
}

// deliver emits the chunks of one question and answers it.
func (t *turn) deliver(call CallID, chunks []protocol.ResultChunk, err *protocol.Error) {
	t.chunks(chunks)
	t.reply(call, err)
}

func (t *turn) chunks(chunks []protocol.ResultChunk) {
	for _, chunk := range chunks {
		t.publish(protocol.KindResultChunk, marshal(chunk))
	}
}
