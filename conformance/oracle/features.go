package oracle

// features holds §6.2: the peer never uses a feature that one of the two lists lacks. Only what it does of its own accord
// is judged; what it answers to a request of such a feature is for the scenario that made the request. Where a list is
// missing nothing is known.
type features struct{ d *docket }

func (o features) see(f frame) {
	if !f.received() || !f.session.agreed {
		return
	}
	switch f.Type() {
	case "session.ping":
		o.needs(f, "heartbeat")
	case "session.jobs":
		if !f.conn.asked["session.list_jobs"] {
			o.needs(f, "list_jobs")
		}
	case "job.subscribed":
		if !f.conn.asked["job.subscribe"] {
			o.needs(f, "subscribe")
		}
	case "job.accepted":
		o.accepted(f)
	case "job.event":
		o.event(f)
	}
}

func (o features) needs(f frame, feature string) {
	o.d.demand("R6.2-3", f.session.features[feature], f.Message, "no %s: %s was not agreed on", f.Type(), feature)
}

func (o features) event(f frame) {
	switch f.Kind() {
	case "progress", "result_chunk":
		o.needs(f, f.Kind())
	case "status":
		if f.Text("payload", "body", "phase") == "credential_rotated" {
			o.needs(f, "provisioned_credentials")
		}
	}
}

// accepted: credentials are the runtime's own idea. A budget was asked for in the lease, and whoever enforces it
// without the feature is on the safe side.
func (o features) accepted(f frame) {
	if list, _ := f.Payload()["credentials"].([]any); len(list) > 0 {
		o.needs(f, "provisioned_credentials")
	}
	if counters, _ := f.Payload()["budget"].(map[string]any); len(counters) > 0 && !f.session.features["cost.budget"] {
		o.d.inform("R6.2-3", f.Message, "it keeps a budget although cost.budget was not agreed on")
	}
}
