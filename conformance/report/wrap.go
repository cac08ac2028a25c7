package report

import "strings"

// wrap makes s the text of a block whose first line begins at a column and whose other lines are moved to it, of which
// none is longer than width. It breaks at spaces where there are any near the end of a line, as JSON has none. A width of
// 0 breaks no line. Control characters are made visible: s may be the peer's.
func wrap(s string, column, width int) string {
	var lines []string
	for line := range strings.SplitSeq(visible(s), "\n") {
		runes := []rune(line)
		for room := max(width-column, 20); width > 0 && len(runes) > room; {
			at := breakAt(runes[:room+1])
			lines = append(lines, string(runes[:at]))
			runes = []rune(strings.TrimLeft(string(runes[at:]), " "))
		}
		lines = append(lines, string(runes))
	}
	return strings.Join(lines, "\n"+strings.Repeat(" ", column))
}

// breakAt finds the last space in the second half of a line that is one character too long, else its end.
func breakAt(line []rune) int {
	for i := len(line) - 1; i > len(line)/2; i-- {
		if line[i] == ' ' {
			return i
		}
	}
	return len(line) - 1
}
