package protocol

import (
	"errors"
	"strconv"
	"strings"
)

// MaxNumber is the longest text that a Number may have, in bytes. §9.6 (choice): the
// draft has no bound; this one leaves room for any amount of money, and none for
// numbers whose only use is to make a peer sweat.
const MaxNumber = 64

var errNumber = errors.New("protocol: not a JSON number of at most 64 bytes")

// Valid says whether the text is a number of the JSON grammar, not longer than
// MaxNumber. The zero Number is not.
func (n Number) Valid() bool {
	return len(n) > 0 && len(n) <= MaxNumber && number([]byte(n), 0) == len(n)
}

// Sign returns -1, 0 or 1, by the value: -0.0e9 has none. The number must be valid.
func (n Number) Sign() int {
	mantissa, _, _ := strings.Cut(strings.ToLower(string(n)), "e")
	switch {
	case !strings.ContainsAny(mantissa, "123456789"):
		return 0
	case mantissa[0] == '-':
		return -1
	}
	return 1
}

// MarshalJSON writes the digits as they are. It refuses a Number that is not valid.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Valid() {
		return nil, errNumber
	}
	return []byte(n), nil
}

// UnmarshalJSON keeps the digits as they are. It refuses a string.
func (n *Number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	if !Number(text).Valid() {
		return errNumber
	}
	*n = Number(text)
	return nil
}

// number returns the place behind the number that begins at pos, or pos when none does.
func number(text []byte, pos int) int {
	at := pos
	if at < len(text) && text[at] == '-' {
		at++
	}
	whole := digits(text, at)
	if whole == at || text[at] == '0' && whole > at+1 {
		return pos
	}
	at = whole
	if at < len(text) && text[at] == '.' {
		end := digits(text, at+1)
		if end == at+1 {
			return pos
		}
		at = end
	}
	if at < len(text) && text[at]|0x20 == 'e' {
		at++
		if at < len(text) && (text[at] == '+' || text[at] == '-') {
			at++
		}
		end := digits(text, at)
		if end == at {
			return pos
		}
		at = end
	}
	return at
}

func digits(text []byte, pos int) int {
	for pos < len(text) && '0' <= text[pos] && text[pos] <= '9' {
		pos++
	}
	return pos
}

// whole reads a number that is a whole one by its value, however it is written: 5,
// 5.0, 50e-1 and 5e0 are one number. It refuses what is below zero or above 2^64-1. The
// text must be a number.
func whole(text string) (value uint64, ok bool) {
	if value, err := strconv.ParseUint(text, 10, 64); err == nil {
		return value, true
	}
	n := Number(text)
	if !n.Valid() || n.Sign() < 0 {
		return 0, false
	}
	if n.Sign() == 0 {
		return 0, true
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	before, after, _ := strings.Cut(mantissa, ".")
	scale := 0
	if exponent != "" {
		var err error
		if scale, err = strconv.Atoi(exponent); err != nil {
			return 0, false
		}
	}
	all := strings.TrimRight(before+after, "0")
	zeros := len(before) + scale - len(all)
	if zeros < 0 || zeros > 20 {
		return 0, false
	}
	value, err := strconv.ParseUint(all+strings.Repeat("0", zeros), 10, 64)
	return value, err == nil
}
