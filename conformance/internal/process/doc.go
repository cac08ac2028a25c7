// Package process starts and stops the peers that the suite runs as child processes: a group of their own, a polite
// end and then a hard one, and the last words of their error output. It knows nothing of the protocol.
package process
