// Package job is the pure machine of one job: from its submission to its one ending.
//
// It knows the lifecycle (§7.3), the lease (§9.3), which events cost money (§9.6), what
// a streamed result may look like (§8.4) and how an agent's end becomes the job's. It
// does not know sessions, sequence numbers, goroutines or clocks, and it keeps no
// counters: the budget is another actor's, asked by an effect and answering by an input.
//
//	             Accept, StartAgent       first event or operation
//	Unsubmitted ------------------> Pending ----------> Running
//	     | Refuse                      |                   |
//	     |                             +---------+---------+
//	     |      cancel, max_runtime_sec, |       | the agent is back
//	     |      shutdown, budget lost    v       |
//	     |                            Stopping   |
//	     |                               | the agent is back, or the grace is over
//	     |                               v       v
//	     |                               Finishing
//	     |                                   | the last booking is answered
//	     +-----------------------------> Ended: SendEnding, once
//
// The agent may emit until it is back, or until the grace is over. Its new operations
// and charges are refused from Stopping on, since nothing more shall be begun; a cost
// that it reports is booked, since it was incurred. While the ending is not out, a
// cancel is acknowledged and decides the ending (§7.4).
//
// A Machine is a plain value behind one pointer and is not safe for concurrent use:
// one actor owns it.
package job
