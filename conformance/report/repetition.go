package report

import "fmt"

// How many scenarios show a finding in full before the others only name the first of them.
const (
	fullFails = 3
	fullWarns = 1
)

// repetition knows the findings that a report has shown. A peer with one fault in its welcome fails everything in the same
// way, and what it fails in another way shall be seen beside it.
type repetition struct {
	off   bool // everything is wanted
	left  bool // something was left out
	known map[Finding]*shown
	more  map[string]int // warnings of this section that said nothing new, by the scenario that they repeat
	order []string       // of more
}

// shown is a finding by its first scenario, its newest, and how many had it.
type shown struct {
	first, last string
	count       int
}

// before names the scenario that showed the finding first, when enough have shown it; else it is "". Findings are alike when
// the same was expected under the same requirement: what came instead has ids and times in it.
func (r *repetition) before(f Finding, id string) string {
	if r.off || f.Expected == "" {
		return ""
	}
	f.Got = ""
	if r.known == nil {
		r.known = map[Finding]*shown{}
	}
	s := r.known[f]
	if s == nil {
		s = &shown{first: id}
		r.known[f] = s
	}
	if s.last != id {
		s.last = id
		s.count++
	}
	if s.count > fullFails || f.Verdict != Fail && s.count > fullWarns {
		r.left = true
		return s.first
	}
	return ""
}

// all names the scenario that showed first what this one has, when there is nothing new in it; else it is "".
func (r *repetition) all(s Scenario) string {
	if s.Verdict != Fail && s.Verdict != Warn || len(s.Findings) == 0 {
		return ""
	}
	first := ""
	for _, f := range s.Findings {
		before := r.before(f, s.ID)
		if before == "" {
			return ""
		}
		if first == "" {
			first = before
		}
	}
	return first
}

// alike mentions a scenario that says nothing new: a failed one by its name, one with a warning only in a number.
func (t *Terminal) alike(s Scenario, first string) {
	if s.Verdict == Fail {
		fmt.Fprintf(t.out, "  %s %s  %s %s\n", t.paint[Fail].Sprintf("%-5s", Fail), s.ID, t.name(s), t.faint.Sprint("as ", first))
		return
	}
	if t.seen.more == nil {
		t.seen.more = map[string]int{}
	}
	if t.seen.more[first]++; t.seen.more[first] == 1 {
		t.seen.order = append(t.seen.order, first)
	}
}

// more ends a section with the numbers of the warnings that said nothing new.
func (t *Terminal) more() {
	for _, first := range t.seen.order {
		fmt.Fprintf(t.out, "  %s %d more, as %s\n", t.paint[Warn].Sprintf("%-5s", Warn), t.seen.more[first], first)
	}
	t.seen.more, t.seen.order = nil, nil
}

// repeated mentions a finding beside others that are new.
func (t *Terminal) repeated(f Finding, first string) {
	fmt.Fprintf(t.out, "        %s §%s %s %s %s\n", t.paint[f.Verdict].Sprintf("%-4s", f.Verdict), f.Section, f.Level, f.Requirement,
		t.faint.Sprint("as ", first))
}
