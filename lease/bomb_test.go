package lease_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/lease"
)

// bombs are patterns that make a backtracking matcher try for longer than anybody waits.
var bombs = []struct{ name, pattern string }{
	{"across", strings.Repeat("**a", 300) + "b"},
	{"within", strings.Repeat("*a", 500) + "b"},
	{"folders", strings.Repeat("**/", 300) + "b"},
	{"segments", "**" + strings.Repeat("/*a", 300) + "b"},
	{"mixed", strings.Repeat("/**/*a", 150) + "b"},
}

// Resources of the greatest length, none of which ends in b.
var fodder = []struct{ name, path string }{
	{"letters", strings.Repeat("a", lease.MaxResource)},
	{"segments", strings.Repeat("/a", lease.MaxResource/2)},
}

// A backtracking matcher would not come back from this test.
func TestNoPatternIsABomb(t *testing.T) {
	t.Parallel()
	for _, bomb := range bombs {
		l := parse(t, map[string][]string{"fs.read": {bomb.pattern}, "tool.call": {bomb.pattern}})
		for _, text := range fodder {
			for _, namespace := range []lease.Namespace{lease.FSRead, lease.ToolCall} {
				var denied *lease.Denied
				if err := l.Permits(lease.Operation{Namespace: namespace, Resource: text.path}); !errors.As(err, &denied) {
					t.Errorf("%s, %s, %s: got %v, want a refusal", bomb.name, namespace, text.name, err)
				}
			}
		}
	}
}

func BenchmarkBomb(b *testing.B) {
	for _, bomb := range bombs {
		l := parse(b, map[string][]string{"fs.read": {bomb.pattern}})
		for _, text := range fodder {
			b.Run(bomb.name+"/"+text.name, func(b *testing.B) {
				benchmarkPermits(b, l, lease.Operation{Namespace: lease.FSRead, Resource: text.path}, false)
			})
		}
	}
}

// BenchmarkPermits has the operations of an ordinary job, and the worst lease that the limits allow.
func BenchmarkPermits(b *testing.B) {
	l := parse(b, map[string][]string{
		"fs.read":   {"/workspace/myapp/**"},
		"net.fetch": {"https://*.example.com/v1/**"},
		"tool.call": {"search.*", "report"},
	})
	worst := make([]string, lease.MaxStarred)
	for i := range worst {
		worst[i] = "*b*" + strings.Repeat("c", lease.MaxWild/lease.MaxStarred-3)
	}
	for _, c := range []struct {
		name    string
		lease   lease.Lease
		op      lease.Operation
		covered bool
	}{
		{"path", l, lease.Operation{Namespace: lease.FSRead, Resource: "/workspace/myapp/src/main.go"}, true},
		{"url", l, lease.Operation{Namespace: lease.NetFetch, Resource: "https://api.example.com/v1/items?page=2"}, true},
		{"tool", l, lease.Operation{Namespace: lease.ToolCall, Resource: "search.web"}, true},
		{"exact", l, lease.Operation{Namespace: lease.ToolCall, Resource: "report"}, true},
		{"denied", l, lease.Operation{Namespace: lease.ToolCall, Resource: "shell"}, false},
		{"worst", parse(b, map[string][]string{"fs.read": worst}),
			lease.Operation{Namespace: lease.FSRead, Resource: fodder[0].path}, false},
	} {
		b.Run(c.name, func(b *testing.B) { benchmarkPermits(b, c.lease, c.op, c.covered) })
	}
}

func benchmarkPermits(b *testing.B, l lease.Lease, op lease.Operation, covered bool) {
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Permits(op); (err == nil) != covered {
			b.Fatalf("covered: %v, want %v: %v", err == nil, covered, err)
		}
	}
}
