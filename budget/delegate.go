package budget

// Delegate opens the counters of a child job below parent at the granted amounts. §9.4: no grant may be above what
// the parent has left, nor in a currency that the parent does not budget; exactly what is left is granted. Where
// an ancestor has less left than the parent, that is the limit. Delegating takes nothing off the parent: the
// child's costs will (see the package documentation).
//
// Delegating is an operation too (§9.6): ask Authorise for the parent first. The error is a *BeyondParent, a
// *DuplicateCurrency, a *NegativeCost, an *UnknownJob or a *JobExists, and then no child was opened.
func (l *Ledger[K]) Delegate(parent, child K, grants []Grant) error {
	above, err := l.account(parent)
	if err != nil {
		return err
	}
	if _, taken := l.accounts[child]; taken {
		return &JobExists{Job: child}
	}
	counters, err := open(grants)
	if err != nil {
		return err
	}
	for _, counter := range counters {
		if err := above.covers(counter); err != nil {
			return err
		}
	}
	l.accounts[child] = &account{parent: above, counters: counters}
	return nil
}

// covers answers whether the account and all its ancestors have at least what is asked for.
func (a *account) covers(asked Counter) error {
	if a.counter(asked.Currency) == nil {
		return &BeyondParent{Currency: asked.Currency, Asked: asked.Remaining}
	}
	for ; a != nil; a = a.parent {
		counter := a.counter(asked.Currency)
		if counter != nil && asked.Remaining.Cmp(counter.Remaining) > 0 {
			return &BeyondParent{
				Currency: asked.Currency, Asked: asked.Remaining, Remaining: counter.Remaining, Budgeted: true,
			}
		}
	}
	return nil
}

// Forget drops the counters of a job that has ended. What it spent stays booked on its ancestors, and its own
// children go on counting against it and them. Later calls for the job get an *UnknownJob. Forgetting an unknown
// job does nothing.
func (l *Ledger[K]) Forget(job K) { delete(l.accounts, job) }
