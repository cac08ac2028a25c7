// Package script is the contract of the scripted agent: what the suite asks a peer's agent to do, as prose for those
// who host it and as a JSON Schema for machines.
//
// It knows the ops and their fields. It must not know what comes of them on the wire, and runs no script: that is for
// the agent that each implementation hosts. [Check] is for the suite's own tests, so that no feature asks for a step
// that the contract does not have.
package script
