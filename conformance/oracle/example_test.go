package oracle_test

import (
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/conformance/oracle"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

func Example() {
	var transcript []wire.Message
	for _, frame := range []string{
		`{"arcp":"1.1","id":"1","type":"job.error","session_id":"s","payload":{"code":"NOT_FOUND","message":"?","retryable":false}}`,
		`{"arcp":"1.1","id":"1","type":"session.closed","session_id":"s","payload":{}}`,
	} {
		transcript = append(transcript, wire.Parse(wire.Received, "A", wire.Frame{Data: []byte(frame)}, time.Time{}))
	}
	for _, f := range oracle.Judge(transcript, nil).Findings {
		fmt.Println(f.Verdict, f.Requirement, f.Expected)
	}
	// Output:
	// fail R12-1 one of the fifteen codes, and not "NOT_FOUND"
	// fail R5-5 an id that no message before had
}
