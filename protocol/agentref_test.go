package protocol_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/protocol"
)

func TestClause_7_5_AgentReferences(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ref, name, version string }{
		{"code-refactor", "code-refactor", ""},
		{"code-refactor@2.0.0", "code-refactor", "2.0.0"},
		{"a", "a", ""}, {"9", "9", ""}, {"a.b_c-d", "a.b_c-d", ""}, {"a..", "a..", ""},
		{"a@1.0.0-rc.1+build_5", "a", "1.0.0-rc.1+build_5"}, {"a@Z", "a", "Z"}, {"a@.", "a", "."}, {"a@-", "a", "-"},
		{strings.Repeat("a", 256), strings.Repeat("a", 256), ""},
	} {
		name, version, err := protocol.ParseAgentRef(c.ref)
		if name != c.name || version != c.version || err != nil {
			t.Errorf("%q is %q at %q, %v", c.ref, name, version, err)
		}
		if got := protocol.AgentRef(name, version); got != c.ref {
			t.Errorf("%q is joined to %q", c.ref, got)
		}
	}
}

func TestClause_7_5_WhatIsNoAgentReference(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{
		"", "@", "@1", "a@", "a@@1", "a@1@2", "A", "aB", "-a", ".a", "_a", "a b", " a", "a ", "a@1 ", "a@ 1", "a/b", "a@1/2", "a:1",
		"ä", "a@ä", "a\x00", "a\n", "a@1\n", "a+b", "a@1~2", strings.Repeat("a", 257), "a@" + strings.Repeat("1", 255),
	} {
		name, version, err := protocol.ParseAgentRef(ref)
		if err == nil || err.Code != protocol.InvalidRequest || name != "" || version != "" {
			t.Errorf("%q is %q at %q, %v", ref, name, version, err)
		}
	}
}

// grammar is that of the draft, in another language.
var grammar = regexp.MustCompile(`\A([a-z0-9][a-z0-9._-]*)(?:@([a-zA-Z0-9.+_-]+))?\z`)

func TestClause_7_5_TheGrammarIsTheDrafts(t *testing.T) {
	t.Parallel()
	alphabet := rapid.StringOf(rapid.RuneFrom([]rune("abzAZ09._-+@ /\x00é")))
	rapid.Check(t, func(t *rapid.T) {
		ref := alphabet.Draw(t, "ref")
		name, version, err := protocol.ParseAgentRef(ref)
		parts := grammar.FindStringSubmatch(ref)
		switch {
		case (parts != nil) != (err == nil):
			t.Fatalf("%q: %v", ref, err)
		case parts != nil && (parts[1] != name || parts[2] != version):
			t.Fatalf("%q is %q at %q", ref, name, version)
		}
	})
}
