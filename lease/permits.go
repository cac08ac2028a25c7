package lease

// Operation is one thing that an agent asks to do: a namespace, and the path, URL or name that it is about.
type Operation struct {
	Namespace Namespace
	Resource  string
}

// resource is an operation's resource in the normal form of its dialect: an address for URLs, otherwise text.
type resource struct {
	text    string
	address address
}

// Permits answers whether the lease covers an operation. §9.3: what no pattern covers is refused. §9.2: a grant in
// one namespace gives nothing in another. The error is a *Denied.
//
// It looks at the grants only: the budget's counters are the ledger's (§9.6), and the time is Expired's (§9.5).
func (l Lease) Permits(op Operation) error {
	language := op.Namespace.dialect()
	switch language {
	case noDialect:
		return &Denied{Operation: op, Problem: "no lease knows this namespace"}
	case amountDialect:
		return &Denied{Operation: op, Problem: "a budget is not an operation"}
	}
	patterns := l.grants[op.Namespace]
	if len(patterns) == 0 {
		return &Denied{Operation: op, Problem: "the lease grants nothing in this namespace"}
	}
	wanted, problem := normalise(language, op.Resource)
	if problem != "" {
		return &Denied{Operation: op, Problem: problem}
	}
	for _, granted := range patterns {
		if granted.matches(wanted) {
			return nil
		}
	}
	return &Denied{Operation: op, Problem: "no pattern of the lease covers it"}
}

// normalise brings a resource into the one form that patterns are matched with.
func normalise(language dialect, text string) (resource, Problem) {
	if problem := checkText(text, MaxResource); problem != "" {
		return resource{}, problem
	}
	switch language {
	case pathDialect:
		path, problem := cleanPath(text)
		return resource{text: path}, problem
	case urlDialect:
		url, problem := parseURL(text)
		return resource{address: url}, problem
	default:
		return resource{text: text}, ""
	}
}

// compile reads one pattern of a dialect.
func compile(language dialect, text string) (pattern, Problem) {
	if problem := checkText(text, MaxPattern); problem != "" {
		return nil, problem
	}
	switch language {
	case pathDialect:
		path, problem := cleanPath(text)
		if problem != "" {
			return nil, problem
		}
		return textPattern{text: path, glob: compileGlob(path, pathRules)}, ""
	case urlDialect:
		return compileURL(text)
	default:
		return textPattern{text: text, glob: compileGlob(text, nameRules)}, ""
	}
}

// textPattern is a glob over the text of a resource: a path or a name.
type textPattern struct {
	text string
	glob glob
}

func (p textPattern) String() string { return p.text }

func (p textPattern) matches(wanted resource) bool { return p.glob.match(wanted.text) }

func (p textPattern) wild() int { return len(p.glob.steps) }
