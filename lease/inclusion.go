package lease

import (
	"encoding/binary"
	"slices"
	"strings"
)

// maxEffort bounds one Within, in words of states that are moved over a byte and in texts that are compared: about a
// millisecond.
const maxEffort = 1 << 16

// effort is what may still be spent on a comparison.
type effort int

// spend takes some of it, and reports whether it was there.
func (e *effort) spend(much int) bool {
	*e -= effort(much)
	return !e.spent()
}

func (e *effort) spent() bool { return *e < 0 }

// includes reports whether every text that the child matches is matched by the parent. It says so only when it is so; when
// the effort runs out it says no.
func includes(parent, child glob, work *effort) bool {
	rest, found := strings.CutPrefix(child.prefix, parent.prefix)
	switch {
	case !work.spend(1 + len(parent.prefix)/64):
		return false
	case !found:
		// Where the child's prefix is the shorter one, its first star matches something else than the parent's next byte.
		return false
	case parent.rest == nil:
		return rest == "" && child.rest == nil
	case len(parent.steps) == 1 && parent.steps[0].kind == acrossStar:
		return true
	}
	at := parent.rest.start()
	for i := range len(rest) {
		if !work.spend(len(at)) || !parent.rest.advance(at, rest[i]) {
			return false
		}
	}
	if child.rest == nil {
		return parent.rest.ends(at)
	}
	c := comparison{child: child.steps, parent: parent.rest, alphabet: alphabet(child, parent), seen: map[string]struct{}{}, work: work}
	return c.holds(at)
}

// alphabet is one byte of each kind that the two globs can tell apart: their literals, the separator, and one that is
// neither. `*` is never a literal.
func alphabet(child, parent glob) []byte {
	bytes := []byte{'*', parent.rest.separator}
	for _, steps := range [][]step{child.steps, parent.steps} {
		for _, s := range steps {
			if s.kind == literal {
				bytes = append(bytes, s.char)
			}
		}
	}
	slices.Sort(bytes)
	return slices.Compact(bytes)
}

// comparison walks the child's states one by one, each with the set of states in which the parent is after the same text.
// The child is not within the parent where the child is at its end and the parent is at none, or nowhere. There are
// exponentially many sets for some patterns, hence the effort.
type comparison struct {
	child    []step
	parent   *automaton
	alphabet []byte
	seen     map[string]struct{}
	open     []situation
	work     *effort
}

type situation struct {
	child  int
	parent []uint64
}

// holds reports whether the parent goes with the child from here to the child's end, whatever the text.
func (c *comparison) holds(at []uint64) bool {
	c.reach(0, at)
	for len(c.open) > 0 {
		next := c.open[len(c.open)-1]
		c.open = c.open[:len(c.open)-1]
		if !c.step(next) {
			return false
		}
	}
	return true
}

// step does what the child can do from one situation, and reports whether the parent can follow.
func (c *comparison) step(s situation) bool {
	if s.child == len(c.child) {
		return c.parent.ends(s.parent)
	}
	switch step := c.child[s.child]; step.kind {
	case literal:
		return c.follow(s.child+1, s.parent, step.char)
	case maybe:
		c.reach(s.child+1, s.parent)
		c.reach(s.child+2, s.parent)
	case folders:
		return c.follow(s.child+1, s.parent, c.parent.separator) && c.all(s, true)
	case withinStar:
		c.reach(s.child+1, s.parent)
		return c.all(s, false)
	case acrossStar:
		c.reach(s.child+1, s.parent)
		return c.all(s, true)
	}
	return true
}

// all lets the child stay where it is over any byte, the separator only if it may.
func (c *comparison) all(s situation, separators bool) bool {
	for _, char := range c.alphabet {
		if char == c.parent.separator && !separators {
			continue
		}
		if !c.follow(s.child, s.parent, char) {
			return false
		}
	}
	return true
}

// follow moves the parent over a byte after which the child is in a state. The child can always come to its end from
// there, so a parent that is nowhere does not cover it.
func (c *comparison) follow(child int, from []uint64, char byte) bool {
	at := slices.Clone(from)
	if !c.work.spend(4+len(at)) || !c.parent.advance(at, char) {
		return false
	}
	c.reach(child, at)
	return true
}

// reach notes a situation that has to be looked at, if it is a new one.
func (c *comparison) reach(child int, at []uint64) {
	key := binary.LittleEndian.AppendUint16(make([]byte, 0, 2+8*len(at)), uint16(child))
	for _, word := range at {
		key = binary.LittleEndian.AppendUint64(key, word)
	}
	if _, known := c.seen[string(key)]; !known {
		c.seen[string(key)] = struct{}{}
		c.open = append(c.open, situation{child: child, parent: at})
	}
}
