// Package embedded starts the runtime of this module as a peer for the suite: it is what the suite judges when no peer
// is named.
//
// It is the one package below conformance that may import the runtime. It hands the suite nothing but an address, so
// that the embedded runtime is judged by its wire like any other. It must not know scenarios or verdicts.
package embedded
