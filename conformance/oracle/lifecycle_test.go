package oracle_test

import "testing"

// job is a session with an accepted job.
const job = `
	A hello
	A> submit {}
	A< accepted j1
`

func TestLifecycle(t *testing.T) {
	t.Parallel()
	judgeAll(t, nil, []verdict{
		{"a success", job + "A< j1 1" + log + "\nA< j1 2 result", ""},
		{"a failure", job + "A< j1 1 error", ""},
		{"a job that runs on", job + "A< j1 1" + log, ""},
		{"two results", job + "A< j1 1 result\nA< j1 2 result", "fail R7.3-1"},
		{"a result and an error", job + "A< j1 1 result\nA< j1 2 error", "fail R7.3-1"},
		{"an event after the ending", job + "A< j1 1 result\nA< j1 2" + log, "fail R7.3-3"},
		{"an event before the acceptance", "A hello\nA> submit {}\nA< j1 1" + log + "\nA< accepted j1\nA< j1 2 result", "fail R7.1-6"},
		{"a stream that begins before the acceptance", "A hello\nA> submit {}\n" + chunk(1, utf8(0, "a", true)) + "A< accepted j1\n" +
			chunk(2, utf8(1, "b", false)) + `A< j1 3 result {"result_id":"r1","result_size":2}`, "fail R7.1-6"},
		{"another word for the ending", job + `A< j1 1 result {"final_status":"done"}`, "fail R7.3-1"},
		{"an error called success", job + `A< j1 1 error {"final_status":"success"}`, "fail R7.3-1"},
		{"an error without a status", job + `A< j1 1 error {"final_status":null}`, "fail R7.3-1"},
		{"a result called error", job + `A< j1 1 result {"final_status":"error"}`, "fail R7.3-1"},
		{"a final error without a number", job + `A< j1 - error`, "fail R5-1"},
		{"a result without a number", job + `A< j1 - result`, "fail R5-1"},
		{"BUDGET_EXHAUSTED as cancelled", job + `A< j1 1 error {"code":"BUDGET_EXHAUSTED","final_status":"cancelled"}`,
			"fail R7.3-2, warn R7.4-1"},
		{"LEASE_EXPIRED as timed_out", job + `A< j1 1 error {"code":"LEASE_EXPIRED","final_status":"timed_out"}`,
			"fail R7.3-2, warn R7.3-4"},
		{"LEASE_EXPIRED as error", job + `A< j1 1 error {"code":"LEASE_EXPIRED","final_status":"error"}`, ""},
	})
}

func TestCancelAndTimeout(t *testing.T) {
	t.Parallel()
	cancel := job + `
		A> {"type":"job.cancel","job_id":"j1","payload":{"job_id":"j1","reason":"x"}}
		A< {"type":"job.cancelled","job_id":"j1","payload":{"job_id":"j1"}}
	`
	limited := `
		A hello
		A> {"type":"job.submit","payload":{"agent":"conformance","input":{"steps":[]},"lease_request":{},"max_runtime_sec":1}}
		A< accepted j1
	`
	judgeAll(t, nil, []verdict{
		{"cancelled", cancel + `A< j1 1 error {"code":"CANCELLED","final_status":"cancelled"}`, ""},
		{"cancelled, called error", cancel + `A< j1 1 error {"code":"CANCELLED","final_status":"error"}`, "fail R7.4-1"},
		{"cancelled, with another code", cancel + `A< j1 1 error {"code":"TIMEOUT","final_status":"cancelled"}`, "fail R7.4-1, warn R7.3-4"},
		{"cancelled, in a job.result", cancel + `A< j1 1 result {"final_status":"cancelled"}`, "fail R7.4-1"},
		{"cancelled by another session, in a job.result", job + `
			B hello
			B> {"type":"job.cancel","job_id":"j1","payload":{"job_id":"j1","reason":"x"}}
			A< j1 1 result {"final_status":"cancelled"}`, "warn R7.4-1"},
		{"a result that says cancelled", job + `A< j1 1 result {"final_status":"cancelled"}`, "warn R7.4-1"},
		{"timed out, in a job.result", limited + `A< j1 1 result {"final_status":"timed_out"}`, "fail R7.3-4"},
		{"an agent's own CANCELLED", job + `A< j1 1 error {"code":"CANCELLED","final_status":"error"}`, "warn R7.4-1"},
		{"timed out", limited + `A< j1 1 error {"code":"TIMEOUT","final_status":"timed_out"}`, ""},
		{"timed out, called error", limited + `A< j1 1 error {"code":"TIMEOUT","final_status":"error"}`, "fail R7.3-4"},
		{"an agent's own TIMEOUT", job + `A< j1 1 error {"code":"TIMEOUT","final_status":"error"}`, "warn R7.3-4"},
		{"a finished job's cancel is refused in a job.error", job + `
			A< j1 1 result
			A> {"type":"job.cancel","job_id":"j1","payload":{"job_id":"j1","reason":"x"}}
			A< j1 - error {"code":"JOB_NOT_FOUND","final_status":null}`, ""},
		{"a running job's cancel is refused in a job.error", job + `
			A> {"type":"job.cancel","job_id":"j1","payload":{"job_id":"j1","reason":"x"}}
			A< j1 - error {"code":"PERMISSION_DENIED","final_status":null}
			A< j1 1 result`, ""},
		{"a submit is refused in a job.error that names the other job", job + `
			A> {"id":"q","type":"job.submit","payload":{"agent":"a","idempotency_key":"k"}}
			A< {"type":"job.error","job_id":"j1","payload":{"request_id":"q","code":"DUPLICATE_KEY","message":"x","retryable":false}}
			A< j1 1 result`, ""},
		{"a submit is refused in a job.error under its id", job + `
			A> {"id":"q","type":"job.submit","payload":{"agent":"a","idempotency_key":"k"}}
			A< {"id":"q","type":"job.error","job_id":"j1","payload":{"code":"DUPLICATE_KEY","message":"x","retryable":false}}
			A< j1 1 result`, ""},
		{"a finished job's cancel ends it again", job + `
			A< j1 1 result
			A> {"type":"job.cancel","job_id":"j1","payload":{"job_id":"j1","reason":"x"}}
			A< j1 2 error {"code":"CANCELLED","final_status":"cancelled"}`, "fail R7.3-1"},
		{"a job that nobody submitted is not found", `
			A hello
			A> {"type":"job.cancel","job_id":"j9","payload":{"job_id":"j9","reason":"x"}}
			A< j9 - error {"code":"JOB_NOT_FOUND","final_status":null}
			A> {"type":"job.cancel","job_id":"j9","payload":{"job_id":"j9","reason":"x"}}
			A< j9 - error {"code":"JOB_NOT_FOUND","final_status":null}`, ""},
	})
}

func TestASubscriberMaySeeThingsTwice(t *testing.T) {
	t.Parallel()
	subscribed := job + `
		A< j1 1 tool_call {"tool":"t","args":{},"call_id":"c"}
		A> {"type":"job.subscribe","payload":{"job_id":"j1","history":true}}
		A< {"type":"job.subscribed","payload":{"job_id":"j1","current_status":"running","agent":"a@1","lease":{},"subscribed_from":1,"replayed":true}}
		A< j1 2 tool_call {"tool":"t","args":{},"call_id":"c"}
		A< j1 3 result {"result":1}
	`
	judgeAll(t, nil, []verdict{
		{"the same ending", subscribed + `A< j1 4 result {"result":1.0}`, ""},
		{"a stream again", subscribed + `
			A< j1 4 result_chunk {"result_id":"r","chunk_seq":0,"data":"x","encoding":"utf8","more":true}
			A< j1 5 result_chunk {"result_id":"r","chunk_seq":0,"data":"x","encoding":"utf8","more":true}`, ""},
		{"another ending", subscribed + `A< j1 4 error`, "fail R7.3-1"},
		{"the late one of another's job", `
			B hello
			B> {"type":"job.subscribe","payload":{"job_id":"j1"}}
			B< {"type":"job.subscribed","payload":{"job_id":"j1","current_status":"running","agent":"a@1","lease":{},"subscribed_from":9,"replayed":false}}
			B< j1 1 tool_result {"call_id":"of-before","result":1}
			B< j1 2 result_chunk {"result_id":"r","chunk_seq":5,"data":"x","encoding":"utf8","more":false}
			B< j1 3 result {"result_id":"r","result_size":600}`, ""},
	})
}

func TestCalls(t *testing.T) {
	t.Parallel()
	judgeAll(t, nil, []verdict{
		{"overlapping calls", job + `
			A< j1 1 tool_call {"tool":"t","args":{},"call_id":"a"}
			A< j1 2 tool_call {"tool":"t","args":{},"call_id":"b"}
			A< j1 3 tool_result {"call_id":"a","result":null}
			A< j1 4 tool_result {"call_id":"b","result":{}}`, ""},
		{"a result without a call", job + `A< j1 1 tool_result {"call_id":"a","result":1}`, "fail R8.2-5"},
		{"another job's call", job + `
			A> submit {}
			A< accepted j2
			A< j1 1 tool_call {"tool":"t","args":{},"call_id":"a"}
			A< j2 2 tool_result {"call_id":"a","result":1}`, "fail R8.2-5"},
		{"a call after its result", job + `
			A< j1 1 tool_result {"call_id":"a","result":1}
			A< j1 2 tool_call {"tool":"t","args":{},"call_id":"a"}`, "fail R8.2-5"},
		{"an agent that was told to", `
			A hello
			A> {"type":"job.submit","payload":{"agent":"a","lease_request":{},"input":{"steps":[{"op":"raw","kind":"tool_result","body":{"call_id":"a","result":1}}]}}}
			A< accepted j1
			A< j1 1 tool_result {"call_id":"a","result":1}`, "warn R8.2-5"},
	})
}
