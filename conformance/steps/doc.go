// Package steps is the vocabulary of the suite's scenarios: what each line of Gherkin does on the wire, and what it
// judges. It reads raw JSON through package world and knows nothing of any runtime.
//
// # How steps judge
//
// Every step that judges counts its check under a requirement of the register. A step of one clause names its own. A
// general one ("the job ends in success") takes the requirement that stands in brackets behind it, "(R9.6-6)", and
// without one the first @R tag of the scenario. What a broken check comes to is for package world to say.
//
// A request "is refused with" a code as JUDGEMENTS.md has it: INVALID_REQUEST stands for "any error that starts nothing",
// so that another code only warns; each other code must be exactly that code.
//
// # Words
//
// Quoted names are the scenario's own: "A" is a connection, "J" a job, "c1" a call_id. "the job" without a name is the
// one that was submitted last, by whatever name. In JSON and in raw frames, ${agent}, ${token}, ${token:second},
// ${session}, ${session:B}, ${job}, ${job:J}, ${missing job} (an id that no job has) and ${id} (a message id never used
// before) are replaced; what else stands in ${} is the scripted agent's. Numbers keep their digits.
//
// Sessions (sessions.go):
//
//	Given a session "A"                                  welcomed, first principal, all features
//	Given a session "A" of the second principal
//	Given a session "A" with only the features "x, y"    "" is an empty list
//	Given a connection "A" without a hello
//	Given the feature "progress" is negotiated on "A"    else the scenario is skipped
//	When "A" closes the session                          session.close, and waits for the answer
//	When the connection "A" drops                        without session.close
//	Then "A" still answers
//	Then the connection "A" ends
//	Then a job of "A" still works                        a whole job, with a mark that no other job has
//	Then a new session still works                       the same on a new connection
//
// Requests (requests.go): one at a time on each connection; the step waits for the answer.
//
//	When "A" sends session.ping with:  + JSON payload
//	Then "A" is answered with session.pong
//	Then "A" is refused with INVALID_REQUEST
//	Then the answer to "A" has "payload.ping_nonce" equal to "x"     any JSON value
//
// Jobs (jobs.go):
//
//	When "A" submits a job that does:  + JSON list of the agent's steps
//	When "A" submits the job "J" under the lease {"tool.call":["*"]} with the members {"max_runtime_sec":1} that does:
//	When "A" submits a job with the payload:  + JSON
//	Then the job is accepted
//	Then the submit is refused with INVALID_REQUEST
//	Then no job was started                              the session runs a job after it, and sees that one only
//	Then the job ends in success
//	Then the job ends with the error CODE
//	Then the job has the result 42                       any JSON value
//	Then the job has no result
//
// Calls and events (calls.go, events.go):
//
//	Then the call "c1" has a result
//	Then the call "c1" is refused with BUDGET_EXHAUSTED
//	Then the call "c1" is refused with BUDGET_EXHAUSTED and retryable is false
//	Then the calls c1, c2, c3 have a result
//	Then all 9 calls of the tool "search" have a result
//	Then the job has emitted 3 "log" events
//	Then the job has emitted a "log" event with {"message":"x"}
//	Then the "log" events of the job are:  + JSON list of bodies
//	When the job is seen to emit a "log" event with {"message":"x"}     while it runs
package steps
