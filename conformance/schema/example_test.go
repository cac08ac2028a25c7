package schema_test

import (
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/conformance/schema"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

func Example() {
	frame := `{"arcp":"1.1","id":"m1","type":"session.pong","session_id":"s1","payload":{"received_at":"2026-05-13T19:42:13Z"}}`
	m := wire.Parse(wire.Received, "A", wire.Frame{Data: []byte(frame)}, time.Time{})
	for _, f := range schema.Validate(m) {
		fmt.Println(f.Verdict, f.Requirement, f.Path, f.Problem)
	}
	// Output: fail R6.4-1 /payload missing property 'ping_nonce'
}
