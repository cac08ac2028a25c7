package simulation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// agent is the function of one job: it asks, several things at once, and does not keep to the rules.
type agent struct {
	*actor
	job     *jobActor
	left    int // questions that it means to ask
	branch  int // how many at once
	deaf    bool
	stopped *protocol.Error
	open    map[job.CallID]*question
	order   []*question
	calls   job.CallID
	wakes   time.Time
	back    bool
	hasty   bool // does not wait for the answers to its last questions
	late    int  // questions that it asks after it is back
	waits   []*offspring
	stream  protocol.ResultID
	depth   int
}

// offspring is a child in its parent's agent.
type offspring struct {
	agent   *agent
	started bool
	ended   bool
}

type (
	answered struct {
		call job.CallID
		err  *protocol.Error
	}
	stopped   struct{ cause *protocol.Error }
	childGone struct {
		handle *offspring
		ending protocol.Payload
	}
	awake struct{}
)

func (w *world) newAgent(j *jobActor, start job.StartAgent) *agent {
	a := &agent{
		job: j, left: w.rand.IntN(9), branch: 1 + w.rand.IntN(3), deaf: w.chance(25), hasty: w.chance(20), open: map[job.CallID]*question{},
		late: max(0, w.rand.IntN(5)-2),
	}
	for p := j.parent; p != nil; p = p.parent {
		a.depth++
	}
	a.actor = w.actor("agent "+string(j.id), a.take)
	w.clock = append(w.clock, timed{
		deadline: func() time.Time { return a.wakes },
		ring: func() {
			a.wakes = time.Time{}
			a.tell(awake{})
		},
	})
	a.tell(awake{})
	return a
}

func (a *agent) take(message any) {
	switch m := message.(type) {
	case answered:
		q := a.open[m.call]
		if q == nil {
			a.world.fail("%s: the question %d is answered twice", a.name, m.call)
		}
		delete(a.open, m.call)
		if q.child != nil {
			q.child.started = m.err == nil
		}
	case stopped:
		if a.stopped = m.cause; !a.deaf {
			a.wakes = time.Time{}
			a.giveUp()
		}
	case childGone:
		if m.handle.ended {
			a.world.fail("%s: a child ends twice", a.name)
		}
		m.handle.ended = true
	}
	a.goOn()
}

// giveUp waits no more for what the job has not taken up.
func (a *agent) giveUp() {
	for _, q := range a.order {
		if a.open[q.call] == q && !q.taken {
			q.gaveUp = true
			delete(a.open, q.call)
		}
	}
}

// goOn asks what there is to ask, and then comes back.
func (a *agent) goOn() {
	switch {
	case a.back, !a.wakes.IsZero():
		return
	case a.stopped != nil && !a.deaf:
		a.left = 0
	}
	for a.left > 0 && len(a.open) < a.branch {
		a.left--
		if pause := 1500; a.world.chance(30) {
			if a.world.chance(20) {
				pause = 9000
			}
			a.wakes = a.world.now.Add(time.Duration(a.world.rand.IntN(pause)) * time.Millisecond)
			return
		}
		a.ask()
	}
	if len(a.open) > 0 && !a.hasty || a.left > 0 {
		return
	}
	for _, child := range a.waits {
		if child.started && !child.ended && a.stopped == nil {
			return
		}
	}
	a.comeBack()
}

func (a *agent) comeBack() {
	a.back = true
	var back job.Input = job.AgentReturned{Result: json.RawMessage(`"done"`)}
	switch {
	case a.world.chance(10):
		back = job.AgentPanicked{}
	case a.stopped != nil && !a.deaf:
		back = job.AgentFailed{Err: a.stopped}
	case a.world.chance(10):
		back = job.AgentFailed{Err: errors.New("no luck")}
	case a.stream != "":
		back = job.AgentReturned{}
	}
	a.then(func() { a.job.tell(jobMessage{input: back}) })
	for range a.late { // some of its goroutines go on
		a.ask()
	}
}

// ask puts one question to the job.
func (a *agent) ask() {
	a.calls++
	q := &question{agent: a, call: a.calls}
	input := a.question(q)
	a.open[q.call] = q
	a.order = append(a.order, q)
	a.then(func() {
		if !q.gaveUp {
			a.job.put(jobMessage{input: input, call: q.call, ask: q})
		}
	})
}

func (a *agent) question(q *question) job.Input {
	w, call := a.world, q.call
	said := fmt.Sprintf("%s %d", a.job.id, call)
	emit := func(kind protocol.EventKind, body any) job.Input {
		text, _ := json.Marshal(body)
		return job.EventEmitted{Call: call, Kind: kind, Body: text}
	}
	switch n := w.rand.IntN(20); {
	case n < 5:
		return emit(protocol.KindLog, protocol.Log{Level: "info", Message: said})
	case n < 8:
		return emit(protocol.KindMetric, a.metric(call))
	case n < 11:
		text, _ := json.Marshal(a.metric(call))
		return job.ChargeRequested{Call: call, Body: text}
	case n < 13:
		return job.OperationRequested{Call: call, Operation: lease.Operation{Namespace: lease.ToolCall, Resource: "search"}}
	case n < 16:
		return a.delegation(q)
	case n == 16:
		a.stream = protocol.ResultID("res_" + string(a.job.id))
		return job.StreamOpened{Call: call, ResultID: a.stream, Encoding: protocol.UTF8}
	case n == 17:
		return job.StreamWritten{Call: call, Bytes: []byte(said)}
	case n == 18:
		return job.StreamClosed{Call: call, Summary: said} // also when it was never opened, or was closed before
	default:
		return emit("nonsense", said)
	}
}

// metric is a cost that no other one of the world is named like.
func (a *agent) metric(call job.CallID) protocol.Metric {
	cost := 1 + a.world.rand.IntN(60)
	a.job.costs[call] = cost
	return protocol.Metric{
		Name: fmt.Sprintf("cost.%s.%d", a.job.id, call), Value: protocol.Number(cents(cost)),
		Unit: append(currencies, "USD", "GBP")[a.world.rand.IntN(4)],
	}
}

func (a *agent) delegation(q *question) job.Input {
	q.child = &offspring{agent: a}
	request := job.DelegateRequested{
		Call: q.call, ChildID: protocol.JobID(a.world.name("job_")), Name: "worker", Version: "1",
		Lease: protocol.Lease{"tool.call": {"*"}},
	}
	if a.depth < 2 {
		request.Lease["agent.delegate"] = []string{"*"}
	}
	if a.world.chance(60) {
		request.Lease["cost.budget"] = []string{"USD:" + cents(a.world.rand.IntN(100))}
	}
	if a.world.chance(40) {
		a.waits = append(a.waits, q.child)
	}
	return request
}
