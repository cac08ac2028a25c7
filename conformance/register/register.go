package register

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

// Level is how strongly a requirement binds.
type Level string

// The levels. Impl marks what the draft shows without a keyword of RFC 2119.
const (
	Must    Level = "MUST"
	MustNot Level = "MUST NOT"
	Should  Level = "SHOULD"
	May     Level = "MAY"
	Impl    Level = "IMPL"
)

// Binding says whether breaking the requirement fails a peer.
func (l Level) Binding() bool { return l == Must || l == MustNot || l == Impl }

// Requirement is one row of the register.
type Requirement struct {
	ID        string `json:"id"`
	Section   string `json:"section"` // of the draft, without the sign: "9.6"
	Party     string `json:"party"`   // R the runtime, C the client, B both
	Level     Level  `json:"level"`
	Seen      string `json:"seen"` // wire, agent, two, time, restart, ops or client
	Statement string `json:"statement"`
}

//go:embed requirements.txt
var table string

// parsed is the table, read once, and the place of each id in it.
var parsed = sync.OnceValues(func() ([]Requirement, map[string]int) {
	all, err := parse(table)
	if err != nil {
		panic(err) // the table is part of the program
	}
	index := make(map[string]int, len(all))
	for i, r := range all {
		index[r.ID] = i
	}
	return all, index
})

// All gives every row, in the order of the draft. The slice is the caller's own.
func All() []Requirement {
	all, _ := parsed()
	return append([]Requirement(nil), all...)
}

// Lookup finds a row by its id ("R9.6-3").
func Lookup(id string) (Requirement, bool) {
	all, index := parsed()
	i, ok := index[id]
	if !ok {
		return Requirement{}, false
	}
	return all[i], true
}

// parse reads the table: one row a line, fields between bars, '#' for remarks.
func parse(text string) ([]Requirement, error) {
	var all []Requirement
	seen := map[string]bool{}
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		f := strings.SplitN(line, "|", 5)
		if len(f) != 5 {
			return nil, fmt.Errorf("register: line %d: %d fields of 5", n+1, len(f))
		}
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		r := Requirement{ID: f[0], Party: f[1], Level: Level(f[2]), Seen: f[3], Statement: f[4]}
		section, _, ok := strings.Cut(strings.TrimPrefix(r.ID, "R"), "-")
		if !ok || seen[r.ID] || r.Statement == "" {
			return nil, fmt.Errorf("register: line %d: bad, empty or repeated row %q", n+1, r.ID)
		}
		seen[r.ID], r.Section = true, section
		all = append(all, r)
	}
	return all, nil
}
