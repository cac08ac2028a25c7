// Package register is the suite's table of requirements: one row for every checkable statement of the draft, with its
// clause, its level, the party that it binds and how it can be seen from outside.
//
// The ids are stable for ever. Scenarios name them in tags, checks name them in code, and reports count them. The
// package knows no scenario: that some row is not covered yet is for the reports to say.
package register
