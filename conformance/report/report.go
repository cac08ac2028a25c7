package report

import "time"

// Report is one run of the suite against one peer.
type Report struct {
	Suite        string        `json:"suite"` // version of the suite
	Draft        string        `json:"draft"` // version of the draft
	Target       Target        `json:"target"`
	Started      time.Time     `json:"started"`
	Seconds      float64       `json:"seconds"`
	Strict       bool          `json:"strict,omitempty"`
	Conforms     bool          `json:"conforms"`
	Note         string        `json:"note,omitempty"` // what the reader should know first, as that nobody was welcomed
	Counts       Counts        `json:"counts"`
	Requirements []Requirement `json:"requirements"`
	Scenarios    []Scenario    `json:"scenarios"`
}

// Target names the peer.
type Target struct {
	Name     string   `json:"name"`
	Version  string   `json:"version,omitempty"`
	How      string   `json:"how"`                // how it was reached: embedded, url, command or stdio
	Runtime  string   `json:"runtime,omitempty"`  // what the welcome says that it is
	Features []string `json:"features,omitempty"` // that the welcome names
	Log      string   `json:"log,omitempty"`      // end of its own error output, when something went wrong
}

// Counts sums a run up.
type Counts struct {
	Selected     int             `json:"selected"` // scenarios
	Total        int             `json:"total"`    // scenarios of the suite
	Verdicts     map[Verdict]int `json:"verdicts"`
	Checks       int             `json:"checks"`
	Requirements int             `json:"requirements"` // checked at least once in this run
	Register     int             `json:"register"`     // rows of the register
}

// Requirement is what the run says about one row of the register.
type Requirement struct {
	ID        string  `json:"id"`
	Section   string  `json:"section"`
	Level     string  `json:"level"`
	Party     string  `json:"party"`
	Statement string  `json:"statement"`
	Scenarios int     `json:"scenarios"`         // that name it, of those that ran
	Checks    int     `json:"checks"`            // made under it
	Verdict   Verdict `json:"verdict,omitempty"` // the worst finding under it; pass with checks and no finding; "" without
}

// Scenario is one scenario, or one row of an outline, and what came of it.
type Scenario struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	Feature      string         `json:"feature"`
	Section      string         `json:"section"`
	Level        string         `json:"level"` // must, should or may
	Requirements []string       `json:"requirements"`
	Needs        []string       `json:"needs,omitempty"` // feature flags
	Tags         []string       `json:"tags,omitempty"`  // the other tags
	File         string         `json:"file,omitempty"`
	Verdict      Verdict        `json:"verdict,omitempty"`
	Reason       string         `json:"reason,omitempty"` // of a skip, an error, an xfail or an xpass
	Step         string         `json:"step,omitempty"`   // the step that ended it early
	Findings     []Finding      `json:"findings,omitempty"`
	Checks       map[string]int `json:"checks,omitempty"` // by requirement
	Seconds      float64        `json:"seconds"`
	Transcript   []string       `json:"transcript,omitempty"` // of what did not pass
}

// CheckCount is how many checks the scenario made.
func (s Scenario) CheckCount() int {
	n := 0
	for _, c := range s.Checks {
		n += c
	}
	return n
}

// Observer is told how a run goes on. Its methods are called one at a time.
type Observer interface {
	// Begun is called once, before the first scenario.
	Begun(target Target, scenarios int)
	// Ended is called after each scenario.
	Ended(done, scenarios int, s Scenario)
}

// Sum fills the counts, the requirements and Conforms from the scenarios. rows are all rows of the register.
func (r *Report) Sum(rows []Requirement) {
	r.Counts.Verdicts = map[Verdict]int{}
	r.Counts.Selected, r.Counts.Checks, r.Counts.Requirements = len(r.Scenarios), 0, 0
	r.Counts.Register = len(rows)
	index := map[string]*Requirement{}
	r.Requirements = append([]Requirement(nil), rows...)
	for i := range r.Requirements {
		index[r.Requirements[i].ID] = &r.Requirements[i]
	}
	for _, s := range r.Scenarios {
		r.Counts.Verdicts[s.Verdict]++
		r.Counts.Checks += s.CheckCount()
		sumScenario(s, index)
	}
	for _, row := range r.Requirements {
		if row.Checks > 0 {
			r.Counts.Requirements++
		}
	}
	r.Conforms = r.conforms()
}

func sumScenario(s Scenario, index map[string]*Requirement) {
	for _, id := range s.Requirements {
		if row := index[id]; row != nil && s.Verdict != Skip {
			row.Scenarios++
		}
	}
	for id, n := range s.Checks {
		if row := index[id]; row != nil {
			row.Checks += n
			row.Verdict = worse(row.Verdict, Pass)
		}
	}
	for _, f := range s.Findings {
		if row := index[f.Requirement]; row != nil {
			row.Verdict = worse(row.Verdict, f.Verdict)
		}
	}
}

// conforms says whether the run is a success: something ran, something was checked, and nothing bad came of it. A run
// in which all was skipped shows nothing.
func (r *Report) conforms() bool {
	for v, n := range r.Counts.Verdicts {
		if v.Bad() && n > 0 {
			return false
		}
	}
	ran := r.Counts.Selected - r.Counts.Verdicts[Skip]
	return ran > 0 && r.Counts.Checks > 0
}

// worse gives the more severe of two verdicts of findings.
func worse(a, b Verdict) Verdict {
	if severity(b) > severity(a) {
		return b
	}
	return a
}

func severity(v Verdict) int {
	switch v {
	case Pass:
		return 1
	case Info:
		return 2
	case Warn:
		return 3
	case Fail:
		return 4
	}
	return 0
}

// Worst is the most severe verdict of the findings, or Pass when there is none.
func Worst(findings []Finding) Verdict {
	v := Pass
	for _, f := range findings {
		v = worse(v, f.Verdict)
	}
	return v
}
