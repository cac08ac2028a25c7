package budget

// MaxText is the greatest length in bytes of an amount's text. A float64 printed in full needs 24.
const MaxText = 64

// maxExponent is where the reading of an exponent's digits stops counting: far outside every limit.
const maxExponent = 1 << 20

// ParseAmount reads the text of a JSON number (RFC 8259 §6) as an exact amount: "0.0234", "5e-7", "-3". It
// takes at most MaxText characters, 24 digits before the decimal point and 40 after it, counted without the
// zeros that carry nothing; another number is refused, never rounded. The error is a *SyntaxError. Its time is
// bounded by the length of the text, whatever the exponent says.
func ParseAmount(text string) (Amount, error) {
	amount, problem := parseNumber(text)
	if problem != "" {
		return Amount{}, &SyntaxError{Text: text, Problem: problem}
	}
	return amount, nil
}

// parseNumber reads `-? int frac? exp?` and returns what is wrong with it, "" for nothing.
func parseNumber(text string) (Amount, Problem) {
	switch {
	case text == "":
		return Amount{}, Empty
	case len(text) > MaxText:
		return Amount{}, TooLong
	}
	rest, negative := text, text[0] == '-'
	if negative {
		rest = rest[1:]
	}
	whole, rest := digits(rest)
	if whole == "" || whole[0] == '0' && len(whole) > 1 {
		return Amount{}, NotANumber
	}
	fraction, rest, problem := point(rest)
	if problem != "" {
		return Amount{}, NotANumber
	}
	power, ok := exponent(rest)
	if !ok {
		return Amount{}, NotANumber
	}
	amount, problem := fromDigits(whole, fraction, power)
	if negative {
		amount = amount.Neg()
	}
	return amount, problem
}

// digits splits text after its leading decimal digits.
func digits(text string) (leading, rest string) {
	end := 0
	for end < len(text) && '0' <= text[end] && text[end] <= '9' {
		end++
	}
	return text[:end], text[end:]
}

// point reads an optional `"." digits`.
func point(text string) (fraction, rest string, problem Problem) {
	if text == "" || text[0] != '.' {
		return "", text, ""
	}
	fraction, rest = digits(text[1:])
	if fraction == "" {
		return "", rest, NoFraction
	}
	return fraction, rest, ""
}

// exponent reads an optional `("e" | "E") ("+" | "-")? digits` that ends the text.
func exponent(text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return 0, false
	}
	text = text[1:]
	negative := text != "" && text[0] == '-'
	if negative || text != "" && text[0] == '+' {
		text = text[1:]
	}
	shown, rest := digits(text)
	if shown == "" || rest != "" {
		return 0, false
	}
	power := 0
	for _, digit := range []byte(shown) {
		power = min(power*10+int(digit-'0'), maxExponent)
	}
	if negative {
		power = -power
	}
	return power, true
}

// fromDigits returns the number `whole.fraction` times 10^power. Zeros at either end carry nothing, so one
// number is accepted or refused alike in all its spellings.
func fromDigits(whole, fraction string, power int) (Amount, Problem) {
	for whole != "" && whole[0] == '0' {
		whole = whole[1:]
	}
	for fraction != "" && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	if whole == "" {
		for fraction != "" && fraction[0] == '0' {
			fraction = fraction[1:]
			power--
		}
	}
	if fraction == "" {
		for whole != "" && whole[len(whole)-1] == '0' {
			whole = whole[:len(whole)-1]
			power++
		}
	}
	significant := len(whole) + len(fraction)
	lowest := power - len(fraction)
	switch {
	case significant == 0:
		return Amount{}, ""
	case lowest < -places:
		return Amount{}, TooFine
	case significant+lowest > integerDigits:
		return Amount{}, TooLarge
	}
	return Amount{scale(whole, fraction, lowest+places)}, ""
}

// scale returns the digits as an integer times 10^power. The limits above keep it below 10^64.
func scale(whole, fraction string, power int) fixed {
	var units fixed
	var group uint64
	held := 0
	for _, part := range [2]string{whole, fraction} {
		for _, digit := range []byte(part) {
			group = group*10 + uint64(digit-'0')
			if held++; held == chunk {
				units, group, held = units.mulAdd(pow10[chunk], group), 0, 0
			}
		}
	}
	units = units.mulAdd(pow10[held], group)
	for ; power > chunk; power -= chunk {
		units = units.mulAdd(pow10[chunk], 0)
	}
	return units.mulAdd(pow10[power], 0)
}
