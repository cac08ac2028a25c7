package lease

// automaton runs the steps of a glob over a text. It is nondeterministic: state i means that the steps before i have
// matched, and a set of states is a row of bits, 64 in a word. A byte moves all of them at once by a few
// operations a word, so the time for a text does not depend on what the stars are or where the text fails.
type automaton struct {
	separator byte
	end       int // the state after the last step
	words     int
	// Of each byte, the row of the states whose step is that literal; row 0 is empty.
	row      [256]uint8
	literals [][]uint64
	// The states whose step is of that kind.
	within, across, maybe, folders []uint64
}

func newAutomaton(steps []step, separator byte) *automaton {
	words := len(steps)/64 + 1
	rows := make([]uint64, 5*words)
	a := &automaton{
		separator: separator, end: len(steps), words: words, literals: [][]uint64{rows[:words]},
		within: rows[words : 2*words], across: rows[2*words : 3*words],
		maybe: rows[3*words : 4*words], folders: rows[4*words:],
	}
	for state, s := range steps {
		row := a.literals[0]
		switch s.kind {
		case literal:
			row = a.literal(s.char)
		case withinStar:
			row = a.within
		case acrossStar:
			row = a.across
		case maybe:
			row = a.maybe
		case folders:
			row = a.folders
		}
		row[state/64] |= 1 << (state % 64)
	}
	return a
}

// literal returns the row of a byte, a new one for a byte that had none. Row numbers fit a byte: `*` is never a
// literal, so there are at most 255 rows beside the empty one.
func (a *automaton) literal(char byte) []uint64 {
	if a.row[char] == 0 {
		a.row[char] = uint8(len(a.literals))
		a.literals = append(a.literals, make([]uint64, a.words))
	}
	return a.literals[a.row[char]]
}

// accepts reports whether the steps match the whole text.
func (a *automaton) accepts(text string) bool {
	if a.words == 1 {
		return a.acceptsShort(text)
	}
	var room [4]uint64
	active := room[:]
	if a.words > len(room) {
		active = make([]uint64, a.words)
	}
	active = active[:a.words]
	active[0] = 1
	a.spread(active)
	for i := range len(text) {
		if !a.advance(active, text[i]) {
			return false
		}
	}
	return a.ends(active)
}

// start returns the states before the first byte.
func (a *automaton) start() []uint64 {
	active := make([]uint64, a.words)
	active[0] = 1
	a.spread(active)
	return active
}

// ends reports whether all steps have matched.
func (a *automaton) ends(active []uint64) bool { return active[a.end/64]>>(a.end%64)&1 == 1 }

// advance moves the active states over one byte, and reports whether any is left.
func (a *automaton) advance(active []uint64, char byte) bool {
	literals := a.literals[a.row[char]]
	var moving uint64
	for w, now := range active {
		stays := now & (a.across[w] | a.folders[w])
		moves := now & literals[w]
		if char == a.separator {
			moves |= now & a.folders[w]
		} else {
			stays |= now & a.within[w]
		}
		active[w], moving = stays|moves<<1|moving, moves>>63
	}
	return a.spread(active)
}

// spread adds the states that are reached without a byte, and reports whether any state is active. One pass is
// enough: a maybe leads to folders and to the step behind it, a star to the step behind it, which is a literal or
// the end, since compileGlob joins stars that touch and folders that follow one another.
func (a *automaton) spread(active []uint64) bool {
	var reached, any uint64
	for w, now := range active {
		now |= reached
		skips := now & a.maybe[w]
		now |= skips<<1 | skips<<2
		stars := now & (a.within[w] | a.across[w])
		now |= stars << 1
		active[w], reached = now, skips>>63|skips>>62|stars>>63
		any |= now
	}
	return any != 0
}

// acceptsShort is accepts for what fits one word, which is what most patterns do.
func (a *automaton) acceptsShort(text string) bool {
	maybe, folders, inside := a.maybe[0], a.folders[0], a.within[0]
	stays := a.across[0] | folders
	stars := inside | a.across[0]
	now := uint64(1)
	for i := 0; ; i++ {
		skips := now & maybe
		now |= skips<<1 | skips<<2
		now |= now & stars << 1
		switch {
		case now == 0:
			return false
		case i == len(text):
			return now>>a.end&1 == 1
		}
		moves, kept := a.literals[a.row[text[i]]][0], stays|inside
		if text[i] == a.separator {
			moves, kept = moves|folders, stays
		}
		now = now&kept | now&moves<<1
	}
}
