// Package engine is the hardened shell over github.com/anthdm/hollywood, and the only package that imports it.
//
// An actor is one function that takes messages of one type, one at a time. What the shell adds to the engine below:
//
//   - [Ref.Tell] answers: a message that it took is handled exactly once, one that came too late is an error. The
//     engine below loses what stands behind a stop without a word.
//   - A panic ends that one actor, and its owner is told. The engine below restarts an actor three times and then ends
//     the process.
//   - [Ref.Close] may be called often, from anywhere, the actor itself included. [Ref.Done] says when all that was taken
//     is handled.
//   - [Ask] is claimable: a caller that gives up knows whether its question still counts.
//
// The life of an actor:
//
//	open -- Close --> closing -- the last message that was taken is handled --> done
//	  |                  |
//	  +--- a panic ------+--> dead: the owner is told, what was taken goes to Dropped --> done
//
// Mailboxes have no bound: who sends a lot takes a credit first (package actors). The package knows nothing of the
// protocol. Everything exported is safe for concurrent use.
package engine
