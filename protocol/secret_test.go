package protocol_test

import (
	"testing"

	"github.com/arcp-conformance/arcp/protocol"
)

func TestRedactLeavesNoRestOfALongerValue(t *testing.T) {
	t.Parallel()
	values := []string{"sk-value-1", "", "sk-value-10"}
	if got := protocol.Redact("a sk-value-10, a sk-value-1.", values); got != "a [redacted], a [redacted]." {
		t.Errorf("got %q", got)
	}
}
