package steps

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

var (
	place = regexp.MustCompile(`\$\{(agent|token|session|job|id|key|missing job|in an hour|a second ago|in \d+ \w+)(?::([^}]*))?\}`)
	later = regexp.MustCompile(`^in (\d+) (seconds|days|years)$`)
)

// fill replaces what the scenario writes as ${agent}, ${token}, ${session} and so on (doc.go has the list), seen from
// the connection name.
func (s *scene) fill(name, text string) string {
	return place.ReplaceAllStringFunc(text, func(found string) string {
		m := place.FindStringSubmatch(found)
		return inner(s.lookup(name, m[1], m[2]))
	})
}

func (s *scene) lookup(name, what, of string) string {
	switch what {
	case "agent":
		return s.w.Agent()
	case "token":
		if of == "second" {
			return s.w.Token(world.Second)
		}
		return s.w.Token(world.First)
	case "session":
		if of == "" {
			of = name
		}
		if c, ok := s.w.Client(of); ok {
			return c.SessionID()
		}
		return ""
	case "job":
		if sub, err := s.submission(of); err == nil && sub.job != nil {
			return sub.job.ID
		}
		return ""
	case "in an hour":
		return world.Timestamp(time.Now().Add(time.Hour))
	case "a second ago":
		return world.Timestamp(time.Now().Add(-time.Second))
	case "key":
		if s.keys[of] == "" {
			s.keys[of] = "key-" + fresh()
		}
		return s.keys[of]
	case "missing job":
		return "job_" + fresh()
	}
	if m := later.FindStringSubmatch(what); m != nil {
		return world.Timestamp(ahead(time.Now(), count(m[1]), m[2]))
	}
	return "msg_" + fresh()
}

// ahead is n seconds, days or years after now.
func ahead(now time.Time, n int, unit string) time.Time {
	switch unit {
	case "days":
		return now.AddDate(0, 0, n)
	case "years":
		return now.AddDate(n, 0, 0)
	}
	return now.Add(time.Duration(n) * time.Second)
}

// inner is s as it stands between the quotation marks of a JSON string.
func inner(s string) string {
	quoted := text(s)
	return quoted[1 : len(quoted)-1]
}

// fresh is a text that was never used before.
func fresh() string { return ulid.Make().String() }

// value reads one JSON value of a scenario; numbers keep their digits.
func (s *scene) value(name, doc string) (any, error) {
	dec := json.NewDecoder(strings.NewReader(s.fill(name, doc)))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, own("JSON of the scenario: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, own("JSON of the scenario: more than one value in %s", doc)
	}
	return v, nil
}

func (s *scene) object(name, doc string) (map[string]any, error) {
	v, err := s.value(name, doc)
	if err != nil {
		return nil, err
	}
	object, ok := v.(map[string]any)
	if !ok {
		return nil, own("JSON of the scenario: not an object: %s", doc)
	}
	return object, nil
}

// merge sets the members that doc names; a null takes the member away.
func (s *scene) merge(name string, into map[string]any, doc string) error {
	if doc == "" {
		return nil
	}
	more, err := s.object(name, doc)
	if err != nil {
		return err
	}
	for member, v := range more {
		if v == nil {
			delete(into, member)
			continue
		}
		into[member] = v
	}
	return nil
}

// same says whether two JSON values mean the same: numbers by their exact decimal value, objects by their members.
func same(a, b any) bool {
	if x, ok := wire.Decimal(a); ok {
		y, ok := wire.Decimal(b)
		return ok && x.Cmp(y) == 0
	}
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		return ok && len(x) == len(y) && covers(x, y)
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !same(x[i], y[i]) {
				return false
			}
		}
		return true
	}
	return a == b
}

// sameNumber says whether two decimals in text are one number.
func sameNumber(a, b string) bool {
	x, ok := wire.Decimal(json.Number(a))
	y, also := wire.Decimal(json.Number(b))
	return ok && also && x.Cmp(y) == 0
}

// covers says whether every member of want stands in got with the same value; a null wanted may be absent.
func covers(want, got map[string]any) bool {
	for name, v := range want {
		if !same(v, got[name]) {
			return false
		}
	}
	return true
}

// text writes a value as compact JSON, for reports.
func text(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(b.String(), "\n")
}
