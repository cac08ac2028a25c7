package conformance

import (
	"io/fs"
	"time"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// Defaults of Options.
const (
	DefaultConcurrency      = 4
	DefaultStdioConcurrency = 2
	DefaultScenarioTimeout  = 90 * time.Second
	DefaultTranscriptLines  = 60
)

// Options adjusts a run; nil is all defaults.
type Options struct {
	Select          Selection
	Concurrency     int           // scenarios at once; 0 is the target's, else 4, or 2 where each connection is a process
	Timeout         time.Duration // of each wait in a scenario; 0 is the target's, else 10 s
	ScenarioTimeout time.Duration // of a whole scenario; 0 is 90 s
	Strict          bool          // what the judgements call a matter of strictness fails
	TranscriptLines int           // of each scenario that did not pass; 0 is 60, below 0 is all
	MaxFrames       int           // that a scenario bears, both directions; 0 is 50 000
	MaxBytes        int64         // that a scenario bears, both directions; 0 is 256 MiB
	Observer        report.Observer

	Scenarios fs.FS                        // feature files; nil is the suite's own
	Steps     func(*godog.ScenarioContext) // their steps; nil is the suite's own
}
