// Package steps is the vocabulary of the suite's scenarios: what each line of Gherkin does on the wire, and what it
// judges. It reads raw JSON through package world and knows nothing of any runtime.
//
// # How steps judge
//
// Every step that judges counts its check under a requirement of the register. A step of one clause names its own. A
// general one ("the job ends in success") takes the requirement that stands in brackets behind it, "(R9.6-6)", and
// without one the first @R tag of the scenario. What a broken check comes to is for package world to say.
//
// A request "is refused with" a code as follows. INVALID_REQUEST stands for "any error that starts nothing", so that
// another code only warns; each other code must be exactly that code. "preferably" warns, and fails in a strict run; "it is
// noted" only informs.
//
// # Words
//
// Quoted names are the scenario's own: "A" is a connection, "J" a job, "c1" a call_id. "the job" without a name is the
// one that was submitted last, by whatever name. In JSON and in raw frames, ${agent}, ${token}, ${token:second},
// ${session}, ${session:B}, ${job}, ${job:J}, ${missing job} (an id that no job has), ${in an hour}, ${in 2 seconds} (or
// days, or years), ${a second ago}, ${key}, ${key:x} (an idempotency key of the scenario's own) and ${id} (a message id
// never used before) are replaced; what else stands in ${} is the scripted agent's. Numbers keep their digits.
//
// Sessions (sessions.go, hello.go, welcome.go):
//
//	Given a session "A"                                  welcomed, first principal, all features
//	Given a session "A" of the second principal
//	Given a session "A" with only the features "x, y"    "" is an empty list
//	Given a connection "A" without a hello
//	Given the feature "progress" is negotiated on "A"    else the scenario is skipped
//	Given a job of "A" works                             a whole job, with a mark that no other job has
//	When "A" says hello with the members {"auth":null}   null takes a member of the usual hello away
//	When "A" closes the session                          session.close, and waits for the answer
//	When the connection "A" drops                        without session.close
//	Then "A" is welcomed
//	Then "A" is not let in
//	Then "A" still answers
//	Then the connection "A" ends
//	Then a job of "A" still works                        as above; if not, the scenario's requirement is broken
//	Then a new session still works                       the same on a new connection
//
// Requests and frames (requests.go, frames.go): one at a time on each connection; the step waits for the answer.
//
//	When "A" sends session.ping with:  + JSON payload
//	When "A" sends session.ping with the envelope fields {"x":1} with:  + JSON payload
//	When "A" sends session.ack, which need not be answered, with:  + JSON payload
//	When "A" sends the frame:  + any text
//	Then "A" is answered with session.pong
//	Then "A" is refused with INVALID_REQUEST
//	Then the frame of "A" is answered or ends the connection
//	Then every message that "A" received is a sound envelope
//
// Jobs (jobs.go, accepted.go, leased.go, endings.go, cancel.go):
//
//	When "A" submits a job that does:  + JSON list of the agent's steps
//	When "A" submits the job "J" under the lease {"tool.call":["*"]} with the members {"max_runtime_sec":1} that does:
//	When "A" submits a job with the envelope fields {"trace_id":"x"} that does:
//	When "A" submits a job with the payload:  + JSON
//	When "A" runs 25 jobs, one after the other, that do:
//	When "A" cancels the job
//	Then the job is accepted
//	Then the submit is refused with INVALID_REQUEST
//	Then no job was started                              the session runs a job after it, and sees that one only
//	Then the lease of the job is no more than was asked for
//	Then the job has the budget {"USD":5}
//	Then the job ends in success
//	Then the job ends with the error CODE                with the final_status that goes with it
//	Then the job comes to an end                         whatever kind
//	Then the job has the result 42                       any JSON value
//	Then the job has no result
//	Then the ending of the job says retryable false
//	Then every job of "A" has one ending and is silent after it
//	Then the cancel of "A" is acknowledged
//
// Calls and events (calls.go, events.go, order.go):
//
//	When the job is seen to emit a "log" event with {"message":"x"}     while it runs
//	Then the call "c1" has a result
//	Then the call "c1" is refused with BUDGET_EXHAUSTED and retryable is false
//	Then the calls c1, c2, c3 have a result
//	Then the job has emitted 3 "log" events
//	Then the job has emitted a "log" event with {"message":"x"}
//	Then the "log" events of the job are:  + JSON list of bodies
//	Then the messages of the "log" events of the job count from 0 to 99
//	Then the numbers of "A" have no gap
//	Then "B" heard nothing of the job
//
// Each file has a few words more, for its own clause: its register function lists them all.
package steps
