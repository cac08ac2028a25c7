package job

import "github.com/arcp-conformance/arcp/protocol"

// pin makes an agent's error fit to go out (§12): a code that is none of the protocol's
// becomes INTERNAL_ERROR without its text, and the codes whose retryable the draft fixes
// have it as fixed, whatever the agent says.
func pin(err *protocol.Error) *protocol.Error {
	if !err.Code.Known() {
		return internal("the agent failed")
	}
	fixed := err.Pin()
	return &fixed
}
