package oracle_test

import "testing"

const log = ` log {"level":"info","message":"x"}`

func TestSequence(t *testing.T) {
	t.Parallel()
	judgeAll(t, nil, []verdict{
		{"by one, over two jobs, from 1", "A hello\nA> submit {}\nA< accepted j1\nA> submit {}\nA< accepted j2\nA< j1 1" + log + "\nA< j2 2" + log +
			"\nA< j1 3 result\nA< j2 4 error", ""},
		{"from 0", "A hello\nA> submit {}\nA< accepted j1\nA< j1 0" + log + "\nA< j1 1 result", ""},
		{"spelt in other ways", "A hello\nA> submit {}\nA< accepted j1\nA< j1 1.0" + log + "\nA< j1 2e0" + log + "\nA< j1 3 result", ""},
		{"from 17", "A hello\nA> submit {}\nA< accepted j1\nA< j1 17" + log + "\nA< j1 18 result", "info R8.3-1"},
		{"a gap", "A hello\nA> submit {}\nA< accepted j1\nA< j1 1" + log + "\nA< j1 3" + log, "fail R8.3-1"},
		{"a repetition", "A hello\nA> submit {}\nA< accepted j1\nA< j1 1" + log + "\nA< j1 1" + log, "fail R8.3-1"},
		{"a repetition with other content", job + "A< j1 1" + log + "\n" + `A< j1 1 log {"level":"info","message":"y"}`, "fail R8.3-1"},
		{"two sessions that were given one id", `
			A hello
			A> submit {}
			A< accepted j1
			A< j1 1 log {"level":"info","message":"x"}
			B> {"type":"session.hello","payload":{}}
			B< {"type":"session.welcome","session_id":"sess_A","payload":{"runtime":{"name":"r","version":"1"},"resume_token":"r","resume_window_sec":60,"heartbeat_interval_sec":30,"capabilities":{"encodings":["json"],"features":[],"agents":[]}}}
			B> submit {}
			B< accepted j2
			B< j2 1 log {"level":"info","message":"y"}
			A< j1 2 result
			B< j2 2 result`, ""},
		{"two swapped", "A hello\nA> submit {}\nA< accepted j1\nA< j1 1" + log + "\nA< j1 3" + log + "\nA< j1 2" + log, "fail R8.3-1"},
		{"a reply that takes a number counts", `
			A hello
			A> submit {}
			A< {"type":"job.accepted","event_seq":1,"payload":{"job_id":"j1","agent":"a@1","lease":{},"accepted_at":"2026-05-13T19:42:13Z"}}
			A< j1 3 log {"level":"info","message":"x"}`, "fail R8.3-1"},
		{"two sessions have each their own", `
			A hello
			B hello
			A> submit {}
			A< accepted j1
			B> {"type":"job.subscribe","payload":{"job_id":"j1","history":true}}
			B< {"type":"job.subscribed","payload":{"job_id":"j1","current_status":"running","agent":"a@1","lease":{},"subscribed_from":7,"replayed":true}}
			A< j1 1 log {"level":"info","message":"x"}
			B< j1 1 log {"level":"info","message":"x"}
			A< j1 2 log {"level":"info","message":"y"}
			B< j1 2 log {"level":"info","message":"y"}
			A< j1 3 result
			B< j1 3 result`, ""},
	})
}

// resumed is a session A that saw three events, and came back as B asking for what is above the last_event_seq.
func resumed(after, rest string) string {
	return `
		A hello
		A> submit {}
		A< accepted j1
		A< j1 1 log {"level":"info","message":"one"}
		A< j1 2 log {"level":"info","message":"two"}
		A< j1 3 log {"level":"info","message":"three"}
		B> {"type":"session.resume","session_id":"sess_A","payload":{"session_id":"sess_A","resume_token":"resume-token-of-A","last_event_seq":` + after + `}}
		B< {"type":"session.welcome","session_id":"sess_A","payload":{"runtime":{"name":"r","version":"1"},"resume_token":"resume-token-of-B","resume_window_sec":60,"heartbeat_interval_sec":30,"capabilities":{"encodings":["json"],"features":[],"agents":[]}}}
		` + rest
}

func TestSequenceOverReconnects(t *testing.T) {
	t.Parallel()
	judgeAll(t, nil, []verdict{
		{"replayed and live again", resumed("1", `
			B< j1 2 log {"message":"two","level":"info","x":null}
			B< j1 3 log {"level":"info","message":"three"}
			B< j1 4 log {"level":"info","message":"four"}
			B< j1 5 result`), ""},
		{"nothing missed", resumed("3", `B< j1 4 result`), ""},
		{"the old connection goes on for a while", resumed("3", `
			A< j1 4 log {"level":"info","message":"four"}
			B< j1 4 log {"level":"info","message":"four"}
			A< j1 5 log {"level":"info","message":"five"}
			B< j1 5 log {"level":"info","message":"five"}
			B< j1 6 result`), ""},
		{"something is lost", resumed("3", `B< j1 6 log {"level":"info","message":"six"}`), "fail R8.3-1"},
		{"something is lost, and it is said", resumed("3", `
			B< {"type":"session.error","payload":{"code":"RESUME_WINDOW_EXPIRED","message":"x","retryable":false}}
			B< j1 6 log {"level":"info","message":"six"}
			B< j1 7 result`), ""},
		{"a gap after the replay", resumed("2", `
			B< j1 3 log {"level":"info","message":"three"}
			B< j1 5 log {"level":"info","message":"five"}`), "fail R8.3-1"},
		{"replayed twice", resumed("2", `
			B< j1 3 log {"level":"info","message":"three"}
			B< j1 3 log {"level":"info","message":"three"}`), "fail R8.3-1"},
		{"replayed with other content", resumed("2", `B< j1 3 log {"level":"info","message":"another"}`), "fail R6.3-2"},
		{"the client asked for more than there was", resumed("9", `B< j1 10 log {"level":"info","message":"x"}`), ""},
		{"a resume in the hello", `
			A hello
			A> submit {}
			A< accepted j1
			A< j1 1 log {"level":"info","message":"one"}
			A< j1 2 result
			B> {"type":"session.hello","payload":{"resume":{"session_id":"sess_A","resume_token":"resume-token-of-A","last_event_seq":0}}}
			B< {"type":"session.welcome","session_id":"sess_A","payload":{"runtime":{"name":"r","version":"1"},"resume_token":"resume-token-of-B","resume_window_sec":60,"heartbeat_interval_sec":30,"capabilities":{"encodings":["json"],"features":[],"agents":[]}}}
			B< j1 1 log {"level":"info","message":"one"}
			B< j1 2 result`, ""},
		{"an ending without a number is told again", `
			A hello
			A> submit {}
			A< accepted j1
			A< j1 - error {"final_status":"error"}
			B> {"type":"session.resume","session_id":"sess_A","payload":{"resume_token":"resume-token-of-A","last_event_seq":0}}
			B< {"type":"session.welcome","session_id":"sess_A","payload":{"runtime":{"name":"r","version":"1"},"resume_token":"resume-token-of-B","resume_window_sec":60,"heartbeat_interval_sec":30,"capabilities":{"encodings":["json"],"features":[],"agents":[]}}}
			B< j1 - error {"final_status":"error"}`, "fail R5-1"},
	})
}
