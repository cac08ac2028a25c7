package lease_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
)

// parse reads a request that has to be valid.
func parse(tb testing.TB, request map[string][]string) lease.Lease {
	tb.Helper()
	l, err := lease.Parse(request)
	if err != nil {
		tb.Fatalf("Parse(%v): %v", request, err)
	}
	return l
}

func TestClause_9_2_KnownNamespacesAreGranted(t *testing.T) {
	t.Parallel()
	for _, namespace := range []string{
		"fs.read", "fs.write", "tool.call", "agent.delegate", "model.use", "x-acme", "x-acme.search", "x-a_b.c-d.9",
	} {
		l := parse(t, map[string][]string{namespace: {"thing"}})
		if err := l.Permits(lease.Operation{Namespace: lease.Namespace(namespace), Resource: "thing"}); err != nil {
			t.Errorf("%s: %v", namespace, err)
		}
	}
}

func TestClause_9_2_UnknownNamespacesAreRefused(t *testing.T) {
	t.Parallel()
	for _, namespace := range []string{
		"", "fs", "fs.delete", "fs.raed", "FS.READ", "fs.read ", "tool", "cost", "cost.budgets", "frobnicate", "x", "x-", "x-.a",
		"x-a..b", "x-a.", "x-Acme", "x-a/b", "X-acme", "vendor/thing", "com.acme.search", "x-" + strings.Repeat("a", 127),
	} {
		_, err := lease.Parse(map[string][]string{namespace: {}})
		var invalid *lease.Invalid
		if !errors.As(err, &invalid) || invalid.Namespace != lease.Namespace(namespace) {
			t.Errorf("%q: got %v, want an *Invalid that names it", namespace, err)
		}
		if lease.Namespace(namespace).Known() {
			t.Errorf("%q is known", namespace)
		}
	}
}

func TestClause_9_2_MalformedPatternsAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ namespace, pattern string }{
		{"tool.call", ""}, {"tool.call", "a\x00b"}, {"tool.call", "a\nb"}, {"tool.call", "\xff"},
		{"tool.call", strings.Repeat("a", lease.MaxPattern+1)},
		{"fs.read", ""}, {"fs.read", "/a/../b"}, {"fs.read", "../**"}, {"fs.read", "/a/.."}, {"fs.read", `\a`},
		{"fs.read", "/%2e%2e/**"}, {"fs.read", "/a/ ../b"},
		{"net.fetch", "example.com/**"}, {"net.fetch", "ftp://example.com/**"}, {"net.fetch", "https://"},
		{"net.fetch", "https://user@example.com/"}, {"net.fetch", "https://example.com/a/../b"},
		{"net.fetch", "https://example.com//a"}, {"net.fetch", "https://example.com/a#b"},
		{"net.fetch", "https://example.com?a"}, {"net.fetch", "https://example.com:0/"}, {"net.fetch", "https://a..b/"},
		{"net.fetch", "https://example.com:/"}, {"net.fetch", "https://exämple.com/"}, {"net.fetch", "https://[::1/"},
		{"net.fetch", "ht*://example.com/"}, {"net.fetch", "https://example.com:8*/"}, {"net.fetch", "https://h/%"},
	} {
		_, err := lease.Parse(map[string][]string{"tool.call": {"fine"}, c.namespace: {c.pattern}})
		var invalid *lease.Invalid
		if !errors.As(err, &invalid) || invalid.Namespace != lease.Namespace(c.namespace) || invalid.Pattern != c.pattern {
			t.Errorf("%s %q: got %v, want an *Invalid that names it", c.namespace, c.pattern, err)
		}
	}
}

func TestClause_9_6_AmountsOfALease(t *testing.T) {
	t.Parallel()
	l := parse(t, map[string][]string{"cost.budget": {"credits:1000", "USD:5.00"}})
	want := []budget.Grant{{Currency: "USD", Amount: amount(t, "5")}, {Currency: "credits", Amount: amount(t, "1000")}}
	if diff := cmp.Diff(want, l.Budget()); diff != "" {
		t.Errorf("budget (-want +got):\n%s", diff)
	}
	for _, malformed := range []string{
		"USD:-1", "USD:1e3", "USD:", ":5", "USD:.5", "USD:5.", "USD:+5", "USD: 5", "USD:NaN", "USD:0x1p4", "USD:1_000", "",
		"USD", "5", " USD:5", "USD:5 ", "USD:1.2.3", "USD:5,00",
	} {
		_, err := lease.Parse(map[string][]string{"cost.budget": {"credits:1", malformed}})
		var syntax *budget.SyntaxError
		if !errors.As(err, &syntax) || syntax.Text != malformed {
			t.Errorf("%q: got %v, want a *budget.SyntaxError that names it", malformed, err)
		}
	}
	_, err := lease.Parse(map[string][]string{"cost.budget": {"USD:1", "EUR:1", "USD:1"}})
	var duplicate *budget.DuplicateCurrency
	if !errors.As(err, &duplicate) || duplicate.Currency != "USD" {
		t.Errorf("two budgets in one currency: got %v, want a *budget.DuplicateCurrency", err)
	}
}

func TestClause_9_3_WhatIsAbsentGrantsNothing(t *testing.T) {
	t.Parallel()
	var zero lease.Lease
	for name, l := range map[string]lease.Lease{
		"zero value":   zero,
		"no request":   parse(t, nil),
		"empty":        parse(t, map[string][]string{}),
		"empty list":   parse(t, map[string][]string{"tool.call": {}, "fs.read": nil}),
		"other grants": parse(t, map[string][]string{"agent.delegate": {"*"}, "cost.budget": {"USD:1"}}),
	} {
		for _, op := range []lease.Operation{
			{Namespace: lease.ToolCall, Resource: "search"}, {Namespace: lease.FSRead, Resource: "/a"},
			{Namespace: lease.FSWrite, Resource: "/a"}, {Namespace: lease.NetFetch, Resource: "https://example.com/"},
			{Namespace: lease.ModelUse, Resource: "m"}, {Namespace: lease.CostBudget, Resource: "USD:1"},
			{Namespace: "x-acme", Resource: "a"}, {Namespace: "fs.delete", Resource: "/a"}, {},
		} {
			denied(t, name, l, op)
		}
	}
}

// §9.2: each namespace is enforced by itself.
func TestClause_9_3_AGrantGivesNothingInAnotherNamespace(t *testing.T) {
	t.Parallel()
	everything := map[lease.Namespace]string{
		lease.FSRead: "**", lease.FSWrite: "**", lease.NetFetch: "**", lease.ToolCall: "*", lease.AgentDelegate: "*",
		lease.ModelUse: "*", "x-acme.a": "*", "x-acme.b": "*",
	}
	for granted, pattern := range everything {
		l := parse(t, map[string][]string{string(granted): {pattern}})
		for asked := range everything {
			op := lease.Operation{Namespace: asked, Resource: "https://example.com/a"}
			if err := l.Permits(op); (err == nil) != (asked == granted) {
				t.Errorf("granted %s, asked %s: %v", granted, asked, err)
			}
		}
	}
}

func TestClause_9_5_ALeaseIsExpiredAtItsEnd(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 5, 13, 23, 42, 0, 0, time.UTC)
	l := parse(t, nil).WithExpiry(end)
	for _, c := range []struct {
		now     time.Time
		expired bool
	}{{end.Add(-time.Nanosecond), false}, {end, true}, {end.Add(time.Hour), true}} {
		if got := l.Expired(c.now); got != c.expired {
			t.Errorf("at %v: expired %v, want %v", c.now, got, c.expired)
		}
	}
	if at, ends := l.ExpiresAt(); !ends || !at.Equal(end) {
		t.Errorf("ExpiresAt: %v, %v", at, ends)
	}
	if at, ends := parse(t, nil).ExpiresAt(); ends {
		t.Errorf("a lease without an end ends at %v", at)
	}
	if (lease.Lease{}).Expired(end.AddDate(1000, 0, 0)) {
		t.Error("a lease without an end has expired")
	}
}

func TestWireIsWhatWasRequested(t *testing.T) {
	t.Parallel()
	request := map[string][]string{"cost.budget": {"USD:5.00", "credits:010"}, "fs.read": {"/a//b/**"}, "tool.call": {}}
	want := map[string][]string{"cost.budget": {"USD:5.00", "credits:010"}, "fs.read": {"/a//b/**"}, "tool.call": {}}
	l := parse(t, request)
	request["fs.read"][0] = "/**"
	l.Wire()["cost.budget"][0] = "USD:9"
	if diff := cmp.Diff(want, l.Wire()); diff != "" {
		t.Errorf("wire (-want +got):\n%s", diff)
	}
	denied(t, "a changed request", l, lease.Operation{Namespace: lease.FSRead, Resource: "/etc/passwd"})
	if got := (lease.Lease{}).Wire(); got == nil || len(got) != 0 {
		t.Errorf("the zero lease on the wire: %v, want an empty map", got)
	}
	if diff := cmp.Diff([]lease.Namespace{"cost.budget", "fs.read", "tool.call"}, l.Namespaces()); diff != "" {
		t.Errorf("namespaces (-want +got):\n%s", diff)
	}
	if !l.Names(lease.ToolCall) || l.Names(lease.FSWrite) {
		t.Error("Names: want tool.call, not fs.write")
	}
}

func TestPatternsAreLimited(t *testing.T) {
	t.Parallel()
	many := make([]string, 10_000)
	for i := range many {
		many[i] = "tool"
	}
	parse(t, map[string][]string{"tool.call": many}) // without stars there is nothing to bound
	for i := range many {
		many[i] = "*b*"
	}
	_, err := lease.Parse(map[string][]string{"tool.call": many})
	var invalid *lease.Invalid
	if !errors.As(err, &invalid) || invalid.Namespace != lease.ToolCall {
		t.Errorf("10 000 patterns with stars: got %v, want an *Invalid", err)
	}
	denied(t, "too long", parse(t, map[string][]string{"tool.call": {"*"}}),
		lease.Operation{Namespace: lease.ToolCall, Resource: strings.Repeat("a", lease.MaxResource+1)})
}

func TestErrorsStayShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 100_000)
	_, err := lease.Parse(map[string][]string{long: {long}})
	if len(err.Error()) > 1000 {
		t.Errorf("%d bytes of error", len(err.Error()))
	}
	err = lease.Lease{}.Permits(lease.Operation{Namespace: lease.ToolCall, Resource: long})
	if len(err.Error()) > 1000 {
		t.Errorf("%d bytes of error", len(err.Error()))
	}
}

func amount(tb testing.TB, text string) budget.Amount {
	tb.Helper()
	a, err := budget.ParseAmount(text)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func denied(t *testing.T, name string, l lease.Lease, op lease.Operation) {
	t.Helper()
	err := l.Permits(op)
	var d *lease.Denied
	if !errors.As(err, &d) || d.Operation != op {
		t.Errorf("%s: %s %q: got %v, want a *Denied that names it", name, op.Namespace, op.Resource, err)
	}
}
