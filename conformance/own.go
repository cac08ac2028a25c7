package conformance

import (
	"io/fs"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/features"
	"github.com/arcp-conformance/arcp/conformance/oracle"
	"github.com/arcp-conformance/arcp/conformance/steps"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// ownScenarios are the suite's feature files.
func ownScenarios() fs.FS { return features.FS() }

// ownSteps registers the suite's steps.
func ownSteps(sc *godog.ScenarioContext) { steps.Register(sc) }

// judgeTranscript judges the whole transcript, whatever the scenario was about.
func judgeTranscript(w *world.World) oracle.Judgement {
	return oracle.Judge(w.Messages(), &oracle.Facts{Separate: !w.Shared()})
}
