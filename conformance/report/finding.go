package report

import "fmt"

// Finding is one thing that a scenario noticed about the peer.
type Finding struct {
	Requirement string  `json:"requirement,omitempty"` // id of the register; "" for what no row speaks of
	Section     string  `json:"section,omitempty"`     // of the draft, without the sign
	Level       string  `json:"level,omitempty"`       // MUST, MUST NOT, SHOULD, MAY, IMPL
	Verdict     Verdict `json:"verdict"`               // fail, warn or info
	Expected    string  `json:"expected,omitempty"`
	Got         string  `json:"got,omitempty"`
	Source      string  `json:"source,omitempty"` // "step", "oracle" or "probe"
}

// String is the finding in one line: clause, what was expected, what was got.
func (f Finding) String() string {
	clause := ""
	if f.Requirement != "" {
		clause = fmt.Sprintf("%s (§%s, %s): ", f.Requirement, f.Section, f.Level)
	}
	if f.Expected == "" {
		return clause + f.Got
	}
	return fmt.Sprintf("%sexpected %s; got %s", clause, f.Expected, f.Got)
}
