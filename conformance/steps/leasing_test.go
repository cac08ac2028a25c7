package steps_test

import (
	"fmt"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/report"
)

func TestChoicesAboutLeasesAreTold(t *testing.T) {
	t.Parallel()
	const two = `    Given a session "A"
    Then a job of "A" with the budget ["USD:1.00","USD:2.00"] is refused, or has 3 USD to spend
`
	const strange = `    Given a session "A"
    Then a job of "A" under the strange lease {"disk.erase":["**"]} is better refused
`
	const dropped = `    Given a session "A"
    Then a budget of "A", which has not negotiated it, is refused or enforced
`
	spends := []string{fmt.Sprintf(result, "before"), fmt.Sprintf(exhausted, "after")}
	for _, tc := range []struct {
		name, steps string
		reel        reel
		want        report.Verdict
		rows        string
	}{
		{"summed", two, reel{`,"budget":{"USD":3.00}`, spends, done}, report.Pass, ""},
		{"the last one", two, reel{`,"budget":{"USD":2.00}`, spends, done}, report.Warn, "R9.6-13"},
		{"not shown", two, reel{``, spends, done}, report.Fail, "R9.6-13"},
		{"less than shown", two, reel{`,"budget":{"USD":3.00}`, []string{fmt.Sprintf(exhausted, "before"), spends[1]}, done}, report.Fail, "R9.6-13"},
		{"more than shown", two, reel{`,"budget":{"USD":3.00}`, []string{spends[0], fmt.Sprintf(result, "after")}, done}, report.Fail, "R9.6-13"},
		{"a strange lease is taken", strange, reel{end: done}, report.Warn, "R9.6-7"},
		{"a budget is dropped", dropped, reel{events: []string{fmt.Sprintf(result, "over")}, end: done}, report.Warn, "R9.6-7"},
		{"a budget is enforced", dropped, reel{events: []string{fmt.Sprintf(exhausted, "over")}, end: done}, report.Info, "R9.6-7"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, rows := verdict(t, canned(tc.reel), tc.steps)
			if got != tc.want || rows != tc.rows {
				t.Errorf("%s %q, want %s %q", got, rows, tc.want, tc.rows)
			}
		})
	}
}
