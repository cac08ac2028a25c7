// Package job is the pure machine of one job: from its submission to its one ending.
//
// It knows the lifecycle (§7.3), the lease (§9.3) and its end (§9.5), which events cost
// money (§9.6), what a streamed result may look like (§8.4), who observes it (§7.6) and
// how an agent's end becomes the job's. It does not know sessions, but for their names,
// nor sequence numbers, goroutines or clocks, and it keeps no counters: the budget is
// another actor's, asked by an effect and answering by an input.
//
//	             Accept, StartAgent       first event or operation
//	Unsubmitted ------------------> Pending ----------> Running
//	     | Refuse                      |                   |
//	     |                             +---------+---------+
//	     |      cancel, max_runtime_sec, |       | the agent is back
//	     |      shutdown, budget lost,   |       |
//	     |      lease used after its end v       |
//	     |                            Stopping   |
//	     |                               | the agent is back, or the grace is over
//	     |                               v       v
//	     |                               Finishing
//	     |                                   | the last booking is answered, the last child has ended
//	     +-----------------------------> Ended: SendEnding, once
//
// The agent may emit until it is back, or until the grace is over. Its new operations
// and charges are refused from Stopping on, since nothing more shall be begun; a cost
// that it reports is booked, since it was incurred. While the ending is not out, a
// cancel is acknowledged and decides the ending (§7.4).
//
// Where the runtime provisions credentials (§9.8), a submission waits for them in
// Provisioning, between Unsubmitted and Pending: nothing is accepted then, and what goes
// wrong, or takes too long, refuses it. RevokeCredentials comes before SendEnding.
//
// A delegated job, a child, is a Machine of its own, with what its parent's derived for
// it in place of what a client asks for (§10):
//
//	            lease covers agent and child's lease         the counters allow it
//	DelegateRequested ------------> [DelegateBudget] ----> StartChild ----> ChildStarted:
//	     | Refused: Reply                | Refused: Reply     | Refused         delegate event,
//	     v                               v                    v                 OfferChild, Reply
//
// From Stopping or Finishing on all children are told ParentEnding, and the ending waits
// for their ChildEnded; so of a tree the leaves end first. A child's ending does nothing
// to its parent.
//
// A session may subscribe in every state from Pending on:
//
//	           job.subscribe              the budget's answer, at once without one
//	unattached --------------> [Waiting] -----------------------------------------> Attached
//	    ^                                   Subscribed, CopyEvent for the log          |
//	    +------------------------------------------------------------------------------+
//	                    job.unsubscribe, its session is over, CopyEnding
//
// The budget answers behind all costs that it booked before, whose events are then out,
// so the counters in the answer are those at the position of the log where the copies go
// on. The log outlives the ending, for as long as the shell keeps the machine; then a
// subscription is its answer and what is replayed.
//
// A Machine is a plain value behind one pointer and is not safe for concurrent use:
// one actor owns it.
package job
