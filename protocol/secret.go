package protocol

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// String leaves the value out. §14: it is not logged, by mistake either.
func (c Credential) String() string {
	return fmt.Sprintf("credential %s (%s at %s)", c.ID, c.Scheme, c.Endpoint)
}

// GoString leaves the value out as well.
func (c Credential) GoString() string { return "protocol.Credential{" + c.String() + "}" }

// Redacted stands where a secret value was.
const Redacted = "[redacted]"

// Redact leaves values out of a text (§14), the longest first: one value may begin another, and its rest must not stay.
func Redact(text string, values []string) string {
	longest := slices.SortedFunc(slices.Values(values), func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, value := range longest {
		if value != "" {
			text = strings.ReplaceAll(text, value, Redacted)
		}
	}
	return text
}
