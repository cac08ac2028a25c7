// Package simulation has no code but its tests: all pure machines of the runtime at once, under a scheduler that is a
// seeded source of randomness and nothing else.
//
// One schedule is one world: clients of two principals, their connections, a machine for each session, the registry's,
// one for each job, a ledger for each tree of jobs, and agents that behave badly. Nothing runs at the same time and
// nothing looks at a clock, so a seed is a schedule, and one that fails can be run again with its trace.
//
//	client <--> connection <--> session machine <--> registry machine <--> job machine <--> ledger
//	                                   ^                                    |       ^
//	                                   +------------------------------------+       +--> agent
//
// An actor is a mailbox and the rest of a turn. What a turn tells others is told one by one, and between two of them
// anybody else may be scheduled: that is all that goroutines could do to each other here. A mailbox keeps the order in
// which it was told things, as the engine's do; so messages are causal, which the registry's contract relies on.
//
// What must hold is said in the words of the draft and not in those of the machines: by what clients see (views), by what
// they were answered, and by a second ledger in whole cents.
package simulation
