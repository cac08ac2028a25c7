package job

import (
	"errors"
	"strconv"
	"time"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// farAway is the longest max_runtime_sec that is kept: more is as good as no limit, and
// would not fit a time.Duration.
const farAway = 100 * 365 * 24 * time.Hour

// submitted accepts the job or refuses it whole (§7.1).
func (t *turn) submitted(in Submitted) {
	if t.state != Unsubmitted {
		t.refuse(in.RequestID, in.SessionID, invalid("the job was submitted before"))
		return
	}
	granted, limit, err := t.terms(in)
	if err != nil {
		// §7.1: a submit that does not hold starts nothing.
		t.refuse(in.RequestID, in.SessionID, err)
		t.state = Ended
		t.end()
		return
	}
	p := proposal{lease: granted, limit: limit, input: in.Submit.Input, terms: in.Submit.LeaseConstraints}
	in.Submit = protocol.JobSubmit{} // the agent has the input; nobody else needs it
	p.Submitted = in
	if grants := granted.Budget(); len(grants) > 0 && in.Derived == nil {
		// §9.6: the counters stand at the budgeted value when the job is accepted.
		t.do(OpenBudget{Grants: grants})
	}
	if t.provisions(in) {
		t.provision(p)
		return
	}
	t.accept(p, nil)
}

// accept makes a job of what was submitted (§7.1), and starts its agent.
func (t *turn) accept(p proposal, credentials []Provisioned) {
	t.take(p)
	t.state, t.agentRuns = Pending, true
	if p.limit > 0 {
		t.timeout = t.now.Add(p.limit)
	}
	t.credentials = credentials
	for _, credential := range credentials {
		t.learn(credential.Value)
	}
	payload := t.accepted()
	payload.Credentials = t.Credentials() // §9.8.1
	t.do(Accept{RequestID: p.RequestID, Payload: payload})
	t.do(StartAgent{Name: p.Name, Version: p.Version, Input: p.input, Lease: p.lease, TraceID: p.TraceID})
}

// take gives the job its name and its lease.
func (t *turn) take(p proposal) {
	t.offer, t.lease, t.constraints = p.Submitted, p.lease, p.terms
	for _, grant := range p.lease.Budget() {
		t.counters = append(t.counters, budget.Counter{Currency: grant.Currency, Remaining: grant.Amount})
	}
}

// read takes from a submit what the job must hold it to.
func read(now time.Time, submit protocol.JobSubmit) (lease.Lease, time.Duration, *protocol.Error) {
	granted, err := lease.Parse(submit.LeaseRequest)
	if err != nil {
		return lease.Lease{}, 0, invalid(err.Error())
	}
	granted, refusal := constrain(now, granted, submit.LeaseConstraints)
	if refusal != nil {
		return lease.Lease{}, 0, refusal
	}
	limit, err := runtimeLimit(submit.MaxRuntimeSec)
	if err != nil {
		return lease.Lease{}, 0, invalid("max_runtime_sec: " + err.Error())
	}
	return granted, limit, nil
}

// accepted is the payload that echoes what holds (§7.1).
func (t *turn) accepted() protocol.JobAccepted {
	return protocol.JobAccepted{
		JobID:            t.offer.JobID,
		Agent:            t.agent(),
		Lease:            t.grants(),
		LeaseConstraints: t.constraints,
		Budget:           t.budget(),
		AcceptedAt:       protocol.FormatTime(t.now),
		TraceID:          t.offer.TraceID,
		ParentJobID:      t.offer.ParentJobID,
	}
}

// agent is the resolved version that runs (§7.5).
func (m *Machine) agent() string { return protocol.AgentRef(m.offer.Name, m.offer.Version) }

// grants is the effective lease as it is shown. No authority is {}, not null.
func (m *Machine) grants() protocol.Lease { return protocol.Lease(m.lease.Wire()) }

// budget is the counters as they are shown; nil for a job without any.
func (m *Machine) budget() protocol.Budget {
	if len(m.counters) == 0 {
		return nil
	}
	shown := protocol.Budget{}
	for _, counter := range m.counters {
		shown[counter.Currency] = protocol.Number(counter.Remaining.String())
	}
	return shown
}

// runtimeLimit reads max_runtime_sec: seconds above zero, with a fraction or without.
// Zero is returned for no limit.
func runtimeLimit(seconds *protocol.Number) (time.Duration, error) {
	if seconds == nil {
		return 0, nil
	}
	if !seconds.Valid() {
		return 0, errors.New("not a number")
	}
	if seconds.Sign() <= 0 {
		return 0, errors.New("not above zero")
	}
	// The text is a number, so the only error is one too large or too small for a
	// float64, which is then infinite or 0. A clock needs no more digits.
	value, _ := strconv.ParseFloat(string(*seconds), 64)
	if value >= farAway.Seconds() {
		return 0, nil
	}
	return max(time.Duration(value*float64(time.Second)), 1), nil
}

// refuse answers a request of a session with an error.
func (t *turn) refuse(request protocol.MessageID, session protocol.SessionID, err *protocol.Error) {
	t.do(Refuse{RequestID: request, SessionID: session, Err: err})
}
