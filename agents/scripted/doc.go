// Package scripted is the agent that the conformance suite directs: it does the steps that stand in its input, through the
// same API as any other agent, and tells what came of them. Its contract is conformance/script/README.md.
package scripted
