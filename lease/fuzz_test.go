package lease_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/lease"
)

// FuzzParse holds this of any grant and any operation: nothing panics; a refusal names what is refused; a pattern
// without a star covers itself; what is granted in one namespace gives nothing in another; more grants deny nothing.
func FuzzParse(f *testing.F) {
	for _, seed := range [][3]string{
		{"tool.call", "search.*", "search.web"}, {"tool.call", "**", "a/b"}, {"agent.delegate", "writer", "writer@2.0.0"},
		{"model.use", "tier-fast/*", "tier-fast/a"}, {"fs.read", "/workspace/**", "/workspace/a/../b"}, {"fs.write", "/a//./b/", "/a/b"},
		{"fs.read", "/src/**/a.go", "/src/a.go"}, {"fs.read", `\a`, "/%2e%2e/"}, {"net.fetch", "https://*.example.com:*/v1/**", "https://a.example.com/v1/x?y"},
		{"net.fetch", "*", "http://[::1]:80/"}, {"net.fetch", "https://example.com/%c3%a4?q=1", "https://example.com/%C3%A4?q=1"},
		{"cost.budget", "USD:5.00", "USD:5.00"}, {"cost.budget", "USD:1e3", ""}, {"x-acme.search", "*", "a"}, {"x-", "a", "a"}, {"fs.raed", "*", "a"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, name, pattern, resource string) {
		namespace := lease.Namespace(name)
		request := map[string][]string{name: {pattern}}
		l, err := lease.Parse(request)
		if err != nil {
			var invalid *lease.Invalid
			if !errors.As(err, &invalid) || invalid.Namespace != namespace || len(err.Error()) > 2000 {
				t.Fatalf("%q %q: %v", name, pattern, err)
			}
			return
		}
		if diff := cmp.Diff(request, l.Wire()); diff != "" {
			t.Fatalf("the wire (-want +got):\n%s", diff)
		}
		if !strings.Contains(pattern, "*") && namespace != lease.CostBudget {
			if err := l.Permits(lease.Operation{Namespace: namespace, Resource: pattern}); err != nil {
				t.Fatalf("%q does not cover itself: %v", pattern, err)
			}
		}
		permits(t, l, request, lease.Operation{Namespace: namespace, Resource: resource})
	})
}

// permits compares the answers of a lease of one grant, and of one with a second grant, about an operation.
func permits(t *testing.T, l lease.Lease, request map[string][]string, op lease.Operation) {
	t.Helper()
	for _, other := range []lease.Namespace{lease.FSRead, lease.FSWrite, lease.NetFetch, lease.ToolCall, lease.ModelUse, "x-other"} {
		if other != op.Namespace {
			denied(t, "another namespace", l, lease.Operation{Namespace: other, Resource: op.Resource})
		}
	}
	err := l.Permits(op)
	if err != nil {
		denied(t, "no grant", l, op)
		return
	}
	name := string(op.Namespace)
	more := parse(t, map[string][]string{name: {request[name][0], request[name][0]}, "x-other": {"*"}})
	if err := more.Permits(op); err != nil {
		t.Fatalf("%q %q is covered once, and with more grants it is not: %v", name, op.Resource, err)
	}
}
