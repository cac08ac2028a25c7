package lease

import "strings"

// Namespace is the kind of resource that a grant is about (§9.2).
type Namespace string

// The reserved namespaces of §9.2.
const (
	FSRead        Namespace = "fs.read"        // reading files: path globs
	FSWrite       Namespace = "fs.write"       // writing files: path globs
	NetFetch      Namespace = "net.fetch"      // HTTP and HTTPS requests: URL globs
	ToolCall      Namespace = "tool.call"      // calling tools: name globs
	AgentDelegate Namespace = "agent.delegate" // delegating to agents: name globs
	ModelUse      Namespace = "model.use"      // using models: name globs (§9.7)
	CostBudget    Namespace = "cost.budget"    // ceilings of cost: amount strings (§9.6)
)

// vendorPrefix begins every namespace that is not reserved by the draft.
const vendorPrefix = "x-"

// maxNamespace is the greatest length of a namespace in bytes.
const maxNamespace = 128

// dialect is the language in which a namespace's patterns are written.
type dialect uint8

const (
	noDialect dialect = iota // the namespace is unknown
	pathDialect
	urlDialect
	nameDialect
	amountDialect
)

// dialect returns the language of the namespace's patterns, noDialect for an unknown namespace.
func (n Namespace) dialect() dialect {
	switch n {
	case FSRead, FSWrite:
		return pathDialect
	case NetFetch:
		return urlDialect
	case ToolCall, AgentDelegate, ModelUse:
		return nameDialect
	case CostBudget:
		return amountDialect
	}
	if n.IsVendor() {
		return nameDialect
	}
	return noDialect
}

// Known reports whether a lease may name the namespace: reserved by §9.2, or a vendor's.
func (n Namespace) Known() bool { return n.dialect() != noDialect }

// IsVendor reports whether the namespace is a vendor's own.
//
// §9.2 (choice): a vendor's namespace is "x-" and then labels of lower-case letters, digits, '-' and '_' with dots
// between them, 128 bytes at most in all: "x-acme.search". Its patterns are name globs. Whatever else is not in
// the draft's table is refused, so that a misspelt "fs.raed" does not silently grant nothing.
func (n Namespace) IsVendor() bool {
	rest, found := strings.CutPrefix(string(n), vendorPrefix)
	if !found || len(n) > maxNamespace {
		return false
	}
	for label := range strings.SplitSeq(rest, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}
