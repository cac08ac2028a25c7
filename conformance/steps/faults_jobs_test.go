package steps_test

import (
	"encoding/json"
	"strings"
	"sync"
)

func acceptanceFaults() []faulty {
	late := fault{down: func(l *link, m frame) []frame {
		if m["type"] == "job.accepted" {
			l.kept = []frame{m}
			return nil
		}
		if m["type"] == "job.event" && l.kept != nil {
			out := append([]frame{m}, l.kept...)
			l.kept = nil
			return out
		}
		return []frame{m}
	}}
	more := func(m frame) { in(m, "payload", "lease")["fs.read"] = []string{"/**"} }
	wider := func(m frame) {
		if lease := in(m, "payload", "lease"); lease["tool.call"] != nil {
			lease["tool.call"] = []string{"*"}
		}
	}
	accepted := func(change func(m frame)) fault { return each("job.accepted", change) }
	return []faulty{
		{name: "no accepted_at", fault: accepted(without("payload", "accepted_at")), broken: "R7.1-1", found: []string{"arcp-7.1-01", "arcp-7.1-13"}},
		{name: "accepted_at in local time", fault: accepted(with("2026-05-13T19:30:00+02:00", "payload", "accepted_at")), broken: "R7.1-1", found: []string{"arcp-7.1-01"}, warnOnly: true},
		{name: "accepted_at in words", fault: accepted(with("today", "payload", "accepted_at")), broken: "R7.1-1", found: []string{"arcp-7.1-01"}},
		{name: "no lease", fault: accepted(without("payload", "lease")), broken: "R7.1-1", found: []string{"arcp-7.1-03/1", "arcp-7.1-13"}},
		{name: "events before the acceptance", fault: late, broken: "R7.1-6", found: []string{"arcp-7.1-01", "arcp-7.1-02"}},
		{name: "a namespace that nobody asked for", fault: accepted(more), broken: "R7.1-3", found: []string{"arcp-7.1-03/2", "arcp-7.1-04"}},
		{name: "a pattern that nobody asked for", fault: accepted(wider), broken: "R7.1-3", found: []string{"arcp-7.1-03/2"}},
		{name: "no lease means all", fault: asked("job.submit", func(m frame) {
			if p := in(m, "payload"); p["lease_request"] == nil {
				p["lease_request"] = frame{"tool.call": []string{"*"}}
			}
		}), broken: "R7.1-3", found: []string{"arcp-7.1-04"}},
		{name: "no counters", fault: accepted(without("payload", "budget")), broken: "R7.1-2", found: []string{"arcp-7.1-05/1", "arcp-7.1-05/2"}},
		{name: "a counter of 0", fault: accepted(with(0, "payload", "budget", "USD")), broken: "R7.1-2", found: []string{"arcp-7.1-05/1", "arcp-7.1-06"}},
		{name: "a deadline that nobody gave", fault: accepted(with("2030-01-01T00:00:00Z", "payload", "lease_constraints", "expires_at")), broken: "R7.1-4", found: []string{"arcp-7.1-07"}},
		{name: "events without a trace", fault: each("job.event", without("trace_id")), broken: "R11-1", found: []string{"arcp-7.1-10"}},
		{name: "endings with a trace of their own", fault: each("job.error", with("00000000000000000000000000000001", "trace_id")), broken: "R11-1", found: []string{"arcp-7.1-10"}},
		{name: "the first version is the default", fault: accepted(with("conformance@1.0.0", "payload", "agent")), broken: "R7.5-1", found: []string{"arcp-7.5-01"}},
		{name: "the acceptance has no version", fault: accepted(with("conformance", "payload", "agent")), broken: "R7.5-3", found: []string{"arcp-7.5-02/1", "arcp-7.5-02/2"}},
	}
}

func submitFaults() []faulty {
	repaired := asked("job.submit", func(m frame) {
		p := in(m, "payload")
		if agent, ok := p["agent"].(string); !ok || agent == "" {
			p["agent"] = "conformance"
		}
		p["lease_request"] = frame{"tool.call": []string{"*"}}
	})
	started := fault{up: func(l *link, m frame) (there, back []frame) { // refuses, and runs the job in secret
		if lease, ok := in(m, "payload")["lease_request"]; ok && m["type"] == "job.submit" {
			if _, sound := lease.(frame); !sound {
				delete(in(m, "payload"), "lease_request")
				return []frame{m}, []frame{refusal(m, "INVALID_REQUEST")}
			}
		}
		return []frame{m}, nil
	}, down: func(_ *link, m frame) []frame { return []frame{m} }}
	agent := func(change func(agent string) string) fault {
		return asked("job.submit", func(m frame) {
			if name, ok := in(m, "payload")["agent"].(string); ok {
				in(m, "payload")["agent"] = change(name)
			}
		})
	}
	bare := func(name string) string { name, _, _ = strings.Cut(name, "@"); return name }
	known := func(name string) string {
		_, version, _ := strings.Cut(name, "@")
		return strings.TrimSuffix("conformance@"+version, "@")
	}
	traces := fault{up: func(_ *link, m frame) (there, back []frame) {
		if trace, ok := m["trace_id"].(string); ok && len(trace) != 32 {
			return nil, []frame{refusal(m, "INVALID_REQUEST")}
		}
		return []frame{m}, nil
	}}
	return []faulty{
		{name: "refuses a traceparent", fault: traces, broken: "R11-1", found: []string{"arcp-7.1-11"}, warnOnly: true},
		{name: "repairs bad submits", fault: repaired, broken: "R7.1-5", found: []string{"arcp-7.1-08/1", "arcp-7.1-08/4", "arcp-7.1-08/7", "arcp-7.1-08/14", "arcp-7.1-08/17"}},
		{name: "refuses a submit and runs it", fault: started, broken: "R7.1-5", found: []string{"arcp-7.1-08/7", "arcp-7.1-08/9"}},
		{name: "accepts any run time", fault: asked("job.submit", without("payload", "max_runtime_sec")), broken: "R7.1-5", found: []string{"arcp-7.1-09/1", "arcp-7.1-09/3"}, warnOnly: true},
		{name: "any version is the default", fault: agent(bare), broken: "R7.5-2", found: []string{"arcp-7.5-03/1", "arcp-7.5-03/7"}},
		{name: "any name is the agent", fault: agent(known), broken: "R7.5-2", found: []string{"arcp-7.5-04/1", "arcp-7.5-05"}},
		{name: "names in any case", fault: agent(func(string) string { return "conformance" }), broken: "R7.5-4", found: []string{"arcp-7.5-06/1", "arcp-7.5-06/5", "arcp-7.5-07/1", "arcp-7.5-07/5"}},
		{name: "one code for name and version", fault: each("session.error", func(m frame) {
			if in(m, "payload")["code"] == "AGENT_VERSION_NOT_AVAILABLE" {
				in(m, "payload")["code"] = "AGENT_NOT_AVAILABLE"
			}
		}), broken: "R7.5-2", found: []string{"arcp-7.5-03/1"}},
	}
}

func endingFaults() []faulty {
	twice := renumbered(func(_ *link, m frame) []frame {
		if m["type"] == "job.result" {
			return []frame{m, read(write(m))}
		}
		return []frame{m}
	})
	after := renumbered(func(l *link, m frame) []frame {
		if m["type"] == "job.event" {
			l.kept = []frame{read(write(m))}
		}
		if (m["type"] == "job.result" || m["type"] == "job.error") && l.kept != nil {
			return []frame{m, l.kept[0]}
		}
		return []frame{m}
	})
	code := func(from, to string) fault {
		return each("job.error", func(m frame) {
			if in(m, "payload")["code"] == from {
				in(m, "payload")["code"] = to
			}
		})
	}
	status := func(code, status string) fault {
		return each("job.error", func(m frame) {
			if in(m, "payload")["code"] == code {
				in(m, "payload")["final_status"] = status
			}
		})
	}
	return []faulty{
		{name: "results are lost", fault: each("job.result", with(nil, "payload", "result")), broken: "R7.3-1", found: []string{"arcp-7.3-01/1", "arcp-7.3-01/4"}},
		{name: "false results are lost", fault: each("job.result", func(m frame) {
			if p := in(m, "payload"); p["result"] == false || p["result"] == "" || p["result"] == json.Number("0") {
				p["result"] = nil
			}
		}), broken: "R7.3-1", found: []string{"arcp-7.3-01/5", "arcp-7.3-01/6", "arcp-7.3-01/10"}},
		{name: "a result where there was none", fault: each("job.result", with("", "payload", "result")), broken: "R7.3-1", found: []string{"arcp-7.3-02/1", "arcp-7.3-02/2"}},
		{name: "a success called done", fault: each("job.result", with("done", "payload", "final_status")), broken: "R7.3-1", found: []string{"arcp-7.3-01/1", "arcp-7.3-09"}},
		{name: "two endings", fault: twice, broken: "R7.3-1", found: []string{"arcp-7.3-01/1", "arcp-7.3-07", "arcp-7.4-03"}},
		{name: "an event after the ending", fault: after, broken: "R7.3-3", found: []string{"arcp-7.3-01/1", "arcp-7.3-02/1"}},
		{name: "an agent's code is lost", fault: code("PERMISSION_DENIED", "INTERNAL_ERROR"), broken: "R7.3-1", found: []string{"arcp-7.3-03/2"}},
		{name: "an agent's words are lost", fault: each("job.error", with("failed", "payload", "message")), broken: "R7.3-1", found: []string{"arcp-7.3-03/1"}},
		{name: "a crash called cancelled", fault: code("INTERNAL_ERROR", "CANCELLED"), broken: "R7.3-5", found: []string{"arcp-7.3-04/1", "arcp-7.3-04/2"}},
		{name: "a crash shows its insides", fault: each("job.error", with("panic: Zq7-inner-secret", "payload", "message")), broken: "R7.3-5", found: []string{"arcp-7.3-04/1"}, warnOnly: true},
		{name: "a timeout called an error", fault: status("TIMEOUT", "error"), broken: "R7.3-4", found: []string{"arcp-7.3-05"}},
		{name: "a limit in milliseconds", fault: asked("job.submit", func(m frame) {
			if limit, ok := in(m, "payload")["max_runtime_sec"].(json.Number); ok {
				in(m, "payload")["max_runtime_sec"] = json.Number(limit + "e-3")
			}
		}), broken: "R7.3-4", found: []string{"arcp-7.3-05", "arcp-7.3-06/1"}},
		{name: "a limit that overflows", fault: asked("job.submit", func(m frame) {
			if limit, ok := in(m, "payload")["max_runtime_sec"].(json.Number); ok && len(limit) > 6 {
				in(m, "payload")["max_runtime_sec"] = json.Number("0.001")
			}
		}), broken: "R7.3-4", found: []string{"arcp-7.3-10/1", "arcp-7.3-10/2"}},
		{name: "no limit is kept", silent: true, fault: asked("job.submit", without("payload", "max_runtime_sec")), broken: "R7.3-4", found: []string{"arcp-7.3-05"}},
		{name: "an exhausted job called cancelled", fault: status("BUDGET_EXHAUSTED", "cancelled"), broken: "R7.3-2", found: []string{"arcp-7.3-08"}},
	}
}

func cancelFaults() []faulty {
	anybody := everybodyCancels()
	again := renumbered(func(l *link, m frame) []frame { // a refused cancel of an ended job ends it again
		job := in(m, "payload")["job_id"]
		if m["type"] == "job.result" {
			l.kept = []frame{read(write(m))}
		}
		if m["type"] == "session.error" && l.kept != nil && (m["job_id"] == l.kept[0]["job_id"] || job == l.kept[0]["job_id"]) {
			end := l.kept[0]
			end["type"], end["payload"] = "job.error", frame{"final_status": "cancelled", "code": "CANCELLED", "message": "", "retryable": false}
			return []frame{end, m}
		}
		return []frame{m}
	})
	all := fault{down: func(l *link, m frame) []frame {
		if m["type"] == "job.accepted" {
			l.notes["job"] = in(m, "payload")["job_id"]
		}
		return []frame{m}
	}, up: func(l *link, m frame) (there, back []frame) {
		if m["type"] == "job.cancel" && in(m, "payload")["job_id"] == nil {
			in(m, "payload")["job_id"] = l.notes["job"]
		}
		return []frame{m}, nil
	}}
	return []faulty{
		{name: "a cancel without a job cancels one", fault: all, broken: "R5-3", found: []string{"arcp-7.4-09"}},
		{name: "a cancel without an answer", silent: true, fault: fault{down: func(_ *link, m frame) []frame {
			if m["type"] == "job.cancelled" {
				return nil
			}
			return []frame{m}
		}}, broken: "R7.4-1", found: []string{"arcp-7.4-01/1", "arcp-7.4-07"}},
		{name: "a cancelled job called an error", fault: each("job.error", with("error", "payload", "final_status")), broken: "R7.4-1", found: []string{"arcp-7.4-01/1", "arcp-7.4-08"}},
		{name: "a cancelled job with another code", fault: each("job.error", with("TIMEOUT", "payload", "code")), broken: "R7.4-1", found: []string{"arcp-7.4-01/3", "arcp-7.4-08"}},
		{name: "a missing job is a bad request", fault: each("session.error", with("INVALID_REQUEST", "payload", "code")), broken: "R7.4-3", found: []string{"arcp-7.4-02", "arcp-5-01"}},
		{name: "everybody cancels", fault: anybody, broken: "R7.4-2", found: []string{"arcp-7.4-05"}},
		{name: "every session cancels", fault: anybody, broken: "R7.4-2", found: []string{"arcp-7.4-04"}, warnOnly: true},
		{name: "a cancel ends a job again", fault: again, broken: "R7.3-1", found: []string{"arcp-7.4-03"}},
		{name: "a race is lost as a timeout", fault: each("job.error", with("TIMEOUT", "payload", "code")), broken: "R7.4-4", found: []string{"arcp-7.4-06"}},
	}
}

// everybodyCancels makes a fault in which a job can be cancelled from any connection, welcomed or not.
func everybodyCancels() fault {
	var lock sync.Mutex
	owners := map[any]*link{}
	return fault{down: func(l *link, m frame) []frame {
		if m["type"] == "job.accepted" {
			lock.Lock()
			defer lock.Unlock()
			owners[in(m, "payload")["job_id"]] = l
		}
		return []frame{m}
	}, up: func(l *link, m frame) (there, back []frame) {
		id := in(m, "payload")["job_id"]
		lock.Lock()
		owner := owners[id]
		lock.Unlock()
		if m["type"] != "job.cancel" || owner == nil || owner == l {
			return []frame{m}, nil
		}
		done := frame{
			"arcp": "1.1", "id": "msg_done", "type": "job.cancelled", "session_id": m["session_id"], "request_id": m["id"],
			"payload": frame{"job_id": id},
		}
		delete(m, "session_id")
		owner.runtime(m)
		return nil, []frame{done}
	}}
}
