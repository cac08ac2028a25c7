package oracle_test

import (
	"testing"

	"github.com/arcp-conformance/arcp/conformance/oracle"
)

func TestEnvelope(t *testing.T) {
	t.Parallel()
	judgeAll(t, nil, []verdict{
		{"an honest session", `
			A hello
			A> {"type":"session.ping","payload":{"nonce":"n","sent_at":"2026-05-13T19:42:13Z"}}
			A< {"type":"session.pong","payload":{"ping_nonce":"n","received_at":"2026-05-13T19:42:13Z"}}`, ""},
		{"a binary frame", `
			A hello
			A<b {"arcp":"1.1","id":"x","type":"session.closed","session_id":"sess_A","payload":{}}`, "fail R4-1"},
		{"no JSON", "A<! hello there", "fail R5-1"},
		{"a list", "A<! []", "fail R5-1"},
		{"two objects", `A<! {"arcp":"1.1"} {}`, "fail R5-1"},
		{"not UTF-8", "A hello\nA<! {\"arcp\":\"1.1\",\"id\":\"x\",\"type\":\"session.closed\",\"session_id\":\"sess_A\",\"payload\":{\"r\":\"\xff\"}}",
			"fail R5-1"},
		{"a member of the envelope twice", `
			A hello
			A<! {"arcp":"1.1","id":"x","id":"y","type":"session.closed","session_id":"sess_A","payload":{}}`, "fail R5-1"},
		{"a member of the payload twice", `
			A hello
			A<! {"arcp":"1.1","id":"x","type":"session.closed","session_id":"sess_A","payload":{"a":1,"a":1}}`, "warn R5-1"},
		{"no arcp", `
			A hello
			A< {"arcp":"","type":"session.closed"}`, "fail R5-1"},
		{"no session_id after the welcome", `
			A hello
			A< {"session_id":"","type":"session.pong","payload":{"ping_nonce":"n","received_at":"2026-05-13T19:42:13Z"}}`, "fail R5-1"},
		{"an error without session_id", `
			A hello
			A< {"session_id":"","type":"session.error","payload":{"code":"INVALID_REQUEST","message":"x","retryable":false}}`, "warn R5-1"},
		{"an error before the welcome", `
			A< {"type":"session.error","payload":{"code":"UNAUTHENTICATED","message":"x","retryable":false}}`, ""},
		{"another session's id", `
			A hello
			B hello
			A< {"session_id":"sess_B","type":"session.closed"}`, "fail R5-1"},
		{"session.closed without a payload", `
			A hello
			A<! {"arcp":"1.1","id":"x","type":"session.closed","session_id":"sess_A"}`, "warn R5-1"},
		{"a number on a message of the session", `
			A hello
			A< {"type":"session.closed","event_seq":1}`, "fail R5-1"},
		{"a number on a ping", `
			A hello
			A< {"type":"session.ping","event_seq":1,"payload":{"nonce":"n","sent_at":"2026-05-13T19:42:13Z"}}`, "fail R6.4-5"},
		{"job.cancelled that names no job", `
			A hello
			A< {"type":"job.cancelled"}`, "warn R5-1"},
		{"job.accepted that names no job", `
			A hello
			A< {"type":"job.accepted","payload":{"agent":"a@1","lease":{},"accepted_at":"2026-05-13T19:42:13Z"}}`, "fail R7.1-1"},
		{"job.accepted with the job in the envelope", `
			A hello
			A< {"type":"job.accepted","job_id":"j1","payload":{"agent":"a@1","lease":{},"accepted_at":"2026-05-13T19:42:13Z"}}`, "warn R7.1-1"},
		{"job.result that names no job", `
			A hello
			A< {"type":"job.result","event_seq":1,"payload":{"final_status":"success"}}`, "fail R5-1"},
		{"job.result with the job in the payload", `
			A hello
			A< {"type":"job.result","event_seq":1,"payload":{"job_id":"j1","final_status":"success"}}`, "warn R5-1"},
		{"job.subscribed that names no job", `
			A hello
			A> {"type":"job.subscribe","payload":{"job_id":"j1"}}
			A< {"type":"job.subscribed","payload":{"current_status":"running","agent":"a@1","lease":{},"subscribed_from":0,"replayed":false}}`,
			"fail R7.6-1"},
		{"one id for two messages", `
			A hello
			A< {"id":"same","type":"session.ping","payload":{"nonce":"n1","sent_at":"2026-05-13T19:42:13Z"}}
			A< {"id":"same","type":"session.ping","payload":{"nonce":"n2","sent_at":"2026-05-13T19:42:13Z"}}`, "fail R5-5"},
		{"replies under the id of their request", `
			A hello
			A> {"id":"q1","type":"session.ping","payload":{"nonce":"n","sent_at":"2026-05-13T19:42:13Z"}}
			A< {"id":"q1","type":"session.pong","payload":{"ping_nonce":"n","received_at":"2026-05-13T19:42:13Z"}}
			A< {"id":"q1","type":"session.error","payload":{"code":"INVALID_REQUEST","message":"x","retryable":false}}`, ""},
		{"one message told again under its id", `
			A hello
			A< {"id":"same","type":"session.closed","payload":{"a":1,"b":2.0}}
			A< {"id":"same","type":"session.closed","payload":{"b":2,"a":1,"c":null}}`, ""},
		{"one id on two connections", `
			A hello
			B hello
			A< {"id":"same","type":"session.closed"}
			B< {"id":"same","type":"session.closed","payload":{"other":1}}`, ""},
		{"unknown fields, other order, null for absent", `
			A hello
			A<! {"x":{"y":[1]},"payload":{"z":null},"type":"session.closed","trace_id":null,"session_id":"sess_A","job_id":null,"event_seq":null,"id":"x","arcp":"1.1"}`,
			""},
		{"an unknown type", `
			A hello
			A< {"type":"vendor.news","payload":{"anything":true}}`, ""},
	})
}

func TestAResumeOverStdioReachesAnotherProcess(t *testing.T) {
	t.Parallel()
	judgeAll(t, &oracle.Facts{Separate: true}, []verdict{
		{"which has numbers of its own", resumed("3", `B< j1 1 log {"level":"info","message":"another"}`), ""},
	})
}

func TestEnvelopeOverStdio(t *testing.T) {
	t.Parallel()
	judgeAll(t, &oracle.Facts{Separate: true}, []verdict{
		{"a line that is no envelope", "A<! listening on nothing", "fail R4-2"},
		{"two processes with the same ids", `
			A hello
			B> {"type":"session.hello","payload":{"auth":{"scheme":"bearer","token":"token-of-A"}}}
			B< {"session_id":"sess_A","type":"session.welcome","payload":{"runtime":{"name":"r","version":"1"},"resume_token":"r","resume_window_sec":1,"heartbeat_interval_sec":1,"capabilities":{"encodings":["json"],"features":[],"agents":[]}}}
			A< accepted j1
			A< j1 1 log {"level":"info","message":"x"}
			A< j1 2 log {"level":"info","message":"x"}
			B< accepted j1
			B< j1 1 log {"level":"info","message":"y"}
			B< j1 2 log {"level":"info","message":"y"}`, ""},
	})
}
