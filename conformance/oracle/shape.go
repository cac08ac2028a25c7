package oracle

import (
	"maps"
	"math/big"
	"slices"

	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/schema"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// shape holds every message to its schema, and to what one message must say of itself that a schema cannot express.
type shape struct {
	d     *docket
	scene *scene
}

func (s shape) see(f frame) {
	if !f.received() {
		return
	}
	for _, req := range schema.Requirements(*f.Message) {
		s.d.checks[req]++
	}
	for _, fault := range schema.Validate(*f.Message) {
		found := finding(fault.Requirement, s.grade(f, fault))
		found.Expected = fault.Subject + " as the draft has it"
		found.Got = "at " + fault.Path + ": " + fault.Problem + ": " + world.Brief(*f.Message)
		s.d.findings = append(s.d.findings, found)
	}
	switch f.Type() {
	case "session.welcome":
		s.greeting(f)
	case "job.accepted":
		s.acceptance(f)
	}
}

// grade: where a script makes the agent try bodies of its own, a body that is not the draft's may be the agent's. Nothing
// but the table of §8.2 has the runtime look at it, so that it is let through is no more than a warning.
func (s shape) grade(f frame, fault schema.Fault) report.Verdict {
	if s.scene.raw && f.Type() == "job.event" && (fault.Requirement == "R8.2-1" || fault.Requirement == "R8.2-5") {
		return report.Warn
	}
	return fault.Verdict
}

// greeting: §6.2 gives the welcome an interval and the versions of each agent; a runtime that leaves out what belongs to a
// feature that was not agreed on uses no such feature. §7.5 has a bare name mean the default, one of the versions.
func (s shape) greeting(f frame) {
	if f.session.features["heartbeat"] {
		v, _ := f.Lookup("payload", "heartbeat_interval_sec")
		s.d.demand("R6.2-1", v != nil, f.Message, "a heartbeat_interval_sec, as heartbeat was agreed on")
	}
	list, _ := f.Lookup("payload", "capabilities", "agents")
	entries, _ := list.([]any)
	for _, entry := range entries {
		chosen, _ := wire.Lookup(entry, "default")
		versions, _ := wire.Lookup(entry, "versions")
		if f.session.features["agent_versions"] {
			s.d.demand("R6.2-2", versions != nil, f.Message, "the versions of each agent, as agent_versions was agreed on")
		}
		if version, ok := chosen.(string); ok {
			s.d.demand("R6.2-2", contains(versions, version), f.Message, "a default that is one of the agent's versions")
		}
	}
}

// acceptance: §7.1 has the effective lease, and a counter for each currency in it. Whoever asked for nothing can do
// without the echo of nothing.
func (s shape) acceptance(f frame) {
	v, _ := f.Lookup("payload", "lease")
	lease, ok := v.(map[string]any)
	if !ok && v == nil {
		if f.conn.bare || !f.conn.asked["job.submit"] {
			s.d.prefer("R7.1-1", false, f.Message, "the effective lease, if it be an empty one")
		} else {
			s.d.demand("R7.1-1", false, f.Message, "the effective lease")
		}
	}
	if !ok || !f.session.features["cost.budget"] {
		return
	}
	v, _ = f.Lookup("payload", "budget")
	budget, isObject := v.(map[string]any)
	if v != nil && !isObject {
		return // the schema says so
	}
	granted := grants(lease["cost.budget"])
	for _, unit := range slices.Sorted(maps.Keys(budget)) {
		s.d.prefer("R7.1-2", granted[unit] != nil, f.Message, "no counter for %q, which the lease does not grant", unit)
	}
	for _, unit := range slices.Sorted(maps.Keys(granted)) {
		s.opening(f, unit, granted[unit], budget[unit])
	}
}

// opening: §9.6 opens each counter at the budgeted value. Two grants of one currency may be added up, or not.
func (s shape) opening(f frame, unit string, amounts []*big.Rat, opened any) {
	s.d.demand("R7.1-2", opened != nil, f.Message, "a counter for %s, which the lease grants", unit)
	value, ok := counter(opened)
	if !ok || len(amounts) != 1 {
		return
	}
	if exact := value.Cmp(amounts[0]) == 0; exact || digits(amounts[0]) <= maxDigits {
		s.d.demand("R7.1-2", exact, f.Message, "the counter for %s at the full amount of the lease", unit)
	} else {
		s.d.inform("R9.6-3", f.Message, "the counter for %s is rounded; it needs more than %d digits", unit, maxDigits)
	}
}

// grants reads the amounts of a lease by currency. An amount that cannot be read grants nothing.
func grants(list any) map[string][]*big.Rat {
	amounts := map[string][]*big.Rat{}
	elements, _ := list.([]any)
	for _, e := range elements {
		if unit, value, ok := amount(e); ok {
			amounts[unit] = append(amounts[unit], value)
		}
	}
	return amounts
}
