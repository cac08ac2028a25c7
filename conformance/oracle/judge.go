package oracle

import (
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// Facts is what a transcript does not say of itself; nil is all defaults.
type Facts struct {
	Separate bool // each connection is a runtime of its own, as over stdio: ids of two need not differ
}

// Judgement is what the oracles have to say.
type Judgement struct {
	Findings []report.Finding
	Checks   map[string]int // how often each requirement was checked
}

// Judge looks at the whole transcript, in the order of its frames. It never changes it, and may be called from many
// goroutines.
func Judge(transcript []wire.Message, facts *Facts) Judgement {
	if facts == nil {
		facts = &Facts{}
	}
	d := &docket{checks: map[string]int{}}
	s := newScene(transcript, facts.Separate)
	// The sequence comes first: it says of a session that something is missing in it.
	oracles := []watcher{
		newSequence(d), newEnvelope(d, facts.Separate), shape{d, s}, newLifecycle(d, s), newCalls(d, s), newStreams(d, s),
		newCosts(d, s), errorCodes{d}, newSecrets(d, s), features{d},
	}
	for i := range transcript {
		f := s.place(i)
		for _, o := range oracles {
			o.see(f)
		}
	}
	for _, o := range oracles {
		if e, ok := o.(ender); ok {
			e.end()
		}
	}
	return Judgement{Findings: d.findings, Checks: d.checks}
}

// watcher is an oracle: it sees every frame once, in order.
type watcher interface{ see(f frame) }

// ender is an oracle that can judge some things only when it has seen all.
type ender interface{ end() }
