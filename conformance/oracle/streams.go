package oracle

import (
	"encoding/base64"
	"math/big"
)

// streams holds §8.4 for every job that a session sees whole.
type streams struct {
	d      *docket
	scene  *scene
	jobs   map[*view]*stream
	owners map[string]string // result_id to the job that used it first
}

// stream is the streamed result of one job.
type stream struct {
	id     string // result_id of the first chunk
	next   uint64
	closed bool // a chunk said that it is the last
	mixed  bool // chunks of another result_id stand in it: which of them belong together cannot be told
	bytes  int  // decoded so far; -1 once it is not the stream any more that the size would be of
}

func newStreams(d *docket, s *scene) *streams {
	return &streams{d: d, scene: s, jobs: map[*view]*stream{}, owners: map[string]string{}}
}

func (s *streams) see(f frame) {
	if f.view == nil || !f.news() || !f.view.whole() {
		return
	}
	switch {
	case f.Type() == "job.event" && f.Kind() == "result_chunk":
		s.chunk(f)
	case f.Type() == "job.result":
		s.result(f)
	}
}

func (s *streams) chunk(f frame) {
	id := f.Text("payload", "body", "result_id")
	t := s.jobs[f.view]
	if t == nil {
		t = &stream{id: id}
		s.jobs[f.view] = t
		s.own(f, id)
	}
	s.d.demand("R8.4-9", id == t.id, f.Message, "result_id %s in the whole stream", t.id)
	if t.mixed = t.mixed || id != t.id; t.mixed {
		return
	}
	s.d.demand("R8.4-3", !t.closed, f.Message, "no chunk after the one that said more: false")
	n, ok := whole(f.Doc, "payload", "body", "chunk_seq")
	if !ok { // the schema says so
		n = t.next
	}
	s.d.demand("R8.4-2", n == t.next, f.Message, "chunk_seq %d", t.next)
	if n != t.next || t.closed {
		t.bytes = -1
	}
	t.next = n + 1
	if more, ok := f.Bool("payload", "body", "more"); ok {
		t.closed = t.closed || !more
	}
	s.decode(f, t)
}

// own: §8.4 makes a result_id the stable name of one result.
func (s *streams) own(f frame, id string) {
	if id == "" || s.scene.separate {
		return
	}
	owner := s.owners[id]
	s.d.demand("R8.4-9", owner == "" || owner == f.view.job, f.Message, "a result_id that job %s does not use", owner)
	s.owners[id] = f.view.job
}

// decode: each chunk is decoded on its own. Base64 in another alphabet, or without its padding, can still be read.
func (s *streams) decode(f frame, t *stream) {
	data, encoding := f.Text("payload", "body", "data"), f.Text("payload", "body", "encoding")
	n, strict := len(data), true
	if encoding == "base64" {
		n, strict = decodedLength(data)
		s.d.demand("R8.4-1", n >= 0, f.Message, "data that is base64")
		s.d.prefer("R8.4-1", strict || n < 0, f.Message, "base64 in the usual alphabet, with its padding")
	}
	if n < 0 || t.bytes < 0 {
		t.bytes = -1
		return
	}
	t.bytes += n
}

// decodedLength is how many bytes data stands for, -1 when it is no base64 at all; strict says that it is the usual one.
func decodedLength(data string) (n int, strict bool) {
	if b, err := base64.StdEncoding.DecodeString(data); err == nil {
		return len(b), true
	}
	for _, other := range []*base64.Encoding{base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		if b, err := other.DecodeString(data); err == nil {
			return len(b), false
		}
	}
	return -1, false
}

// result: after chunks only a job.result that names them, and has nothing inline, is a success.
func (s *streams) result(f frame) {
	id, inline := f.Text("payload", "result_id"), false
	if v, _ := f.Lookup("payload", "result"); v != nil {
		inline = true
	}
	t := s.jobs[f.view]
	if t == nil {
		s.d.prefer("R8.4-5", id == "" || !inline, f.Message, "a result_id or an inline result, not both")
		return
	}
	s.d.demand("R8.4-5", !inline, f.Message, "no inline result after chunks")
	if f.Text("payload", "final_status") != "success" {
		return
	}
	s.d.demand("R8.4-4", id == t.id || t.mixed && id != "", f.Message, "result_id %s, that of the chunks", t.id)
	if t.mixed {
		return
	}
	s.d.demand("R8.4-3", t.closed, f.Message, "a last chunk, with more: false, before the success")
	if size, ok := decimal(f.Payload()["result_size"]); ok && t.bytes >= 0 {
		s.d.prefer("R8.4-7", size.Cmp(new(big.Rat).SetInt64(int64(t.bytes))) == 0, f.Message,
			"result_size %d, the length of the decoded data", t.bytes)
	}
}
