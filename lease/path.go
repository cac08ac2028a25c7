package lease

import "strings"

// cleanPath brings a path, or a pattern of paths, into the form that is matched: without empty and `.` segments,
// and without a slash at the end. What could mean another file to whoever opens it is refused.
//
// §9.3 (choice): `..` is refused and not resolved, since with symbolic links only the file system knows where it
// leads.
func cleanPath(text string) (string, Problem) {
	if strings.IndexByte(text, '\\') >= 0 {
		return "", "a path has no backslash"
	}
	if hasEscape(text) {
		return "", "a path has no percent-encoding"
	}
	if clean(text) {
		return text, ""
	}
	kept := make([]string, 0, strings.Count(text, "/")+1)
	for segment := range strings.SplitSeq(text, "/") {
		switch {
		case segment == "" || segment == ".":
		case isDots(segment):
			return "", "a path has no `..` segment"
		default:
			kept = append(kept, segment)
		}
	}
	path := strings.Join(kept, "/")
	switch {
	case text[0] == '/':
		return "/" + path, ""
	case path == "":
		return ".", ""
	}
	return path, ""
}

// clean reports whether a path certainly is in its normal form already: the usual case, without a copy.
func clean(text string) bool {
	return text[0] != '.' && text[len(text)-1] != '/' &&
		!strings.Contains(text, "//") && !strings.Contains(text, "/.") && !strings.Contains(text, "..")
}

// isDots reports whether a segment is `..` to some file system: dots, with spaces that some ignore.
func isDots(segment string) bool {
	return strings.Contains(segment, "..") && strings.Trim(segment, ". ") == ""
}

// hasEscape reports whether text has a percent sign with two hexadecimal digits.
func hasEscape(text string) bool {
	for i := 0; i+2 < len(text); i++ {
		if text[i] == '%' && isHex(text[i+1]) && isHex(text[i+2]) {
			return true
		}
	}
	return false
}

func isHex(char byte) bool {
	return '0' <= char && char <= '9' || 'a' <= char && char <= 'f' || 'A' <= char && char <= 'F'
}
