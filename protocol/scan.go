package protocol

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// MaxDepth is the deepest nesting of objects and arrays that a frame may have, the
// envelope itself being the first level. §5 (choice): the draft has no bound.
const MaxDepth = 64

// fewKeys is the number of keys up to which an object's keys are compared one by one.
const fewKeys = 16

// scanner reads a JSON text once and finds out whether it may be trusted: the grammar
// of RFC 8259, and beyond it valid UTF-8, no duplicate key, no half of a surrogate
// pair and no bottomless nesting, all of which that RFC leaves to the receiver.
type scanner struct {
	text  []byte
	pos   int
	keys  [][]byte // those of the objects that are open, outermost first
	fault string   // the first thing refused in a text that is well-formed so far
	split bool     // there are line breaks between the tokens
}

// scan returns why the text cannot be taken as one JSON value, "" when it can. Readable
// says whether it follows the grammar to its end, so that parts of it can be looked at.
func scan(text []byte) (s scanner, readable bool) { return scanAt(text, 0) }

// scanAt is scan for a value that will stand so many levels deep in a frame.
func scanAt(text []byte, depth int) (s scanner, readable bool) {
	s.text = text
	if !utf8.Valid(text) {
		s.fault = "the frame is not valid UTF-8"
	}
	s.space()
	if !s.value(depth) {
		return s, false
	}
	s.space()
	if s.pos != len(text) {
		return s, s.broken("the frame goes on after its end")
	}
	return s, true
}

// broken ends the reading: what follows has no meaning.
func (s *scanner) broken(why string) bool {
	s.fault = why
	return false
}

// refuse marks a text which can be read but must not be taken.
func (s *scanner) refuse(why string) {
	if s.fault == "" {
		s.fault = why
	}
}

func (s *scanner) space() {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case '\n', '\r':
			s.split = true
		case ' ', '\t':
		default:
			return
		}
		s.pos++
	}
}

// next takes the byte if it comes next.
func (s *scanner) next(c byte) bool {
	if s.pos < len(s.text) && s.text[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

func (s *scanner) value(depth int) bool {
	if s.pos == len(s.text) {
		return s.broken("the frame ends too early")
	}
	switch c := s.text[s.pos]; c {
	case '{', '[':
		if depth == MaxDepth {
			return s.broken("the frame is nested too deeply")
		}
		s.pos++
		if c == '{' {
			return s.object(depth + 1)
		}
		return s.array(depth + 1)
	case '"':
		return s.str()
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	}
	end := number(s.text, s.pos)
	if end == s.pos {
		return s.broken("the frame is not JSON")
	}
	s.pos = end
	return true
}

func (s *scanner) word(w string) bool {
	if end := s.pos + len(w); end <= len(s.text) && string(s.text[s.pos:end]) == w {
		s.pos = end
		return true
	}
	return s.broken("the frame is not JSON")
}

func (s *scanner) array(depth int) bool {
	s.space()
	if s.next(']') {
		return true
	}
	for {
		s.space()
		if !s.value(depth) {
			return false
		}
		s.space()
		switch {
		case s.next(']'):
			return true
		case !s.next(','):
			return s.broken("the frame is not JSON")
		}
	}
}

func (s *scanner) object(depth int) bool {
	s.space()
	if s.next('}') {
		return true
	}
	first := len(s.keys)
	var many map[string]struct{}
	for {
		s.space()
		start := s.pos
		if s.pos == len(s.text) || s.text[s.pos] != '"' {
			return s.broken("the frame is not JSON")
		}
		if !s.str() {
			return false
		}
		many = s.key(first, many, s.text[start:s.pos])
		s.space()
		if !s.next(':') {
			return s.broken("the frame is not JSON")
		}
		s.space()
		if !s.value(depth) {
			return false
		}
		s.space()
		switch {
		case s.next('}'):
			s.keys = s.keys[:first]
			return true
		case !s.next(','):
			return s.broken("the frame is not JSON")
		}
	}
}

// key notes one key of the object whose keys begin at first. §5 (choice): of two equal
// keys neither is better than the other, so both are refused.
func (s *scanner) key(first int, many map[string]struct{}, quoted []byte) map[string]struct{} {
	name := keyText(quoted)
	if many == nil && len(s.keys)-first == fewKeys {
		many = make(map[string]struct{}, 4*fewKeys)
		for _, k := range s.keys[first:] {
			many[string(k)] = struct{}{}
		}
	}
	twice := false
	if many != nil {
		_, twice = many[string(name)]
		many[string(name)] = struct{}{}
		return s.twice(many, twice)
	}
	for _, k := range s.keys[first:] {
		twice = twice || string(k) == string(name)
	}
	s.keys = append(s.keys, name)
	return s.twice(nil, twice)
}

func (s *scanner) twice(many map[string]struct{}, twice bool) map[string]struct{} {
	if twice {
		s.refuse("an object has the same key twice")
	}
	return many
}

// str reads a string, from its opening quote to behind its closing one.
func (s *scanner) str() bool {
	s.pos++
	for {
		s.pos = plain(s.text, s.pos)
		if s.pos == len(s.text) {
			return s.broken("the frame ends within a string")
		}
		switch s.text[s.pos] {
		case '"':
			s.pos++
			return true
		case '\\':
			if !s.escape() {
				return s.broken("a string has an escape that JSON does not know")
			}
		default:
			return s.broken("a string has a control character in it")
		}
	}
}

// plain returns the place of the next quote, backslash or control character, or the
// end of the text. It looks at eight bytes at a time.
func plain(text []byte, pos int) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for ; pos+8 <= len(text); pos += 8 {
		x := binary.LittleEndian.Uint64(text[pos:])
		quote, slash := x^('"'*low), x^('\\'*low)
		found := (x - ' '*low) &^ x & high // below the space
		found |= (quote - low) &^ quote & high
		found |= (slash - low) &^ slash & high
		if found != 0 {
			return pos + bits.TrailingZeros64(found)/8
		}
	}
	for ; pos < len(text); pos++ {
		if c := text[pos]; c < ' ' || c == '"' || c == '\\' {
			break
		}
	}
	return pos
}

func (s *scanner) escape() bool {
	if s.pos+1 >= len(s.text) {
		return false
	}
	switch s.text[s.pos+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.pos += 2
		return true
	case 'u':
	default:
		return false
	}
	unit, ok := hex4(s.text, s.pos+2)
	if !ok {
		return false
	}
	s.pos += 6
	switch {
	case unit < 0xd800 || unit > 0xdfff:
		return true
	case unit < 0xdc00 && s.next('\\') && s.next('u'):
		second, ok := hex4(s.text, s.pos)
		if !ok {
			return false
		}
		if second >= 0xdc00 && second <= 0xdfff {
			s.pos += 4
			return true
		}
		s.pos -= 2 // it may begin a pair of its own
	case s.pos > 0 && s.text[s.pos-1] == '\\':
		s.pos-- // another escape follows
	}
	// §5 (choice): half a pair is no character and has no UTF-8; to put another in its
	// place would change what the peer said.
	s.refuse("a string has half a surrogate pair in it")
	return true
}

// hex4 reads the four hexadecimal digits of an escape.
func hex4(text []byte, pos int) (unit rune, ok bool) {
	if pos+4 > len(text) {
		return 0, false
	}
	for _, c := range text[pos : pos+4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		unit = unit<<4 | rune(c)
	}
	return unit, true
}
