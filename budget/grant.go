package budget

import (
	"slices"
	"strings"
)

// maxCurrency is the greatest length of a currency in bytes.
const maxCurrency = 32

// Grant is one entry of a lease's `cost.budget`: a ceiling in one currency (§9.6).
type Grant struct {
	Currency string
	Amount   Amount
}

// String returns the grant in the draft's form, the amount in its canonical text: "USD:5".
func (g Grant) String() string { return g.Currency + ":" + g.Amount.String() }

// ParseGrant reads an amount string of §9.6:
//
//	amount  ::= currency ":" decimal
//	decimal ::= digits ( "." digits )?
//
// §9.6 (choice): a currency is an ASCII letter followed by at most 31 letters, digits, '.', '_' and '-', and its
// case matters, since a metric's unit has to be the same string. Leading zeros and a decimal of 0 are
// grammatical and accepted; a budget of 0 is exhausted from the start. The limits of ParseAmount hold for
// the decimal. The error is a *SyntaxError.
func ParseGrant(text string) (Grant, error) {
	currency, decimal, found := strings.Cut(text, ":")
	problem := grantProblem(currency, decimal, found)
	if problem == "" {
		var amount Amount
		if amount, problem = parseDecimal(decimal); problem == "" {
			return Grant{Currency: currency, Amount: amount}, nil
		}
	}
	return Grant{}, &SyntaxError{Text: text, Problem: problem}
}

// grantProblem names what is wrong with the parts, before the digits themselves are read.
func grantProblem(currency, decimal string, found bool) Problem {
	switch {
	case currency == "" && !found:
		return Empty
	case strings.ContainsAny(currency, " \t\r\n") || strings.ContainsAny(decimal, " \t\r\n"):
		return Spaced
	case !found:
		return NoColon
	case currency == "":
		return NoCurrency
	case !IsCurrency(currency):
		return BadCurrency
	case decimal == "":
		return NoDecimal
	case len(decimal) > MaxText:
		return TooLong
	}
	return ""
}

// parseDecimal reads `digits ( "." digits )?`.
func parseDecimal(text string) (Amount, Problem) {
	if text[0] == '+' || text[0] == '-' {
		return Amount{}, Signed
	}
	whole, rest := digits(text)
	if whole == "" {
		if rest[0] == '.' {
			return Amount{}, NoWhole
		}
		return Amount{}, NotADecimal
	}
	fraction, rest, problem := point(rest)
	switch {
	case problem != "":
		return Amount{}, problem
	case rest != "" && (rest[0] == 'e' || rest[0] == 'E'):
		return Amount{}, Exponent
	case rest != "":
		return Amount{}, NotADecimal
	}
	return fromDigits(whole, fraction, 0)
}

// IsCurrency reports whether text can name a currency in a grant (see ParseGrant).
func IsCurrency(text string) bool {
	if text == "" || len(text) > maxCurrency || !isLetter(text[0]) {
		return false
	}
	for _, char := range []byte(text) {
		if !isLetter(char) && (char < '0' || char > '9') && char != '.' && char != '_' && char != '-' {
			return false
		}
	}
	return true
}

func isLetter(char byte) bool {
	return 'a' <= char && char <= 'z' || 'A' <= char && char <= 'Z'
}

// SortGrants returns the grants in the order of their currencies. The error is a *DuplicateCurrency.
//
// §9.6 (choice): two entries for one currency are refused, since the draft does not say whether they add up or
// replace one another, and money is no place to guess.
func SortGrants(grants []Grant) ([]Grant, error) {
	sorted := slices.SortedFunc(slices.Values(grants), func(a, b Grant) int {
		return strings.Compare(a.Currency, b.Currency)
	})
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Currency == sorted[i-1].Currency {
			return nil, &DuplicateCurrency{Currency: sorted[i].Currency}
		}
	}
	return sorted, nil
}
