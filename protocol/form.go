package protocol

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// form is one JSON object that is being read or written. Each message has one walk
// over its fields that serves both ways, so that a name is spelled in one place.
type form struct {
	writing bool
	text    []byte   // writing: what stands so far
	members []member // reading: those of the object, in their order
	known   []string // reading: the names that were asked for
	where   string   // for messages: "payload." or "body."
	fault   string   // the first thing refused; what follows has no meaning
}

// member is one key of an object and the text of its value.
type member struct {
	name  []byte
	value []byte
	taken bool
}

// need says how badly a field is wanted.
type need int

const (
	optional need = iota // left out when zero; null and absent are one
	filled               // as optional, but not empty where it stands
	required             // always there
	named                // as required, and not empty
)

// reading returns a form for an object which scan has found good.
func reading(object []byte, where string) *form {
	return &form{members: members(object), where: where}
}

// find returns the value of a field, nil when it is absent or null.
func (f *form) find(name string, need need) []byte {
	f.known = append(f.known, name)
	for i := range f.members {
		m := &f.members[i]
		if !m.taken && string(m.name) == name {
			m.taken = true
			if string(m.value) != "null" {
				return m.value
			}
			break
		}
	}
	if need >= required {
		f.refuse(name, "is missing")
	}
	return nil
}

// refuse notes a field that is not as it must be. The value is never named: it may be
// a secret.
func (f *form) refuse(name, why string) {
	if f.fault == "" {
		f.fault = f.where + name + " " + why
	}
}

// done ends the reading of an object. §5: unknown fields are ignored. §5 (choice): a
// known name in other letters is a mistake of the peer, or an attempt to have two
// readers see two messages, and is refused.
func (f *form) done() {
	for _, m := range f.members {
		if m.taken {
			continue
		}
		for _, name := range f.known {
			if len(m.name) <= 2*len(name) && strings.EqualFold(string(m.name), name) {
				f.refuse(name, "is written in other letters")
			}
		}
	}
}

// key writes the name of a field.
func (f *form) key(name string) {
	f.comma()
	f.text = append(f.text, '"')
	f.text = append(f.text, name...)
	f.text = append(f.text, '"', ':')
}

// comma separates what follows from what stands before it in the same object or list.
func (f *form) comma() {
	if last := f.text[len(f.text)-1]; last != '{' && last != '[' {
		f.text = append(f.text, ',')
	}
}

// members splits an object into its keys and values.
func members(object []byte) []member {
	s := scanner{text: object}
	found := make([]member, 0, 12)
	s.space()
	s.pos++ // the brace
	for s.space(); !s.next('}'); s.space() {
		if s.next(',') {
			s.space()
		}
		start := s.pos
		s.skipString()
		name := keyText(object[start:s.pos])
		s.space()
		s.pos++ // the colon
		s.space()
		start = s.pos
		s.skip()
		found = append(found, member{name: name, value: object[start:s.pos]})
	}
	return found
}

// elements splits a list.
func elements(list []byte) [][]byte {
	s := scanner{text: list, pos: 1}
	var found [][]byte
	for s.space(); !s.next(']'); s.space() {
		if s.next(',') {
			s.space()
		}
		start := s.pos
		s.skip()
		found = append(found, list[start:s.pos])
	}
	return found
}

// skip passes over one value of a text which scan has found good.
func (s *scanner) skip() {
	switch s.text[s.pos] {
	case '"':
		s.skipString()
		return
	case '{', '[':
		s.skipNested()
		return
	}
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ',', '}', ']', ' ', '\t', '\n', '\r':
			return
		}
		s.pos++
	}
}

func (s *scanner) skipNested() {
	for depth := 0; ; {
		switch s.text[s.pos] {
		case '"':
			s.skipString()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		s.pos++
		if depth == 0 {
			return
		}
	}
}

func (s *scanner) skipString() {
	s.pos++
	for s.pos = plain(s.text, s.pos); s.text[s.pos] != '"'; s.pos = plain(s.text, s.pos) {
		s.pos += 2 // a backslash, and what it escapes: none of it is a quote that ends
	}
	s.pos++
}

// keyText returns what a quoted key says.
func keyText(quoted []byte) []byte {
	inner := quoted[1 : len(quoted)-1]
	if plain(inner, 0) == len(inner) {
		return inner
	}
	return []byte(unquote(quoted))
}

// unquote returns what a string says. Its text is one that scan has found good.
func unquote(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	if plain(inner, 0) == len(inner) {
		return string(inner)
	}
	var said string
	if err := json.Unmarshal(quoted, &said); err != nil {
		panic("protocol: a string that was scanned is none: " + err.Error())
	}
	return said
}

// appendString writes a string. Half of a character in it stays, for Encode to refuse.
func appendString(text []byte, said string) []byte {
	const hex = "0123456789abcdef"
	text = append(text, '"')
	start := 0
	for i := 0; i < len(said); i++ {
		c := said[i]
		if c >= ' ' && c != '"' && c != '\\' || c >= utf8.RuneSelf {
			continue
		}
		text = append(text, said[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			text = append(text, '\\', c)
		case '\n':
			text = append(text, '\\', 'n')
		case '\r':
			text = append(text, '\\', 'r')
		case '\t':
			text = append(text, '\\', 't')
		default:
			text = append(text, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	text = append(text, said[start:]...)
	return append(text, '"')
}
