package lease_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/lease"
)

// Register: R9.4-5.
func TestClause_9_4_PatternsAreComparedByWhatTheyMean(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		namespace     lease.Namespace
		parent, child string
		within        bool
	}{
		{lease.FSRead, "/a/**", "/a/b/*", true},
		{lease.FSRead, "/a/**", "/a/**", true},
		{lease.FSRead, "/a/**", "/a/b", true},
		{lease.FSRead, "/a/**", "/a//./b/", true},
		{lease.FSRead, "/a/**", "/a/**/b", true},
		{lease.FSRead, "/a/**", "/**", false},
		{lease.FSRead, "/a/**", "/a", false},
		{lease.FSRead, "/a/**", "/ab/**", false},
		{lease.FSRead, "/a/**", "a/**", false},
		{lease.FSRead, "/a/*", "/a/**", false},
		{lease.FSRead, "/a/*", "/a/b*", true},
		{lease.FSRead, "/a/*", "/a/b/*", false},
		{lease.FSRead, "/a/*/c", "/a/b*/c", true},
		{lease.FSRead, "/a/**/*.go", "/a/**/x.go", true},
		{lease.FSRead, "/a/**/*.go", "/a/*.go", true},
		{lease.FSRead, "/a/**/*.go", "/a/**", false},
		{lease.FSRead, "/a/**/*", "/a/**", true},
		{lease.FSRead, "/a/b", "/a/*", false},
		{lease.ToolCall, "*", "**", true},
		{lease.ToolCall, "search.*", "search.web.*", true},
		{lease.ToolCall, "search.*", "search.a/b", true},
		{lease.ToolCall, "search.*", "search*", false},
		{lease.ToolCall, "search.*", "*", false},
		{lease.ModelUse, "tier-fast/*", "tier-fast/small", true},
		{lease.ModelUse, "tier-fast/*", "tier-slow/small", false},
		{lease.ModelUse, "tier-fast/*", "tier-*", false},
		{lease.AgentDelegate, "*-reader", "web-reader", true},
		{lease.NetFetch, "**", "https://example.com/**", true},
		{lease.NetFetch, "**", "*", true},
		{lease.NetFetch, "https://example.com/**", "*", false},
		{lease.NetFetch, "https://example.com/**", "https://example.com/v1/*", true},
		{lease.NetFetch, "https://example.com/**", "HTTPS://EXAMPLE.com:443/v1", true},
		{lease.NetFetch, "https://example.com/**", "https://example.com:8443/v1", false},
		{lease.NetFetch, "https://example.com/**", "https://example.com:*/v1", false},
		{lease.NetFetch, "https://example.com/**", "http://example.com/v1", false},
		{lease.NetFetch, "https://example.com/**", "*://example.com/v1", false},
		{lease.NetFetch, "*://example.com/**", "http://example.com/v1", true},
		{lease.NetFetch, "*://example.com:443/**", "https://example.com/v1", true},
		{lease.NetFetch, "*://example.com:443/**", "http://example.com/v1", false},
		{lease.NetFetch, "*://example.com:443/**", "*://example.com/v1", false},
		{lease.NetFetch, "*://example.com/**", "*://example.com:443/v1", false},
		{lease.NetFetch, "https://example.com:*/**", "https://example.com:8443/v1", true},
		{lease.NetFetch, "https://*.example.com/", "https://a.example.com/", true},
		{lease.NetFetch, "https://*.example.com/", "https://**.example.com/", false},
		{lease.NetFetch, "https://**.example.com/", "https://*.example.com/", true},
		{lease.NetFetch, "https://example.com/a", "https://example.com/a?x=1", false},
		{lease.NetFetch, "https://example.com/a?x=*", "https://example.com/a?x=1", true},
		{lease.NetFetch, "https://example.com/a?x=*", "https://example.com/a?*", false},
		{lease.NetFetch, "https://example.com/a*", "https://example.com/a?x=1", true},
	} {
		parent := parse(t, map[string][]string{string(test.namespace): {test.parent}})
		child := parse(t, map[string][]string{string(test.namespace): {test.child}})
		err := child.Within(parent)
		var beyond *lease.Beyond
		switch {
		case err == nil:
			if !test.within {
				t.Errorf("%s: %q was taken to cover %q", test.namespace, test.parent, test.child)
			}
		case test.within:
			t.Errorf("%s: %q covers %q: %v", test.namespace, test.parent, test.child, err)
		case !errors.As(err, &beyond) || beyond.Namespace != test.namespace || beyond.Pattern == "" || beyond.Problem == "":
			t.Errorf("got %#v", err)
		}
	}
}

// Register: R9.4-1, R9.4-4.
func TestClause_9_4_EveryGrantIsCovered(t *testing.T) {
	t.Parallel()
	parent := map[string][]string{
		"tool.call": {"search.*", "report"}, "fs.read": {"/a/**"}, "cost.budget": {"USD:1", "credits:5"}, "model.use": {},
	}
	for _, test := range []struct {
		name    string
		child   map[string][]string
		outside lease.Namespace // "": within
	}{
		{"nothing", nil, ""},
		{"the same", parent, ""},
		{"an empty list of what the parent has not", map[string][]string{"fs.write": {}}, ""},
		{"two of one", map[string][]string{"tool.call": {"report", "search.a", "search.b"}}, ""},
		{"one of two is beyond", map[string][]string{"tool.call": {"report", "reports"}}, lease.ToolCall},
		{"a namespace that the parent has not", map[string][]string{"fs.write": {"/a/b"}}, lease.FSWrite},
		{"a namespace that is empty in the parent", map[string][]string{"model.use": {"m"}}, lease.ModelUse},
		{"another namespace's pattern", map[string][]string{"fs.read": {"report"}}, lease.FSRead},
		{"one currency", map[string][]string{"cost.budget": {"credits:9"}}, ""}, // how much is for the ledger to say
		{"another currency", map[string][]string{"cost.budget": {"EUR:1"}}, lease.CostBudget},
		{"only together", map[string][]string{"tool.call": {"*"}}, lease.ToolCall},
	} {
		err := parse(t, test.child).Within(parse(t, parent))
		var beyond *lease.Beyond
		if errors.As(err, &beyond); (err != nil) != (test.outside != "") || err != nil && beyond.Namespace != test.outside {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// Register: R9.4-3.
func TestClause_9_4_TheEndIsInherited(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 13, 19, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name          string
		parent, child time.Time
		within        bool
		effective     time.Time
	}{
		{"neither", time.Time{}, time.Time{}, true, time.Time{}},
		{"inherited", at, time.Time{}, true, at},
		{"its own", time.Time{}, at, true, at},
		{"the same", at, at, true, at},
		{"earlier", at, at.Add(-1), true, at.Add(-1)},
		{"later", at, at.Add(1), false, at},
	} {
		child, parent := lease.Lease{}.WithExpiry(test.child), lease.Lease{}.WithExpiry(test.parent)
		if err := child.Within(parent); (err == nil) != test.within {
			t.Errorf("%s: %v", test.name, err)
		}
		if got, _ := child.Inherit(parent).ExpiresAt(); !got.Equal(test.effective) {
			t.Errorf("%s: ends at %v, want %v", test.name, got, test.effective)
		}
	}
}

// Whatever a lease is, it can be handed on as it is.
func TestALeaseIsWithinItself(t *testing.T) {
	t.Parallel()
	request := map[string][]string{}
	for _, bomb := range bombs {
		request["x-"+bomb.name] = []string{bomb.pattern}
	}
	for i := range 2000 {
		request["tool.call"] = append(request["tool.call"], "tool"+strings.Repeat("x", i%700))
	}
	l := parse(t, request)
	if err := l.Within(l); err != nil {
		t.Error(err)
	}
}

// A comparison beyond the effort is refused, and said to be so.
func TestWithinGivesUp(t *testing.T) {
	t.Parallel()
	var starred, exact []string
	for i := range lease.MaxStarred {
		starred = append(starred, "*b"+strings.Repeat("c", i%10))
	}
	for i := range 5000 {
		exact = append(exact, strings.Repeat("b", 1+i%1000)+"b")
	}
	err := parse(t, map[string][]string{"tool.call": exact}).Within(parse(t, map[string][]string{"tool.call": starred}))
	var beyond *lease.Beyond
	if !errors.As(err, &beyond) || !strings.Contains(string(beyond.Problem), "too many") {
		t.Errorf("got %v", err)
	}
}

func BenchmarkWithin(b *testing.B) {
	l := parse(b, map[string][]string{"fs.read": {"/workspace/**"}, "tool.call": {"search.*", "report"}, "model.use": {"tier-fast/*"}})
	narrow := parse(b, map[string][]string{"fs.read": {"/workspace/myapp/**/*.go"}, "tool.call": {"search.web"}, "model.use": {"tier-fast/small"}})
	bomb := strings.Repeat("a/**/*", 100)
	for _, c := range []struct {
		name          string
		child, parent lease.Lease
	}{
		{"ordinary", narrow, l},
		{"bomb", parse(b, map[string][]string{"fs.read": {"**" + strings.Repeat("/*a*/b", 100) + "**"}}),
			parse(b, map[string][]string{"fs.read": {"**" + bomb, "*" + bomb, "**/" + bomb}})},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = c.child.Within(c.parent)
			}
		})
	}
}
