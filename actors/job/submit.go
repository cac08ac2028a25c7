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
	granted, limit, err := read(in.Submit)
	if err != nil {
		// §7.1: a submit that does not hold starts nothing.
		t.refuse(in.RequestID, in.SessionID, err)
		t.state = Ended
		t.do(End{})
		return
	}
	input := in.Submit.Input
	in.Submit = protocol.JobSubmit{} // the agent has the input; nobody else needs it
	t.offer, t.lease = in, granted
	t.state, t.agentRuns = Pending, true
	if limit > 0 {
		t.timeout = t.now.Add(limit)
	}
	grants := granted.Budget()
	for _, grant := range grants {
		t.currencies = append(t.currencies, grant.Currency)
	}
	if len(grants) > 0 {
		// §9.6: the counters stand at the budgeted value when the job is accepted.
		t.do(OpenBudget{Grants: grants})
	}
	t.do(Accept{RequestID: in.RequestID, Payload: t.accepted(grants)})
	t.do(StartAgent{Name: in.Name, Version: in.Version, Input: input, Lease: granted, TraceID: in.TraceID})
}

// read takes from a submit what the job must hold it to.
func read(submit protocol.JobSubmit) (lease.Lease, time.Duration, *protocol.Error) {
	granted, err := lease.Parse(submit.LeaseRequest)
	if err != nil {
		return lease.Lease{}, 0, invalid(err.Error())
	}
	limit, err := runtimeLimit(submit.MaxRuntimeSec)
	if err != nil {
		return lease.Lease{}, 0, invalid("max_runtime_sec: " + err.Error())
	}
	return granted, limit, nil
}

// accepted is the payload that echoes what holds (§7.1).
func (t *turn) accepted(grants []budget.Grant) protocol.JobAccepted {
	payload := protocol.JobAccepted{
		JobID:      t.offer.JobID,
		Agent:      t.offer.Name + "@" + t.offer.Version, // §7.5: the resolved version
		Lease:      protocol.Lease(t.lease.Wire()),
		AcceptedAt: stamp(t.now),
		TraceID:    t.offer.TraceID,
	}
	if payload.Lease == nil {
		payload.Lease = protocol.Lease{} // no authority is {}, not null
	}
	if len(grants) > 0 {
		payload.Budget = protocol.Budget{}
		for _, grant := range grants {
			payload.Budget[grant.Currency] = protocol.Number(grant.Amount.String())
		}
	}
	return payload
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
