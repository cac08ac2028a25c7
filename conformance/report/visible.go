package report

import (
	"fmt"
	"strings"
	"unicode"
)

// visible shows control characters as \x1b instead of sending them: what a peer wrote shall not move the cursor of whoever
// reads the report. Line ends and tabs stay.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t' || !unicode.IsControl(r) && !bidi(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// bidi says whether the character turns the direction of what follows it.
func bidi(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }
