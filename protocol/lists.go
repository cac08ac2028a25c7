package protocol

import (
	"maps"
	"slices"
)

// list is a field that holds a list. Nil is left out where the field is optional, and
// written as an empty list where it is required. Take says whether an element is of
// the right type.
func list[T any](f *form, name string, need need, p *[]T, put func(*form, *T), take func(*form, []byte, *T) bool) {
	if f.writing {
		if *p != nil || need == required {
			f.key(name)
			f.text = append(f.text, '[')
			for i := range *p {
				f.comma()
				put(f, &(*p)[i])
			}
			f.text = append(f.text, ']')
		}
		return
	}
	value := f.find(name, need)
	switch {
	case value == nil:
	case value[0] != '[':
		f.refuse(name, "must be a list")
	default:
		found := elements(value)
		*p = make([]T, len(found))
		for i, element := range found {
			if !take(f, element, &(*p)[i]) {
				f.refuse(name, "has an element of the wrong type")
			}
		}
	}
}

// texts is a list of strings.
func texts[T ~string](f *form, name string, need need, p *[]T) {
	list(f, name, need, p, putText[T], takeText[T])
}

func putText[T ~string](f *form, p *T) { f.text = appendString(f.text, string(*p)) }

func takeText[T ~string](_ *form, value []byte, p *T) bool {
	if value[0] != '"' {
		return false
	}
	*p = T(unquote(value))
	return true
}

// parts is a list of objects with fields of their own.
func parts[T any](f *form, name string, need need, p *[]T, walk func(*T, *form)) {
	put := func(f *form, p *T) {
		f.text = append(f.text, '{')
		walk(p, f)
		f.text = append(f.text, '}')
	}
	take := func(f *form, value []byte, p *T) bool {
		if value[0] != '{' {
			return false
		}
		f.inside(value, name+".", func(inner *form) { walk(p, inner) })
		return true
	}
	list(f, name, need, p, put, take)
}

// table is an object whose keys are not names of the protocol: none of them is unknown
// in it, and they are written in their order.
func table[V any, M ~map[string]V](f *form, name string, need need, p *M, put func(*form, *V), take func(*form, []byte, *V) bool) {
	if f.writing {
		if *p != nil || need == required {
			f.key(name)
			f.text = append(f.text, '{')
			for _, key := range slices.Sorted(maps.Keys(*p)) {
				f.comma()
				f.text = append(appendString(f.text, key), ':')
				value := (*p)[key]
				put(f, &value)
			}
			f.text = append(f.text, '}')
		}
		return
	}
	value := f.find(name, need)
	switch {
	case value == nil:
	case value[0] != '{':
		f.refuse(name, "must be an object")
	default:
		*p = M{}
		for _, m := range members(value) {
			var v V
			if !take(f, m.value, &v) {
				f.refuse(name, "has an entry of the wrong type")
			}
			(*p)[string(m.name)] = v
		}
	}
}

// leaseField is a lease: namespaces and their patterns (§9.2).
func leaseField(f *form, name string, need need, p *Lease) {
	put := func(f *form, p *[]string) {
		f.text = append(f.text, '[')
		for i := range *p {
			f.comma()
			putText(f, &(*p)[i])
		}
		f.text = append(f.text, ']')
	}
	take := func(f *form, value []byte, p *[]string) bool {
		if value[0] != '[' {
			return false
		}
		found := elements(value)
		*p = make([]string, len(found))
		for i, pattern := range found {
			if !takeText(f, pattern, &(*p)[i]) {
				return false
			}
		}
		return true
	}
	table(f, name, need, p, put, take)
}

// budgetField is the counters of a budget: currencies and what is left (§9.6).
func budgetField(f *form, name string, need need, p *Budget) {
	put := func(f *form, p *Number) {
		if !p.Valid() {
			f.refuse(name, "has a counter that is not a number")
		}
		f.text = append(f.text, *p...)
	}
	take := func(_ *form, value []byte, p *Number) bool {
		*p = Number(value)
		return p.Valid()
	}
	table(f, name, need, p, put, take)
}
