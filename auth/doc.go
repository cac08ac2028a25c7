// Package auth says who the bearer of a token is (§6.1).
//
// It knows tokens and principals. It must not know messages, connections or sessions: that a missing token and a wrong
// one are both answered with UNAUTHENTICATED (§12), and that no token is ever echoed, is the session's to see to. A
// principal is a name that is compared and nothing else; §14 lets what it owns be seen by nobody of another name.
package auth
