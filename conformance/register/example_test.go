package register_test

import (
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/register"
)

func ExampleLookup() {
	r, _ := register.Lookup("R9.6-7")
	fmt.Printf("§%s %s: %s\n", r.Section, r.Level, r.Statement)
	// Output: §9.6 MUST: Zero denies and the least amount above it permits
}
