package steps_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync/atomic"
)

func envelopeFaults() []faulty {
	unknown := fault{up: func(_ *link, m frame) (there, back []frame) {
		for field := range m {
			if !isKnown(field) {
				return nil, []frame{refusal(m, "INVALID_REQUEST")}
			}
		}
		return []frame{m}, nil
	}}
	anyCase := fault{up: func(_ *link, m frame) (there, back []frame) {
		for field, v := range m {
			if name := strings.ToLower(field); name != field {
				delete(m, field)
				m[name] = v
			}
		}
		return []frame{m}, nil
	}}
	deaf := fault{up: func(l *link, m frame) (there, back []frame) {
		kind, _ := m["type"].(string)
		l.notes["dead"] = l.notes["dead"] == true || !strings.Contains(" session.hello session.ping session.close job.submit job.cancel ", " "+kind+" ")
		if l.notes["dead"] == true {
			return nil, nil
		}
		return []frame{m}, nil
	}}
	picky := fault{deaf: func(data []byte) bool { return bytes.HasPrefix(data, []byte(" ")) }}
	digits := asked("job.submit", func(m frame) {
		if limit := fmt.Sprint(in(m, "payload")["max_runtime_sec"]); strings.ContainsAny(limit, ".eE") {
			in(m, "payload")["max_runtime_sec"] = 0.001
		}
	})
	return []faulty{
		{name: "white space is no JSON", silent: true, fault: picky, broken: "R5-1", found: []string{"arcp-5-06"}},
		{name: "numbers end at their first sign", fault: digits, broken: "R5-1", found: []string{"arcp-5-12/2", "arcp-5-12/3", "arcp-5-12/4"}},
		{name: "a bad frame is the end", silent: true, fault: diesOfBadFrames(), broken: "R5-3", found: []string{"arcp-5-07/1"}},
		{name: "a hostile frame is the end", silent: true, fault: diesOfBadFrames(), broken: "R14-7", found: []string{"arcp-5-14/3"}},
		{name: "a flood is the end", silent: true, fault: diesOfBadFrames(), broken: "R14-7", found: []string{"arcp-5-15"}},
		{name: "a client that leaves is the end", silent: true, fault: diesWithItsClient(), broken: "R14-7", found: []string{"arcp-6.7-06"}},
		{name: "no arcp", fault: each("job.event", without("arcp")), broken: "R5-1", found: []string{"arcp-5-01"}},
		{name: "no id", fault: each("job.result", without("id")), broken: "R5-1", found: []string{"arcp-5-01"}},
		{name: "a numbered refusal", fault: each("session.error", with(1, "event_seq")), broken: "R5-1", found: []string{"arcp-5-01"}},
		{name: "an event without its session", fault: each("job.event", without("session_id")), broken: "R5-1", found: []string{"arcp-5-01"}},
		{name: "one id for all", fault: fault{down: func(_ *link, m frame) []frame {
			m["id"] = "msg_always"
			return []frame{m}
		}}, broken: "R5-5", found: []string{"arcp-5-13"}},
		{name: "refuses unknown fields", fault: unknown, broken: "R5-2", found: []string{"arcp-5-02", "arcp-5-03", "arcp-5-04", "arcp-5-05"}},
		{name: "takes fields in any case", fault: anyCase, broken: "R5-2", found: []string{"arcp-5-10/1", "arcp-5-10/2", "arcp-5-10/3"}},
		{name: "deaf after an unknown type", silent: true, fault: deaf, broken: "R5-4", found: []string{"arcp-5-08/1", "arcp-5-08/3"}},
		{name: "deaf after a runtime's message", silent: true, fault: deaf, broken: "R5-4", found: []string{"arcp-5-09/1"}},
	}
}

// diesOfBadFrames makes a runtime that serves nobody any more once one client sent what is no message, or is very long.
func diesOfBadFrames() fault {
	var over atomic.Bool
	return fault{deaf: func(data []byte) bool {
		m := read(data)
		if payload, ok := m["payload"].(frame); !ok || payload == nil || m["type"] == nil || len(data) > 1<<16 {
			over.Store(true)
		}
		return over.Load()
	}}
}

// diesWithItsClient makes a runtime that serves nobody any more once a client left while its job ran.
func diesWithItsClient() fault {
	var over atomic.Bool
	return fault{down: func(l *link, m frame) []frame {
		switch m["type"] {
		case "job.accepted":
			l.seq++
		case "job.result", "job.error":
			l.seq--
		}
		return []frame{m}
	}, gone: func(l *link) {
		if l.seq > 0 {
			over.Store(true)
		}
	}, deaf: func([]byte) bool { return over.Load() }}
}

func loginFaults() []faulty {
	anyToken := asked("session.hello", func(m frame) {
		if auth, ok := in(m, "payload")["auth"].(frame); ok && auth["token"] != nil {
			auth["token"] = tokens.First
		}
	})
	anyScheme := asked("session.hello", with("bearer", "payload", "auth", "scheme"))
	anywhere := asked("session.hello", func(m frame) {
		if strings.Contains(string(write(m)), tokens.First) {
			m["payload"].(frame)["auth"] = frame{"scheme": "bearer", "token": tokens.First}
		}
	})
	echo := fault{up: func(l *link, m frame) (there, back []frame) {
		if m["type"] == "session.hello" {
			l.notes["token"] = in(m, "payload", "auth")["token"]
		}
		return []frame{m}, nil
	}, down: func(l *link, m frame) []frame {
		if m["type"] == "session.error" {
			in(m, "payload")["message"] = fmt.Sprint("no good: ", l.notes["token"])
		}
		return []frame{m}
	}}
	early := fault{up: func(l *link, m frame) (there, back []frame) {
		if m["type"] != "session.hello" && l.notes["open"] == nil {
			l.notes["open"], l.notes["hide"] = true, true
			hello := frame{"arcp": "1.1", "id": "msg_early", "type": "session.hello", "payload": frame{
				"client": frame{"name": "x", "version": "1"}, "auth": frame{"scheme": "bearer", "token": tokens.First},
				"capabilities": frame{"encodings": []string{"json"}, "features": []string{"heartbeat"}},
			}}
			l.kept = []frame{m}
			return []frame{hello}, nil
		}
		l.notes["open"] = true
		return []frame{m}, nil
	}, down: func(l *link, m frame) []frame {
		if m["type"] == "session.welcome" && l.notes["hide"] == true {
			l.notes["hide"] = false
			l.runtime(l.kept[0])
			return nil
		}
		return []frame{m}
	}}
	nobody := fault{up: func(_ *link, m frame) (there, back []frame) {
		if m["type"] == "session.hello" {
			return nil, []frame{refusal(m, "UNAUTHENTICATED")}
		}
		return []frame{m}, nil
	}}
	second := fault{up: func(_ *link, m frame) (there, back []frame) {
		if m["type"] == "session.hello" && in(m, "payload", "auth")["token"] == tokens.Second {
			return nil, []frame{refusal(m, "UNAUTHENTICATED")}
		}
		return []frame{m}, nil
	}}
	return []faulty{
		{name: "lets nobody in", fault: nobody, broken: "R6.1-1", found: []string{"arcp-6.1-01"}},
		{name: "lets one principal in", fault: second, broken: "R6.1-1", found: []string{"arcp-6.1-08"}},
		{name: "strangers cancel", fault: everybodyCancels(), broken: "R6.1-3", found: []string{"arcp-6.1-07"}},
		{name: "any token will do", fault: anyToken, broken: "R6.1-2", found: []string{"arcp-6.1-02/4", "arcp-6.1-02/6", "arcp-6.1-02/7", "arcp-6.1-02/9", "arcp-6.1-04"}},
		{name: "any scheme will do", fault: anyScheme, broken: "R6.1-2", found: []string{"arcp-6.1-02/11"}},
		{name: "the token may stand anywhere", fault: anywhere, broken: "R6.1-2", found: []string{"arcp-6.1-02/15", "arcp-6.1-02/16", "arcp-6.1-02/17", "arcp-6.1-03"}},
		{name: "a refused token is repeated", fault: echo, broken: "R6.1-4", found: []string{"arcp-6.1-04", "arcp-6.1-05"}},
		{name: "submits before the hello are served", fault: early, broken: "R6.1-3", found: []string{"arcp-6.1-06/1"}},
	}
}

func welcomeFaults() []faulty {
	agents := func(change func(entry frame)) fault {
		return each("session.welcome", func(m frame) {
			for _, e := range in(m, "payload", "capabilities")["agents"].([]any) {
				change(e.(frame))
			}
		})
	}
	echoes := fault{up: func(l *link, m frame) (there, back []frame) {
		if m["type"] == "session.hello" {
			l.notes["features"] = in(m, "payload", "capabilities")["features"]
		}
		return []frame{m}, nil
	}, down: func(l *link, m frame) []frame {
		if m["type"] == "session.welcome" {
			in(m, "payload", "capabilities")["features"] = l.notes["features"]
		}
		return []frame{m}
	}}
	all := asked("session.hello", func(m frame) {
		in(m, "payload", "capabilities")["features"] = []string{"heartbeat", "cost.budget", "progress", "result_chunk", "agent_versions"}
	})
	strict := fault{up: func(_ *link, m frame) (there, back []frame) {
		if m["type"] == "session.hello" && strings.Contains(string(write(m)), "x-teleport") {
			return nil, []frame{refusal(m, "INVALID_REQUEST")}
		}
		return []frame{m}, nil
	}}
	again := fault{up: func(l *link, m frame) (there, back []frame) {
		if welcome, ok := l.notes["welcome"].(frame); ok && m["type"] == "session.hello" {
			welcome["request_id"] = m["id"]
			return nil, []frame{welcome}
		}
		return []frame{m}, nil
	}, down: func(l *link, m frame) []frame {
		if m["type"] == "session.welcome" {
			l.notes["welcome"] = m
		}
		return []frame{m}
	}}
	limitless := fault{up: func(l *link, m frame) (there, back []frame) {
		switch m["type"] {
		case "session.hello":
			l.notes["budget"] = strings.Contains(string(write(m)), "cost.budget")
		case "job.submit":
			if l.notes["budget"] == false {
				delete(in(m, "payload", "lease_request"), "cost.budget")
			}
		}
		return []frame{m}, nil
	}}
	unasked := fault{down: func(_ *link, m frame) []frame {
		if m["type"] == "session.welcome" {
			return []frame{m, {"arcp": "1.1", "id": "msg_unasked", "type": "session.ping", "session_id": m["session_id"], "payload": frame{"nonce": "p"}}}
		}
		return []frame{m}
	}}
	return []faulty{
		{name: "drops the limit of a lease", fault: limitless, broken: "R6.2-4", found: []string{"arcp-6.2-06"}, warnOnly: true},
		{name: "serves what was not agreed on", fault: all, broken: "R6.2-4", found: []string{"arcp-6.2-07/1"}, warnOnly: true},
		{name: "pings without being asked to", fault: unasked, broken: "R6.2-3", found: []string{"arcp-6.2-10"}},
		{name: "a runtime without a version", fault: each("session.welcome", without("payload", "runtime", "version")), broken: "R6.2-1", found: []string{"arcp-6.2-01", "arcp-6.2-11"}},
		{name: "a window of 0", fault: each("session.welcome", with(0, "payload", "resume_window_sec")), broken: "R6.2-1", found: []string{"arcp-6.2-01"}},
		{name: "no interval", fault: each("session.welcome", without("payload", "heartbeat_interval_sec")), broken: "R6.2-1", found: []string{"arcp-6.2-01"}},
		{name: "no encodings", fault: each("session.welcome", without("payload", "capabilities", "encodings")), broken: "R6.2-1", found: []string{"arcp-6.2-01"}},
		{name: "agents in capitals", fault: agents(func(e frame) { e["name"] = "Conformance" }), broken: "R6.2-2", found: []string{"arcp-6.2-02"}},
		{name: "agents without versions", fault: agents(func(e frame) { e["versions"] = []any{} }), broken: "R6.2-2", found: []string{"arcp-6.2-02"}},
		{name: "a default that is no version", fault: agents(func(e frame) { e["default"] = "3.0.0" }), broken: "R6.2-2", found: []string{"arcp-6.2-02"}},
		{name: "offers whatever it is asked for", fault: echoes, broken: "R6.2-6", found: []string{"arcp-6.2-03"}},
		{name: "refuses unknown features", fault: strict, broken: "R6.2-6", found: []string{"arcp-6.2-03"}},
		{name: "uses what was not agreed on", fault: all, broken: "R6.2-3", found: []string{"arcp-6.2-04", "arcp-6.2-05"}},
		{name: "welcomes twice", fault: again, broken: "R6.2-7", found: []string{"arcp-6.2-08"}},
		{name: "one resume token for all", fault: each("session.welcome", with("rt_always", "payload", "resume_token")), broken: "R6.3-1", found: []string{"arcp-6.2-09"}},
	}
}

func sessionFaults() []faulty {
	late := fault{down: func(l *link, m frame) []frame {
		l.kept = append(l.kept, m)
		if m["type"] == "session.pong" && l.notes["job"] == true {
			return nil
		}
		if m["type"] == "job.accepted" {
			l.notes["job"] = true
		}
		l.kept = nil
		return []frame{m}
	}}
	return []faulty{
		{name: "a pong with another nonce", fault: each("session.pong", with("p_other", "payload", "ping_nonce")), broken: "R6.4-1", found: []string{"arcp-6.4-01/1", "arcp-6.4-02"}},
		{name: "a numbered pong", fault: each("session.pong", with(1, "event_seq")), broken: "R6.4-5", found: []string{"arcp-6.4-01/1", "arcp-6.4-02"}},
		{name: "no pong while a job runs", silent: true, fault: late, broken: "R6.4-1", found: []string{"arcp-6.4-02"}},
		{name: "a close without an answer", silent: true, fault: fault{down: func(_ *link, m frame) []frame {
			if m["type"] == "session.closed" {
				return nil
			}
			return []frame{m}
		}}, broken: "R6.7-1", found: []string{"arcp-6.7-01", "arcp-6.7-02"}},
		{name: "a close that leaves the transport open", silent: true, fault: fault{stay: true}, broken: "R6.7-1", found: []string{"arcp-6.7-01", "arcp-6.7-02", "arcp-6.7-03"}},
	}
}
