package lease

import (
	"maps"
	"slices"
	"time"

	"github.com/arcp-conformance/arcp/budget"
)

// Within answers whether a lease gives nothing that its parent does not give, so that it may be delegated (§9.4). It is
// compared grant by grant: every pattern has to be covered whole by one pattern of the parent in the same namespace, every
// currency of the budget has to be one of the parent's, and the lease may not end later than the parent. The error is a
// *Beyond.
//
// Whoever is told nil can rely on it. A refusal of what two patterns cover only together, and of patterns too intricate to
// be compared in bounded time, is possible: it takes authority away, and never gives any. A lease is within itself, and
// within any parent whose lists have all its patterns text for text.
//
// How much of the budget is left is the ledger's to say (§9.6).
func (l Lease) Within(parent Lease) error {
	work := effort(maxEffort)
	for _, namespace := range slices.Sorted(maps.Keys(l.grants)) {
		if err := withinNamespace(namespace, l.grants[namespace], parent.grants[namespace], &work); err != nil {
			return err
		}
	}
	for _, grant := range l.budget {
		if !budgets(parent.budget, grant.Currency) {
			return &Beyond{Namespace: CostBudget, Pattern: grant.String(), Problem: "the parent has no budget in this currency"}
		}
	}
	return l.endsWithin(parent)
}

// Inherit returns the lease with its parent's end, where it has none or a later one of its own. §9.4: the child's effective
// end is the earlier of the two.
func (l Lease) Inherit(parent Lease) Lease {
	if at, ends := parent.ExpiresAt(); ends && (l.expires.IsZero() || at.Before(l.expires)) {
		return l.WithExpiry(at)
	}
	return l
}

// endsWithin compares the ends. §9.4: a lease without an end inherits its parent's.
func (l Lease) endsWithin(parent Lease) error {
	at, ends := l.ExpiresAt()
	limit, limited := parent.ExpiresAt()
	if ends && limited && at.After(limit) {
		return &Beyond{Pattern: at.UTC().Format(time.RFC3339Nano), Problem: "it expires later than the parent"}
	}
	return nil
}

func budgets(grants []budget.Grant, currency string) bool {
	return slices.ContainsFunc(grants, func(g budget.Grant) bool { return g.Currency == currency })
}

// withinNamespace looks for a pattern of the parent around each pattern of the child.
func withinNamespace(namespace Namespace, child, parent []pattern, work *effort) error {
	same := make(map[string]struct{}, len(parent))
	for _, granted := range parent {
		same[granted.String()] = struct{}{}
	}
	for _, asked := range child {
		if _, found := same[asked.String()]; found {
			continue
		}
		covered := slices.ContainsFunc(parent, func(granted pattern) bool { return granted.includes(asked, work) })
		switch {
		case covered:
		case work.spent():
			return &Beyond{Namespace: namespace, Pattern: asked.String(), Problem: "the patterns are too many or too intricate to compare"}
		default:
			return &Beyond{Namespace: namespace, Pattern: asked.String(), Problem: "no pattern of the parent covers it"}
		}
	}
	return nil
}

// includes reports whether the pattern covers all that the other one covers.
func (p textPattern) includes(child pattern, work *effort) bool {
	other, same := child.(textPattern)
	return same && includes(p.glob, other.glob, work)
}

// includes compares part by part: no star reaches from one part into another, so the parts decide on their own.
func (p urlPattern) includes(child pattern, work *effort) bool {
	other, same := child.(urlPattern)
	switch {
	case !same:
		return false
	case p.everything:
		return true
	case other.everything:
		return false // withinNamespace has found its like; any other pattern is narrower or not worth the search
	}
	return (p.scheme == "*" || p.scheme == other.scheme) && p.includesPort(other) &&
		includes(p.host, other.host, work) && includes(p.path, other.path, work) && includes(p.query, other.query, work)
}

// includesPort compares the ports, where the schemes are compared already.
func (p urlPattern) includesPort(other urlPattern) bool {
	switch {
	case p.port == "*", p.port == other.port:
		return true
	case other.port == "*", other.scheme == "*":
		return false // several ports, or a port of several schemes
	case p.port == "":
		return other.port == defaultPort(other.scheme)
	}
	return other.port == "" && p.port == defaultPort(other.scheme)
}
