// Package features carries the scenarios of the suite: Gherkin text, one file a clause group, embedded so that the
// command needs nothing but itself. It holds no code.
package features
