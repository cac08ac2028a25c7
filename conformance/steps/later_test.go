package steps_test

import (
	"sync"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// What the runtime of this module does not offer yet is played by the go-between, once as it should be and once not.

// offering adds features to every welcome.
func offering(m frame, names ...string) {
	if m["type"] != "session.welcome" {
		return
	}
	capabilities := in(m, "payload", "capabilities")
	for _, name := range names {
		capabilities["features"] = append(capabilities["features"].([]any), name)
	}
}

// bounded plays deadlines, models and idempotency keys: it takes them off the submit and puts them into the acceptance.
func bounded(echo bool) fault {
	return fault{down: func(l *link, m frame) []frame {
		offering(m, "lease_expires_at", "model.use")
		if m["type"] == "job.accepted" && echo && l.notes["constraints"] != nil {
			in(m, "payload")["lease_constraints"] = l.notes["constraints"]
			l.notes["constraints"] = nil
		}
		return []frame{m}
	}, up: func(l *link, m frame) (there, back []frame) {
		if payload := in(m, "payload"); m["type"] == "job.submit" && payload["lease_constraints"] != nil {
			l.notes["constraints"] = payload["lease_constraints"]
			delete(payload, "lease_constraints")
			delete(payload, "idempotency_key")
			delete(in(m, "payload", "lease_request"), "model.use")
		}
		return []frame{m}, nil
	}}
}

// watched plays listings and subscriptions of jobs whose session was closed.
func watched(runOn bool) fault {
	var jobs sync.Map // by whom it does not matter: each run has one
	return fault{down: func(_ *link, m frame) []frame {
		offering(m, "list_jobs", "subscribe")
		if m["type"] == "job.accepted" {
			jobs.Store("job", in(m, "payload")["job_id"])
		}
		return []frame{m}
	}, up: func(l *link, m frame) (there, back []frame) {
		job, _ := jobs.Load("job")
		reply := frame{"arcp": "1.1", "id": "msg_reply", "session_id": m["session_id"], "request_id": m["id"]}
		switch m["type"] {
		case "session.list_jobs":
			status := "running"
			if !runOn {
				status = "cancelled"
			}
			reply["type"] = "session.jobs"
			reply["payload"] = frame{"request_id": m["id"], "next_cursor": nil, "jobs": []frame{{"job_id": job, "status": status}}}
		case "job.subscribe":
			reply["type"], reply["payload"] = "job.subscribed", frame{"job_id": job, "current_status": "running"}
			end := frame{"arcp": "1.1", "id": "msg_end", "type": "job.result", "session_id": m["session_id"], "job_id": job, "event_seq": 1}
			end["payload"] = frame{"final_status": "success", "result": "at last"}
			if !runOn {
				end["type"], end["payload"] = "job.error", frame{"final_status": "cancelled", "code": "CANCELLED", "message": "", "retryable": false}
			}
			return nil, []frame{reply, end}
		default:
			return []frame{m}, nil
		}
		return nil, []frame{reply}
	}}
}

func TestWhatIsNotOfferedYet(t *testing.T) {
	t.Parallel()
	url := embeddedRuntime(t)
	for _, tc := range []struct {
		name, id, broken string
		good, bad        fault
	}{
		{"a deadline is echoed", "arcp-7.1-14", "R7.1-1", bounded(true), bounded(false)},
		{"the draft's submit", "arcp-7.1-12", "R7.1-1", bounded(true), bounded(false)},
		{"a listing after the close", "arcp-6.7-04", "R6.7-2", watched(true), watched(false)},
		{"a subscription after the close", "arcp-6.7-05", "R6.7-2", watched(true), watched(false)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if named, s := judged(t, url, tc.good, tc.id, tc.broken); named || s.Verdict == report.Skip {
				t.Errorf("as it should be: %s %s %v", s.Verdict, s.Reason, s.Findings)
			}
			if named, s := judged(t, url, tc.bad, tc.id, tc.broken); !named {
				t.Errorf("as it should not be: %s %s %v", s.Verdict, s.Reason, s.Findings)
			}
		})
	}
}

// judged says whether the steps of a scenario find the requirement broken. What the oracles say of the parts that the
// go-between leaves out does not count.
func judged(t *testing.T, url string, f fault, id, broken string) (named bool, s report.Scenario) {
	t.Helper()
	s = run(t, url, f, 10*time.Second, []string{id})[0]
	for _, found := range s.Findings {
		named = named || found.Source == "step" && found.Verdict == report.Fail && found.Requirement == broken
	}
	return named, s
}
