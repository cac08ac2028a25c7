package lease_test

import (
	"testing"

	"github.com/arcp-conformance/arcp/lease"
)

// cases says of each pattern what it covers and what it does not.
type cases []struct {
	pattern string
	covers  []string
	not     []string
}

func (all cases) run(t *testing.T, namespace lease.Namespace) {
	t.Helper()
	for _, c := range all {
		l := parse(t, map[string][]string{string(namespace): {c.pattern}})
		for _, resource := range c.covers {
			if err := l.Permits(lease.Operation{Namespace: namespace, Resource: resource}); err != nil {
				t.Errorf("%q has to cover %q: %v", c.pattern, resource, err)
			}
		}
		for _, resource := range c.not {
			denied(t, c.pattern, l, lease.Operation{Namespace: namespace, Resource: resource})
		}
	}
}

func TestClause_9_2_PathGlobs(t *testing.T) {
	t.Parallel()
	cases{
		{"/data/report", []string{"/data/report", "/data//report", "/data/./report", "/data/report/", "//data/report"},
			[]string{"/data/report2", "/data/repor", "/data", "data/report", "/Data/report", "/data/report/x"}},
		{"/data/**", []string{"/data/a", "/data/a/b", "/data/.hidden", "/data/a..b", "/data//a"},
			[]string{"/data", "/data/", "/database/a", "/a/data/b", "/dat", "data/a"}},
		{"/data/*", []string{"/data/a", "/data/...a"}, []string{"/data/a/b", "/data", "/data/", "/database"}},
		{"/data/re*", []string{"/data/report", "/data/re"}, []string{"/data/re/a", "/data/r", "/data/report/x"}},
		{"/data*", []string{"/data", "/database"}, []string{"/data/a", "/dat"}},
		{"/src/**/a.go", []string{"/src/a.go", "/src/x/a.go", "/src/x/y/a.go"}, []string{"/src/ba.go", "/srca.go", "/src/x"}},
		{"/a/*/c", []string{"/a/b/c"}, []string{"/a//c", "/a/c", "/a/b/b/c"}},
		{"**", []string{"/", "/a", "/a/b", "a", "a/b", "."}, []string{"/a/../b"}},
		{"*", []string{"a", "."}, []string{"/a", "a/b", "/"}},
		{"/**", []string{"/", "/a", "/a/b"}, []string{"a"}},
		{"**/secret", []string{"secret", "/secret", "/a/secret", "a/secret"}, []string{"/asecret"}},
		{"data/**", []string{"data/a", "./data/a"}, []string{"/data/a", "data"}},
		{"/a//./b/", []string{"/a/b"}, []string{"/a"}},
		{"/a/[bc]", []string{"/a/[bc]"}, []string{"/a/b"}},
		{"/a/{b,c}", []string{"/a/{b,c}"}, []string{"/a/b"}},
		{"/a/?", []string{"/a/?"}, []string{"/a/b"}},
		{"/a/100%", []string{"/a/100%"}, []string{"/a/100"}},
		{"/ä/**", []string{"/ä/ö"}, []string{"/a/ö"}},
	}.run(t, lease.FSRead)
}

// §9.3: whatever a grant is, these are not ways out of it.
//
// Register: R9.3-3.
func TestClause_9_3_PathsDoNotEscape(t *testing.T) {
	t.Parallel()
	cases{{"/data/**", nil, []string{
		"/data/../etc/passwd", "/data/a/../../etc/passwd", "/data/..", "/data/a/..", "../data/a", "/data/./../x",
		"/data//../x", "/data/.. /x", "/data/ ../x", "/data/.../x", "/data/...", `/data/..\x`, `/data\x`, `C:\data\x`,
		"/data/%2e%2e/x", "/data/%2E%2E/x", "/data/..%2fx", "/data/%2fetc", "/data/%5c..%5cx", "/data/%252e%252e/x",
		"/data/%00", "/data/a\x00/x", "/data/a\nb", "/data/\x7f", "/data/\xc0\xae\xc0\xae/x", "", " /data/../x",
		"/etc/passwd", "/data/../data/../x", "file:///data/../x",
	}}}.run(t, lease.FSWrite)
}

func TestClause_9_2_NameGlobs(t *testing.T) {
	t.Parallel()
	for _, namespace := range []lease.Namespace{lease.ToolCall, lease.AgentDelegate, lease.ModelUse, "x-acme.thing"} {
		cases{
			{"search.web", []string{"search.web"}, []string{"search.webs", "search", "Search.web", "search/web", " search.web"}},
			{"search.*", []string{"search.", "search.web", "search.web.deep", "search.a/b"}, []string{"search", "research.web"}},
			{"*", []string{"a", "a/b", "a.b", "..", "a b"}, []string{""}},
			{"**", []string{"a", "a/b"}, nil},
			{"*.read", []string{"fs.read", "a/b.read", ".read"}, []string{"fs.reads"}},
			{"a*b*c", []string{"abc", "axbxc", "abcbc"}, []string{"ab", "abcb"}},
			{"tier-fast/*", []string{"tier-fast/small", "tier-fast/a/b"}, []string{"tier-fast", "tier-slow/x", "tier-fas/x"}},
			{"anthropic/claude-3-haiku-*", []string{"anthropic/claude-3-haiku-20240307"}, []string{"anthropic/claude-3-opus"}},
		}.run(t, namespace)
	}
}
