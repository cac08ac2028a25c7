package report

import "testing"

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name          string
		text          string
		column, width int
		want          string
	}{
		{"short", "one two", 2, 40, "one two"},
		{"no width", "one two three four five six seven", 2, 0, "one two three four five six seven"},
		{"at a space", "one two three four five six seven", 2, 24, "one two three four\n  five six seven"},
		{"a space right behind the line", "12345678901234567890 next", 0, 20, "12345678901234567890\nnext"},
		{"without spaces", "1234567890123456789012345", 1, 21, "12345678901234567890\n 12345"},
		{"characters, not bytes", "ääääääääääääääääääääß", 0, 20, "ääääääääääääääääääää\nß"},
		{"an early space is no place", "{ 34567890123456789012345", 0, 20, "{ 345678901234567890\n12345"},
		{"lines of its own", "a\nb", 3, 80, "a\n   b"},
		{"a narrow terminal", "12345678901234567890", 30, 10, "12345678901234567890"},
		{"control characters", "a\x1bb", 0, 80, `a\x1bb`},
	} {
		if got := wrap(tc.text, tc.column, tc.width); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}
