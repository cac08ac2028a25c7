package steps

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// chunk is one result_chunk as it came (§8.4).
type chunk struct {
	m        wire.Message
	result   string
	seq      *big.Rat
	data     string
	encoding string
	more     bool
}

// chunks reads the result_chunk events of a job. One that lacks a field, or has another type there, breaks R8.4-1.
func (s *scene) chunks(j *world.Job) ([]chunk, error) {
	var out []chunk
	for _, m := range j.Events("result_chunk") {
		body := m.Body()
		c := chunk{m: m}
		c.result, _ = body["result_id"].(string)
		c.seq, _ = wire.Decimal(body["chunk_seq"])
		c.encoding, _ = body["encoding"].(string)
		data, isText := body["data"].(string)
		more, isBool := body["more"].(bool)
		c.data, c.more = data, more
		whole := c.seq != nil && c.seq.IsInt() && c.seq.Sign() >= 0
		ok := c.result != "" && whole && isText && isBool && (c.encoding == "utf8" || c.encoding == "base64")
		if err := s.w.Check("R8.4-1", ok,
			"a chunk with result_id, chunk_seq, data, encoding utf8 or base64, and more", world.Brief(m)); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// ordered judges what holds for every row of chunks, whole or broken off: one result_id, numbers from 0 without a hole,
// nothing after the last, and text or base64 that each chunk can be read by alone.
func (s *scene) ordered(list []chunk) error {
	for i, c := range list {
		checks := []struct {
			req      string
			ok       bool
			expected string
		}{
			{"R8.4-9", c.result == list[0].result, "the result_id of the first chunk, " + list[0].result},
			{"R8.4-3", i == 0 || list[i-1].more, "no chunk after the one with more false"},
			{"R8.4-2", c.seq.Cmp(big.NewRat(int64(i), 1)) == 0, fmt.Sprintf("chunk_seq %d", i)},
		}
		for _, k := range checks {
			if err := s.w.Check(k.req, k.ok, k.expected, world.Brief(c.m)); err != nil {
				return err
			}
		}
		if _, err := s.decoded(c); err != nil {
			return err
		}
	}
	return nil
}

// decoded is a chunk's bytes. A character that was cut in two does not survive as text: the halves are no UTF-8, and what
// a peer puts in their place are not the agent's bytes, which the comparison finds.
func (s *scene) decoded(c chunk) ([]byte, error) {
	if c.encoding == "utf8" {
		return []byte(c.data), s.w.Check("R8.4-6", len(c.m.Faults) == 0, "a chunk that is UTF-8 by itself",
			strings.Join(c.m.Faults, ", "))
	}
	data, err := base64.StdEncoding.DecodeString(c.data)
	if err != nil {
		if data, raw := base64.RawStdEncoding.DecodeString(c.data); raw == nil {
			s.w.Warn("R8.4-1", "base64 with its padding", world.Brief(c.m))
			return data, nil
		}
		return nil, s.w.Check("R8.4-6", false, "base64", err.Error()+" in "+world.Brief(c.m))
	}
	return data, s.w.Check("R8.4-6", true, "", "")
}

// assembled is the concatenation of the decoded chunks, in the order of their numbers.
func (s *scene) assembled(list []chunk) ([]byte, error) {
	var out bytes.Buffer
	for _, c := range list {
		data, err := s.decoded(c)
		if err != nil {
			return nil, err
		}
		out.Write(data)
	}
	return out.Bytes(), nil
}

// script collects what the steps of a job write to its stream, by the contract of the scripted agent. What is written
// after stream_close is not part of it.
type script struct {
	bytes  []byte
	closed bool
}

// written is what the script of a submission writes.
func written(steps any) ([]byte, error) {
	var s script
	err := s.run(steps, 0)
	return s.bytes, err
}

// run does steps in the round i of the innermost repeat.
func (s *script) run(steps any, i int) error {
	list, ok := steps.([]any)
	if !ok {
		return own("a script is a list of steps")
	}
	for _, v := range list {
		step, _ := v.(map[string]any)
		times := whole(step["times"], 1)
		switch step["op"] {
		case "stream_close":
			s.closed = true
		case "repeat":
			for n := range times {
				if err := s.run(step["steps"], n); err != nil {
					return err
				}
			}
		case "stream_write":
			data, err := bytesOf(step, i)
			if err != nil {
				return err
			}
			if !s.closed {
				s.bytes = append(s.bytes, bytes.Repeat(data, times)...)
			}
		}
	}
	return nil
}

func bytesOf(step map[string]any, i int) ([]byte, error) {
	if t, ok := step["text"].(string); ok {
		return []byte(strings.ReplaceAll(t, "${i}", strconv.Itoa(i))), nil
	}
	if b, ok := step["base64"].(string); ok {
		data, err := base64.StdEncoding.DecodeString(b)
		if err != nil {
			return nil, own("base64 of a script: %w", err)
		}
		return data, nil
	}
	g, ok := step["generate"].(map[string]any)
	if !ok {
		return nil, own("a stream_write without text, base64 or generate")
	}
	seed, _ := g["seed"].(string)
	return generated(seed, whole(g["size"], 0)), nil
}

// generated is the contract's noise: SHA-256("seed:0"), SHA-256("seed:1") and so on, cut to size.
func generated(seed string, size int) []byte {
	out := make([]byte, 0, size+sha256.Size)
	for n := 0; len(out) < size; n++ {
		block := sha256.Sum256([]byte(seed + ":" + strconv.Itoa(n)))
		out = append(out, block[:]...)
	}
	return out[:size]
}

// whole reads a whole number of a script.
func whole(v any, absent int) int {
	if r, ok := wire.Decimal(v); ok && r.IsInt() {
		return int(r.Num().Int64())
	}
	return absent
}

// differ says where two results differ, for reports.
func differ(want, got []byte) string {
	n := 0
	for n < len(want) && n < len(got) && want[n] == got[n] {
		n++
	}
	return fmt.Sprintf("%d bytes, the same up to byte %d: %q instead of %q", len(got), n, around(got, n), around(want, n))
}

func around(b []byte, n int) string { return string(b[max(0, n-4):min(len(b), n+12)]) }
