package lease

import "strings"

// rules is what sets the dialects of globs apart.
type rules struct {
	separator byte // what `*` does not match; 0: `*` matches everything
	folders   bool // a segment that is `**` alone, with a separator after it, also matches no segment at all
}

var (
	pathRules = rules{separator: '/', folders: true}
	hostRules = rules{separator: '.'}
	nameRules = rules{}
)

// step is one step of a compiled glob.
type step struct {
	kind stepKind
	char byte // of a literal
}

type stepKind uint8

const (
	literal    stepKind = iota // this byte
	withinStar                 // any bytes but the separator, also none
	acrossStar                 // any bytes, also none
	maybe                      // nothing, or what the next step matches
	folders                    // any bytes that end in a separator
)

// glob is a compiled pattern: a literal prefix, and the steps from the first star on.
type glob struct {
	prefix string
	steps  []step
	rest   *automaton // of the steps; nil where there are none
}

// compileGlob reads a pattern. Only `*` is special; there is no escape, and no pattern is wrong.
func compileGlob(text string, r rules) glob {
	star := strings.IndexByte(text, '*')
	if star < 0 {
		return glob{prefix: text}
	}
	g := glob{prefix: text[:star]}
	for i := star; i < len(text); {
		if text[i] != '*' {
			g.steps = append(g.steps, step{kind: literal, char: text[i]})
			i++
			continue
		}
		end := i
		for end < len(text) && text[end] == '*' {
			end++
		}
		opens := i == 0 || text[i-1] == r.separator
		closes := end < len(text) && text[end] == r.separator
		switch {
		case r.separator == 0:
			g.steps = append(g.steps, step{kind: acrossStar})
		case end == i+1:
			g.steps = append(g.steps, step{kind: withinStar})
		case r.folders && opens && closes:
			g.steps = appendFolders(g.steps)
			end++ // the separator belongs to the step
		default:
			g.steps = append(g.steps, step{kind: acrossStar})
		}
		i = end
	}
	g.rest = newAutomaton(g.steps, r.separator)
	return g
}

// appendFolders adds a `**/` that may also be nothing. Several in a row are as good as one.
func appendFolders(steps []step) []step {
	if n := len(steps); n > 0 && steps[n-1].kind == folders {
		return steps
	}
	return append(steps, step{kind: maybe}, step{kind: folders})
}

// match reports whether the whole text matches. It walks the text once and never goes back.
func (g glob) match(text string) bool {
	rest, found := strings.CutPrefix(text, g.prefix)
	switch {
	case !found:
		return false
	case g.rest == nil:
		return rest == ""
	case len(g.steps) == 1 && g.steps[0].kind == acrossStar:
		return true
	}
	return g.rest.accepts(rest)
}
