package budget

// Amount is an exact decimal: a price, a cost or what is left of a budget (§9.6). It is a plain value of 32
// bytes: copying it is safe, == compares by value, and it can be the key of a map. The zero value is 0.
// Every method is safe for concurrent use.
type Amount struct{ units fixed }

// Add returns a+b, exactly. The error is a *RangeError; sums of parsed amounts do not come near it.
func (a Amount) Add(b Amount) (Amount, error) {
	sum, ok := a.units.add(b.units)
	if !ok {
		return Amount{}, &RangeError{A: a, B: b, Operation: "+"}
	}
	return Amount{sum}, nil
}

// Sub returns a-b, exactly. The error is a *RangeError; differences of parsed amounts do not come near it.
func (a Amount) Sub(b Amount) (Amount, error) {
	difference, ok := a.units.sub(b.units)
	if !ok {
		return Amount{}, &RangeError{A: a, B: b, Operation: "-"}
	}
	return Amount{difference}, nil
}

// Neg returns -a.
func (a Amount) Neg() Amount { return Amount{a.units.neg()} }

// Cmp returns -1, 0 or 1 as a is below, equal to or above b.
func (a Amount) Cmp(b Amount) int { return a.units.cmp(b.units) }

// Equal reports whether a and b are the same number, as == does.
func (a Amount) Equal(b Amount) bool { return a == b }

// Sign returns -1, 0 or 1.
func (a Amount) Sign() int { return a.units.sign() }

// IsZero reports whether a is 0.
func (a Amount) IsZero() bool { return a == Amount{} }

// String returns the canonical text: plain digits without an exponent, without zeros that carry nothing, and
// never "-0". It is a JSON number, and ParseAmount reads it back as the same value where the amount keeps to the
// limits of ParseAmount; a sum may leave them.
func (a Amount) String() string {
	var buffer [textSize]byte
	return string(a.appendTo(buffer[:0]))
}

// MarshalJSON returns the canonical text, a JSON number with exactly the digits that the amount has.
func (a Amount) MarshalJSON() ([]byte, error) {
	return a.appendTo(make([]byte, 0, 24)), nil
}

// textSize holds the text of any Amount: 2^255 < 10^77, so five groups of digits, a sign and a point.
const textSize = 5*chunk + 2

// appendTo appends the canonical text to dst.
func (a Amount) appendTo(dst []byte) []byte {
	rest := a.units
	if rest.sign() < 0 {
		dst = append(dst, '-')
		rest = rest.neg()
	}
	var buffer [textSize]byte
	start := len(buffer)
	// All places, at least one digit before the point, and then as many groups as there are.
	for len(buffer)-start <= places || rest != (fixed{}) {
		var group uint64
		rest, group = rest.divMod(pow10[chunk])
		for range chunk {
			start--
			buffer[start] = byte('0' + group%10)
			group /= 10
		}
	}
	whole, fraction := buffer[start:len(buffer)-places], buffer[len(buffer)-places:]
	for len(whole) > 1 && whole[0] == '0' {
		whole = whole[1:]
	}
	for len(fraction) > 0 && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	dst = append(dst, whole...)
	if len(fraction) > 0 {
		dst = append(dst, '.')
		dst = append(dst, fraction...)
	}
	return dst
}
