package conformance

import (
	"sync"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// results collects what came of each chosen scenario, in the order of the selection.
type results struct {
	chosen   []*suiteCase
	observer report.Observer

	mu   sync.Mutex
	done map[*suiteCase]report.Scenario
}

func newResults(chosen []*suiteCase, observer report.Observer) *results {
	return &results{chosen: chosen, observer: observer, done: map[*suiteCase]report.Scenario{}}
}

// add takes the outcome of one scenario; a second one for the same scenario is dropped.
func (r *results) add(c *suiteCase, s report.Scenario) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, twice := r.done[c]; twice {
		return
	}
	r.done[c] = s
	if r.observer != nil {
		r.observer.Ended(len(r.done), len(r.chosen), s)
	}
}

// scenarios gives all outcomes. A scenario that has none, because it never ran or never came back, is the suite's error.
func (r *results) scenarios() []report.Scenario {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []report.Scenario
	for _, c := range r.chosen {
		s, ok := r.done[c]
		if !ok {
			s = c.Scenario
			s.Verdict, s.Reason = report.Error, "the scenario did not come to an end"
		}
		list = append(list, s)
	}
	return list
}

// slots lets n scenarios run at once, or one alone.
type slots struct {
	free  chan struct{}
	alone sync.Mutex
}

func newSlots(n int) *slots {
	s := &slots{free: make(chan struct{}, n)}
	for range n {
		s.free <- struct{}{}
	}
	return s
}

// take waits for one slot, or for all of them, and gives the way to return them.
func (s *slots) take(alone bool) (back func()) {
	n := 1
	if alone {
		s.alone.Lock() // two that each hold half of the slots would wait for ever
		defer s.alone.Unlock()
		n = cap(s.free)
	}
	for range n {
		<-s.free
	}
	return func() {
		for range n {
			s.free <- struct{}{}
		}
	}
}
