package budget

import "math/bits"

// places is how many decimal places an Amount keeps: one unit of a fixed is 10^-places.
const places = 40

// integerDigits is how many digits may stand before the decimal point of a parsed amount.
const integerDigits = 24

// chunk is the most decimal digits that always fit a uint64.
const chunk = 19

// pow10 holds the powers of ten that fit a uint64.
var pow10 = [chunk + 1]uint64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
	1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
}

// fixed is a two's complement integer of 320 bits, least significant word first.
//
// A parsed amount is below 10^64 units (24 digits before the point and 40 after it), and 10^64 < 2^213. The
// largest fixed is about 2^319, so more than 2^105 parsed amounts can be added before a sum leaves the range:
// at a thousand million sums a second that is longer than 10^15 years. add reports overflow all the same, so
// that no caller has to trust this argument.
type fixed [5]uint64

// add returns x+y, and false when the sum does not fit.
func (x fixed) add(y fixed) (fixed, bool) {
	var z fixed
	var carry uint64
	z[0], carry = bits.Add64(x[0], y[0], 0)
	z[1], carry = bits.Add64(x[1], y[1], carry)
	z[2], carry = bits.Add64(x[2], y[2], carry)
	z[3], carry = bits.Add64(x[3], y[3], carry)
	z[4], _ = bits.Add64(x[4], y[4], carry)
	return z, z.fits((x[4] ^ z[4]) & (y[4] ^ z[4]))
}

// sub returns x-y, and false when the difference does not fit.
func (x fixed) sub(y fixed) (fixed, bool) {
	var z fixed
	var borrow uint64
	z[0], borrow = bits.Sub64(x[0], y[0], 0)
	z[1], borrow = bits.Sub64(x[1], y[1], borrow)
	z[2], borrow = bits.Sub64(x[2], y[2], borrow)
	z[3], borrow = bits.Sub64(x[3], y[3], borrow)
	z[4], _ = bits.Sub64(x[4], y[4], borrow)
	return z, z.fits((x[4] ^ y[4]) & (x[4] ^ z[4]))
}

// fits reports whether z is a right result, given a word whose top bit is set where the sign overflowed. The
// lowest top word is given up, so that every fixed in use has a negative that is one too.
func (z fixed) fits(overflow uint64) bool { return overflow>>63 == 0 && z[4] != 1<<63 }

// neg returns -x.
func (x fixed) neg() fixed {
	z, _ := fixed{}.sub(x)
	return z
}

// sign returns -1, 0 or 1.
func (x fixed) sign() int {
	switch {
	case int64(x[4]) < 0:
		return -1
	case x == fixed{}:
		return 0
	}
	return 1
}

// cmp returns -1, 0 or 1 as x is below, equal to or above y.
func (x fixed) cmp(y fixed) int {
	if x[4] != y[4] {
		if int64(x[4]) < int64(y[4]) {
			return -1
		}
		return 1
	}
	for i := 3; i >= 0; i-- {
		switch {
		case x[i] < y[i]:
			return -1
		case x[i] > y[i]:
			return 1
		}
	}
	return 0
}

// mulAdd returns x*m + a for an x that is not negative. The caller keeps the result below 10^64.
func (x fixed) mulAdd(m, a uint64) fixed {
	var z fixed
	carry := a
	for i, word := range x {
		high, low := bits.Mul64(word, m)
		var c uint64
		z[i], c = bits.Add64(low, carry, 0)
		carry = high + c
	}
	return z
}

// divMod returns x/d and the remainder for an x that is not negative.
func (x fixed) divMod(d uint64) (fixed, uint64) {
	var q fixed
	var rest uint64
	for i := len(x) - 1; i >= 0; i-- {
		q[i], rest = bits.Div64(rest, x[i], d)
	}
	return q, rest
}
