package job_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/google/go-cmp/cmp"
)

func streamingBench(t *testing.T, encoding protocol.Encoding, config *job.Config) *bench {
	t.Helper()
	b := benchOf(t, config, submission())
	b.openStream(encoding)
	return b
}

func raw(id string, seq int, data, encoding string, more bool) string {
	return fmt.Sprintf(`{"result_id":%q,"chunk_seq":%d,"data":%q,"encoding":%q,"more":%v}`, id, seq, data, encoding, more)
}

func TestClause_8_4_ChunksAreNumberedAndTheLastSaysSo(t *testing.T) {
	t.Parallel()
	b := streamingBench(t, protocol.UTF8, nil)
	for _, text := range []string{"one", "", "two", "three"} {
		wantDone(t, b.write(text))
	}
	wantDone(t, b.closeStream())
	want := []protocol.ResultChunk{
		{ResultID: "res_1", ChunkSeq: 0, Data: "one", Encoding: "utf8", More: true},
		{ResultID: "res_1", ChunkSeq: 1, Data: "two", Encoding: "utf8", More: true},
		{ResultID: "res_1", ChunkSeq: 2, Data: "three", Encoding: "utf8"},
	}
	if diff := cmp.Diff(want, chunks(t, b.effects)); diff != "" {
		t.Error(diff)
	}
	b.step(job.AgentReturned{})
	size := int64(11)
	ending := protocol.JobResult{FinalStatus: "success", ResultID: "res_1", ResultSize: &size, Summary: "done"}
	if diff := cmp.Diff(protocol.Payload(ending), b.ending()); diff != "" {
		t.Error(diff)
	}
}

func TestClause_8_4_EmptyStream(t *testing.T) {
	t.Parallel()
	b := streamingBench(t, protocol.Base64, nil)
	wantDone(t, b.closeStream())
	want := []protocol.ResultChunk{{ResultID: "res_1", Encoding: "base64"}}
	if diff := cmp.Diff(want, chunks(t, b.effects)); diff != "" {
		t.Error(diff)
	}
	b.step(job.AgentReturned{Result: json.RawMessage("null")})
	if result := b.ending().(protocol.JobResult); *result.ResultSize != 0 || result.ResultID != "res_1" {
		t.Errorf("got %s", transcript.Render(result))
	}
}

func TestClause_8_4_FlushSendsWhatIsHeld(t *testing.T) {
	t.Parallel()
	b := streamingBench(t, protocol.UTF8, nil)
	if early := chunks(t, b.write("now")); early != nil {
		t.Errorf("got %v before it is known to be the last", early)
	}
	wantDone(t, b.step(job.StreamFlushed{Call: b.call()}))
	wantDone(t, b.step(job.StreamFlushed{Call: b.call()}))
	wantDone(t, b.closeStream())
	want := []protocol.ResultChunk{
		{ResultID: "res_1", Data: "now", Encoding: "utf8", More: true},
		{ResultID: "res_1", ChunkSeq: 1, Encoding: "utf8"},
	}
	if diff := cmp.Diff(want, chunks(t, b.effects)); diff != "" {
		t.Error(diff)
	}
}

func TestClause_8_4_NoChunkCutsACharacter(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("aä€😀", 50)
	for size := 1; size <= 9; size++ {
		b := streamingBench(t, protocol.UTF8, &job.Config{MaxChunk: 7})
		for piece := range slices.Chunk([]byte(text), size) {
			wantDone(t, b.write(string(piece)))
		}
		wantDone(t, b.closeStream())
		assembled := ""
		for _, chunk := range chunks(t, b.effects) {
			if strings.ContainsRune(chunk.Data, '�') || len(chunk.Data) > 7 {
				t.Errorf("size %d: chunk %q", size, chunk.Data)
			}
			assembled += chunk.Data
		}
		if assembled != text {
			t.Errorf("size %d: assembled %q", size, assembled)
		}
	}
}

func TestClause_8_4_BinaryInBase64(t *testing.T) {
	t.Parallel()
	var bytes []byte
	for i := range 256 {
		bytes = append(bytes, byte(i))
	}
	b := streamingBench(t, protocol.Base64, &job.Config{MaxChunk: 100})
	wantDone(t, b.write(string(bytes)))
	wantDone(t, b.closeStream())
	var assembled []byte
	for _, chunk := range chunks(t, b.effects) {
		part, err := base64.StdEncoding.DecodeString(chunk.Data)
		if err != nil || len(part) > 100 {
			t.Errorf("chunk %q: %v", chunk.Data, err)
		}
		assembled = append(assembled, part...)
	}
	if !slices.Equal(assembled, bytes) {
		t.Errorf("assembled %d bytes", len(assembled))
	}
}

func TestClause_8_4_TextStreamTakesTextOnly(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"\xff", "a\xc3(", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc0\x80", "\x80"} {
		b := streamingBench(t, protocol.UTF8, nil)
		wantDone(t, b.write("before"))
		wantRefused(t, b.write(bad), protocol.InvalidRequest)
		wantDone(t, b.write("after")) // a refused write leaves the stream as it was
		wantDone(t, b.closeStream())
		if got := chunks(t, b.effects); len(got) != 2 || got[0].Data+got[1].Data != "beforeafter" {
			t.Errorf("%q: got %v", bad, got)
		}
	}
	b := streamingBench(t, protocol.UTF8, nil)
	wantDone(t, b.write("\xe2\x82"))
	wantRefused(t, b.closeStream(), protocol.InvalidRequest)
	wantDone(t, b.write("\xac"))
	wantDone(t, b.closeStream())
	if got := chunks(t, b.effects); len(got) != 1 || got[0].Data != "€" {
		t.Errorf("got %v", got)
	}
}

func TestClause_8_4_NothingAfterTheLast(t *testing.T) {
	t.Parallel()
	b := streamingBench(t, protocol.UTF8, nil)
	wantDone(t, b.closeStream())
	wantRefused(t, b.write("x"), protocol.InvalidRequest)
	wantRefused(t, b.closeStream(), protocol.InvalidRequest)
	wantRefused(t, b.step(job.StreamFlushed{Call: b.call()}), protocol.InvalidRequest)
	wantRefused(t, b.emit(protocol.KindResultChunk, raw("res_1", 1, "", "utf8", false)), protocol.InvalidRequest)
	again := job.StreamOpened{Call: b.call(), ResultID: "res_2", Encoding: protocol.UTF8}
	wantRefused(t, b.step(again), protocol.InvalidRequest)
	b.step(job.AgentReturned{})
	if _, ok := b.ending().(protocol.JobResult); !ok {
		t.Errorf("got %s", transcript.Render(b.ending()))
	}
}

func TestClause_8_4_StreamMustBeOpened(t *testing.T) {
	t.Parallel()
	b := startedBench(t)
	wantRefused(t, b.write("x"), protocol.InvalidRequest)
	wantRefused(t, b.closeStream(), protocol.InvalidRequest)
	wantRefused(t, b.emit(protocol.KindResultChunk, raw("res_1", 0, "x", "utf8", true)), protocol.InvalidRequest)
	odd := job.StreamOpened{Call: b.call(), ResultID: "res_1", Encoding: "latin1"}
	wantRefused(t, b.step(odd), protocol.InvalidRequest)
}

func TestClause_8_4_RawChunksAreHeldAgainstTheStream(t *testing.T) {
	t.Parallel()
	refused := map[string]string{
		"hole":            raw("res_1", 3, "x", "utf8", true),
		"repeated":        raw("res_1", 1, "x", "utf8", true),
		"from zero":       raw("res_1", 0, "x", "utf8", true),
		"wrong result_id": raw("res_2", 2, "x", "utf8", true),
		"bad encoding":    raw("res_1", 2, "x", "latin1", true),
		"bad base64":      raw("res_1", 2, "x", "base64", true),
		"url base64":      raw("res_1", 2, "_-8=", "base64", true),
		"open base64":     raw("res_1", 2, "YQ", "base64", true),
		"trailing bits":   raw("res_1", 2, "YR==", "base64", true),
	}
	b := streamingBench(t, protocol.UTF8, nil)
	b.write("zero")
	b.write("one")
	before := len(events(b.effects))
	for name, body := range refused {
		effects := b.emit(protocol.KindResultChunk, body)
		if events(effects) != nil {
			t.Errorf("%s: got %s", name, transcript.Render(effects))
		}
		wantRefused(t, effects, protocol.InvalidRequest)
	}
	if before != 1 || len(events(b.effects)) != 1 {
		t.Fatalf("%d events before, %d after", before, len(events(b.effects)))
	}
	right := raw("res_1", 2, "AP8=", "base64", true)
	effects := b.emit(protocol.KindResultChunk, right)
	wantDone(t, effects)
	wantEvents(t, effects, "result_chunk "+raw("res_1", 1, "one", "utf8", true), "result_chunk "+right)
	wantDone(t, b.emit(protocol.KindResultChunk, raw("res_1", 3, "", "utf8", false)))
	b.step(job.AgentReturned{})
	if result := b.ending().(protocol.JobResult); *result.ResultSize != 9 {
		t.Errorf("got %s", transcript.Render(result))
	}
}

func TestClause_8_4_RawChunkInsideACharacter(t *testing.T) {
	t.Parallel()
	b := streamingBench(t, protocol.UTF8, nil)
	wantDone(t, b.write("a\xc3"))
	wantRefused(t, b.emit(protocol.KindResultChunk, raw("res_1", 1, "x", "utf8", false)), protocol.InvalidRequest)
	wantDone(t, b.write("\xa4"))
	wantDone(t, b.emit(protocol.KindResultChunk, raw("res_1", 2, "x", "utf8", false)))
}

func TestClause_8_4_InlineAndStreamedAreNeverMixed(t *testing.T) {
	t.Parallel()
	endings := map[string]func(*bench){
		"a value after the stream": func(b *bench) {
			b.write("x")
			b.closeStream()
			b.step(job.AgentReturned{Result: json.RawMessage(`"v"`)})
		},
		"a value over a stream": func(b *bench) { b.write("x"); b.step(job.AgentReturned{Result: json.RawMessage(`"v"`)}) },
		"an unfinished stream":  func(b *bench) { b.write("x"); b.write("y"); b.step(job.AgentReturned{}) },
		"an empty open stream":  func(b *bench) { b.step(job.AgentReturned{}) },
	}
	for name, end := range endings {
		b := streamingBench(t, protocol.UTF8, nil)
		end(b)
		if failure, ok := b.ending().(protocol.JobError); !ok || failure.Code != protocol.InternalError {
			t.Errorf("%s: got %s", name, transcript.Render(b.ending()))
		}
	}
}

func TestClause_14_CapsEndInInternalError(t *testing.T) {
	t.Parallel()
	config := &job.Config{MaxChunk: 8, MaxResult: 20}
	over := map[string]func(*bench) []job.Effect{
		"a total":         func(b *bench) []job.Effect { b.write("0123456789"); return b.write("01234567890") },
		"a total at once": func(b *bench) []job.Effect { return b.write(strings.Repeat("x", 21)) },
		"a raw chunk": func(b *bench) []job.Effect {
			return b.emit(protocol.KindResultChunk, raw("res_1", 0, "012345678", "utf8", false))
		},
		"a raw chunk total": func(b *bench) []job.Effect {
			b.write(strings.Repeat("x", 16))
			return b.emit(protocol.KindResultChunk, raw("res_1", 2, "01234", "utf8", false))
		},
	}
	for name, exceed := range over {
		b := streamingBench(t, protocol.UTF8, config)
		wantRefused(t, exceed(b), protocol.InternalError)
		wantRefused(t, b.write("x"), protocol.InternalError)
		wantRefused(t, b.closeStream(), protocol.InternalError)
		if name == "a total" {
			b.step(failedWith(protocol.InvalidRequest, false)) // whatever the agent makes of it
		} else {
			b.step(job.AgentReturned{})
		}
		if failure := b.wantFailed(protocol.InternalError, protocol.StatusError); !failure.Retryable {
			t.Errorf("%s: not retryable", name)
		}
	}
	exact := streamingBench(t, protocol.UTF8, config)
	wantDone(t, exact.write(strings.Repeat("x", 20)))
	wantDone(t, exact.closeStream())
	exact.step(job.AgentReturned{})
	if result := exact.ending().(protocol.JobResult); *result.ResultSize != 20 || len(chunks(t, exact.effects)) != 3 {
		t.Errorf("got %s", transcript.Render(result))
	}
}

func TestClause_8_4_WriteKeepsNothingOfTheCallersBytes(t *testing.T) {
	t.Parallel()
	b := streamingBench(t, protocol.UTF8, nil)
	buffer := []byte("abc\xc3")
	wantDone(t, b.step(job.StreamWritten{Call: b.call(), Bytes: buffer}))
	copy(buffer, "zzzz")
	wantDone(t, b.write("\xa4"))
	wantDone(t, b.closeStream())
	if got := chunks(t, b.effects); got[0].Data != "abc" || got[1].Data != "ä" {
		t.Errorf("got %v", got)
	}
}
