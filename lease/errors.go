package lease

import (
	"fmt"
	"unicode/utf8"
)

// Problem says what is wrong with a pattern or a resource, in words for a person.
type Problem string

// Invalid is a lease request that cannot be granted: the whole request is refused (§9.2).
type Invalid struct {
	Namespace Namespace
	Pattern   string // "" where the fault is not in one pattern
	Problem   Problem
	Err       error // the fault of an amount, nil otherwise
}

func (e *Invalid) Error() string {
	text := fmt.Sprintf("lease: %q", excerpt(string(e.Namespace)))
	if e.Pattern != "" {
		text += fmt.Sprintf(": pattern %q", excerpt(e.Pattern))
	}
	text += ": " + string(e.Problem)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the fault of an amount: a *budget.SyntaxError or a *budget.DuplicateCurrency.
func (e *Invalid) Unwrap() error { return e.Err }

// Denied is an operation that the lease does not cover: PERMISSION_DENIED of §9.3.
type Denied struct {
	Operation Operation
	Problem   Problem
}

func (e *Denied) Error() string {
	return fmt.Sprintf("lease: %s %q is denied: %s", excerpt(string(e.Operation.Namespace)),
		excerpt(e.Operation.Resource), string(e.Problem))
}

// Beyond is a lease that gives what its parent does not: LEASE_SUBSET_VIOLATION of §9.4.
type Beyond struct {
	Namespace Namespace // "" where it is the end of the lease that is too late
	Pattern   string    // what is not covered: a pattern, an amount, or the time of the end
	Problem   Problem
}

func (e *Beyond) Error() string {
	if e.Namespace == "" {
		return fmt.Sprintf("lease: expires_at %q: %s", excerpt(e.Pattern), string(e.Problem))
	}
	return fmt.Sprintf("lease: %s %q: %s", excerpt(string(e.Namespace)), excerpt(e.Pattern), string(e.Problem))
}

// excerpt keeps a message readable whatever was sent.
func excerpt(text string) string {
	const most = 128
	if len(text) <= most {
		return text
	}
	return text[:most] + "..."
}

// checkText refuses what no path, URL or name has.
func checkText(text string, most int) Problem {
	switch {
	case text == "":
		return "it is empty"
	case len(text) > most:
		return "it is too long"
	case !utf8.ValidString(text):
		return "it is not UTF-8"
	}
	for _, char := range []byte(text) {
		if char < ' ' || char == 0x7f {
			return "it has a control character"
		}
	}
	return ""
}
