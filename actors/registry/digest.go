package registry

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"

	"github.com/arcp-conformance/arcp/protocol"
)

// Digest is one hash for all submissions that ask for the same (§7.2): of agent, input, lease_request, lease_constraints
// and max_runtime_sec, by the meaning of their JSON. The idempotency_key is no part of it. The choices of §7.2 are these:
//
//   - The order of the keys in an object and white space do not matter; the order in a list does.
//   - Strings are compared by what they say, however they are escaped; numbers by their exact value, so 5, 5.0, 50e-1 and
//     5e0 are one, and -0 is 0.
//   - A field of the submission that is null is one that is absent. Deeper in the input null is a value.
//   - The patterns of a namespace are a set: neither their order nor a repetition gives or takes any authority.
//   - The agent counts as it was asked for: `writer` is not `writer@1.0.0`, even where the one means the other today.
//
// It takes O(n log n) for n bytes, and never more for what a client made up to be slow.
func Digest(submit protocol.JobSubmit) [32]byte {
	text := []byte("job.submit 1;")
	text = appendText(text, submit.Agent)
	text = appendJSON(text, submit.Input)
	text = appendLease(text, submit.LeaseRequest)
	if c := submit.LeaseConstraints; c == nil {
		text = append(text, null)
	} else {
		text = appendText(append(text, object), c.ExpiresAt)
	}
	switch limit := submit.MaxRuntimeSec; {
	case limit == nil:
		text = append(text, null)
	case !limit.Valid():
		text = appendText(append(text, broken), string(*limit))
	default:
		text = appendNumber(text, []byte(*limit))
	}
	return sha256.Sum256(text)
}

// What begins each value in the text that is hashed. No value is the beginning of another one.
const (
	null   = 'n'
	truth  = 't'
	lie    = 'f'
	quoted = 's' // then the length and the bytes
	figure = '#' // then digits, e, the exponent and a semicolon
	array  = '[' // then the elements and a bracket
	object = '{' // then the number of members, and the sorted hash of each
	broken = 'x' // what is no JSON: the length and the bytes
)

func appendText(to []byte, text string) []byte {
	to = binary.AppendUvarint(append(to, quoted), uint64(len(text)))
	return append(to, text...)
}

func appendLease(to []byte, lease protocol.Lease) []byte {
	if lease == nil {
		return append(to, null)
	}
	to = binary.AppendUvarint(append(to, object), uint64(len(lease)))
	for _, namespace := range slices.Sorted(maps.Keys(lease)) {
		patterns := slices.Compact(slices.Sorted(slices.Values(lease[namespace])))
		to = append(appendText(to, namespace), array)
		for _, pattern := range patterns {
			to = appendText(to, pattern)
		}
		to = append(to, ']')
	}
	return to
}

// appendJSON writes any JSON value. What is none, which no client can send, is only equal to itself.
func appendJSON(to []byte, value json.RawMessage) []byte {
	switch {
	case len(value) == 0:
		return append(to, null)
	case protocol.CheckValue(value) != nil:
		return appendText(append(to, broken), string(value))
	}
	r := reader{text: value}
	return r.value(to)
}

// reader goes through a JSON text that was found good, and not nested too deeply.
type reader struct {
	text []byte
	pos  int
}

// token passes over white space and returns the byte that comes then.
func (r *reader) token() byte {
	for bytes.IndexByte([]byte(" \t\r\n"), r.text[r.pos]) >= 0 {
		r.pos++
	}
	return r.text[r.pos]
}

// next takes the byte if it comes next, and says so.
func (r *reader) next(c byte) bool {
	if r.token() != c {
		return false
	}
	r.pos++
	return true
}

func (r *reader) value(to []byte) []byte {
	switch c := r.token(); c {
	case '{':
		return r.object(to)
	case '[':
		return r.array(to)
	case '"':
		return r.string(to)
	case 'n', 't':
		r.pos += len("null")
		return append(to, c)
	case 'f':
		r.pos += len("false")
		return append(to, lie)
	}
	start := r.pos
	for r.pos < len(r.text) && bytes.IndexByte([]byte("+-.0123456789Ee"), r.text[r.pos]) >= 0 {
		r.pos++
	}
	return appendNumber(to, r.text[start:r.pos])
}

func (r *reader) array(to []byte) []byte {
	r.pos++
	to = append(to, array)
	for !r.next(']') {
		to = r.value(to)
		r.next(',')
	}
	return append(to, ']')
}

// object hashes each member, so that only hashes need to be sorted, whatever the client puts into its keys.
func (r *reader) object(to []byte) []byte {
	r.pos++
	start := len(to)
	var members [][sha256.Size]byte
	for !r.next('}') {
		to = r.string(to)
		r.next(':')
		to = r.value(to)
		members = append(members, sha256.Sum256(to[start:]))
		to = to[:start]
		r.next(',')
	}
	slices.SortFunc(members, func(a, b [sha256.Size]byte) int { return bytes.Compare(a[:], b[:]) })
	to = binary.AppendUvarint(append(to, object), uint64(len(members)))
	for _, member := range members {
		to = append(to, member[:]...)
	}
	return to
}

func (r *reader) string(to []byte) []byte {
	r.token()
	start, escaped := r.pos, false
	for r.pos++; r.text[r.pos] != '"'; r.pos++ {
		if r.text[r.pos] == '\\' {
			escaped = true
			r.pos++
		}
	}
	r.pos++
	if !escaped {
		return appendText(to, string(r.text[start+1:r.pos-1]))
	}
	var said string
	if err := json.Unmarshal(r.text[start:r.pos], &said); err != nil {
		panic("registry: a string that was found good is none: " + err.Error())
	}
	return appendText(to, said)
}
