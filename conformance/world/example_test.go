package world_test

import (
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/world"
)

func ExampleWorld_Check() {
	w := world.New(world.Config{})
	defer w.Close()
	fmt.Println(w.Check("R9.6-10", false, "retryable false", "true")) // a MUST fails the scenario
	fmt.Println(w.Check("R9.6-9", false, "a tool_result", "a job.error"))
	fmt.Println(w.Findings()[1].Verdict) // a SHOULD warns
	// Output:
	// R9.6-10 (§9.6, MUST): expected retryable false; got true
	// <nil>
	// warn
}
