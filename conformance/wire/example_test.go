package wire_test

import (
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

func ExampleParse() {
	frame := wire.Frame{Data: []byte(`{"type":"job.event","event_seq":3,"event_seq":4,"payload":{"body":{"value":0.10}}}`)}
	m := wire.Parse(wire.Received, "A", frame, time.Time{})
	seq, _ := m.Seq()
	value, _ := m.Lookup("payload", "body", "value")
	fmt.Println(m.Type(), seq, value, m.Faults)
	// Output: job.event 4 0.10 [member /event_seq stands twice]
}
