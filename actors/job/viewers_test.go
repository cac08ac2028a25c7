package job_test

import (
	"fmt"
	"reflect"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

// viewers holds what must be true of everybody who observes a job: each sees exactly the log, from where its subscription
// began to the ending.
type viewers struct {
	limit  int // events that the log keeps
	log    []protocol.JobEvent
	ending protocol.Payload
	owed   map[protocol.MessageID]*owed
	open   map[protocol.SessionID]int // subscriptions: how much of the log they have seen
}

// owed is a job.subscribe that was not answered.
type owed struct {
	job.SubscribeRequested
	left bool
}

func (v *viewers) check(m *job.Machine, accepted bool, in job.Input, effects []job.Effect) error {
	switch in := in.(type) {
	case job.SubscribeRequested:
		v.owed[in.RequestID] = &owed{SubscribeRequested: in}
	case job.UnsubscribeRequested:
		delete(v.open, in.SessionID)
		for _, request := range v.owed {
			request.left = request.left || request.SessionID == in.SessionID
		}
	}
	for _, effect := range effects {
		if err := v.checkOne(accepted, effect); err != nil {
			return fmt.Errorf("%w: %s", err, transcript.Render(effect))
		}
	}
	watching := map[protocol.SessionID]bool{"sess_1": false, "sess_2": false, "sess_3": false}
	for session, seen := range v.open {
		if seen != len(v.log) || v.ending != nil {
			return fmt.Errorf("%s has seen %d of %d events", session, seen, len(v.log))
		}
		watching[session] = true
	}
	for _, request := range v.owed {
		watching[request.SessionID] = true
	}
	for session, watches := range watching {
		if m.Observes(session) != watches {
			return fmt.Errorf("Observes(%s) is %v", session, !watches)
		}
	}
	return nil
}

func (v *viewers) checkOne(accepted bool, effect job.Effect) error {
	switch effect := effect.(type) {
	case job.SendEvent:
		v.log = append(v.log, censored(effect.Event))
	case job.SendEnding:
		v.ending = effect.Payload
	case job.Refuse:
		if request, asked := v.owed[effect.RequestID]; asked {
			delete(v.owed, effect.RequestID)
			if accepted && request.Principal == "alice" || effect.Err.Code != protocol.JobNotFound {
				return fmt.Errorf("refused")
			}
		}
	case job.Subscribed:
		return v.subscribed(effect)
	case job.CopyEvent:
		seen, open := v.open[effect.SessionID]
		if !open || seen >= len(v.log) || !reflect.DeepEqual(v.log[seen], effect.Event) {
			return fmt.Errorf("out of place (open: %v, seen: %d)", open, seen)
		}
		v.open[effect.SessionID]++
	case job.CopyEnding:
		seen, open := v.open[effect.SessionID]
		if !open || seen != len(v.log) || !reflect.DeepEqual(v.ending, effect.Payload) {
			return fmt.Errorf("out of place (open: %v, seen: %d)", open, seen)
		}
		delete(v.open, effect.SessionID)
	}
	return nil
}

func (v *viewers) subscribed(effect job.Subscribed) error {
	request, asked := v.owed[effect.RequestID]
	if !asked || request.SessionID != effect.SessionID {
		return fmt.Errorf("nobody asked")
	}
	delete(v.owed, effect.RequestID)
	position := uint64(len(v.log))
	if v.ending != nil {
		position++
	}
	_, known := v.open[effect.SessionID]
	own := effect.SessionID == "sess_1"
	fresh := !own && !known && !request.left
	replays := fresh && request.History && request.From < position
	if effect.Own != own || effect.Payload.Replayed != replays || effect.Payload.SubscribedFrom != position {
		return fmt.Errorf("want own %v, replayed %v, from %d", own, replays, position)
	}
	switch {
	case replays:
		v.open[effect.SessionID] = max(min(int(request.From), len(v.log)), len(v.log)-v.limit)
	case fresh && v.ending == nil:
		v.open[effect.SessionID] = len(v.log)
	}
	return nil
}

// viewersInput makes the inputs that have to do with who observes the job.
func (w *walker) viewersInput(number int) job.Input {
	subscribe := func(session protocol.SessionID, principal string, history bool, from uint64) job.Input {
		w.asked++
		return job.SubscribeRequested{
			RequestID: protocol.MessageID(fmt.Sprintf("s%d", w.asked)), SessionID: session, Principal: principal,
			History: history, From: from,
		}
	}
	switch number {
	case 33:
		return subscribe("sess_2", "alice", true, 0)
	case 34:
		return subscribe("sess_2", "alice", false, 0)
	case 35:
		return subscribe("sess_3", "alice", true, 2)
	case 36:
		return subscribe("sess_1", "alice", true, 0)
	case 37:
		return subscribe("sess_4", "bob", true, 0)
	case 38:
		return job.UnsubscribeRequested{SessionID: "sess_2"}
	default:
		return shown()
	}
}

// shown is the budget's answer about the counters.
func shown() job.Input {
	return job.BudgetShown{Counters: []budget.Counter{{Currency: "EUR"}, {Currency: "USD"}}}
}
