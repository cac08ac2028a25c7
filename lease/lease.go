package lease

import (
	"maps"
	"slices"
	"time"

	"github.com/arcp-conformance/arcp/budget"
)

// The limits of a lease. Together they bound the time that one Permits takes, besides comparing prefixes: for each byte of
// the resource one word for each pattern with a star, and one for each 64 bytes of MaxWild.
const (
	MaxPattern  = 1024 // bytes of one pattern
	MaxWild     = 2048 // bytes of all patterns of a namespace, counted from the first star of each
	MaxStarred  = 128  // patterns of a namespace that have a star
	MaxResource = 4096 // bytes of an operation's resource
)

// Lease is what a job may do (§9.1): grants by namespace, budgets, and perhaps a time at which it all ends. It is
// an immutable value, safe to copy and for concurrent use. The zero value permits nothing.
type Lease struct {
	wire    map[string][]string
	grants  map[Namespace][]pattern
	budget  []budget.Grant
	expires time.Time
}

// pattern is one grant, ready to be matched with the resources of its namespace.
type pattern interface {
	// matches takes a resource in the normal form of the dialect.
	matches(resource resource) bool
	// wild is how many bytes there are from the first star on.
	wild() int
	// includes reports whether all that another pattern of the same dialect matches is matched. It may say no for want of
	// effort.
	includes(child pattern, work *effort) bool
	// String is the pattern as it was granted, or in its normal form.
	String() string
}

// Parse reads a `lease_request`: lists of patterns by namespace (§7.1, §9.2). A missing request, that is nil, is
// the empty lease, and an empty list grants nothing; neither means "everything". The error is an *Invalid.
func Parse(request map[string][]string) (Lease, error) {
	l := Lease{wire: clone(request), grants: make(map[Namespace][]pattern, len(request))}
	// In a fixed order, so that of several faults always the same one is named.
	for _, name := range slices.Sorted(maps.Keys(request)) {
		if err := l.grant(Namespace(name), request[name]); err != nil {
			return Lease{}, err
		}
	}
	return l, nil
}

// grant adds the patterns of one namespace.
func (l *Lease) grant(namespace Namespace, texts []string) error {
	language := namespace.dialect()
	if language == noDialect {
		// §9.2: the reserved namespaces are a closed list.
		return &Invalid{Namespace: namespace, Problem: "the namespace is neither reserved nor a vendor's (x-...)"}
	}
	if language == amountDialect {
		return l.grantBudget(texts)
	}
	wild, starred := 0, 0
	patterns := make([]pattern, 0, len(texts))
	for _, text := range texts {
		compiled, problem := compile(language, text)
		if problem != "" {
			return &Invalid{Namespace: namespace, Pattern: text, Problem: problem}
		}
		if wild += compiled.wild(); wild > MaxWild {
			return &Invalid{Namespace: namespace, Problem: "the patterns have more than 2048 bytes from their first stars on"}
		}
		if compiled.wild() > 0 {
			starred++
		}
		if starred > MaxStarred {
			return &Invalid{Namespace: namespace, Problem: "more than 128 patterns have a star"}
		}
		patterns = append(patterns, compiled)
	}
	l.grants[namespace] = patterns
	return nil
}

// grantBudget adds the ceilings of §9.6, one a currency.
func (l *Lease) grantBudget(texts []string) error {
	grants := make([]budget.Grant, 0, len(texts))
	for _, text := range texts {
		grant, err := budget.ParseGrant(text)
		if err != nil {
			return &Invalid{Namespace: CostBudget, Pattern: text, Problem: "it is not an amount", Err: err}
		}
		grants = append(grants, grant)
	}
	sorted, err := budget.SortGrants(grants)
	if err != nil {
		return &Invalid{Namespace: CostBudget, Problem: "a currency stands twice", Err: err}
	}
	l.budget = sorted
	return nil
}

// Wire returns a copy of the grants as they were requested, text for text: what job.accepted shows (§7.1). It is
// never nil.
func (l Lease) Wire() map[string][]string { return clone(l.wire) }

// Namespaces returns the namespaces that the lease names, sorted, also those with an empty list.
func (l Lease) Namespaces() []Namespace {
	names := make([]Namespace, 0, len(l.wire))
	for _, name := range slices.Sorted(maps.Keys(l.wire)) {
		names = append(names, Namespace(name))
	}
	return names
}

// Names reports whether the lease names the namespace, even if with an empty list.
func (l Lease) Names(namespace Namespace) bool {
	_, named := l.wire[string(namespace)]
	return named
}

// Budget returns a copy of the ceilings of `cost.budget`, sorted by currency (§9.6). Nil means that no counter
// exists, so that cost is not limited.
func (l Lease) Budget() []budget.Grant { return slices.Clone(l.budget) }

// clone makes a deep copy, in which an empty list stays a list.
func clone(grants map[string][]string) map[string][]string {
	copied := make(map[string][]string, len(grants))
	for name, patterns := range grants {
		copied[name] = append(make([]string, 0, len(patterns)), patterns...)
	}
	return copied
}
