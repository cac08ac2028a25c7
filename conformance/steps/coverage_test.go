package steps_test

import (
	"slices"
	"testing"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/register"
)

// excused are the requirements of this package's sections without a scenario, and why.
func excused() map[string]string {
	return map[string]string{
		"R6.2-5": "binds clients: the suite would have to play the runtime",
		"R6.3-9": "binds clients: the suite would have to play the runtime",
		"R6.4-2": "needs an idle interval of the peer's own length",
		"R6.4-3": "needs two silent intervals of the peer's own length",
		"R6.4-4": "needs two silent intervals, and a resume",
		"R6.4-6": "binds clients: the suite would have to play the runtime",
		"R6.5-5": "binds clients: the suite would have to play the runtime",
		"R7.6-8": "needs a peer that provisions credentials (§9.8), which the embedded runtime is not set up for",
		"R8.2-2": "binds clients: the suite would have to play the runtime",
		"R8.3-2": "binds clients: the suite would have to play the runtime",
	}
}

// TestEveryRequirementHasAScenario holds the register against the tags of the scenarios.
func TestEveryRequirementHasAScenario(t *testing.T) {
	t.Parallel()
	cases, err := conformance.Cases(nil)
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for _, c := range cases {
		for _, req := range c.Requirements {
			covered[req] = true
		}
	}
	reasons := excused()
	for _, r := range register.All() {
		if !slices.Contains(sections(), r.Section) {
			continue
		}
		reason, known := reasons[r.ID]
		switch {
		case covered[r.ID] && known:
			t.Errorf("%s has a scenario, and an excuse: %s", r.ID, reason)
		case !covered[r.ID] && !known:
			t.Errorf("%s has no scenario: %s", r.ID, r.Statement)
		}
		delete(reasons, r.ID)
	}
	for id := range reasons {
		t.Errorf("%s is excused, and is none of these sections", id)
	}
}
