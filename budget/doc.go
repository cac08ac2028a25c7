// Package budget counts money exactly: the `cost.budget` capability of §9.6 and its delegation by §9.4.
//
// # Amounts
//
// An [Amount] is the decimal that stands in a text, to the last digit: [ParseAmount] reads the text of a JSON
// number, [ParseGrant] an amount string such as "USD:5.00". No float64 is involved anywhere. An amount has at
// most 24 digits before the decimal point and 40 after it, so the prices of single tokens (0.00000015) and numbers
// that a float64 printed (4.4999999999999993e-07) are kept whole; what does not fit is refused, not rounded.
// It is held as an integer of 256 bits that counts units of 10^-40, so adding and comparing are a few machine
// instructions, and each number has one representation.
//
// # The ledger of a tree of jobs
//
// A [Ledger] has the counters of a root job and of the jobs delegated below it:
//
//	                     budget    spent by                      remaining
//	root                USD 5.00   b 1.00 + a 0.75 + c 0.50       USD 2.75
//	 ├── a              USD 2.00            a 0.75 + c 0.50       USD 0.75
//	 │   └── c          USD 1.00                     c 0.50       USD 0.50
//	 └── b              (no budget of its own: it spends the root's)
//
// §9.4, §9.6 (choice): delegating moves no counter, since by the draft only a cost does; a parent that hands on
// all it has left can go on working itself. Instead every cost is taken off the job's own counter *and* off that
// of each ancestor, and an operation needs every counter on the way to the root above zero. So two children that
// were each given all of what was left share it, and the tree as a whole stops where the root's budget ends. A
// child without a budget of its own spends its ancestors'.
//
// A cost is reported ([Ledger.Report]: already incurred, always booked, may go below zero) or charged
// ([Ledger.Charge]: asked first, refused whole if it would overspend). The draft has the first. Neither predicts:
// [Ledger.Authorise] looks only at what was booked before it.
//
// The package knows amounts and counters. It must not know messages, metric names, error codes, leases or clocks,
// and it has no locks: whoever owns a Ledger calls it from one goroutine.
package budget
