// Package world is what one scenario sees: a target to connect to, clients that record every frame, and checks that are
// counted under the requirements of the register.
//
// A World belongs to one scenario and is thrown away after it. Each Client owns one connection and one goroutine that
// reads it: every frame goes into the transcript as it came, session.ping is answered at once (§6.4), and whoever waits
// is woken. The package knows how requests and replies find each other on wires that differ (§12 names no message for a
// refusal), and nothing about what is right: that is said by steps and oracles, through Check, Warn and Inform.
//
// It must import nothing of the runtime: frames are read as raw JSON.
package world
