package report

import "fmt"

// aside is a warning that came up in scenarios which were about something else.
type aside struct {
	finding Finding
	first   string // scenario
	count   int    // of scenarios
}

// asides gives the warnings that decided no scenario's verdict, each once, in the order in which they came up.
func (r *Report) asides() []*aside {
	var list []*aside
	known := map[Finding]*aside{}
	for _, s := range r.Scenarios {
		if s.Verdict != Pass && s.Verdict != Info {
			continue // what it has is shown there
		}
		seen := map[*aside]bool{}
		for _, f := range s.Findings {
			if f.Verdict != Warn {
				continue
			}
			key := Finding{Requirement: f.Requirement, Expected: f.Expected}
			a := known[key]
			if a == nil {
				a = &aside{finding: f, first: s.ID}
				known[key] = a
				list = append(list, a)
			}
			if !seen[a] {
				seen[a] = true
				a.count++
			}
		}
	}
	return list
}

// asides shows them.
func (t *Terminal) asides(r *Report, statements map[string]string) {
	list := r.asides()
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(t.out, "\n%s\n", t.bold.Sprint("Seen in passing, in scenarios about something else"))
	for _, a := range list {
		t.finding(a.finding, statements[a.finding.Requirement])
		fmt.Fprintf(t.out, "             %s\n", t.faint.Sprintf("in %s, first in %s", plural(a.count, "scenario"), a.first))
	}
}
