package actors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
)

// seen reads to the ending of a job and returns all messages, that one last.
func (c *client) seen(job protocol.JobID) []protocol.Envelope {
	c.t.Helper()
	var all []protocol.Envelope
	for {
		envelope := c.next()
		all = append(all, envelope)
		switch envelope.Payload.(type) {
		case protocol.JobResult, protocol.JobError:
			if envelope.JobID == job {
				return all
			}
		}
	}
}

// ends is the jobs of the endings among messages, in their order, with the final status.
func ends(messages []protocol.Envelope) (jobs []protocol.JobID, statuses []protocol.JobStatus) {
	for _, message := range messages {
		switch payload := message.Payload.(type) {
		case protocol.JobResult:
			jobs, statuses = append(jobs, message.JobID), append(statuses, payload.FinalStatus)
		case protocol.JobError:
			jobs, statuses = append(jobs, message.JobID), append(statuses, payload.FinalStatus)
		}
	}
	return jobs, statuses
}

// waits is an agent that goes on until it is stopped.
func waits(ctx context.Context, _ *actors.Job) (any, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func code(err error) protocol.Code {
	var refusal *protocol.Error
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return ""
}

// Register: R10-1.
func TestClause_10_ADelegateEventStartsAChild(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "helper", func(ctx context.Context, job *actors.Job) (any, error) {
		if job.TraceID() != "trace-1" || string(job.Input()) != `{"n":1}` || job.Agent() != "helper@1.0.0" {
			t.Errorf("the child has %q, %s, %s", job.TraceID(), job.Input(), job.Agent())
		}
		if err := job.Tool(ctx, "search.web", nil, call); err != nil {
			t.Errorf("within its lease: %v", err)
		}
		if err := job.Tool(ctx, "search.news", nil, call); code(err) != protocol.PermissionDenied {
			t.Errorf("within its parent's lease only: %v", err)
		}
		return "done", nil
	})
	handle(t, runtime, "boss", func(ctx context.Context, job *actors.Job) (any, error) {
		child, err := job.Delegate(ctx, actors.Delegation{
			Agent: "helper", Input: map[string]int{"n": 1}, Lease: protocol.Lease{"tool.call": {"search.web"}},
		})
		if err != nil {
			return nil, err
		}
		result, err := child.Wait(ctx)
		if err != nil || child.Status() != protocol.StatusSuccess || string(result.Result) != `"done"` {
			t.Errorf("the child: %+v, %v, %s", result, err, child.Status())
		}
		return child.ID(), nil
	})
	c := open(t, runtime)
	c.sent++
	frame, err := protocol.Encode(protocol.Envelope{ID: "m", SessionID: c.id, TraceID: "trace-1", Payload: protocol.JobSubmit{
		Agent: "boss", LeaseRequest: protocol.Lease{"tool.call": {"search.*"}, "agent.delegate": {"help*"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.conn.Send(t.Context(), frame); err != nil {
		t.Fatal(err)
	}
	root := want[protocol.JobAccepted](c).JobID
	messages := c.seen(root)
	event := messages[0].Payload.(protocol.JobEvent)
	var body struct {
		Agent      string         `json:"agent"`
		ChildJobID protocol.JobID `json:"child_job_id"`
		Lease      protocol.Lease `json:"lease"`
	}
	if err := json.Unmarshal(event.Body, &body); err != nil || event.Kind != protocol.KindDelegate || messages[0].JobID != root {
		t.Fatalf("first: %+v", messages[0])
	}
	if body.Agent != "helper@1.0.0" || body.ChildJobID == root || !slices.Equal(body.Lease["tool.call"], []string{"search.web"}) {
		t.Errorf("delegate: %s", event.Body)
	}
	accepted, ok := messages[1].Payload.(protocol.JobAccepted)
	if !ok || messages[1].JobID != body.ChildJobID || messages[1].RequestID != "" || accepted.ParentJobID != root || accepted.JobID != body.ChildJobID {
		t.Errorf("second: %+v", messages[1])
	}
	for _, message := range messages {
		if message.TraceID != "trace-1" {
			t.Errorf("no trace on %+v", message) // §11
		}
	}
	if jobs, statuses := ends(messages); !slices.Equal(jobs, []protocol.JobID{body.ChildJobID, root}) || statuses[0] != protocol.StatusSuccess {
		t.Errorf("endings: %v %v", jobs, statuses)
	}
}

// Register: R9.4-1, R9.4-2, R9.4-3, R9.4-4.
func TestClause_9_4_WhatIsRefusedStartsNothing(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "helper", func(context.Context, *actors.Job) (any, error) {
		t.Error("a child was started")
		return nil, nil
	})
	soon := time.Now().Add(time.Hour).UTC()
	at := func(d time.Duration) *protocol.LeaseConstraints {
		return &protocol.LeaseConstraints{ExpiresAt: protocol.FormatTime(soon.Add(d))}
	}
	tests := []struct {
		name        string
		agent       string
		lease       protocol.Lease
		constraints *protocol.LeaseConstraints
		want        protocol.Code
	}{
		{"a name that is not covered", "other", nil, nil, protocol.PermissionDenied},
		{"a name that nobody has", "helper-x", nil, nil, protocol.AgentNotAvailable},
		{"a version that nobody has", "helper@9", nil, nil, protocol.AgentVersionNotAvailable},
		{"no name", "", nil, nil, protocol.InvalidRequest},
		{"a wider pattern", "helper", protocol.Lease{"tool.call": {"*"}}, nil, protocol.LeaseSubsetViolation},
		{"another namespace", "helper", protocol.Lease{"fs.read": {"/a"}}, nil, protocol.LeaseSubsetViolation},
		{"another model", "helper", protocol.Lease{"model.use": {"tier-slow/x"}}, nil, protocol.LeaseSubsetViolation},
		{"a malformed lease", "helper", protocol.Lease{"fs.raed": {"/a"}}, nil, protocol.InvalidRequest},
		{"more than is left", "helper", protocol.Lease{"cost.budget": {"USD:2.01"}}, nil, protocol.LeaseSubsetViolation},
		{"another currency", "helper", protocol.Lease{"cost.budget": {"EUR:1"}}, nil, protocol.LeaseSubsetViolation},
		{"a later end", "helper", nil, at(time.Millisecond), protocol.LeaseSubsetViolation},
		{"a past end", "helper", nil, at(-2 * time.Hour), protocol.InvalidRequest},
	}
	handle(t, runtime, "boss", func(ctx context.Context, job *actors.Job) (any, error) {
		if err := job.Cost(ctx, "cost.x", "3", "USD"); err != nil {
			return nil, err
		}
		for _, test := range tests {
			_, err := job.Delegate(ctx, actors.Delegation{Agent: test.agent, Lease: test.lease, Constraints: test.constraints})
			if code(err) != test.want {
				t.Errorf("%s: got %v, want %s", test.name, err, test.want)
			}
		}
		if err := job.Cost(ctx, "cost.x", "2", "USD"); err != nil {
			return nil, err
		}
		for _, lease := range []protocol.Lease{nil, {"tool.call": {"*"}}, {"cost.budget": {"USD:0"}}} {
			if _, err := job.Delegate(ctx, actors.Delegation{Agent: "helper", Lease: lease}); code(err) != protocol.BudgetExhausted {
				t.Errorf("with nothing left: %v", err)
			}
		}
		return nil, nil
	})
	c := open(t, runtime)
	c.send(protocol.JobSubmit{Agent: "boss", LeaseConstraints: at(0), LeaseRequest: protocol.Lease{
		"tool.call": {"search.*"}, "agent.delegate": {"helper*"}, "model.use": {"tier-fast/*"}, "cost.budget": {"USD:5.00"},
	}}, "")
	root := want[protocol.JobAccepted](c).JobID
	for _, message := range c.seen(root) {
		if event, ok := message.Payload.(protocol.JobEvent); message.JobID != root || ok && event.Kind != protocol.KindMetric {
			t.Errorf("got %+v", message)
		}
	}
}

// TestClause_9_4_ExactlyWhatIsLeftIsGranted, and a child's costs are its parent's too, so the tree ends where the root's
// budget does, exactly.
//
// Register: R9.4-2.
func TestClause_9_4_ExactlyWhatIsLeftIsGranted(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	begin := make(chan struct{})
	handle(t, runtime, "helper", func(ctx context.Context, job *actors.Job) (any, error) {
		<-begin
		for range 100 {
			if err := job.Charge(ctx, "cost.x", "0.01", "USD"); exhausted(err) {
				return nil, nil
			} else if err != nil {
				return nil, err
			}
		}
		return nil, job.Tool(ctx, "search", nil, call)
	})
	handle(t, runtime, "boss", func(ctx context.Context, job *actors.Job) (any, error) {
		if err := job.Cost(ctx, "cost.x", "3", "USD"); err != nil {
			return nil, err
		}
		var children []*actors.Child
		for _, lease := range []protocol.Lease{{"cost.budget": {"USD:2.00"}}, {"cost.budget": {"USD:2"}}, nil, {"cost.budget": {}}} {
			child, err := job.Delegate(ctx, actors.Delegation{Agent: "helper", Lease: lease})
			if err != nil {
				t.Errorf("%v: %v", lease, err)
				return nil, err
			}
			children = append(children, child)
		}
		close(begin)
		for _, child := range children {
			if _, err := child.Wait(ctx); code(err) != protocol.PermissionDenied && err != nil {
				t.Errorf("a child ended with %v", err)
			}
		}
		left, err := job.Budget(ctx)
		if err != nil || len(left) != 1 || !left[0].Remaining.IsZero() {
			t.Errorf("left: %v, %v", left, err) // four children that charge 1.00 each, out of 2.00
		}
		if err := job.Tool(ctx, "search", nil, call); !exhausted(err) {
			t.Errorf("the parent: %v", err)
		}
		return nil, nil
	})
	c := open(t, runtime)
	root := c.submit("boss", nil, protocol.Lease{"agent.delegate": {"*"}, "cost.budget": {"USD:5.00"}, "tool.call": {"*"}})
	charged, gauged := 0, map[protocol.JobID]bool{}
	unbudgeted := map[protocol.JobID]bool{}
	for _, message := range c.seen(root) {
		switch payload := message.Payload.(type) {
		case protocol.JobAccepted:
			unbudgeted[message.JobID] = len(payload.Budget) == 0
		case protocol.JobEvent:
			switch {
			case message.JobID == root:
			case strings.Contains(string(payload.Body), "cost.budget.remaining"):
				gauged[message.JobID] = true
			case payload.Kind == protocol.KindMetric:
				charged++
			}
		}
	}
	if charged != 200 {
		t.Errorf("%d charges of 0.01 were booked, of 2.00", charged)
	}
	for job := range gauged {
		if unbudgeted[job] {
			t.Errorf("%s has no counter of its own, and shows one", job)
		}
	}
}

// parenthood registers "boss", which delegates to itself down to a depth, and there does what leaf does. Every job but the
// leaf's waits for its child.
func parenthood(t *testing.T, runtime *actors.Runtime, leaf actors.Agent) {
	handle(t, runtime, "boss", func(ctx context.Context, job *actors.Job) (any, error) {
		var depth int
		if err := json.Unmarshal(job.Input(), &depth); err != nil {
			return nil, err
		}
		if depth == 0 {
			return leaf(ctx, job)
		}
		child, err := job.Delegate(ctx, actors.Delegation{Agent: "boss", Input: depth - 1, Lease: job.Lease().Wire()})
		if err != nil {
			return nil, err
		}
		_, err = child.Wait(ctx)
		return depth, err
	})
}

// Register: R10-2.
func TestClause_10_CancellingTheRootEndsTheLeavesFirst(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	there := make(chan struct{})
	parenthood(t, runtime, func(ctx context.Context, job *actors.Job) (any, error) {
		close(there)
		return waits(ctx, job)
	})
	c := open(t, runtime)
	root := c.submit("boss", 3, protocol.Lease{"agent.delegate": {"*"}, "cost.budget": {"USD:1"}})
	<-there
	c.send(protocol.JobCancel{JobID: root}, root)
	messages := c.seen(root)
	parents := map[protocol.JobID]protocol.JobID{}
	for _, message := range messages {
		if accepted, ok := message.Payload.(protocol.JobAccepted); ok {
			parents[message.JobID] = accepted.ParentJobID
		}
	}
	jobs, statuses := ends(messages)
	if len(jobs) != 4 || len(parents) != 3 {
		t.Fatalf("jobs %v, parents %v", jobs, parents)
	}
	for i, job := range jobs {
		if statuses[i] != protocol.StatusCancelled || i > 0 && parents[jobs[i-1]] != job {
			t.Errorf("ending %d: %s of %s", i, statuses[i], job)
		}
	}
}

func TestClause_10_AParentThatReturnsEndsItsChildrenFirst(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "waits", waits)
	handle(t, runtime, "hasty", func(ctx context.Context, job *actors.Job) (any, error) {
		for range 5 {
			if _, err := job.Delegate(ctx, actors.Delegation{Agent: "waits"}); err != nil {
				return nil, err
			}
		}
		return 42, nil
	})
	c := open(t, runtime)
	root := c.submit("hasty", nil, protocol.Lease{"agent.delegate": {"*"}})
	jobs, statuses := ends(c.seen(root))
	if len(jobs) != 6 || jobs[5] != root || statuses[5] != protocol.StatusSuccess || statuses[0] != protocol.StatusCancelled {
		t.Errorf("%v %v", jobs, statuses)
	}
}

func TestAChildsCrashIsItsOwn(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "crashes", func(context.Context, *actors.Job) (any, error) { panic("oh") })
	handle(t, runtime, "fails", func(context.Context, *actors.Job) (any, error) {
		return nil, protocol.NewError(protocol.AgentNotAvailable, "mine")
	})
	handle(t, runtime, "boss", func(ctx context.Context, job *actors.Job) (any, error) {
		for agent, want := range map[string]protocol.Code{"crashes": protocol.InternalError, "fails": protocol.AgentNotAvailable} {
			child, err := job.Delegate(ctx, actors.Delegation{Agent: agent})
			if err != nil {
				return nil, err
			}
			if _, err := child.Wait(ctx); code(err) != want || child.Status() != protocol.StatusError {
				t.Errorf("%s: %v, %s", agent, err, child.Status())
			}
		}
		return "fine", nil
	})
	c := open(t, runtime)
	ending, _ := c.end(c.submit("boss", nil, protocol.Lease{"agent.delegate": {"*"}}))
	if result, ok := ending.(protocol.JobResult); !ok || string(result.Result) != `"fine"` {
		t.Errorf("ending: %+v", ending)
	}
}

// A session may cancel a child as it may any job of its own; other sessions may not, and the parent goes on.
func TestClause_7_4_AChildCanBeCancelledAlone(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "waits", waits)
	handle(t, runtime, "boss", func(ctx context.Context, job *actors.Job) (any, error) {
		child, err := job.Delegate(ctx, actors.Delegation{Agent: "waits"})
		if err != nil {
			return nil, err
		}
		if _, err = child.Wait(ctx); code(err) != protocol.Cancelled {
			t.Errorf("the child: %v", err)
		}
		return "fine", nil
	})
	c, other := open(t, runtime), open(t, runtime)
	root := c.submit("boss", nil, protocol.Lease{"agent.delegate": {"*"}})
	want[protocol.JobEvent](c)
	child := want[protocol.JobAccepted](c).JobID
	other.send(protocol.JobCancel{JobID: child}, child)
	if failure := want[protocol.SessionError](other).Payload.(protocol.SessionError); failure.Code != protocol.PermissionDenied {
		t.Errorf("another session: %+v", failure)
	}
	c.send(protocol.JobCancel{JobID: child}, child)
	want[protocol.JobCancelled](c)
	jobs, statuses := ends(c.seen(root))
	if !slices.Equal(jobs, []protocol.JobID{child, root}) || statuses[0] != protocol.StatusCancelled || statuses[1] != protocol.StatusSuccess {
		t.Errorf("%v %v", jobs, statuses)
	}
}

// TestClause_10_DeafChildrenAreLeftBehind has three levels of agents that ignore being stopped. All graces run at once.
func TestClause_10_DeafChildrenAreLeftBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		runtime := newRuntime(t, nil)
		release := make(chan struct{})
		var agents sync.WaitGroup
		handle(t, runtime, "deaf", func(ctx context.Context, job *actors.Job) (any, error) {
			agents.Add(1)
			defer agents.Done()
			if string(job.Input()) != "0" {
				var depth int
				if err := json.Unmarshal(job.Input(), &depth); err != nil {
					return nil, err
				}
				if _, err := job.Delegate(ctx, actors.Delegation{Agent: "deaf", Input: depth - 1, Lease: job.Lease().Wire()}); err != nil {
					return nil, err
				}
			}
			<-release
			_, err := job.Delegate(context.WithoutCancel(ctx), actors.Delegation{Agent: "deaf", Input: 0})
			if code(err) != protocol.InvalidRequest {
				t.Errorf("a delegation after the ending: %v", err)
			}
			return nil, nil
		})
		c := open(t, runtime)
		root := c.submit("deaf", 2, protocol.Lease{"agent.delegate": {"*"}, "cost.budget": {"USD:1"}})
		synctest.Wait()
		begun := time.Now()
		c.send(protocol.JobCancel{JobID: root}, root)
		jobs, _ := ends(c.seen(root))
		if len(jobs) != 3 || time.Since(begun) != 5*time.Second {
			t.Errorf("%v after %v", jobs, time.Since(begun))
		}
		close(release)
		agents.Wait()
		synctest.Wait()
		c.conn.Abort()
		shutdown(t, runtime)
	})
}

// A shutdown ends trees like jobs, wherever they stand.
func TestShutdownEndsTrees(t *testing.T) {
	t.Parallel()
	for round := range 20 {
		runtime := newRuntime(t, nil)
		handle(t, runtime, "boss", func(ctx context.Context, job *actors.Job) (any, error) {
			for ctx.Err() == nil {
				child, err := job.Delegate(ctx, actors.Delegation{Agent: "leaf"})
				if err != nil {
					return nil, err
				}
				if _, err := child.Wait(ctx); err != nil {
					return nil, err
				}
			}
			return nil, context.Cause(ctx)
		})
		handle(t, runtime, "leaf", func(ctx context.Context, job *actors.Job) (any, error) { return nil, job.Log(ctx, "info", "hi") })
		c := open(t, runtime)
		root := c.submit("boss", nil, protocol.Lease{"agent.delegate": {"*"}})
		for range round {
			c.next()
		}
		stopped := make(chan error, 1)
		go func() { stopped <- runtime.Shutdown(context.Background()) }()
		messages := c.seen(root)
		if err := <-stopped; err != nil {
			t.Errorf("%v after %d messages", err, len(messages))
		}
	}
}

// Many trees at once, with one budget each: none spends more than its root has.
//
// Register: R9.6-15.
func TestClause_9_6_ATreeSpendsNoMoreThanItsRoot(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	handle(t, runtime, "boss", func(ctx context.Context, job *actors.Job) (any, error) {
		var depth int
		if err := json.Unmarshal(job.Input(), &depth); err != nil {
			return nil, err
		}
		var branches sync.WaitGroup
		for i := range 4 {
			branches.Go(func() {
				for range 20 {
					if job.Charge(ctx, "cost.x", "0.01", "USD") != nil {
						return
					}
				}
				if depth == 0 {
					return
				}
				lease := protocol.Lease{"agent.delegate": {"*"}}
				if i%2 == 0 {
					lease["cost.budget"] = []string{fmt.Sprintf("USD:0.%d5", i)}
				}
				if child, err := job.Delegate(ctx, actors.Delegation{Agent: "boss", Input: depth - 1, Lease: lease}); err == nil {
					_, _ = child.Wait(ctx)
				}
			})
		}
		branches.Wait()
		return nil, nil
	})
	c := open(t, runtime)
	root := c.submit("boss", 2, protocol.Lease{"agent.delegate": {"*"}, "cost.budget": {"USD:3.33"}})
	charged := 0
	for _, message := range c.seen(root) {
		if event, ok := message.Payload.(protocol.JobEvent); ok && strings.Contains(string(event.Body), `"cost.x"`) {
			charged++
		}
	}
	if charged != 333 {
		t.Errorf("%d charges of 0.01 were booked, of 3.33", charged)
	}
}
