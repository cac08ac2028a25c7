package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// mutant is one fault of the runtime.
type mutant struct {
	name   string
	clause string // what the fault breaks
	edits  []edit
	least  int  // how many scenarios must see it
	warns  bool // it is seen as a warning: no scenario may fail by it
}

// edit replaces one piece of one file.
type edit struct {
	file     string // from the root of the module, with slashes
	old, new string // old stands in the file exactly once
}

// apply gives the mutated text of every file that the mutant changes, by the file's path.
func (m *mutant) apply(root string) (map[string]string, error) {
	texts := map[string]string{}
	for _, e := range m.edits {
		path := filepath.Join(root, filepath.FromSlash(e.file))
		text, read := texts[path]
		if !read {
			source, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("mutant %q: %w", m.name, err)
			}
			text = string(source)
		}
		if n := strings.Count(text, e.old); n != 1 {
			return nil, fmt.Errorf("mutant %q: %s has this %d times instead of once:\n%s", m.name, e.file, n, e.old)
		}
		texts[path] = strings.Replace(text, e.old, e.new, 1)
	}
	return texts, nil
}

// overlay writes the mutated files and the description that go build takes, all into dir.
func (m *mutant) overlay(root, dir string) (string, error) {
	texts, err := m.apply(root)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for path, text := range texts {
		mutated := filepath.Join(dir, fmt.Sprintf("%d_%s", len(replace), filepath.Base(path)))
		if err := os.WriteFile(mutated, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[path] = mutated
	}
	description, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, description, 0o600)
}
