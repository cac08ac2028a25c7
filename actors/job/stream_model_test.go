package job_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
	"pgregory.net/rapid"
)

// TestStreamModel holds random streams against a model that only concatenates bytes.
func TestStreamModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		encoding := rapid.SampledFrom([]protocol.Encoding{protocol.UTF8, protocol.Base64}).Draw(t, "encoding")
		s := &streamModel{t: t, text: encoding == protocol.UTF8, machine: job.New(&job.Config{MaxChunk: 6, MaxResult: 200})}
		s.machine.Step(beginning, submission())
		s.ask(job.StreamOpened{Call: s.next(), ResultID: "res_1", Encoding: encoding})
		t.Repeat(map[string]func(*rapid.T){
			"write": s.write,
			"flush": func(*rapid.T) { s.want(s.ask(job.StreamFlushed{Call: s.next()}), !s.closed && !s.broken) },
			"raw":   s.raw,
			"close": func(*rapid.T) {
				ok := !s.closed && !s.broken && len(s.tail()) == 0
				s.want(s.ask(job.StreamClosed{Call: s.next()}), ok)
				s.closed = s.closed || ok
			},
			"": func(*rapid.T) { s.compare() },
		})
		s.end()
	})
}

type streamModel struct {
	t       *rapid.T
	machine *job.Machine
	text    bool
	calls   job.CallID

	taken  []byte // what the stream took, in order
	out    []byte // what came out, decoded
	chunks int
	closed bool
	broken bool
	last   bool
}

func (s *streamModel) next() job.CallID { s.calls++; return s.calls }

// ask puts a question, takes in the chunks, and tells whether it was done.
func (s *streamModel) ask(in job.Input) bool {
	done := false
	for _, effect := range s.machine.Step(beginning, in) {
		switch effect := effect.(type) {
		case job.Reply:
			done = effect.Err == nil
		case job.SendEvent:
			s.take(effect.Event.Body)
		}
	}
	return done
}

func (s *streamModel) take(body json.RawMessage) {
	var chunk protocol.ResultChunk
	if err := json.Unmarshal(body, &chunk); err != nil {
		s.t.Fatal(err)
	}
	data := []byte(chunk.Data)
	if chunk.Encoding == protocol.Base64 {
		data, _ = base64.StdEncoding.DecodeString(chunk.Data)
	} else if !utf8.Valid(data) || bytes.ContainsRune(data, utf8.RuneError) {
		s.t.Fatalf("no text: %q", data)
	}
	if s.last || int(chunk.ChunkSeq) != s.chunks || len(data) > 6 {
		s.t.Fatalf("chunk %s after %d", body, s.chunks)
	}
	s.chunks++
	s.last = !chunk.More
	s.out = append(s.out, data...)
}

func (s *streamModel) want(got, want bool) {
	s.t.Helper()
	if got != want {
		s.t.Fatalf("done is %v, want %v", got, want)
	}
}

// tail is the shortest end of what was taken without which it is text.
func (s *streamModel) tail() []byte {
	cut := len(s.taken)
	for s.text && !utf8.Valid(s.taken[:cut]) {
		cut--
	}
	return s.taken[cut:]
}

// possible tells whether bytes are text, or the beginning of one.
func possible(p []byte) bool {
	for _, end := range []string{"", "\x80", "\x80\x80", "\x80\x80\x80", "\xa0\x80", "\x90\x80\x80"} {
		if utf8.Valid(append(p[:len(p):len(p)], end...)) {
			return true
		}
	}
	return false
}

func (s *streamModel) write(t *rapid.T) {
	whole := []byte(rapid.SampledFrom([]string{"", "a", "ä€", "😀😀", "\xc3", "\xa4", "\xe2\x82", "\xac", "\xf0\x9f", "\x98\x80", "\xff", "longer than a chunk"}).Draw(t, "bytes"))
	grown := append(s.taken[:len(s.taken):len(s.taken)], whole...)
	ok := !s.closed && !s.broken
	switch {
	case !ok || len(whole) == 0:
	case len(grown) > 200:
		ok, s.broken = false, true
	case s.text && !possible(grown):
		ok = false
	default:
		s.taken = grown
	}
	s.want(s.ask(job.StreamWritten{Call: s.next(), Bytes: whole}), ok)
}

func (s *streamModel) raw(t *rapid.T) {
	held := len(s.taken)-len(s.tail()) > len(s.out)
	right := s.chunks
	if held {
		right++
	}
	seq := right + rapid.SampledFrom([]int{0, 0, 0, 1, 7}).Draw(t, "off")
	data := rapid.SampledFrom([]string{"", "x", "ä", "sixsix", "eight888"}).Draw(t, "data")
	more := rapid.IntRange(0, 9).Draw(t, "more") > 0
	body, err := json.Marshal(protocol.ResultChunk{ResultID: "res_1", ChunkSeq: uint64(seq), Data: data, Encoding: protocol.UTF8, More: more})
	if err != nil {
		t.Fatal(err)
	}
	ok := !s.closed && !s.broken && seq == right && len(s.tail()) == 0
	if ok && (len(data) > 6 || len(s.taken)+len(data) > 200) {
		ok, s.broken = false, true
	}
	s.want(s.ask(job.EventEmitted{Call: s.next(), Kind: protocol.KindResultChunk, Body: body}), ok)
	if ok {
		s.taken = append(s.taken, data...)
		s.closed = !more
	}
}

// compare holds what came out against what was taken.
func (s *streamModel) compare() {
	if !bytes.HasPrefix(s.taken, s.out) {
		s.t.Fatalf("took %q, gave %q", s.taken, s.out)
	}
	if s.last != s.closed || s.closed && !bytes.Equal(s.taken, s.out) {
		s.t.Fatalf("closed is %v, last chunk is %v, took %q, gave %q", s.closed, s.last, s.taken, s.out)
	}
}

// end returns from the agent, and looks at the ending.
func (s *streamModel) end() {
	effects := s.machine.Step(beginning, job.AgentReturned{})
	result, success := all[job.SendEnding](effects)[0].Payload.(protocol.JobResult)
	if success != s.closed || success && (*result.ResultSize != int64(len(s.taken)) || result.ResultID != "res_1") {
		s.t.Fatalf("closed is %v with %d bytes: %s", s.closed, len(s.taken), transcript.Render(effects))
	}
}
