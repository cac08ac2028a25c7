// Package target describes the peer under test and brings it up: an embedded runtime, a URL, a command that the suite
// starts and stops, or a stdio child for each connection (§4).
//
// It knows processes, ports and a description file. It must not know the messages of the protocol, nor the runtime of
// this module: whoever wants the embedded one hands its Starter in.
package target
