package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// root is where the module is, seen from this package.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestTheTableFitsTheSource applies every mutant to the tree, without building it.
func TestTheTableFitsTheSource(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, m := range table() {
		if names[m.name] || m.name == "" || m.clause == "" || m.least < 1 || len(m.edits) == 0 {
			t.Errorf("mutant %q is not whole, or stands twice", m.name)
		}
		names[m.name] = true
		texts, err := m.apply(root(t))
		if err != nil {
			t.Error(err)
		}
		for path, text := range texts {
			source, err := os.ReadFile(path)
			if err != nil || string(source) == text {
				t.Errorf("mutant %q changes nothing in %s (%v)", m.name, path, err)
			}
		}
	}
}

// TestTheFourThatMustBeSeen holds the faults that the suite was asked to see by three scenarios or more.
func TestTheFourThatMustBeSeen(t *testing.T) {
	t.Parallel()
	least := map[string]int{}
	for _, m := range table() {
		if !m.warns {
			least[m.name] = m.least
		}
	}
	for _, name := range []string{
		"counters in float64", "one event_seq is skipped", "more is false on every chunk", "BUDGET_EXHAUSTED is retryable",
	} {
		if least[name] < 3 {
			t.Errorf("%s: %d scenarios", name, least[name])
		}
	}
}

func TestOldTextStandsExactlyOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("one two two"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		edits []edit
		want  string // "" is an error
	}{
		"once":        {[]edit{{"a.go", "one", "1"}}, "1 two two"},
		"two edits":   {[]edit{{"a.go", "one", "1"}, {"a.go", "1 two", "3"}}, "3 two"},
		"never":       {[]edit{{"a.go", "three", "3"}}, ""},
		"twice":       {[]edit{{"a.go", "two", "2"}}, ""},
		"no file":     {[]edit{{"b.go", "one", "1"}}, ""},
		"used up":     {[]edit{{"a.go", "one", "1"}, {"a.go", "one", "1"}}, ""},
		"whole words": {[]edit{{"a.go", "one two two", ""}}, ""},
	} {
		texts, err := (&mutant{name: name, edits: tc.edits}).apply(dir)
		if name == "whole words" { // an empty file is a result, not an error
			if err != nil || texts[filepath.Join(dir, "a.go")] != "" {
				t.Errorf("%s: %q, %v", name, texts, err)
			}
			continue
		}
		if (err == nil) != (tc.want != "") || err == nil && texts[filepath.Join(dir, "a.go")] != tc.want {
			t.Errorf("%s: %q, %v", name, texts, err)
		}
	}
}

func TestTheOverlayNamesWhatItReplaces(t *testing.T) {
	t.Parallel()
	src, dir := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(src, "a.go"), []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := (&mutant{edits: []edit{{"a.go", "one", "1"}}}).overlay(src, dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), filepath.Join(src, "a.go")) {
		t.Errorf("%s, %v", text, err)
	}
	if mutated, err := os.ReadFile(filepath.Join(dir, "0_a.go")); err != nil || string(mutated) != "1" {
		t.Errorf("%s, %v", mutated, err)
	}
}

func TestWhatIsSeen(t *testing.T) {
	t.Parallel()
	sound := verdicts{"a": "pass", "b": "warn", "c": "pass", "d": "info"}
	got := verdicts{"a": "fail", "b": "warn", "c": "warn", "d": "fail"}
	for _, tc := range []struct {
		warns       bool
		seen, wrong []string
	}{
		{false, []string{"a", "d"}, nil},
		{true, []string{"c"}, []string{"a", "d"}},
	} {
		seen, wrong := (&mutant{warns: tc.warns}).seen(sound, got)
		if !reflect.DeepEqual(seen, tc.seen) || !reflect.DeepEqual(wrong, tc.wrong) {
			t.Errorf("warns %t: %v and %v", tc.warns, seen, wrong)
		}
	}
}

func TestChoosing(t *testing.T) {
	t.Parallel()
	if all, err := choose(""); err != nil || len(all) != len(table()) {
		t.Errorf("all: %d, %v", len(all), err)
	}
	if some, err := choose("float64|event_seq"); err != nil || len(some) != 2 {
		t.Errorf("two: %d, %v", len(some), err)
	}
	for _, pattern := range []string{"no such mutant", "("} {
		if _, err := choose(pattern); err == nil {
			t.Errorf("%q was taken", pattern)
		}
	}
}
