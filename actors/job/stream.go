package job

import (
	"encoding/base64"
	"unicode/utf8"

	"github.com/arcp-conformance/arcp/protocol"
)

// streamState is where the streamed result of a job stands. A job has one at most,
// since its job.result refers to one (§8.4).
type streamState uint8

const (
	unopened streamState = iota
	open                 // chunks may follow
	closed               // the last chunk is out
	overrun              // a cap was exceeded: it can never be a result (§14)
)

// stream cuts the agent's bytes into chunks and holds every chunk against §8.4. The
// newest chunk is held back until it is known whether it is the last.
type stream struct {
	maxChunk int
	maxTotal int64

	state    streamState
	id       protocol.ResultID
	encoding protocol.Encoding
	sent     uint64 // chunks given out, which is the chunk_seq of the next (§8.4)
	size     int64  // decoded bytes in chunks, the held one included
	held     []byte // the newest chunk; nil when none is held
	tail     []byte // the beginning of a character, at most 3 bytes
	summary  string
}

// begin opens the stream.
func (s *stream) begin(id protocol.ResultID, encoding protocol.Encoding) *protocol.Error {
	switch {
	case s.state != unopened:
		return invalid("a job has one streamed result")
	case encoding != protocol.UTF8 && encoding != protocol.Base64:
		return invalid("encoding is utf8 or base64")
	}
	s.state, s.id, s.encoding = open, id, encoding
	return nil
}

// write adds bytes, and returns the chunks that are now known not to be the last. A
// refused write leaves the stream as it was, unless it exceeds the cap.
func (s *stream) write(p []byte) ([]protocol.ResultChunk, *protocol.Error) {
	if err := s.mustBeOpen(); err != nil {
		return nil, err
	}
	if len(p) == 0 {
		return nil, nil
	}
	if s.size+int64(len(s.tail))+int64(len(p)) > s.maxTotal {
		return nil, s.exceed()
	}
	text := append(s.tail[:len(s.tail):len(s.tail)], p...) // a copy: the caller keeps p
	whole := len(text)
	if s.encoding == protocol.UTF8 {
		// §8.4: each chunk decodes on its own, so none ends inside a character.
		whole = wholeCharacters(text)
		if !utf8.Valid(text[:whole]) {
			return nil, invalid("a utf8 stream takes UTF-8 only")
		}
	}
	s.tail = text[whole:]
	var chunks []protocol.ResultChunk
	for rest := text[:whole]; len(rest) > 0; {
		cut := s.cut(rest)
		chunks = s.release(chunks)
		s.held, rest = rest[:cut:cut], rest[cut:]
		s.size += int64(cut)
	}
	return chunks, nil
}

// flush gives out the held chunk, which is then not the last.
func (s *stream) flush() ([]protocol.ResultChunk, *protocol.Error) {
	if err := s.mustBeOpen(); err != nil {
		return nil, err
	}
	return s.release(nil), nil
}

// end gives out the last chunk (§8.4: more is false), which is empty when none is held.
func (s *stream) end(summary string) ([]protocol.ResultChunk, *protocol.Error) {
	if err := s.mustBeOpen(); err != nil {
		return nil, err
	}
	if len(s.tail) > 0 {
		return nil, invalid("the stream ends inside a character")
	}
	last := s.chunk(s.held, false)
	s.held, s.state, s.summary = nil, closed, text(summary)
	return []protocol.ResultChunk{last}, nil
}

// accept holds a chunk of the agent's own making against the stream. It returns the held
// chunk, if any, which must go out before it.
func (s *stream) accept(chunk protocol.ResultChunk) ([]protocol.ResultChunk, *protocol.Error) {
	if err := s.mustBeOpen(); err != nil {
		return nil, err
	}
	next := s.sent
	if s.held != nil {
		next++
	}
	decoded, ok := decoded(chunk)
	switch {
	case chunk.ResultID != s.id:
		return nil, invalid("result_id is not that of the stream") // §8.4: the runtime chose it
	case chunk.ChunkSeq != next:
		return nil, invalid("chunk_seq is not the next one")
	case len(s.tail) > 0:
		return nil, invalid("the stream stands inside a character")
	case !ok:
		return nil, invalid("data is not what encoding says")
	case decoded > int64(s.maxChunk), s.size+decoded > s.maxTotal:
		return nil, s.exceed()
	}
	before := s.release(nil)
	s.sent++
	s.size += decoded
	if !chunk.More {
		s.state = closed
	}
	return before, nil
}

func (s *stream) mustBeOpen() *protocol.Error {
	switch s.state {
	case open:
		return nil
	case closed:
		return invalid("the streamed result has ended") // §8.4: no chunk follows the last
	case overrun:
		return tooLarge()
	default:
		return invalid("no streamed result was opened")
	}
}

// exceed gives the stream up. §14: exceeding a cap results in INTERNAL_ERROR.
func (s *stream) exceed() *protocol.Error {
	s.state, s.held, s.tail = overrun, nil, nil
	return tooLarge()
}

// release appends the held chunk, which is not the last.
func (s *stream) release(chunks []protocol.ResultChunk) []protocol.ResultChunk {
	if s.held == nil {
		return chunks
	}
	held := s.held
	s.held = nil
	return append(chunks, s.chunk(held, true))
}

// chunk numbers one chunk. §8.4: chunk_seq begins at 0 and goes up by one.
func (s *stream) chunk(p []byte, more bool) protocol.ResultChunk {
	chunk := protocol.ResultChunk{ResultID: s.id, ChunkSeq: s.sent, Encoding: s.encoding, More: more}
	if s.encoding == protocol.UTF8 {
		chunk.Data = string(p)
	} else {
		chunk.Data = base64.StdEncoding.EncodeToString(p)
	}
	s.sent++
	return chunk
}

// cut is the length of the next chunk: as much as the cap allows, and no part of a
// character.
func (s *stream) cut(p []byte) int {
	if len(p) <= s.maxChunk {
		return len(p)
	}
	if s.encoding != protocol.UTF8 {
		return s.maxChunk
	}
	return wholeCharacters(p[:s.maxChunk])
}

// wholeCharacters is the length of p without the beginning of a character at its end.
func wholeCharacters(p []byte) int {
	for back := 1; back <= utf8.UTFMax && back <= len(p); back++ {
		if start := len(p) - back; utf8.RuneStart(p[start]) {
			if utf8.FullRune(p[start:]) {
				return len(p)
			}
			return start
		}
	}
	return len(p)
}

// decoded is the length of a chunk's data, decoded by its own encoding.
func decoded(chunk protocol.ResultChunk) (int64, bool) {
	switch chunk.Encoding {
	case protocol.UTF8:
		return int64(len(chunk.Data)), utf8.ValidString(chunk.Data)
	case protocol.Base64:
		p, err := base64.StdEncoding.Strict().DecodeString(chunk.Data)
		return int64(len(p)), err == nil
	default:
		return 0, false
	}
}

func tooLarge() *protocol.Error { return internal("the streamed result exceeds its cap") }
