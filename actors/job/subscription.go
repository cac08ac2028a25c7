package job

import (
	"slices"

	"github.com/arcp-conformance/arcp/protocol"
)

// waiting is a job.subscribe that waits for the counters of the budget.
type waiting struct {
	SubscribeRequested
	left bool // the session unsubscribed meanwhile
}

// Observes says whether the session is subscribed, or waits to be. The submitting session never is: it has all events
// anyway.
func (m *Machine) Observes(session protocol.SessionID) bool {
	return slices.Contains(m.subscribers, session) ||
		slices.ContainsFunc(m.waiting, func(w waiting) bool { return w.SessionID == session })
}

// subscribe takes a job.subscribe (§7.6).
func (t *turn) subscribe(in SubscribeRequested) {
	switch {
	case t.offer.JobID == "":
		t.refuse(in.RequestID, in.SessionID, NotFound())
	case len(t.counters) == 0 || t.budgetLost || t.over && t.shows == 0:
		t.attach(waiting{SubscribeRequested: in})
	default:
		// §7.6: the counters are those at subscription time. The budget's answer stands behind every cost that is
		// booked and told, so the subscription begins when it comes: what its reader then sees goes on from it.
		t.waiting = append(t.waiting, waiting{SubscribeRequested: in})
		if t.shows == 0 { // else an answer is on its way, and as good
			t.show()
		}
	}
}

func (t *turn) show() {
	t.shows++
	t.do(ShowBudget{})
}

// shown takes the counters, and begins the subscriptions that waited for them.
func (t *turn) shown(in BudgetShown) {
	if t.shows == 0 {
		return // answered when the budget was lost
	}
	t.shows--
	if in.Counters != nil {
		t.counters = in.Counters
	}
	t.attachWaiting()
}

func (t *turn) attachWaiting() {
	for _, request := range t.waiting {
		t.attach(request)
	}
	t.waiting = nil
}

// attach answers a job.subscribe and begins the subscription: the answer comes first, then what is replayed, and live
// events after that.
func (t *turn) attach(request waiting) {
	session := request.SessionID
	own := session == t.offer.SessionID
	// §7.6 (choice): subscribing again is answered again, and changes nothing. The submitting session has the events.
	fresh := !own && !request.left && !slices.Contains(t.subscribers, session)
	replays := fresh && request.History && request.From < t.position()
	payload := t.described(replays)
	payload.Credentials = t.credentialsFor(request.Principal) // §14: follow the submitter only
	t.do(Subscribed{RequestID: request.RequestID, SessionID: session, Payload: payload, Own: own})
	if replays {
		for _, event := range t.journal.after(request.From) {
			t.do(CopyEvent{SessionID: session, Event: event})
		}
	}
	switch {
	case fresh && t.state != Ended:
		t.subscribers = append(t.subscribers, session)
	case replays:
		t.do(CopyEnding{SessionID: session, Payload: t.ending})
	}
}

// unsubscribe takes a job.unsubscribe. §7.6: no event follows it.
func (t *turn) unsubscribe(in UnsubscribeRequested) {
	t.subscribers = slices.DeleteFunc(t.subscribers, func(session protocol.SessionID) bool { return session == in.SessionID })
	for i := range t.waiting {
		// They were asked before, so they are answered, but begin nothing.
		t.waiting[i].left = t.waiting[i].left || t.waiting[i].SessionID == in.SessionID
	}
}

// position is where the log stands. The ending has the last position.
func (m *Machine) position() uint64 {
	if m.state == Ended {
		return m.journal.end() + 1
	}
	return m.journal.end()
}

// described is the job as its observers see it (§7.6).
func (m *Machine) described(replayed bool) protocol.JobSubscribed {
	payload := protocol.JobSubscribed{
		JobID:            m.offer.JobID,
		CurrentStatus:    m.Status(),
		Agent:            m.agent(),
		Lease:            m.grants(),
		LeaseConstraints: m.constraints,
		Budget:           m.budget(),
		TraceID:          m.offer.TraceID,
		SubscribedFrom:   m.position(),
		Replayed:         replayed,
	}
	if parent := m.offer.ParentJobID; parent != "" {
		payload.ParentJobID = &parent
	}
	return payload
}
