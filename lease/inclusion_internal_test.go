package lease

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// enough is an effort that no small pattern needs.
func enough() *effort {
	e := effort(1 << 30)
	return &e
}

// Every pair of short patterns is held against the texts themselves: what the child matches has to be matched by the
// parent, and where includes says no, one of the texts has to say so too. The letter b stands in no pattern.
func TestInclusionAgreesWithAllShortTexts(t *testing.T) {
	t.Parallel()
	texts := words("ab/", 7)
	for _, d := range dialects {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			patterns := words("a/*", 4)
			globs := make([]glob, len(patterns))
			matched := make([][]uint64, len(patterns))
			for i, pattern := range patterns {
				globs[i] = compileGlob(pattern, d.rules)
				matched[i] = make([]uint64, len(texts)/64+1)
				for n, text := range texts {
					if globs[i].match(text) {
						matched[i][n/64] |= 1 << (n % 64)
					}
				}
			}
			for i := range patterns {
				for j := range patterns {
					want := subset(matched[j], matched[i])
					if got := includes(globs[i], globs[j], enough()); got != want {
						t.Fatalf("%q includes %q: got %v, want %v", patterns[i], patterns[j], got, want)
					}
				}
			}
		})
	}
}

func subset(part, whole []uint64) bool {
	for i := range part {
		if part[i]&^whole[i] != 0 {
			return false
		}
	}
	return true
}

// pieces are what random patterns are made of.
func somePattern(t *rapid.T, label string) string {
	piece := rapid.SampledFrom([]string{"a", "b", "/", "*", "**", "**/", "/**/", "*a", "ab", "/**"})
	return strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, label), "")
}

// sample draws a text that a pattern matches.
func sample(t *rapid.T, pattern string, r rules) string {
	inside := `[abc]{0,3}`
	if r.separator == 0 {
		inside = `[abc/]{0,3}`
	}
	across := rapid.StringMatching(`[abc/]{0,4}`)
	var text strings.Builder
	for _, s := range compileGlob(pattern, r).steps {
		switch s.kind {
		case literal:
			text.WriteByte(s.char)
		case withinStar:
			text.WriteString(rapid.StringMatching(inside).Draw(t, "inside"))
		case acrossStar:
			text.WriteString(across.Draw(t, "across"))
		case folders:
			if rapid.Bool().Draw(t, "folders") {
				text.WriteString(across.Draw(t, "folder") + "/")
			}
		}
	}
	return compileGlob(pattern, r).prefix + text.String()
}

// A pattern that is taken to be covered never matches what its parent does not.
func TestInclusionIsSound(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				parent, child := somePattern(t, "parent"), somePattern(t, "child")
				if rapid.Bool().Draw(t, "narrowed") { // a child that has a chance: the parent with its stars filled in
					star := rapid.SampledFrom([]string{"*", "a", "a*", "**", "**/", "a/*", ""})
					child = ""
					for i, part := range strings.Split(parent, "*") {
						if i > 0 {
							child += star.Draw(t, "star")
						}
						child += part
					}
				}
				work := effort(rapid.SampledFrom([]int{0, 10, 100, 1 << 20}).Draw(t, "effort"))
				covered := includes(compileGlob(parent, d.rules), compileGlob(child, d.rules), &work)
				for range 10 {
					text := sample(t, child, d.rules)
					if !compileGlob(child, d.rules).match(text) {
						t.Fatalf("%q does not match its sample %q", child, text)
					}
					if covered && !compileGlob(parent, d.rules).match(text) {
						t.Fatalf("%q is taken to cover %q, but does not match %q", parent, child, text)
					}
				}
			})
		})
	}
}

// Patterns whose sets of states multiply are refused, and soon.
func TestInclusionIsBounded(t *testing.T) {
	t.Parallel()
	// The parent's states after a text tell where its letters a were: there are as many sets as texts of that length.
	parent := "**" + strings.Repeat("a/**/*", 40) + "a"
	for _, child := range []string{"**a**/b*" + strings.Repeat("/*a", 100) + "**", "**" + strings.Repeat("*a*/b/**/", 60)} {
		work := effort(maxEffort)
		if includes(compileGlob(parent, pathRules), compileGlob(child, pathRules), &work) {
			t.Errorf("%q was found covered", child)
		}
		if work < -100 {
			t.Errorf("%q: the effort was overdrawn to %d", child, work)
		}
	}
}

func TestAlphabetHasOneByteThatIsNoLiteral(t *testing.T) {
	t.Parallel()
	got := alphabet(compileGlob("*ab", pathRules), compileGlob("**ac", pathRules))
	if want := []byte("*/abc"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
