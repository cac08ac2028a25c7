// Command arcp judges implementations of the Agent Runtime Control Protocol, and serves one of its own.
//
//	arcp conformance            run the suite against a peer, or against the runtime inside this program
//	arcp conformance list       show what there is to run
//	arcp serve                  be a runtime, over WebSocket or stdio
//	arcp version                what this is
//
// It knows flags, files, signals and exit statuses, and puts the packages below together. It must not know how a
// verdict or a message comes about. Everything it writes goes through the streams of its cobra command, so that a test
// can hold them: only main touches those of the process.
package main
