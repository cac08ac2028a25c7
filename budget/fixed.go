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

// fixed is a two's complement integer of 256 bits, a the least significant word. Four fields, and not an array, since
// those are what the compiler keeps in registers.
//
// A parsed amount is below 10^64 units (24 digits before the point and 40 after it), and 10^64 < 2^213. The
// largest fixed is about 2^255, so 2^42 of the largest amounts can be added before a sum leaves the range; of
// amounts below a million million, 2^82. add reports overflow all the same, so that no caller has to trust this
// argument.
type fixed struct{ a, b, c, d uint64 }

// add returns x+y, and false when the sum does not fit.
func (x fixed) add(y fixed) (fixed, bool) {
	a, carry := bits.Add64(x.a, y.a, 0)
	b, carry := bits.Add64(x.b, y.b, carry)
	c, carry := bits.Add64(x.c, y.c, carry)
	d, _ := bits.Add64(x.d, y.d, carry)
	z := fixed{a, b, c, d}
	return z, z.fits((x.d ^ d) & (y.d ^ d))
}

// sub returns x-y, and false when the difference does not fit.
func (x fixed) sub(y fixed) (fixed, bool) {
	a, borrow := bits.Sub64(x.a, y.a, 0)
	b, borrow := bits.Sub64(x.b, y.b, borrow)
	c, borrow := bits.Sub64(x.c, y.c, borrow)
	d, _ := bits.Sub64(x.d, y.d, borrow)
	z := fixed{a, b, c, d}
	return z, z.fits((x.d ^ y.d) & (x.d ^ d))
}

// fits reports whether z is a right result, given a word whose top bit is set where the sign overflowed. -2^255 is
// given up, so that every fixed in use has a negative that is one too.
func (z fixed) fits(overflow uint64) bool {
	return overflow>>63 == 0 && (z.d != 1<<63 || z.a|z.b|z.c != 0)
}

// neg returns -x.
func (x fixed) neg() fixed {
	z, _ := fixed{}.sub(x)
	return z
}

// sign returns -1, 0 or 1.
func (x fixed) sign() int {
	switch {
	case int64(x.d) < 0:
		return -1
	case x == fixed{}:
		return 0
	}
	return 1
}

// cmp returns -1, 0 or 1 as x is below, equal to or above y.
func (x fixed) cmp(y fixed) int {
	if x == y {
		return 0
	}
	_, borrow := bits.Sub64(x.a, y.a, 0)
	_, borrow = bits.Sub64(x.b, y.b, borrow)
	_, borrow = bits.Sub64(x.c, y.c, borrow)
	// With the sign bits turned over, the order of the words is that of the numbers.
	_, borrow = bits.Sub64(x.d^1<<63, y.d^1<<63, borrow)
	return 1 - 2*int(borrow)
}

// mulAdd returns x*m + n for an x that is not negative. The caller keeps the result below 10^64.
func (x fixed) mulAdd(m, n uint64) fixed {
	var z fixed
	z.a, n = mulAdd64(x.a, m, n)
	z.b, n = mulAdd64(x.b, m, n)
	z.c, n = mulAdd64(x.c, m, n)
	z.d, _ = mulAdd64(x.d, m, n)
	return z
}

// mulAdd64 returns x*m + n in two words. It always fits them.
func mulAdd64(x, m, n uint64) (low, high uint64) {
	high, low = bits.Mul64(x, m)
	low, carry := bits.Add64(low, n, 0)
	return low, high + carry
}

// divMod returns x/m and the remainder for an x that is not negative.
func (x fixed) divMod(m uint64) (fixed, uint64) {
	var q fixed
	var rest uint64
	q.d, rest = bits.Div64(0, x.d, m)
	q.c, rest = bits.Div64(rest, x.c, m)
	q.b, rest = bits.Div64(rest, x.b, m)
	q.a, rest = bits.Div64(rest, x.a, m)
	return q, rest
}
