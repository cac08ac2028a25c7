package registry

import (
	"bytes"
	"strconv"
)

// appendNumber writes a JSON number in one form for each value: the digits without zeros around them, and the power of
// ten that they count. Both may be of any length, so neither is ever written out or made a machine's number.
func appendNumber(to, number []byte) []byte {
	to = append(to, figure)
	unsigned, negative := bytes.CutPrefix(number, []byte("-"))
	mantissa, exponent := unsigned, []byte(nil)
	if e := bytes.IndexAny(unsigned, "eE"); e >= 0 {
		mantissa, exponent = unsigned[:e], unsigned[e+1:]
	}
	whole, fraction, _ := bytes.Cut(mantissa, []byte("."))
	digits := bytes.TrimLeft(append(bytes.Clone(whole), fraction...), "0")
	significant := bytes.TrimRight(digits, "0")
	if len(significant) == 0 {
		return append(to, '0', ';')
	}
	if negative {
		to = append(to, '-')
	}
	to = append(append(to, significant...), 'e')
	to = appendSum(to, exponent, int64(len(digits)-len(significant)-len(fraction)))
	return append(to, ';')
}

// machineDigits is how many digits always fit an int64, with room for a sum.
const machineDigits = 18

// appendSum writes the sum of a decimal number, "" for 0, and a small one.
func appendSum(to, number []byte, small int64) []byte {
	magnitude, negative := bytes.CutPrefix(bytes.TrimPrefix(number, []byte("+")), []byte("-"))
	magnitude = bytes.TrimLeft(magnitude, "0")
	if negative {
		small = -small
	}
	if len(magnitude) > machineDigits {
		// The small number is the length of a text, so the sum keeps its sign.
		if negative {
			to = append(to, '-')
		}
		return append(to, longSum(magnitude, small)...)
	}
	sum := small
	if len(magnitude) > 0 {
		value, _ := strconv.ParseInt(string(magnitude), 10, 64) // digits, and not too many
		sum += value
	}
	if negative {
		sum = -sum
	}
	return strconv.AppendInt(to, sum, 10)
}

// longSum adds a small number to a long one, digit by digit as on paper.
func longSum(long []byte, carry int64) []byte {
	sum := append([]byte{'0'}, long...)
	for i := len(sum) - 1; i >= 0 && carry != 0; i-- {
		carry += int64(sum[i] - '0')
		digit := (carry%10 + 10) % 10
		sum[i] = byte('0' + digit)
		carry = (carry - digit) / 10
	}
	return bytes.TrimLeft(sum, "0")
}
