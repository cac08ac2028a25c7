// Package demo has agents to look at and to try clients with. Each shows how an agent is written: a Go function that asks
// the runtime before it acts, reports what it spends, and lets a refusal decide how it goes on.
//
// It uses only what any agent may use, the public API of package actors.
package demo
