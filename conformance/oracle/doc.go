// Package oracle judges a transcript by what holds in every one, whatever scenario was running: the shape of each
// message, numbers without a gap, one ending a job and nothing after it, counters that are the sum of the costs seen,
// streams that are whole, the fifteen codes, secrets where they belong, no feature that was not agreed on.
//
//	frames in the order of the transcript
//	  └─ scene: which connection, which session, which job, a first delivery or a resume's repetition
//	       └─ oracles, one file each, each with the state of its own that it needs
//	            └─ docket: checks by requirement, and findings
//
// An oracle has only the transcript to go by, so it must know when it cannot tell. A job is judged whole only in the
// session that submitted it and did not subscribe to it besides, and only while nothing of the session was lost; what a
// resume repeats is compared and otherwise passed by; and where branches of a script run at once, no order between them
// is taken for granted. Findings follow the level of the register's row and never go beyond the suite's judgements.
//
// The package reads frames as the wire package has them, knows the schemas and the register, keeps no state between two
// calls, and does no I/O.
package oracle
