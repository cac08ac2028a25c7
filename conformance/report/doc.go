// Package report says what a run of the suite found, to people and to machines: terminal text, JSON and JUnit XML.
//
// It knows verdicts, findings and scenarios as plain values. It must not know how they came about: no wire, no target,
// no step.
package report
