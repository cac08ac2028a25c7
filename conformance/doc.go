// Package conformance runs the suite: every selected scenario against one peer, each in a world of its own, with the
// oracles over its transcript and a probe after it that the peer still lives.
//
// It brings targets, scenarios, steps and reports together and knows what a verdict is. It must not import anything of
// the runtime (protocol, budget, lease, actors, transport): peers are judged by their wire alone. The embedded runtime
// comes in through target.Starter, which conformance/embedded has.
package conformance
