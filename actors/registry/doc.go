// Package registry is the pure machine of what a runtime knows of all its jobs and sessions by name.
//
// It knows which sessions are open and whose they are, which jobs there are, who submitted them and what a listing says
// of them (§6.6), which idempotency keys were used for what (§7.2), who may know of which job (§6.6, §7.6, §14), and how
// much of everything one principal may have (§14). It does not know how a job runs or what a session says: it decides
// which of them a request is for, and whether it may go there. It has no goroutine, no clock, no I/O and no randomness;
// the time and every name come in.
//
// # Jobs
//
//	SubmitRequested, DelegationRequested       JobAccepted            JobEnded
//	------------------------------------> Starting ---------> Live ------------> Finished
//	                             StartJob    | JobRefused                           | JobRetention is over,
//	                                         | JobEnded                             | or MaxFinished are younger
//	                                         v                                      v
//	                                         +------------> ForgetJob <-------------+
//
// A job that is starting is known to nobody: it is not listed, and every request for it finds no such job. StartJob is
// followed by exactly one ForgetJob. Until then the shell keeps the job's actor, which answers for a finished job too.
//
// # Keys
//
//	SubmitRequested              JobAccepted          JobEnded
//	----------------> Reserved ----------------> Held ----------> Spent --KeyRetention, MaxKeys--> free
//	                     | JobRefused, JobEnded
//	                     v
//	                    free
//
// §7.2: the key is reserved in the step that starts the job, so of two submissions at one instant one starts and the
// other waits. When the job is accepted, all who wait get the payload that the first one got; when it is refused, they
// get the same refusal, since they asked for the same thing at the same time, and the key is free for another try. What
// was accepted is answered with the same payload until KeyRetention after the job's ending, which is never less than
// KeyRetention after job.accepted: a key is not forgotten while its job runs.
//
// # Listing
//
// A listing is in the order in which the jobs were accepted, the oldest first: jobs that come while a client pages come
// after all that it has seen, so it finds each job exactly once. A cursor is a place in that order and says nothing about
// filters. It is sealed for its principal, so that neither another's cursor nor a made-up one passes, and nobody learns
// from it how many jobs others have.
//
// # Subscriptions
//
// Which session observes which job is the job's to know. It is noted here too, until the job or the session ends: so that a
// job is told of every session that is over, however it ended, and no session observes more than MaxSubscriptions jobs.
//
// # What the shell owes
//
// It tells JobAccepted here before it tells the session, so that whatever the client does with its job.accepted finds the
// job and its key. It tells JobEnded when the job's machine says End. It gives no JobID twice.
//
// A Machine is a plain value behind one pointer and is not safe for concurrent use: one actor owns it.
package registry
