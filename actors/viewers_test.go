package actors_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/google/go-cmp/cmp"
)

// openQuiet opens a session without heartbeats, so that a bubble's clock can run ahead.
func openQuiet(t *testing.T, runtime *actors.Runtime) *client {
	t.Helper()
	return openAs(t, runtime, token, slices.DeleteFunc(protocol.Features(), func(feature protocol.Feature) bool {
		return feature == protocol.FeatureHeartbeat
	}))
}

func openAs(t *testing.T, runtime *actors.Runtime, token string, features []protocol.Feature) *client {
	t.Helper()
	c := connect(t, runtime)
	c.send(protocol.SessionHello{
		Client: protocol.Peer{Name: "test", Version: "1"}, Auth: protocol.Auth{Scheme: "bearer", Token: token},
		Capabilities: protocol.Capabilities{Features: features},
	}, "")
	c.id = want[protocol.SessionWelcome](c).SessionID
	return c
}

// subscribe observes a job with its history.
func (c *client) subscribe(job protocol.JobID) protocol.JobSubscribed {
	c.t.Helper()
	c.send(protocol.JobSubscribe{JobID: job, History: true}, "")
	return want[protocol.JobSubscribed](c).Payload.(protocol.JobSubscribed)
}

// TestClause_7_6_ADashboardSeesEveryEventOnce subscribes in the middle of a job that emits and spends at full speed.
func TestClause_7_6_ADashboardSeesEveryEventOnce(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	middle := make(chan struct{})
	handle(t, runtime, "busy", func(ctx context.Context, job *actors.Job) (any, error) {
		for i := range 1000 {
			if i == 300 {
				close(middle)
			}
			if err := job.Log(ctx, "info", fmt.Sprint(i)); err != nil {
				return nil, err
			}
			if err := job.Cost(ctx, "cost.token", "0.001", "USD"); err != nil {
				return nil, err
			}
		}
		return "done", nil
	})
	handle(t, runtime, "quick", func(ctx context.Context, job *actors.Job) (any, error) { return 1, job.Log(ctx, "info", "hi") })
	owner, dashboard := open(t, runtime), open(t, runtime)
	id := owner.submit("busy", nil, protocol.Lease{"cost.budget": {"USD:5"}})
	owned := make(chan []protocol.Payload, 1)
	go func() { owned <- owner.stream(id) }()
	<-middle
	dashboard.send(protocol.JobSubscribe{JobID: id, History: true}, "")
	dashboard.send(protocol.JobSubmit{Agent: "quick"}, "")
	var subscribed protocol.JobSubscribed
	var seen []protocol.Payload
	seq, endings := uint64(0), 0
	for endings < 2 {
		envelope := dashboard.next()
		if answer, ok := envelope.Payload.(protocol.JobSubscribed); ok {
			subscribed = answer
		}
		if envelope.EventSeq == 0 {
			continue
		}
		if seq++; envelope.EventSeq != seq { // §8.3
			t.Fatalf("event %d follows %d", envelope.EventSeq, seq-1)
		}
		if envelope.JobID == id {
			seen = append(seen, envelope.Payload)
		}
		if _, ended := envelope.Payload.(protocol.JobResult); ended {
			endings++
		}
	}
	all := <-owned
	if diff := cmp.Diff(all, seen); diff != "" {
		t.Errorf("the dashboard saw %d of %d: %s", len(seen), len(all), diff)
	}
	if !subscribed.Replayed || string(subscribed.Budget["USD"]) != gauge(all[:subscribed.SubscribedFrom]) {
		t.Errorf("at %d the counter is %s: %+v", subscribed.SubscribedFrom, gauge(all[:subscribed.SubscribedFrom]), subscribed)
	}
}

// stream reads a job's numbered messages up to its ending; it runs beside the test.
func (c *client) stream(job protocol.JobID) []protocol.Payload {
	var seen []protocol.Payload
	for {
		frame, err := c.conn.Receive(c.t.Context())
		if err != nil {
			return seen
		}
		envelope, err := protocol.Decode(frame)
		if err != nil || envelope.EventSeq == 0 || envelope.JobID != job {
			continue
		}
		seen = append(seen, envelope.Payload)
		switch envelope.Payload.(type) {
		case protocol.JobResult, protocol.JobError:
			return seen
		}
	}
}

// gauge is the counter that the newest of the events shows.
func gauge(seen []protocol.Payload) string {
	for _, payload := range slices.Backward(seen) {
		event, ok := payload.(protocol.JobEvent)
		if !ok {
			continue // the ending: the job was quicker than the subscription
		}
		text := string(event.Body)
		if rest, found := strings.CutPrefix(text, `{"name":"cost.budget.remaining","value":`); found {
			return rest[:strings.Index(rest, ",")]
		}
	}
	return ""
}

// TestClause_7_6_AStalledDashboardSlowsNobody has one observer that reads nothing and one that is gone.
func TestClause_7_6_AStalledDashboardSlowsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const events = 2000
		runtime := newRuntime(t, &actors.Config{SessionCredit: 64 << 10})
		begin := make(chan struct{})
		var emitted atomic.Int64
		handle(t, runtime, "chatty", func(ctx context.Context, job *actors.Job) (any, error) {
			<-begin
			for range events {
				if err := job.Log(ctx, "info", strings.Repeat("x", 100)); err != nil {
					return nil, err
				}
				emitted.Add(1)
			}
			return nil, nil
		})
		owner, stalled, gone := openQuiet(t, runtime), openQuiet(t, runtime), openQuiet(t, runtime)
		id := owner.submit("chatty", nil, nil)
		stalled.subscribe(id)
		gone.subscribe(id)
		gone.send(protocol.SessionClose{}, "")
		want[protocol.SessionClosed](gone)
		synctest.Wait()
		close(begin)
		if _, seen := owner.end(id); len(seen) != events {
			t.Errorf("the owner saw %d events", len(seen))
		}
		// And what the stalled one did not read is still there for it.
		if seen := stalled.stream(id); len(seen) != events+1 {
			t.Errorf("the stalled dashboard saw %d events later", len(seen))
		}
		shutdown(t, runtime)
	})
}

func TestClause_7_6_NothingComesAfterAnUnsubscribe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runtime := newRuntime(t, nil)
		step := make(chan struct{})
		handle(t, runtime, "steps", func(ctx context.Context, job *actors.Job) (any, error) {
			for range step {
				if err := job.Log(ctx, "info", "step"); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		owner, dashboard := open(t, runtime), open(t, runtime)
		id := owner.submit("steps", nil, nil)
		if subscribed := dashboard.subscribe(id); subscribed.CurrentStatus != protocol.StatusPending || subscribed.Replayed {
			t.Errorf("got %+v", subscribed)
		}
		step <- struct{}{}
		want[protocol.JobEvent](dashboard)
		dashboard.send(protocol.JobUnsubscribe{JobID: id}, "")
		dashboard.send(protocol.SessionPing{Nonce: "a"}, "")
		want[protocol.SessionPong](dashboard)
		step <- struct{}{}
		close(step)
		owner.end(id)
		synctest.Wait()
		dashboard.send(protocol.SessionPing{Nonce: "b"}, "")
		want[protocol.SessionPong](dashboard)
		shutdown(t, runtime)
	})
}

// TestClause_7_6_NothingComesAfterAnUnsubscribeAtFullSpeed leaves while events are on their way. A second job.unsubscribe is
// refused by the session itself, in order with the events, and so shows where the first one was taken.
func TestClause_7_6_NothingComesAfterAnUnsubscribeAtFullSpeed(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "busy", func(ctx context.Context, job *actors.Job) (any, error) {
		for range 5000 {
			if err := job.Log(ctx, "info", "on and on"); err != nil {
				return nil, err
			}
		}
		return nil, nil
	})
	owner, dashboard := open(t, runtime), open(t, runtime)
	id := owner.submit("busy", nil, nil)
	owned := make(chan []protocol.Payload, 1)
	go func() { owned <- owner.stream(id) }()
	dashboard.subscribe(id)
	for range 50 {
		dashboard.next()
	}
	leave := func() { dashboard.send(protocol.JobUnsubscribe{JobID: id}, "") }
	leave()
	leave()
	for {
		if _, refused := dashboard.next().Payload.(protocol.SessionError); refused {
			break
		}
	}
	if all := <-owned; len(all) != 5001 {
		t.Errorf("the owner saw %d", len(all))
	}
	leave()
	want[protocol.SessionError](dashboard)
}

// TestClause_7_6_ACounterShowsWhatChildrenSpend has a cost of which the job itself emits nothing (§9.6).
func TestClause_7_6_ACounterShowsWhatChildrenSpend(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	spent, done := make(chan struct{}), make(chan struct{})
	handle(t, runtime, "spender", func(ctx context.Context, job *actors.Job) (any, error) {
		defer close(spent)
		return nil, job.Cost(ctx, "cost.token", "0.25", "USD")
	})
	handle(t, runtime, "lead", func(ctx context.Context, job *actors.Job) (any, error) {
		_, err := job.Delegate(ctx, actors.Delegation{Agent: "spender", Lease: protocol.Lease{"cost.budget": {"USD:0.5"}}})
		<-done
		return nil, err
	})
	owner, dashboard := open(t, runtime), open(t, runtime)
	id := owner.submit("lead", nil, protocol.Lease{"cost.budget": {"USD:1"}, "agent.delegate": {"spender"}})
	<-spent
	if subscribed := dashboard.subscribe(id); subscribed.Budget["USD"] != "0.75" {
		t.Errorf("got %+v", subscribed)
	}
	close(done)
	owner.end(id)
}
