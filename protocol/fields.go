package protocol

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// text is a field that holds a string.
func text[T ~string](f *form, name string, need need, p *T) {
	if f.writing {
		switch {
		case *p == "" && need == named:
			f.refuse(name, "is missing")
		case *p != "" || need == required:
			f.key(name)
			f.text = appendString(f.text, string(*p))
		}
		return
	}
	value := f.find(name, need)
	switch {
	case value == nil:
	case value[0] != '"':
		f.refuse(name, "must be a string")
	default:
		*p = T(unquote(value))
		if *p == "" && (need == named || need == filled) {
			f.refuse(name, "is empty")
		}
	}
}

// count is a field that holds a whole number from 0 on.
func count[T uint64 | int64](f *form, name string, need need, p *T) {
	if f.writing {
		switch {
		case *p < 0:
			f.refuse(name, "is below zero")
		case *p != 0 || need == required:
			f.key(name)
			f.text = strconv.AppendUint(f.text, uint64(*p), 10)
		}
		return
	}
	value := f.find(name, need)
	if value == nil {
		return
	}
	n, ok := uint64(0), false
	if c := value[0]; c == '-' || '0' <= c && c <= '9' {
		n, ok = whole(string(value))
	}
	if *p = T(n); !ok || *p < 0 {
		f.refuse(name, "must be a whole number from 0 on")
	}
}

// decimal is a field that holds a number whose digits count (§9.6).
func decimal(f *form, name string, need need, p *Number) {
	if f.writing {
		if *p == "" && need < required {
			return
		}
		if !p.Valid() {
			f.refuse(name, "is not a number")
			return
		}
		f.key(name)
		f.text = append(f.text, *p...)
		return
	}
	value := f.find(name, need)
	if value == nil {
		return
	}
	if c := value[0]; c != '-' && (c < '0' || c > '9') {
		f.refuse(name, "must be a number")
		return
	}
	if len(value) > MaxNumber {
		f.refuse(name, "has too many digits")
		return
	}
	*p = Number(value)
}

// flag is a field that holds true or false.
func flag(f *form, name string, need need, p *bool) {
	if f.writing {
		if *p || need == required {
			f.key(name)
			f.text = strconv.AppendBool(f.text, *p)
		}
		return
	}
	switch value := f.find(name, need); string(value) {
	case "":
	case "true", "false":
		*p = string(value) == "true"
	default:
		f.refuse(name, "must be true or false")
	}
}

// anyJSON is a field that holds any JSON value. In it null is a value, not an absence:
// it may be what a tool or a job has to say.
func anyJSON(f *form, name string, need need, p *json.RawMessage) {
	if f.writing {
		if len(*p) > 0 || need == required {
			f.raw(name, *p)
		}
		return
	}
	f.known = append(f.known, name)
	for i := range f.members {
		if m := &f.members[i]; string(m.name) == name {
			m.taken = true
			*p = m.value
			return
		}
	}
	if need == required {
		f.refuse(name, "is missing")
	}
}

// object is a field that holds an object whose inside is not looked at here.
func object(f *form, name string, need need, p *json.RawMessage) {
	if f.writing {
		switch {
		case len(*p) == 0 && need >= required:
			f.refuse(name, "is missing")
		case len(*p) > 0 && !bytes.HasPrefix(bytes.TrimLeft(*p, " \t\r\n"), []byte("{")):
			f.refuse(name, "must be an object")
		case len(*p) > 0:
			f.raw(name, *p)
		}
		return
	}
	if value := f.find(name, need); value != nil {
		if value[0] != '{' {
			f.refuse(name, "must be an object")
		}
		*p = value
	}
}

// raw writes JSON that came from elsewhere. It has to be one value by itself: with a brace too many it could close the
// object that it stands in, and go on with fields of its own.
func (f *form) raw(name string, raw json.RawMessage) {
	if s, _ := scan(raw); s.fault != "" {
		f.refuse(name, "is not one JSON value that may be sent")
	}
	f.key(name)
	f.text = append(f.text, raw...)
}

// part is a field that holds an object with fields of its own.
func part[T any](f *form, name string, need need, p *T, walk func(*T, *form)) {
	if f.writing {
		f.key(name)
		f.text = append(f.text, '{')
		walk(p, f)
		f.text = append(f.text, '}')
		return
	}
	value := f.find(name, need)
	switch {
	case value == nil:
	case value[0] != '{':
		f.refuse(name, "must be an object")
	default:
		f.inside(value, name+".", func(inner *form) { walk(p, inner) })
	}
}

// inside reads an object that stands in this one.
func (f *form) inside(object []byte, name string, walk func(*form)) {
	inner := reading(object, f.where+name)
	walk(inner)
	inner.done()
	if f.fault == "" {
		f.fault = inner.fault
	}
}

// maybe is a field that a pointer says to be there or not.
func maybe[T any](f *form, name string, p **T, field func(*form, string, need, *T)) {
	if f.writing {
		if *p != nil {
			field(f, name, required, *p)
		}
		return
	}
	for _, m := range f.members {
		if string(m.name) == name && string(m.value) != "null" {
			*p = new(T)
			field(f, name, required, *p)
			return
		}
	}
	f.find(name, optional)
}

// nullable is as maybe, but writes null for what is not there.
func nullable[T any](f *form, name string, p **T, field func(*form, string, need, *T)) {
	if f.writing && *p == nil {
		f.key(name)
		f.text = append(f.text, "null"...)
		return
	}
	maybe(f, name, p, field)
}

// maybePart is as maybe, for an object with fields of its own.
func maybePart[T any](f *form, name string, p **T, walk func(*T, *form)) {
	maybe(f, name, p, func(f *form, name string, need need, p *T) { part(f, name, need, p, walk) })
}
