package conformance_test

import (
	"os"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
)

// testBinary is this test itself, which plays stdio peers for its own tests.
var testBinary = os.Args[0]

func TestMain(m *testing.M) {
	if os.Getenv("CONFORMANCE_TEST_PEER") == "honest" {
		fakepeer.Stdio(fakepeer.Honest())
		return
	}
	os.Exit(m.Run())
}
