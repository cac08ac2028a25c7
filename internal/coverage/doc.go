// Coverage writes docs/COVERAGE.md: each requirement of the register with the scenarios that claim it, the tests of the
// runtime that name it, and the tests of its clause. Its own test fails when the page is not what it would write, and when
// a requirement of a runtime has neither a scenario nor a test that names it nor a reason in reasons.txt.
//
//	go run ./internal/coverage > docs/COVERAGE.md
package main
