package oracle_test

import "testing"

// greeted is a hello with some features, and the welcome to it.
func greeted(features, member, agent string) string {
	return `
		A> {"type":"session.hello","payload":{"capabilities":{"features":` + features + `}}}
		A< {"type":"session.welcome","session_id":"s","payload":{"runtime":{"name":"r","version":"1"},"resume_token":"r","resume_window_sec":60` + member +
		`,"capabilities":{"encodings":["json"],"features":` + features + `,"agents":[` + agent + `]}}}`
}

func TestShape(t *testing.T) {
	t.Parallel()
	raw := `
		A hello
		A> {"type":"job.submit","payload":{"agent":"a","lease_request":{},"input":{"steps":[{"op":"raw","kind":"log","body":{}}]}}}
		A< accepted j1
	`
	budget := "A hello\nA> submit {\"cost.budget\":[\"USD:1.00\"]}\n"
	judgeAll(t, nil, []verdict{
		{"a default that is no version", greeted(`[]`, `,"heartbeat_interval_sec":1`, `{"name":"a","versions":["1"],"default":"2"}`), "fail R6.2-2"},
		{"a default that is a number", greeted(`[]`, `,"heartbeat_interval_sec":1`, `{"name":"a","versions":["1"],"default":1}`), "fail R6.2-2"},
		{"no default", greeted(`[]`, `,"heartbeat_interval_sec":1`, `{"name":"a","versions":["1"],"default":null}`), ""},
		{"no interval, and no heartbeats", greeted(`["x.vendor"]`, ``, `{"name":"a","versions":["1"]}`), "warn R6.2-1"},
		{"no interval of the heartbeats", greeted(`["heartbeat"]`, ``, `{"name":"a","versions":["1"]}`), "fail R6.2-1, warn R6.2-1"},
		{"agents by name, and no versions", greeted(`[]`, `,"heartbeat_interval_sec":1`, `"a"`), "warn R6.2-2"},
		{"agents by name in spite of versions", greeted(`["agent_versions"]`, `,"heartbeat_interval_sec":1`, `"a"`), "fail R6.2-2, warn R6.2-2"},
		{"a log without a level", job + `A< j1 1 log {"message":"x"}`, "fail R8.2-1"},
		{"a body that the agent was told to emit", raw + `A< j1 1 log {"message":"x"}`, "warn R8.2-1"},
		{"a progress that the agent was told to emit", raw + `A< j1 1 progress {"current":-1}`, "fail R8.2-3"},
		{"no lease, where one was asked for", budget + `A< accepted j1 {"lease":null,"budget":{"USD":1.0}}`, "fail R7.1-1"},
		{"no lease, where none was asked for", `A hello
			A> submit {}
			A< accepted j1 {"lease":null}`, "warn R7.1-1"},
		{"no budget", budget + `A< accepted j1 {"lease":{"cost.budget":["USD:1.00"]}}`, "fail R7.1-2"},
		{"a budget without the currency", budget + `A< accepted j1 {"lease":{"cost.budget":["USD:1.00"]},"budget":{"EUR":1}}`,
			"fail R7.1-2, warn R7.1-2"},
		{"a budget that was not granted", budget + `A< accepted j1 {"budget":{"USD":1}}`, "warn R7.1-2"},
		{"a budget of nothing", budget + `A< accepted j1 {"budget":{}}`, ""},
		{"a budget that is not full", budget + `A< accepted j1 {"lease":{"cost.budget":["USD:1.00"]},"budget":{"USD":0.99}}`, "fail R7.1-2"},
		{"a budget as an amount", budget + `A< accepted j1 {"lease":{"cost.budget":["USD:1.00"]},"budget":{"USD":"USD:1.0"}}`, "warn R7.1-2"},
		{"two grants added up", budget + `A< accepted j1 {"lease":{"cost.budget":["USD:1.00","USD:2.00"]},"budget":{"USD":3}}`, ""},
		{"rounded beyond fifteen digits", budget + `A< accepted j1 {"lease":{"cost.budget":["USD:1.0000000000000001"]},"budget":{"USD":1}}`,
			"info R9.6-3"},
		{"status words in a phase", job + `A< j1 1 status {"phase":"success"}`, ""},
		{"an unknown kind", job + `A< j1 1 vendor.news {"whatever":[]}`, ""},
	})
}

func TestErrorCodes(t *testing.T) {
	t.Parallel()
	refusal := func(code, retryable string) string {
		return job + `A< {"type":"session.error","payload":{"code":"` + code + `","message":"x","retryable":` + retryable + `}}`
	}
	outcome := func(code, retryable string) string {
		return job + `A< j1 1 tool_call {"tool":"t","args":{},"call_id":"c"}
			A< j1 2 tool_result {"call_id":"c","error":{"code":"` + code + `","message":"x","retryable":` + retryable + `}}`
	}
	judgeAll(t, nil, []verdict{
		{"one of the fifteen", refusal("DUPLICATE_KEY", "true"), ""},
		{"a sixteenth", refusal("NOT_FOUND", "false"), "fail R12-1"},
		{"in lower case", refusal("invalid_request", "false"), "fail R12-1"},
		{"in a tool_result", outcome("FORBIDDEN", "false"), "fail R12-1"},
		{"in a job.error", job + `A< j1 1 error {"code":"CRASHED"}`, "fail R12-1"},
		{"under the member error", job + `A< {"type":"session.error","payload":{"error":{"code":"NOT_FOUND","message":"x","retryable":false}}}`,
			"fail R12-1"},
		{"without retryable", job + `A< {"type":"session.error","payload":{"code":"INVALID_REQUEST","message":"x"}}`, "fail R12-1"},
		{"a retryable INVALID_REQUEST", refusal("INVALID_REQUEST", "true"), ""},
		{"INTERNAL_ERROR", refusal("INTERNAL_ERROR", "true"), ""},
		{"INTERNAL_ERROR for good", refusal("INTERNAL_ERROR", "false"), "fail R12-2"},
		{"BUDGET_EXHAUSTED", outcome("BUDGET_EXHAUSTED", "false"), ""},
		{"BUDGET_EXHAUSTED for a while", outcome("BUDGET_EXHAUSTED", "true"), "fail R12-2, fail R9.6-10"},
		{"LEASE_EXPIRED for a while", outcome("LEASE_EXPIRED", "true"), "fail R12-2"},
		{"a result that talks of codes", job + `A< j1 1 tool_call {"tool":"t","args":{},"call_id":"c"}
			A< j1 2 tool_result {"call_id":"c","result":{"code":"ANYTHING"}}
			A< j1 3 result {"result":{"error":{"code":"ANYTHING"}}}`, ""},
	})
}

func TestFeatures(t *testing.T) {
	t.Parallel()
	with := func(ours, theirs, rest string) string {
		return `
			A> {"type":"session.hello","payload":{"capabilities":{"features":` + ours + `}}}
			A< {"type":"session.welcome","session_id":"s","payload":{"runtime":{"name":"r","version":"1"},"resume_token":"r","resume_window_sec":60,"heartbeat_interval_sec":30,"capabilities":{"encodings":["json"],"features":` + theirs + `,"agents":[]}}}
			A> submit {}
			A< accepted j1
			` + rest
	}
	ping := `A< {"type":"session.ping","payload":{"nonce":"n","sent_at":"2026-05-13T19:42:13Z"}}`
	progress := `A< j1 1 progress {"current":1}`
	judgeAll(t, nil, []verdict{
		{"both named it", with(`["heartbeat","ack"]`, `["heartbeat"]`, ping), ""},
		{"we did not", with(`["ack"]`, `["heartbeat"]`, ping), "fail R6.2-3"},
		{"they did not", with(`["heartbeat"]`, `["ack"]`, ping), "fail R6.2-3"},
		{"progress", with(`["progress"]`, `["progress"]`, progress), ""},
		{"progress that nobody wants", with(`[]`, `["progress"]`, progress), "fail R6.2-3"},
		{"a chunk that nobody wants", with(`[]`, `["result_chunk"]`,
			`A< j1 1 result_chunk {"result_id":"r","chunk_seq":0,"data":"","encoding":"utf8","more":false}`), "fail R6.2-3"},
		{"a listing out of the blue", with(`[]`, `["list_jobs"]`, `A< {"type":"session.jobs","payload":{"request_id":"q","jobs":[]}}`), "fail R6.2-3"},
		{"a listing that was asked for", with(`[]`, `["list_jobs"]`, `A> {"type":"session.list_jobs"}
			A< {"type":"session.jobs","payload":{"request_id":"q","jobs":[]}}`), ""},
		{"a subscription out of the blue", with(`[]`, `["subscribe"]`,
			`A< {"type":"job.subscribed","payload":{"job_id":"j2","current_status":"running","agent":"a@1","lease":{},"subscribed_from":0,"replayed":false}}`),
			"fail R6.2-3"},
		{"a pong that was asked for", with(`[]`, `["heartbeat"]`, `A< {"type":"session.pong","payload":{"ping_nonce":"n","received_at":"2026-05-13T19:42:13Z"}}`), ""},
		{"credentials", with(`[]`, `[]`, `A< accepted j2 {"credentials":[{"id":"c","scheme":"bearer","value":"v","endpoint":"e"}]}`), "fail R6.2-3"},
		{"no credentials", with(`[]`, `[]`, `A< accepted j2 {"credentials":[]}`), ""},
		{"a rotation", with(`[]`, `[]`, `A< j1 1 status {"phase":"credential_rotated","id":"c","value":"v"}`), "fail R6.2-3"},
		{"a budget", with(`[]`, `["cost.budget"]`, `A< accepted j2 {"lease":{"cost.budget":["USD:1"]},"budget":{"USD":1}}`), "info R6.2-3"},
		{"lists that are not known", `
			A> {"type":"session.hello","payload":{}}
			A< {"type":"session.welcome","session_id":"s","payload":{"runtime":{"name":"r","version":"1"},"resume_token":"r","resume_window_sec":60,"heartbeat_interval_sec":30,"capabilities":{"encodings":["json"],"features":["heartbeat"],"agents":[]}}}
			` + ping, ""},
		{"a resumed session keeps what it had", resumed("3", `B< j1 4 progress {"current":1}`), ""},
	})
}
