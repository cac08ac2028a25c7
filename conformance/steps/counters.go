package steps

import (
	"fmt"
	"math/big"
	"sort"
	"strings"
)

// counters is a dumb model of a budget (§9.6): exact fractions by currency.
type counters map[string]*big.Rat

func (b *bill) counters() counters {
	c := counters{}
	for currency, v := range b.budget {
		c[currency] = new(big.Rat).Set(v)
	}
	return c
}

func (c counters) clone() counters {
	out := counters{}
	for currency, v := range c {
		out[currency] = new(big.Rat).Set(v)
	}
	return out
}

// gaugePrefix begins the names of metrics that tell of the budget itself (§9.6).
const gaugePrefix = "cost.budget."

// exhausted says whether any counter is at or below 0: then every operation is refused (§9.6).
func (c counters) exhausted() bool {
	for _, v := range c {
		if v.Sign() <= 0 {
			return true
		}
	}
	return false
}

// take books the cost n times.
func (c counters) take(unit string, value *big.Rat, n int) {
	c[unit].Sub(c[unit], new(big.Rat).Mul(value, big.NewRat(int64(n), 1)))
}

// String is every counter with all its digits, for reports.
func (c counters) String() string {
	if len(c) == 0 {
		return "no budget"
	}
	var parts []string
	for currency, v := range c {
		parts = append(parts, currency+" "+decimal(v)+" left")
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

// counts says whether the line's metric takes its value off a counter: its name begins with "cost.", its unit is a
// budgeted currency, and it is not negative (§9.6). The gauge of the budget is no cost.
func (b *bill) counts(l line) bool {
	return strings.HasPrefix(l.metric, "cost.") && !strings.HasPrefix(l.metric, gaugePrefix) &&
		b.budget[l.unit] != nil && l.value != nil && l.value.Sign() >= 0
}

// expect finds what is wrong with a bill itself: a want that its own sums do not bear out.
func (b *bill) expect() error {
	c := b.counters()
	for i, l := range b.lines {
		switch {
		case l.call != "" && l.want != denied && (l.want == refused) != c.exhausted():
			return own("line %d, %q: %q is wanted with %s", i+1, l.text, l.want, c)
		case l.call != "" && l.want == "":
			return own("line %d, %q: nothing is wanted of an operation", i+1, l.text)
		case l.metric == "":
		case l.asks && l.want == refused:
			if over := c.clone(); over.over(l) {
				continue
			}
			return own("line %d, %q: refused with %s", i+1, l.text, c)
		case b.counts(l) == (l.want == notCounted):
			return own("line %d, %q: %q is wanted", i+1, l.text, l.want)
		case b.counts(l):
			c.take(l.unit, l.value, l.times)
		}
	}
	return nil
}

// over books a line and says whether its counter is below 0 then.
func (c counters) over(l line) bool {
	c.take(l.unit, l.value, l.times)
	return c[l.unit].Sign() < 0
}

// digits is the most significant digits that any budget, charge or counter of the bill needs. Up to 15 the suite
// insists on every one of them, and beyond it only informs (see the judgement on drift).
func (b *bill) digits() int {
	c, most := b.counters(), 0
	see := func(v *big.Rat) { most = max(most, significant(v)) }
	for _, v := range c {
		see(v)
	}
	for _, l := range b.lines {
		if !b.counts(l) {
			continue
		}
		see(l.value)
		if l.asks && l.want == refused {
			continue
		}
		for range l.times {
			c.take(l.unit, l.value, 1)
			see(c[l.unit])
		}
	}
	return most
}

// exactDigits is how many significant digits may be insisted on: what a decimal of 15 digits keeps in every number type
// that public peers use for money, and what one that drifts loses.
const exactDigits = 15

// significant is the number of significant digits of a decimal fraction; 0 has one.
func significant(v *big.Rat) int {
	text := strings.Trim(strings.TrimLeft(strings.Replace(decimal(v), ".", "", 1), "-"), "0")
	return max(1, len(text))
}

// decimal is v with all its digits, and without zeros that carry nothing.
func decimal(v *big.Rat) string {
	n, exact := v.FloatPrec()
	if !exact {
		return fmt.Sprintf("about %s", v.FloatString(20))
	}
	return v.FloatString(n)
}
