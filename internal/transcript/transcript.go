// Package transcript writes what went into a pure machine and what came out as text, and
// compares it with a golden file. Only tests use it.
package transcript

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Log collects one conversation with a machine. The zero value is empty.
type Log struct{ text strings.Builder }

// Note writes a line of explanation.
func (l *Log) Note(format string, args ...any) {
	fmt.Fprintf(&l.text, "# "+format+"\n", args...)
}

// Turn writes one input with the time since the beginning, and the effects that it had.
func Turn[E any](l *Log, at time.Duration, in any, effects []E) {
	fmt.Fprintf(&l.text, "%s > %s\n", at, Render(in))
	for _, effect := range effects {
		fmt.Fprintf(&l.text, "    < %s\n", Render(effect))
	}
}

// Compare fails the test where the log differs from testdata/name. With rewrite it
// writes the file instead.
func (l *Log) Compare(t *testing.T, name string, rewrite bool) {
	t.Helper()
	path := filepath.Join("testdata", name)
	got := l.text.String()
	if rewrite {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	wants, gots := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(wants), len(gots)) {
		if i >= len(wants) || i >= len(gots) || wants[i] != gots[i] {
			t.Fatalf("%s:%d differs (-rewrite renews it)\nwant %s\ngot  %s", path, i+1, line(wants, i), line(gots, i))
		}
	}
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(nothing)"
}

// Render writes a value on one line, leaving out the fields that are zero.
func Render(v any) string { return render(reflect.ValueOf(v)) }

func render(v reflect.Value) string {
	if !v.IsValid() {
		return "nil"
	}
	if text, ok := spoken(v); ok {
		return text
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return render(v.Elem())
	case reflect.Struct:
		return renderStruct(v)
	case reflect.Map:
		return renderMap(v)
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = render(v.Index(i))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.String:
		return strconv.Quote(v.String())
	default:
		return fmt.Sprint(v.Interface())
	}
}

// spoken renders the values that say best themselves what they are.
func spoken(v reflect.Value) (string, bool) {
	if !v.CanInterface() {
		return "", false
	}
	switch v := v.Interface().(type) {
	case json.RawMessage:
		return string(v), true
	case []byte:
		return strconv.Quote(string(v)), true
	case interface{ Wire() map[string][]string }:
		return Render(v.Wire()), true
	case fmt.Stringer:
		return v.String(), true
	case error:
		if !hasFields(reflect.TypeOf(v)) {
			return strconv.Quote(v.Error()), true
		}
	}
	return "", false
}

// hasFields tells whether there are fields to render.
func hasFields(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	for i := 0; t.Kind() == reflect.Struct && i < t.NumField(); i++ {
		if t.Field(i).IsExported() {
			return true
		}
	}
	return false
}

func renderStruct(v reflect.Value) string {
	var parts []string
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.IsExported() && !v.Field(i).IsZero() {
			parts = append(parts, field.Name+":"+render(v.Field(i)))
		}
	}
	return v.Type().Name() + "{" + strings.Join(parts, " ") + "}"
}

func renderMap(v reflect.Value) string {
	var parts []string
	for _, key := range v.MapKeys() {
		parts = append(parts, render(key)+":"+render(v.MapIndex(key)))
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, " ") + "}"
}
