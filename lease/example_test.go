package lease_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/lease"
)

func Example() {
	l, err := lease.Parse(map[string][]string{
		"fs.read":     {"/workspace/myapp/**"},
		"tool.call":   {"search.*"},
		"cost.budget": {"USD:5.00"},
	})
	if err != nil {
		panic(err)
	}
	for _, op := range []lease.Operation{
		{Namespace: lease.ToolCall, Resource: "search.web"},
		{Namespace: lease.ToolCall, Resource: "shell"},
		{Namespace: lease.FSRead, Resource: "/workspace/myapp/src/main.go"},
		{Namespace: lease.FSRead, Resource: "/workspace/myapp/../secret"},
		{Namespace: lease.FSWrite, Resource: "/workspace/myapp/src/main.go"},
	} {
		fmt.Println(op.Namespace, op.Resource, l.Permits(op) == nil)
	}
	// Output:
	// tool.call search.web true
	// tool.call shell false
	// fs.read /workspace/myapp/src/main.go true
	// fs.read /workspace/myapp/../secret false
	// fs.write /workspace/myapp/src/main.go false
}

func ExampleParse() {
	_, err := lease.Parse(map[string][]string{"fs.raed": {"/**"}})
	fmt.Println(err)
	_, err = lease.Parse(map[string][]string{"cost.budget": {"USD:-1"}})
	var invalid *lease.Invalid
	fmt.Println(errors.As(err, &invalid) && invalid.Namespace == lease.CostBudget)
	// Output:
	// lease: "fs.raed": the namespace is neither reserved nor a vendor's (x-...)
	// true
}

func ExampleLease_Permits() {
	l, _ := lease.Parse(map[string][]string{"net.fetch": {"https://*.example.com/v1/**"}})
	fmt.Println(l.Permits(lease.Operation{Namespace: lease.NetFetch, Resource: "https://api.example.com/v1/items?page=2"}))
	fmt.Println(l.Permits(lease.Operation{Namespace: lease.NetFetch, Resource: "https://example.com.evil.org/v1/"}))
	// Output:
	// <nil>
	// lease: net.fetch "https://example.com.evil.org/v1/" is denied: no pattern of the lease covers it
}

func ExampleLease_Budget() {
	l, _ := lease.Parse(map[string][]string{"cost.budget": {"credits:1000", "USD:5.00"}})
	fmt.Println(l.Budget())
	fmt.Println(l.Wire())
	// Output:
	// [USD:5 credits:1000]
	// map[cost.budget:[credits:1000 USD:5.00]]
}

func ExampleLease_WithExpiry() {
	l, _ := lease.Parse(nil)
	end := time.Date(2026, 5, 13, 23, 42, 0, 0, time.UTC)
	l = l.WithExpiry(end)
	fmt.Println(l.Expired(end.Add(-time.Nanosecond)), l.Expired(end))
	// Output: false true
}
