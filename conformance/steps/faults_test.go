package steps_test

import "strings"

// faults are peers with one fault each, and the scenarios that must find it.
func faults() []faulty {
	var all []faulty
	for _, list := range [][]faulty{
		envelopeFaults(), loginFaults(), welcomeFaults(), sessionFaults(), acceptanceFaults(), submitFaults(), endingFaults(),
		cancelFaults(), eventFaults(), numberFaults(), errorFaults(),
	} {
		all = append(all, list...)
	}
	return all
}

type faulty struct {
	name     string
	fault    fault
	broken   string   // the requirement that must be named
	found    []string // the scenarios that must fail for it
	warnOnly bool     // the judgements let it warn
	silent   bool     // it shows in an answer that does not come, so the suite need not wait long
}

// each makes a fault of a change to messages of one type.
func each(kind string, change func(m frame)) fault {
	return fault{down: func(_ *link, m frame) []frame {
		if m["type"] == kind {
			change(m)
		}
		return []frame{m}
	}}
}

// asked makes a fault of a change to requests of one type.
func asked(kind string, change func(m frame)) fault {
	return fault{up: func(_ *link, m frame) (there, back []frame) {
		if m["type"] == kind {
			change(m)
		}
		return []frame{m}, nil
	}}
}

func without(path ...string) func(m frame) {
	return func(m frame) { delete(in(m, path[:len(path)-1]...), path[len(path)-1]) }
}

func with(value any, path ...string) func(m frame) {
	return func(m frame) { in(m, path[:len(path)-1]...)[path[len(path)-1]] = value }
}

// renumbered numbers what has a number anew, so that a fault in the events leaves no gap of its own.
func renumbered(down func(l *link, m frame) []frame) fault {
	return fault{down: func(l *link, m frame) []frame {
		out := down(l, m)
		for _, m := range out {
			if _, has := m["event_seq"]; has {
				l.seq++
				m["event_seq"] = l.seq
			}
		}
		return out
	}}
}

func isKnown(field string) bool {
	return strings.Contains(" arcp id type session_id trace_id job_id event_seq payload ", " "+field+" ")
}
