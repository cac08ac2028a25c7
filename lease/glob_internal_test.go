package lease

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// covers is the definition of the glob language, written for reading: it tries everything.
func covers(pattern string, at int, text string, r rules) bool {
	if at == len(pattern) {
		return text == ""
	}
	if pattern[at] != '*' {
		return text != "" && text[0] == pattern[at] && covers(pattern, at+1, text[1:], r)
	}
	end := at
	for end < len(pattern) && pattern[end] == '*' {
		end++
	}
	opens := at == 0 || pattern[at-1] == r.separator
	if r.separator != 0 && end-at > 1 && r.folders && opens && end < len(pattern) && pattern[end] == r.separator {
		if covers(pattern, end+1, text, r) {
			return true
		}
		for i := range len(text) {
			if text[i] == r.separator && covers(pattern, end+1, text[i+1:], r) {
				return true
			}
		}
		return false
	}
	for taken := 0; taken <= len(text); taken++ {
		if covers(pattern, end, text[taken:], r) {
			return true
		}
		if taken < len(text) && end-at == 1 && r.separator != 0 && text[taken] == r.separator {
			return false
		}
	}
	return false
}

var dialects = []struct {
	name  string
	rules rules
}{{"path", pathRules}, {"host", rules{separator: '/'}}, {"name", nameRules}}

// words returns all texts over an alphabet with at most the given length.
func words(alphabet string, most int) []string {
	all, last := []string{""}, []string{""}
	for range most {
		var longer []string
		for _, word := range last {
			for _, char := range alphabet {
				longer = append(longer, word+string(char))
			}
		}
		all, last = append(all, longer...), longer
	}
	return all
}

func TestGlobAgreesWithItsDefinitionOnAllShortPatterns(t *testing.T) {
	t.Parallel()
	texts := words("a/", 6)
	for _, d := range dialects {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			for _, pattern := range words("a/*", 6) {
				compiled := compileGlob(pattern, d.rules)
				for _, text := range texts {
					if got, want := compiled.match(text), covers(pattern, 0, text, d.rules); got != want {
						t.Fatalf("%q matches %q: got %v, want %v", pattern, text, got, want)
					}
				}
			}
		})
	}
}

func TestGlobAgreesWithItsDefinition(t *testing.T) {
	t.Parallel()
	for _, d := range dialects {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				pattern := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "/", "*", "**", "**/", "/**/", "*a"}), 0, 9).Draw(t, "pattern"), "")
				// A text that is cut from the pattern matches more often than one out of the blue.
				var text strings.Builder
				for _, char := range []byte(pattern) {
					if char != '*' {
						text.WriteByte(char)
						continue
					}
					text.WriteString(rapid.StringMatching(`[ab/]{0,3}`).Draw(t, "star"))
				}
				for _, text := range []string{text.String(), rapid.StringMatching(`[ab/]{0,12}`).Draw(t, "text")} {
					if compileGlob(pattern, d.rules).match(text) != covers(pattern, 0, text, d.rules) {
						t.Fatalf("%q and %q", pattern, text)
					}
				}
			})
		})
	}
}

// The automaton keeps 64 states in a word: here the stars stand at the borders of words.
func TestGlobAgreesWithItsDefinitionAcrossWords(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SampledFrom(dialects).Draw(t, "dialect")
		first := rapid.IntRange(58, 66).Draw(t, "first")
		second := rapid.IntRange(58, 66).Draw(t, "second")
		star := rapid.SampledFrom([]string{"*", "**", "/**/", "/**/*", "*/**/", "**/"})
		fill := rapid.SampledFrom([]string{"", "a", "/", "a/a", "/a"})
		pattern, text := "*", fill.Draw(t, "fill")
		for _, run := range []int{first, second} {
			literals := strings.Repeat("b", run)
			pattern += literals + star.Draw(t, "star")
			text += literals + fill.Draw(t, "fill")
		}
		if compileGlob(pattern, d.rules).match(text) != covers(pattern, 0, text, d.rules) {
			t.Fatalf("%q and %q", pattern, text)
		}
	})
}
