// Package session is the pure machine of one client session: from the greeting on a
// new connection to the end of its resume window.
//
// It knows who speaks, what was negotiated (§6.2), which number the next event has
// (§8.3) and when somebody must speak (§6.4). It does not know jobs: a job.submit that
// passes the checks of the session goes out as an effect, and what becomes of it comes
// back as an input. It has no goroutine, no clock, no I/O and no randomness; the time
// and every name come in.
//
//	            hello                Authenticated
//	Greeting ----------> Authenticating ----------> Open
//	   |                       |                      | session.close, silence
//	   | handshake deadline    | AuthenticationFailed |
//	   +-----------------------+----------------------+--> Closing
//	                                                          | ConnectionLost
//	   without a welcome: Ended  <----------------------------+
//	   with a welcome:    Detached --resume window over--> Ended
//
// ConnectionLost leads from Open to Detached at once, and from the states before the
// welcome to Ended. Jobs are touched by none of this: a detached session goes on
// numbering their events (§6.4, §6.7).
//
// A Machine is a plain value behind one pointer and is not safe for concurrent use:
// one actor owns it.
package session
