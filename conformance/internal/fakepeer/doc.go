// Package fakepeer gives the suite's own tests peers to judge: an honest one that knows just enough of the protocol for
// a session and a job, and useless ones that must never pass. It uses nothing of the runtime.
package fakepeer
