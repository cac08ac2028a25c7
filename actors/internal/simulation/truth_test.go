package simulation_test

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/protocol"
)

// truth is what has happened, as clients must see it.
type truth struct {
	world *world
	jobs  map[protocol.JobID]*jobTruth
	order []protocol.JobID // of jobs
	keys  map[string]*keyTruth
	down  bool // the runtime was told to stop
}

// jobTruth is one job.
type jobTruth struct {
	id        protocol.JobID
	actor     *jobActor
	accepted  bool
	answers   int // of submits without a key
	session   protocol.SessionID
	principal string
	events    []protocol.JobEvent
	ending    protocol.Payload
	cancelled bool
	parent    protocol.JobID
	delegates bool
	spent     map[string]int // in cents, as its events say
}

// keyTruth is what an idempotency key of a principal was accepted for (§7.2).
type keyTruth struct {
	job     protocol.JobID
	variant int
	payload []byte
}

func same(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return slices.Equal(x, y)
}

func equal(a, b protocol.JobEvent) bool {
	return a.Kind == b.Kind && a.TS == b.TS && string(a.Body) == string(b.Body)
}

// told takes note of one effect of a job, and holds it against those before.
func (t *truth) told(j *jobActor, effect job.Effect, call job.CallID) {
	fail, of := t.world.fail, t.jobs[j.id]
	switch effect := effect.(type) {
	case job.Accept:
		t.accepted(j, of)
	case job.SendEvent:
		if of.ending != nil || !of.accepted {
			fail("%s emits outside of its life: %s", j.id, effect.Event.Body)
		}
		t.metric(j, of, effect.Event, call)
		of.events = append(of.events, effect.Event)
	case job.SendEnding:
		t.ended(j, of, effect)
	case job.StopAgent:
		j.stop = t.world.now
	case job.CopyEvent:
		t.mayObserve(of, j.viewers[effect.SessionID])
	case job.CopyEnding:
		t.mayObserve(of, j.viewers[effect.SessionID])
	case job.Subscribed:
		t.mayObserve(of, j.viewers[effect.SessionID])
		t.subscribed(j, of, effect.Payload)
	case job.AcknowledgeCancel:
		if effect.SessionID != of.session || of.ending != nil {
			fail("%s is cancelled by %s, and is %s's and ended with %v", j.id, effect.SessionID, of.session, of.ending)
		}
		of.cancelled = true
	case job.Reply:
		if effect.Err == nil && j.late[call] {
			fail("%s permits something behind its ending", j.id)
		}
		if gauge, owed := j.gauges[effect.Call]; owed {
			fail("%s books a cost and does not tell that %s is left", j.id, gauge)
		}
	}
}

func (t *truth) accepted(j *jobActor, of *jobTruth) {
	if of.accepted || of.ending != nil {
		t.world.fail("%s is accepted twice", j.id)
	}
	of.accepted, of.session, of.principal = true, j.owner.truth.id, j.owner.truth.principal
	of.spent = map[string]int{}
	if j.parent != nil {
		of.parent = j.parent.id
		t.jobs[of.parent].delegates = true
	}
}

func (t *truth) mayObserve(of *jobTruth, viewer *sessionActor) {
	if viewer != nil && viewer.truth.principal != of.principal {
		t.world.fail("%s of %s is shown to %s", of.id, of.principal, viewer.truth.principal)
	}
}

// metric holds a cost's gauge against the second ledger (§9.6).
func (t *truth) metric(j *jobActor, of *jobTruth, event protocol.JobEvent, call job.CallID) {
	if event.Kind != protocol.KindMetric {
		return
	}
	var metric protocol.Metric
	_ = json.Unmarshal(event.Body, &metric)
	if metric.Name == "cost.budget.remaining" {
		if want := amountText(j.gauges[call]); string(metric.Value) != want {
			t.world.fail("%s says that %s is left, and it is %q", j.id, metric.Value, want)
		}
		delete(j.gauges, call)
		return
	}
	of.spent[metric.Unit] += j.costs[call]
}

// amountText is a text of cents without the zeros at its end.
func amountText(text string) string {
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func (t *truth) ended(j *jobActor, of *jobTruth, effect job.SendEnding) {
	if of.ending != nil {
		t.world.fail("%s ends twice", j.id)
	}
	of.ending = effect.Payload
	if failure, _ := of.ending.(protocol.JobError); of.cancelled && failure.FinalStatus != protocol.StatusCancelled {
		t.world.fail("%s was cancelled, and ends with %+v", j.id, of.ending)
	}
	if !j.stop.IsZero() && t.world.now.After(j.stop.Add(5*time.Second)) {
		t.world.fail("%s ends %s after it was stopped", j.id, t.world.now.Sub(j.stop))
	}
	for _, id := range t.order {
		if child := t.jobs[id]; child.parent == j.id && child.ending == nil {
			t.world.fail("%s ends before its child %s", j.id, id)
		}
	}
}

// subscribed holds the answer to a job.subscribe against what has happened (§7.6).
func (t *truth) subscribed(j *jobActor, of *jobTruth, payload protocol.JobSubscribed) {
	position := len(of.events)
	if of.ending != nil {
		position++
	}
	if payload.SubscribedFrom != uint64(position) {
		t.world.fail("%s: subscribed from %d, and it stands at %d", j.id, payload.SubscribedFrom, position)
	}
	if j.ledger == nil {
		return
	}
	p := j.ledger.purses[j.id]
	for _, currency := range currencies {
		shown := string(payload.Budget[currency])
		if p.has(currency) && shown != j.shown[currency] {
			t.world.fail("%s: a subscriber is shown %s %s, and the ledger showed %q", j.id, shown, currency, j.shown[currency])
		}
		// What children spend is not in these events.
		if p.has(currency) && !of.delegates && shown != amountText(cents(p.granted[currency]-of.spent[currency])) {
			t.world.fail("%s: a subscriber is shown %s %s, and %d of %d cents were told as spent",
				j.id, shown, currency, of.spent[currency], p.granted[currency])
		}
	}
}
