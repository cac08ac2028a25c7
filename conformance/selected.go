package conformance

import (
	"io/fs"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// Selected lists the scenarios of files that s chooses, as Run would run them; nil files are the suite's own. Its errors
// are a *UsageError or a *SuiteError.
func Selected(files fs.FS, s Selection) ([]report.Scenario, error) {
	if files == nil {
		files = ownScenarios()
	}
	all, err := loadCases(files)
	if err != nil {
		return nil, err
	}
	chosen, err := s.choose(all)
	if err != nil {
		return nil, err
	}
	list := make([]report.Scenario, len(chosen))
	for i, c := range chosen {
		list[i] = c.Scenario
	}
	return list, nil
}
