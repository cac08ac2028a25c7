package session

import (
	"github.com/arcp-conformance/arcp/protocol"
)

// serve takes one message of an open session.
func (t *turn) serve(envelope protocol.Envelope) {
	// §5 (choice): a message without session_id is meant for the session of its
	// connection; one for another session is refused.
	if envelope.SessionID != "" && envelope.SessionID != t.id {
		t.invalid(envelope.ID, "session_id is not that of this session")
		return
	}
	switch payload := envelope.Payload.(type) {
	case protocol.JobSubmit:
		t.submit(envelope, payload)
	case protocol.JobCancel:
		t.cancel(envelope, payload)
	case protocol.SessionPing:
		t.pong(envelope.ID, payload)
	case protocol.SessionPong:
		t.negotiated(envelope.ID, protocol.FeatureHeartbeat)
	case protocol.SessionAck:
		t.ack(envelope.ID, payload)
	case protocol.SessionListJobs:
		t.list(envelope.ID, payload)
	case protocol.JobSubscribe:
		t.subscribe(envelope.ID, payload)
	case protocol.JobUnsubscribe:
		t.unsubscribe(envelope.ID, payload)
	case protocol.SessionClose:
		// §6.7: acknowledged, then the transport closes. Jobs run on.
		t.send(protocol.Envelope{RequestID: envelope.ID, Payload: protocol.SessionClosed{}})
		t.closeTransport()
	case protocol.SessionHello:
		// §6.2 (choice): one hello a session.
		t.invalid(envelope.ID, "the session is already open")
	case protocol.SessionError:
		// §12 (choice): an error is not answered, or two peers could go on for ever.
	case nil:
		t.invalid(envelope.ID, "the message has no payload")
	default:
		t.invalid(envelope.ID, string(payload.Type())+" is not served by this runtime")
	}
}

// negotiated says whether a request may use a feature, and refuses one that may not (§6.2).
func (t *turn) negotiated(request protocol.MessageID, feature protocol.Feature) bool {
	if t.uses(feature) {
		return true
	}
	t.refuse(request, notNegotiated(feature))
	return false
}

func notNegotiated(feature protocol.Feature) *protocol.Error {
	return protocol.NewError(protocol.InvalidRequest, "the feature "+string(feature)+" was not negotiated")
}

// submit passes job.submit on (§7.1) if it keeps to what was negotiated.
func (t *turn) submit(envelope protocol.Envelope, submit protocol.JobSubmit) {
	name, version, err := t.resolve(submit.Agent)
	if err == nil {
		err = t.withinFeatures(submit)
	}
	if err != nil {
		t.refuse(envelope.ID, err)
		return
	}
	t.do(SubmitJob{
		RequestID: envelope.ID,
		SessionID: t.id,
		Principal: t.principal,
		TraceID:   envelope.TraceID,
		Name:      name,
		Version:   version,
		Submit:    submit,
		Features:  t.features,
	})
}

// withinFeatures holds a submission against the intersection. §6.2: a feature outside
// it must not be used; a request that does has no effect.
func (m *Machine) withinFeatures(submit protocol.JobSubmit) *protocol.Error {
	gated := []struct {
		feature protocol.Feature
		used    bool
	}{
		{protocol.FeatureCostBudget, asksFor(submit.LeaseRequest, "cost.budget")},
		{protocol.FeatureModelUse, asksFor(submit.LeaseRequest, "model.use")},
		{protocol.FeatureLeaseExpiresAt, submit.LeaseConstraints != nil},
	}
	for _, gate := range gated {
		if gate.used && !m.uses(gate.feature) {
			return notNegotiated(gate.feature)
		}
	}
	return nil
}

func asksFor(lease protocol.Lease, namespace string) bool {
	_, asked := lease[namespace]
	return asked
}

// resolve turns an agent reference into a registered name and version (§7.5).
func (m *Machine) resolve(reference string) (name, version string, err *protocol.Error) {
	name, version, err = protocol.ParseAgentRef(reference)
	if err != nil {
		return "", "", err
	}
	if version != "" && !m.uses(protocol.FeatureAgentVersions) {
		return "", "", notNegotiated(protocol.FeatureAgentVersions)
	}
	version, err = Resolve(m.config.Agents, name, version)
	return name, version, err
}

// Resolve gives the version of a registered agent that a reference means, "" being a reference without one (§7.5). The error
// is AGENT_NOT_AVAILABLE or AGENT_VERSION_NOT_AVAILABLE.
func Resolve(agents []protocol.Agent, name, version string) (string, *protocol.Error) {
	for _, agent := range agents {
		if agent.Name == name {
			return pick(agent, version)
		}
	}
	return "", protocol.NewError(protocol.AgentNotAvailable, "no agent "+name)
}

// pick chooses a version of an agent. §7.5: the exact one that was asked for, else the
// advertised default, else (choice) the last that was registered.
func pick(agent protocol.Agent, version string) (string, *protocol.Error) {
	if version == "" {
		version = agent.Default
	}
	if version == "" && len(agent.Versions) > 0 {
		return agent.Versions[len(agent.Versions)-1], nil
	}
	for _, registered := range agent.Versions {
		if registered == version {
			return version, nil
		}
	}
	return "", protocol.NewError(protocol.AgentVersionNotAvailable, "no agent "+agent.Name+"@"+version)
}

// cancel passes job.cancel on (§7.4).
func (t *turn) cancel(envelope protocol.Envelope, cancel protocol.JobCancel) {
	job := envelope.JobID
	switch {
	case job == "":
		job = cancel.JobID
	case cancel.JobID != "" && cancel.JobID != job:
		// §7.4 (choice): the job stands in the envelope or in the payload; two that
		// differ are no request for either.
		t.invalid(envelope.ID, "job_id differs between envelope and payload")
		return
	}
	if job == "" {
		t.invalid(envelope.ID, "job.cancel names no job")
		return
	}
	t.do(CancelJob{RequestID: envelope.ID, SessionID: t.id, Principal: t.principal, JobID: job})
}
