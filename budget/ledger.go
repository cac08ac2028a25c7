package budget

import (
	"slices"
	"strings"
)

// Ledger holds the counters of one tree of jobs: a root job and whatever was delegated below it (§9.4, §9.6).
// K names a job. Every cost is booked on the counters of the job and of all its ancestors, so that the tree
// cannot spend more than its root was given.
//
// A Ledger is a plain structure: not safe for concurrent use, to be owned by one actor. Use New.
type Ledger[K comparable] struct {
	accounts map[K]*account
}

// account is the counters of one job, sorted by currency, and a way up to the root.
type account struct {
	parent   *account
	counters []Counter
}

// Counter is what is left in one currency. Costs already incurred can take Remaining below zero (§9.6).
type Counter struct {
	Currency  string
	Remaining Amount
}

// New opens the counters of a root job at exactly the granted amounts. No grants at all is a job without a
// budget: nothing is booked and nothing is exhausted. The error is a *DuplicateCurrency or a *NegativeCost.
func New[K comparable](root K, grants []Grant) (*Ledger[K], error) {
	counters, err := open(grants)
	if err != nil {
		return nil, err
	}
	return &Ledger[K]{accounts: map[K]*account{root: {counters: counters}}}, nil
}

func open(grants []Grant) ([]Counter, error) {
	sorted, err := SortGrants(grants)
	if err != nil {
		return nil, err
	}
	counters := make([]Counter, len(sorted))
	for i, grant := range sorted {
		if grant.Amount.Sign() < 0 {
			return nil, &NegativeCost{Currency: grant.Currency, Cost: grant.Amount}
		}
		counters[i] = Counter{Currency: grant.Currency, Remaining: grant.Amount}
	}
	return counters, nil
}

// Report books a cost that was already incurred (§9.6). It is booked whatever is left, also below zero.
//
// remaining is the job's counter after the booking; where only ancestors budget the currency, it is the nearest
// ancestor's. booked is false where neither the job nor an ancestor budgets the currency: nothing happened. The
// error is a *NegativeCost, an *UnknownJob or a *RangeError, and then nothing was booked.
func (l *Ledger[K]) Report(job K, currency string, cost Amount) (remaining Amount, booked bool, err error) {
	return l.book(job, currency, cost, false)
}

// Charge books a cost that is asked for first: as Report, but a cost that would take a counter of the job or of
// any ancestor below zero is refused whole with an *Overspend, and no counter moves. A cost of exactly what is
// left is booked.
func (l *Ledger[K]) Charge(job K, currency string, cost Amount) (remaining Amount, booked bool, err error) {
	return l.book(job, currency, cost, true)
}

// book checks the whole way up to the root before it moves the first counter.
func (l *Ledger[K]) book(job K, currency string, cost Amount, limited bool) (Amount, bool, error) {
	own, err := l.account(job)
	if err != nil {
		return Amount{}, false, err
	}
	// §9.6: a negative value is rejected and takes nothing off.
	if cost.Sign() < 0 {
		return Amount{}, false, &NegativeCost{Currency: currency, Cost: cost}
	}
	for a := own; a != nil; a = a.parent {
		counter := a.counter(currency)
		if counter == nil {
			continue
		}
		after, err := counter.Remaining.Sub(cost)
		if err != nil {
			return Amount{}, false, err
		}
		if limited && after.Sign() < 0 && cost.Sign() > 0 {
			return Amount{}, false, &Overspend{Currency: currency, Cost: cost, Remaining: counter.Remaining}
		}
	}
	remaining, booked := own.decrement(currency, cost)
	return remaining, booked, nil
}

// decrement takes a checked cost off the account and its ancestors, and returns the nearest counter.
func (a *account) decrement(currency string, cost Amount) (nearest Amount, booked bool) {
	for ; a != nil; a = a.parent {
		counter := a.counter(currency)
		if counter == nil {
			continue
		}
		// The caller has seen that the difference fits.
		counter.Remaining, _ = counter.Remaining.Sub(cost)
		if !booked {
			nearest, booked = counter.Remaining, true
		}
	}
	return nearest, booked
}

// Authorise answers whether the job may perform an operation now. §9.6: all counters are checked, whatever
// currency the operation would cost, and one at or below zero refuses. A child's operation is also refused when an
// ancestor's counter is exhausted. The error is an *Exhausted, the nearest job's and its first currency in
// alphabetical order, or an *UnknownJob.
func (l *Ledger[K]) Authorise(job K) error {
	own, err := l.account(job)
	if err != nil {
		return err
	}
	for a := own; a != nil; a = a.parent {
		for i := range a.counters {
			if a.counters[i].Remaining.Sign() <= 0 {
				return &Exhausted{Currency: a.counters[i].Currency, Remaining: a.counters[i].Remaining}
			}
		}
	}
	return nil
}

// Remaining returns the job's own counter in a currency, and false where the job has none.
func (l *Ledger[K]) Remaining(job K, currency string) (Amount, bool) {
	own, err := l.account(job)
	if err != nil {
		return Amount{}, false
	}
	counter := own.counter(currency)
	if counter == nil {
		return Amount{}, false
	}
	return counter.Remaining, true
}

// Snapshot returns a copy of the job's own counters in the alphabetical order of their currencies, nil for a job
// without a budget or an unknown job.
func (l *Ledger[K]) Snapshot(job K) []Counter {
	own, err := l.account(job)
	if err != nil || len(own.counters) == 0 {
		return nil
	}
	return slices.Clone(own.counters)
}

func (l *Ledger[K]) account(job K) (*account, error) {
	own, ok := l.accounts[job]
	if !ok {
		return nil, &UnknownJob{Job: job}
	}
	return own, nil
}

// counter finds the account's own counter; nil where it has none.
func (a *account) counter(currency string) *Counter {
	i, found := slices.BinarySearchFunc(a.counters, currency, func(c Counter, currency string) int {
		return strings.Compare(c.Currency, currency)
	})
	if !found {
		return nil
	}
	return &a.counters[i]
}
