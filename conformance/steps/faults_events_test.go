package steps_test

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
)

func eventFaults() []faulty {
	body := func(kind string, change func(body frame)) fault {
		return each("job.event", func(m frame) {
			if p := in(m, "payload"); p["kind"] == kind {
				change(in(m, "payload", "body"))
			}
		})
	}
	unfiltered := renumbered(func(l *link, m frame) []frame { // what the runtime refused goes out all the same
		if in(m, "payload")["kind"] != "tool_result" || in(m, "payload", "body")["call_id"] != "bad" {
			return []frame{m}
		}
		event := read(write(m))
		event["payload"].(frame)["kind"] = l.notes["raw"].(frame)["kind"]
		event["payload"].(frame)["body"] = l.notes["raw"].(frame)["body"]
		return []frame{event, m}
	})
	unfiltered.up = func(l *link, m frame) (there, back []frame) {
		steps, _ := in(m, "payload", "input")["steps"].([]any)
		for _, step := range steps {
			if step.(frame)["call_id"] == "bad" {
				l.notes["raw"] = step
			}
		}
		return []frame{m}, nil
	}
	strings7 := renumbered(func(_ *link, m frame) []frame {
		if in(m, "payload")["kind"] == "metric" {
			event := read(write(m))
			event["payload"].(frame)["body"] = "a string"
			return []frame{event, m}
		}
		return []frame{m}
	})
	return []faulty{
		{name: "no ts", fault: each("job.event", without("payload", "ts")), broken: "R8.1-1", found: []string{"arcp-8.1-01"}},
		{name: "no job_id", fault: each("job.event", func(m frame) {
			in(m, "payload")["job_id"] = m["job_id"]
			delete(m, "job_id")
		}), broken: "R8.1-1", found: []string{"arcp-8.1-01"}},
		{name: "bodies of any type", fault: strings7, broken: "R8.1-1", found: []string{"arcp-8.1-02/2"}},
		{name: "no levels", fault: body("log", func(b frame) { b["level"] = "info" }), broken: "R8.2-1", found: []string{"arcp-8.2-01/1"}},
		{name: "no dimensions", fault: body("metric", func(b frame) { delete(b, "dimensions") }), broken: "R8.2-1", found: []string{"arcp-8.2-01/9"}},
		{name: "no fractions", fault: body("progress", func(b frame) {
			if b["current"] == json.Number("0.25") {
				b["current"] = 0
			}
		}), broken: "R8.2-1", found: []string{"arcp-8.2-11/4"}, warnOnly: true},
		{name: "no units", fault: body("progress", func(b frame) { delete(b, "units") }), broken: "R8.2-1", found: []string{"arcp-8.2-02/1"}},
		{name: "metrics in binary of 32 bits", fault: body("metric", func(b frame) {
			if n, ok := b["value"].(json.Number); ok {
				f, _ := n.Float64()
				b["value"] = float64(float32(f))
			}
		}), broken: "R8.2-1", found: []string{"arcp-8.2-03/1", "arcp-8.2-03/3", "arcp-8.2-03/6", "arcp-8.2-03/7"}},
		{name: "metrics in millionths", fault: body("metric", func(b frame) {
			if n, ok := b["value"].(json.Number); ok {
				f, _ := n.Float64()
				b["value"] = json.Number(fmt.Sprintf("%.6f", f))
			}
		}), broken: "R8.2-1", found: []string{"arcp-8.2-03/3", "arcp-8.2-03/4"}},
		{name: "negative progress", fault: unfiltered, broken: "R8.2-3", found: []string{"arcp-8.2-05/1", "arcp-8.2-05/3"}},
		{name: "bodies without their fields", fault: unfiltered, broken: "R8.2-1", found: []string{"arcp-8.2-07/1", "arcp-8.2-07/3", "arcp-8.2-07/8"}, warnOnly: true},
		{name: "results of no call, or of two minds", fault: unfiltered, broken: "R8.2-5", found: []string{"arcp-8.2-09/1", "arcp-8.2-09/2", "arcp-8.2-09/3"}, warnOnly: true},
		{name: "results of nothing", fault: body("tool_result", func(b frame) { b["call_id"] = fmt.Sprint("x", b["call_id"]) }), broken: "R8.2-5", found: []string{"arcp-8.2-08"}},
	}
}

func numberFaults() []faulty {
	var everywhere atomic.Int64
	skip := fault{down: func(l *link, m frame) []frame {
		if _, has := m["event_seq"]; has {
			if l.seq++; l.seq == 5 {
				l.seq++
			}
			m["event_seq"] = l.seq
		}
		return []frame{m}
	}}
	swap := fault{down: func(l *link, m frame) []frame {
		if _, has := m["event_seq"]; !has {
			return []frame{m}
		}
		if l.seq++; l.seq == 30 {
			l.kept = []frame{m}
			return nil
		}
		out := append([]frame{m}, l.kept...)
		l.kept = nil
		return out
	}}
	perJob := fault{down: func(l *link, m frame) []frame {
		if _, has := m["event_seq"]; has {
			job := fmt.Sprint("seq of ", m["job_id"])
			n, _ := l.notes[job].(int)
			l.notes[job] = n + 1
			m["event_seq"] = n + 1
		}
		return []frame{m}
	}}
	global := fault{down: func(_ *link, m frame) []frame {
		if _, has := m["event_seq"]; has {
			m["event_seq"] = everywhere.Add(1)
		}
		return []frame{m}
	}}
	lossy := renumbered(func(l *link, m frame) []frame {
		if m["type"] == "job.event" {
			n, _ := l.notes["events"].(int)
			if l.notes["events"] = n + 1; n == 20 {
				return nil
			}
		}
		return []frame{m}
	})
	shuffled := renumbered(func(l *link, m frame) []frame {
		if m["type"] != "job.event" {
			return []frame{m}
		}
		n, _ := l.notes["events"].(int)
		if l.notes["events"] = n + 1; n == 20 {
			l.kept = []frame{m}
			return nil
		}
		out := append([]frame{m}, l.kept...)
		l.kept = nil
		return out
	})
	return []faulty{
		{name: "one number is left out", fault: skip, broken: "R8.3-1", found: []string{"arcp-8.3-01", "arcp-8.3-02", "arcp-8.3-04", "arcp-8.3-05", "arcp-6.4-02"}},
		{name: "two messages change places", fault: swap, broken: "R8.3-1", found: []string{"arcp-8.3-01", "arcp-8.3-04"}},
		{name: "each job has numbers of its own", fault: perJob, broken: "R8.3-1", found: []string{"arcp-8.3-02", "arcp-8.3-05"}},
		{name: "all sessions share their numbers", fault: global, broken: "R8.3-1", found: []string{"arcp-8.3-03"}},
		{name: "an event is lost and the rest closes up", fault: lossy, broken: "R8.3-1", found: []string{"arcp-8.3-01", "arcp-8.3-04"}},
		{name: "two bodies change places", fault: shuffled, broken: "R8.3-1", found: []string{"arcp-8.3-01"}},
		{name: "an ending without a number", fault: each("job.result", without("event_seq")), broken: "R8.3-1", found: []string{"arcp-8.3-01", "arcp-8.3-04"}},
	}
}

func errorFaults() []faulty {
	errors := func(change func(m frame)) fault {
		return fault{down: func(_ *link, m frame) []frame {
			if m["type"] == "session.error" || m["type"] == "job.error" {
				change(m)
			}
			return []frame{m}
		}}
	}
	pinned := func(code string, flag bool) fault {
		return errors(func(m frame) {
			if in(m, "payload")["code"] == code {
				in(m, "payload")["retryable"] = flag
			}
		})
	}
	return []faulty{
		{name: "errors without retryable", fault: errors(without("payload", "retryable")), broken: "R12-1", found: []string{"arcp-12-01", "arcp-12-02", "arcp-7.3-03/1"}},
		{name: "errors without a message", fault: errors(without("payload", "message")), broken: "R12-1", found: []string{"arcp-12-01", "arcp-12-02"}},
		{name: "a code of its own", fault: each("job.error", with("FORBIDDEN", "payload", "code")), broken: "R7.3-1", found: []string{"arcp-12-01"}},
		{name: "a code of its own for logins", fault: each("session.error", with("FORBIDDEN", "payload", "code")), broken: "R12-1", found: []string{"arcp-12-02"}},
		{name: "exhausted budgets are retryable", fault: pinned("BUDGET_EXHAUSTED", true), broken: "R12-2", found: []string{"arcp-12-03/1", "arcp-12-03/2", "arcp-12-04", "arcp-7.3-08"}},
		{name: "expired leases are retryable", fault: pinned("LEASE_EXPIRED", true), broken: "R12-2", found: []string{"arcp-12-03/3", "arcp-12-03/4"}},
		{name: "internal errors are not", fault: pinned("INTERNAL_ERROR", false), broken: "R12-2", found: []string{"arcp-12-03/5", "arcp-12-03/6", "arcp-12-05", "arcp-7.3-04/1"}},
		{name: "retryable in a tool_result", fault: each("job.event", func(m frame) {
			if b := in(m, "payload", "body"); b["error"] != nil {
				in(m, "payload", "body", "error")["retryable"] = true
			}
		}), broken: "R12-2", found: []string{"arcp-12-04"}},
		{name: "refusals that name no request", fault: errors(without("request_id")), broken: "R12-3", found: []string{"arcp-12-06"}, warnOnly: true},
	}
}
