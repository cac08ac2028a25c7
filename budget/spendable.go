package budget

import (
	"slices"
	"strings"
)

// Spendable returns what a job can still spend in each currency, sorted by currency: the least that is left on the way from
// the job to its root, since its costs count against all of them. Nil where nothing is budgeted, or for an unknown job.
func (l *Ledger[K]) Spendable(job K) []Counter {
	own, err := l.account(job)
	if err != nil {
		return nil
	}
	var least []Counter
	for a := own; a != nil; a = a.parent {
		for _, counter := range a.counters {
			i, found := slices.BinarySearchFunc(least, counter.Currency, func(c Counter, currency string) int {
				return strings.Compare(c.Currency, currency)
			})
			switch {
			case !found:
				least = slices.Insert(least, i, counter)
			case counter.Remaining.Cmp(least[i].Remaining) < 0:
				least[i] = counter
			}
		}
	}
	return least
}
