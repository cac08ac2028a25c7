package registry

// Held counts everything that the machine keeps, so that tests can see that it is bounded.
func (m *Machine) Held() map[string]int {
	held := map[string]int{
		"principals": len(m.principals), "sessions": len(m.sessions), "jobs": len(m.jobs),
		"places": cap(m.finished.slots) + cap(m.spent.slots),
	}
	for _, s := range m.sessions {
		held["subscriptions"] += len(s.watches)
	}
	for _, e := range m.jobs {
		held["subscribers"] += len(e.watchers)
	}
	for _, p := range m.principals {
		held["keys"] += len(p.keys)
		held["places"] += cap(p.jobs.slots) + cap(p.finished.slots) + cap(p.spent.slots)
		for _, k := range p.keys {
			held["waiting"] += len(k.waiting)
		}
	}
	return held
}
