// Command mutants measures the suite: it builds the runtime with one fault after the other, runs the suite against each,
// and counts the scenarios that turn red. A fault that too few of them see fails the run.
//
//	go run ./internal/mutants                  all of them, against all scenarios
//	go run ./internal/mutants -list            what there is
//	go run ./internal/mutants -run 'float|id'  those whose name matches
//	go run ./internal/mutants -section 8.4     all of them, against the scenarios of one section: quicker, and blind to others
//
// The source tree is never touched: a mutated copy of a file takes its place by the -overlay of go build. Each mutant is
// data in the files table_*.go: a name, the lines of the source that it replaces, and how many scenarios must see it. A
// piece of source that is not found exactly once is an error, so that the table cannot fall behind the code (a test holds
// it against the tree, without building anything).
//
// A mutant that the judgements call a matter of taste, such as a counter that is clamped at 0, must be seen as a warning
// and must not fail anything.
package main
