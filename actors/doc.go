// Package actors is the ARCP runtime to embed: register agents, serve connections.
//
// An agent is a plain Go function. What it may do, what it has spent and what its clients see of it is decided by
// actors, each of which owns one pure machine or value and nothing else:
//
//	connection --> session actor --> registry actor --> job actor --> agent (a goroutine)
//	     ^              |  session.Machine                  |  job.Machine   |
//	     +-- outbox <---+<----- events, the one ending -----+<-- questions --+
//	                                                        |
//	                                                        +--> budget actor (budget.Ledger)
//
// The rules of the protocol stand in actors/session, actors/job, budget and lease, which have no goroutine and no clock.
// This package only carries: it steps a machine with what came in, and does what the machine says, in that order. It
// knows connections, goroutines, timers and randomness.
//
// An agent's question (an event to emit, an operation to authorise, a cost to book) goes to its job's actor and comes
// back answered. All questions about one budget pass one mailbox, so exhaustion is exact whatever runs at once (§9.6).
//
// Memory is bounded by credits: an event takes credit from its session before it is sent, and returns it when it is
// written to the connection. So a client that reads slowly slows its own jobs, and nobody else's; a session without a
// connection slows nobody.
//
// A session that observes a job of another one (§7.6) is told copies by the job's actor, which keeps a bounded log for
// those who come late. Copies take no credit: whoever only looks on slows nobody. A job's actor lives on for a while after
// the ending, without an agent and without a budget, to show what it was.
package actors
