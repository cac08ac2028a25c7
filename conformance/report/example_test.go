package report_test

import (
	"os"

	"github.com/arcp-conformance/arcp/conformance/report"
)

func ExampleTerminal() {
	r := &report.Report{Target: report.Target{Name: "my runtime"}, Scenarios: []report.Scenario{{
		ID: "arcp-9.6-01", Name: "exact", Section: "9.6", Feature: "§9.6 Budget capability", Level: "must",
		Verdict: report.Pass, Checks: map[string]int{"R9.6-3": 2},
	}}}
	r.Sum([]report.Requirement{{ID: "R9.6-3"}})
	report.NewTerminal(os.Stdout, nil).Render(r)
	// Output:
	// 1 scenario against my runtime
	//
	// §9.6 Budget capability  1 pass
	//
	// 1 pass, in 0.0 s
	// my runtime conforms, as far as this was checked: 1 scenario and 2 checks ran, on 1 of the draft's 1 requirements
}
