package protocol

import (
	"strings"
	"time"
)

// FormatTime writes a time as the draft's examples do: RFC 3339 in UTC with `Z`, here
// always with milliseconds. What is finer is cut off.
func FormatTime(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// ParseTime reads a time with its zone, in UTC. §16.1 names ISO 8601, of which this
// takes the profile of RFC 3339, letters in upper case. The refusal is INVALID_REQUEST.
func ParseTime(text string) (time.Time, *Error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil || !strict(text) {
		return time.Time{}, NewError(InvalidRequest, "a time does not follow RFC 3339")
	}
	return t.UTC(), nil
}

// strict refuses what the parser takes beyond RFC 3339: a comma before the fraction, one digit for the hour, and an
// offset with 24 hours or 60 minutes.
func strict(text string) bool {
	end := len(text)
	return !strings.ContainsRune(text, ',') && text[len("2006-01-02T15")] == ':' &&
		(text[end-1] == 'Z' || text[end-5:end-3] < "24" && text[end-2:] < "60")
}

// ParseUTC reads an expires_at. §9.5: it must be UTC with the suffix `Z`, so an offset
// is refused, +00:00 too. That it lies ahead is for the reader of a clock to say.
func ParseUTC(text string) (time.Time, *Error) {
	if !strings.HasSuffix(text, "Z") {
		return time.Time{}, NewError(InvalidRequest, "a time must be in UTC and end in Z")
	}
	return ParseTime(text)
}
