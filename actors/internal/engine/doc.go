// Package engine is the hardened shell over github.com/anthdm/hollywood, and the only package that imports it.
//
// An actor is one function that takes messages of one type, one at a time. Addresses, mailboxes and scheduling are the
// engine's below. What empties a mailbox is this package's own, because:
//
//   - [Ref.Tell] answers: a message that it took is handled exactly once, one that came too late is an error. The
//     engine below loses what stands behind a stop without a word.
//
//   - A panic ends that one actor, and its owner is told. The engine below restarts an actor three times and then ends
//     the process. A runtime.Goexit (t.FailNow) is no different here; below, it stops the actor for ever.
//
//   - [Ref.Close] may be called often, from anywhere, the actor itself included. [Ref.Done] says when all that was taken
//     is handled, and nothing of the actor runs any more.
//
//   - [Ask] is claimable: a caller that gives up knows whether its question still counts.
//
// The life of an actor:
//
//	Tell, Ask                        last taken message handled
//	open ───────────────── Close ──> closing ──────────────────> done
//	 └── panic ──> dead (owner told; what was taken is dropped) ──^
//
// Mailboxes have no bound: who sends a lot takes a credit first (package actors). The package knows nothing of the
// protocol. Everything exported is safe for concurrent use.
package engine
