package job_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

// delegating is the submission of a job that may delegate to helpers, and use tools and files.
func delegating(amounts ...string) job.Submitted {
	in := submission(amounts...)
	in.Submit.LeaseRequest["agent.delegate"] = []string{"helper*"}
	in.Submit.LeaseRequest["fs.read"] = []string{"/a/**"}
	in.Features = append([]protocol.Feature{protocol.FeatureLeaseExpiresAt}, in.Features...)
	return in
}

// delegate asks for a child job_2.
func (b *bench) delegate(asked protocol.Lease, constraints *protocol.LeaseConstraints) []job.Effect {
	b.t.Helper()
	return b.step(job.DelegateRequested{
		Call: b.call(), ChildID: "job_2", Name: "helper", Version: "1.0.0", Input: json.RawMessage(`{"n":2}`),
		Lease: asked, Constraints: constraints,
	})
}

// withChild has a job whose child job_2 runs.
func withChild(t *testing.T, amounts ...string) *bench {
	t.Helper()
	b := benchOf(t, nil, delegating(amounts...))
	effects := b.delegate(protocol.Lease{"tool.call": {"search"}}, nil)
	if len(amounts) > 0 {
		only[job.DelegateBudget](t, effects)
		effects = b.step(job.BudgetDelegated{Call: b.lastCall})
	}
	only[job.StartChild](t, effects)
	b.step(job.ChildStarted{Call: b.lastCall, ChildID: "job_2"})
	return b
}

func TestClause_10_TheDelegateEventComesBeforeTheChildBegins(t *testing.T) {
	t.Parallel()
	b := benchOf(t, nil, delegating())
	start := only[job.StartChild](t, b.delegate(protocol.Lease{"fs.read": {"/a/b"}}, nil))
	if start.ChildID != "job_2" || start.Name != "helper" || start.Version != "1.0.0" {
		t.Errorf("got %s", transcript.Render(start))
	}
	effects := b.step(job.ChildStarted{Call: start.Call, ChildID: "job_2"})
	wantEvents(t, effects[:1], `delegate {"agent":"helper@1.0.0","child_job_id":"job_2","lease":{"fs.read":["/a/b"]}}`)
	offer, ok := effects[1].(job.OfferChild)
	if !ok {
		t.Fatalf("got %s", transcript.Render(effects))
	}
	wantDone(t, effects[2:])
	child := offer.Submitted
	if child.ParentJobID != "job_1" || child.JobID != "job_2" || child.SessionID != "sess_1" || child.Principal != "alice" ||
		child.TraceID != "4bf92f" || child.RequestID != "" || string(child.Submit.Input) != `{"n":2}` {
		t.Errorf("got %s", transcript.Render(offer))
	}
	started := newBench(t, nil)
	accepted := only[job.Accept](t, started.step(child)[:1]).Payload
	if accepted.ParentJobID != "job_1" || accepted.Lease["fs.read"][0] != "/a/b" || len(accepted.Lease) != 1 {
		t.Errorf("got %s", transcript.Render(accepted))
	}
}

func TestClause_9_4_TheOrderOfRefusals(t *testing.T) {
	t.Parallel()
	wide := protocol.Lease{"fs.read": {"/**"}}
	gone := protocol.NewError(protocol.AgentNotAvailable, "no agent helper")
	for _, test := range []struct {
		name      string
		agent     string
		missing   *protocol.Error
		lease     protocol.Lease
		exhausted bool
		expired   bool
		want      protocol.Code
	}{
		{"an expired lease first", "other", gone, wide, true, true, protocol.LeaseExpired},
		{"then the agent's name", "other", gone, wide, true, false, protocol.PermissionDenied},
		{"then the counters", "helper", gone, wide, true, false, protocol.BudgetExhausted},
		{"then whether there is such an agent", "helper", gone, wide, false, false, protocol.AgentNotAvailable},
		{"then the lease", "helper", nil, wide, false, false, protocol.LeaseSubsetViolation},
	} {
		in := delegating("USD:1")
		in.Submit.LeaseConstraints = until(expiry)
		b := benchOf(t, nil, in)
		if test.expired {
			b.now = expiry
		}
		effects := b.step(job.DelegateRequested{
			Call: b.call(), ChildID: "job_2", Name: test.agent, Version: "1", Unavailable: test.missing, Lease: test.lease,
		})
		if checks := all[job.CheckBudget](effects); len(checks) > 0 {
			answer := job.BudgetChecked{Call: checks[0].Call}
			if test.exhausted {
				answer.Err = exhausted
			}
			effects = b.step(answer)
		}
		if replies := all[job.Reply](effects); len(replies) != 1 || replies[0].Err == nil || replies[0].Err.Code != test.want {
			t.Errorf("%s: got %s", test.name, transcript.Render(effects))
		}
		if len(all[job.StartChild](b.effects)) > 0 {
			t.Errorf("%s: a child was started", test.name)
		}
	}
}

func TestClause_9_4_TheEndOfTheLeaseIsInherited(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name          string
		parent, child *protocol.LeaseConstraints
		want          string
		refused       protocol.Code
	}{
		{"neither", nil, nil, "", ""},
		{"inherited", until(expiry), nil, until(expiry).ExpiresAt, ""},
		{"empty constraints", until(expiry), &protocol.LeaseConstraints{}, until(expiry).ExpiresAt, ""},
		{"its own", nil, until(expiry), until(expiry).ExpiresAt, ""},
		{"the same", until(expiry), until(expiry), until(expiry).ExpiresAt, ""},
		{"earlier", until(expiry), until(expiry.Add(-time.Second)), until(expiry.Add(-time.Second)).ExpiresAt, ""},
		{"later", until(expiry), until(expiry.Add(time.Second)), "", protocol.LeaseSubsetViolation},
		{"past", until(expiry), until(beginning), "", protocol.InvalidRequest},
		{"not in UTC", nil, &protocol.LeaseConstraints{ExpiresAt: "2030-01-01T00:00:00+01:00"}, "", protocol.InvalidRequest},
	} {
		in := delegating()
		in.Submit.LeaseConstraints = test.parent
		b := benchOf(t, nil, in)
		effects := b.delegate(nil, test.child)
		if test.refused != "" {
			wantRefused(t, effects, test.refused)
			continue
		}
		effects = b.step(job.ChildStarted{Call: only[job.StartChild](t, effects).Call, ChildID: "job_2"})
		child := newBench(t, nil)
		child.step(all[job.OfferChild](effects)[0].Submitted)
		shown := ""
		if constraints := all[job.Accept](child.effects)[0].Payload.LeaseConstraints; constraints != nil {
			shown = constraints.ExpiresAt
		}
		at, ends := all[job.StartAgent](child.effects)[0].Lease.ExpiresAt()
		if shown != test.want || ends != (test.want != "") || ends && until(at).ExpiresAt != test.want {
			t.Errorf("%s: shown %q, ends at %v", test.name, shown, at)
		}
	}
}

func TestClause_9_6_AChildWithoutABudgetSpendsItsAncestors(t *testing.T) {
	t.Parallel()
	b := withChild(t, "USD:1")
	child := benchOf(t, nil, all[job.OfferChild](b.effects)[0].Submitted)
	if len(all[job.OpenBudget](child.effects)) > 0 || all[job.Accept](child.effects)[0].Payload.Budget != nil {
		t.Errorf("got %s", transcript.Render(child.effects))
	}
	check := only[job.CheckBudget](t, child.operate("tool.call", "search"))
	wantRefused(t, child.step(job.BudgetChecked{Call: check.Call, Err: exhausted}), protocol.BudgetExhausted)
	book := only[job.BookCost](t, child.metric("cost.a", "0.1", "USD"))
	effects := child.step(job.CostBooked{Call: book.Call, Remaining: amount(t, "0.9")})
	wantEvents(t, effects, `metric {"name":"cost.a","value":0.1,"unit":"USD"}`) // and no gauge
	wantEvents(t, child.metric("cost.a", "0.1", "EUR"), `metric {"name":"cost.a","value":0.1,"unit":"EUR"}`)
}

func TestClause_9_4_TheLedgersRefusals(t *testing.T) {
	t.Parallel()
	for want, err := range map[protocol.Code]error{
		protocol.LeaseSubsetViolation: &budget.BeyondParent{Currency: "USD"},
		protocol.BudgetExhausted:      &budget.Exhausted{Currency: "USD"},
	} {
		if got := job.BudgetRefusal(fmt.Errorf("wrapped: %w", err)); got.Code != want {
			t.Errorf("%v: got %s", err, got.Code)
		}
		b := benchOf(t, nil, delegating("USD:1"))
		carve := only[job.DelegateBudget](t, b.delegate(protocol.Lease{"cost.budget": {"USD:2"}}, nil))
		if carve.ChildID != "job_2" || carve.Grants[0].String() != "USD:2" {
			t.Errorf("got %s", transcript.Render(carve))
		}
		wantRefused(t, b.step(job.BudgetDelegated{Call: carve.Call, Err: job.BudgetRefusal(err)}), want)
	}
}

func TestClause_10_NothingBeginsWhenTheJobIsStoppedMeanwhile(t *testing.T) {
	t.Parallel()
	b := benchOf(t, nil, delegating("USD:1"))
	b.delegate(nil, nil)
	b.cancel()
	effects := b.step(job.BudgetDelegated{Call: b.lastCall})
	if forget := all[job.ForgetBudget](effects); len(forget) != 1 || forget[0].ChildID != "job_2" {
		t.Errorf("got %s", transcript.Render(effects))
	}
	if replies := all[job.Reply](effects); len(replies) != 1 || replies[0].Err.Code != protocol.Cancelled {
		t.Errorf("got %s", transcript.Render(effects))
	}

	b = benchOf(t, nil, delegating())
	b.delegate(nil, nil)
	b.step(job.AgentReturned{}) // its agent left a branch behind
	if b.machine.State() != job.Finishing {
		t.Errorf("the job does not wait: %v", b.machine.State())
	}
	effects = b.step(job.ChildStarted{Call: b.lastCall, ChildID: "job_2"})
	if told := all[job.TellChild](effects); len(told) != 1 || len(all[job.SendEvent](effects)) > 0 || len(all[job.OfferChild](effects)) > 0 {
		t.Errorf("got %s", transcript.Render(effects))
	}
	if got := b.step(job.ChildEnded{ChildID: "job_2"}); len(all[job.SendEnding](got)) != 1 {
		t.Errorf("got %s", transcript.Render(got))
	}
	child := newBench(t, nil)
	only[job.End](t, child.step(job.ParentEnding{}))
}

func TestClause_10_TheEndingWaitsForTheChildren(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]job.Input{
		"a cancel":   job.CancelRequested{RequestID: "m2", SessionID: "sess_1", Principal: "alice"},
		"a result":   job.AgentReturned{},
		"an error":   job.AgentFailed{},
		"a crash":    job.AgentPanicked{},
		"a shutdown": job.ShutdownRequested{},
		"its parent": job.ParentEnding{},
	} {
		b := withChild(t)
		told := all[job.TellChild](b.step(end))
		if len(told) != 1 || told[0].ChildID != "job_2" || told[0].Input != job.Input(job.ParentEnding{}) {
			t.Errorf("%s: got %s", name, transcript.Render(told))
		}
		b.step(job.AgentReturned{})
		b.wait(time.Hour)
		b.step(job.Tick{})
		if len(all[job.SendEnding](b.effects)) > 0 || len(all[job.TellChild](b.effects)) != 1 {
			t.Errorf("%s: got %s", name, transcript.Render(b.effects))
		}
		if effects := b.step(job.ChildEnded{ChildID: "job_2"}); len(all[job.SendEnding](effects)) != 1 {
			t.Errorf("%s: got %s", name, transcript.Render(effects))
		}
	}
}

func TestClause_10_AChildsEndIsNotItsParents(t *testing.T) {
	t.Parallel()
	b := withChild(t)
	if effects := b.step(job.ChildEnded{ChildID: "job_2"}); effects != nil || b.machine.State() != job.Running {
		t.Errorf("got %s", transcript.Render(effects))
	}
	if effects := b.step(job.AgentReturned{}); len(all[job.TellChild](effects)) > 0 || len(all[job.SendEnding](effects)) != 1 {
		t.Errorf("got %s", transcript.Render(effects))
	}
}

func TestABudgetThatIsLostIsLostToTheWholeTree(t *testing.T) {
	t.Parallel()
	b := withChild(t, "USD:1")
	b.step(job.DelegateRequested{Call: b.call(), ChildID: "job_3", Name: "helper", Version: "1.0.0"})
	b.step(job.BudgetDelegated{Call: b.lastCall}) // and the actor of job_3 is on its way
	effects := b.step(job.BudgetLost{})
	told := all[job.TellChild](effects)
	if len(told) != 2 || told[0].Input != job.Input(job.BudgetLost{}) || told[1].Input != job.Input(job.ParentEnding{}) {
		t.Errorf("got %s", transcript.Render(effects))
	}
	b.step(job.AgentReturned{})
	b.step(job.ChildEnded{ChildID: "job_2"})
	if b.machine.State() != job.Finishing {
		t.Errorf("job_3 was forgotten: %v", b.machine.State())
	}
	effects = b.step(job.ChildRefused{Call: b.lastCall, Err: exhausted})
	if len(all[job.SendEnding](effects)) != 1 {
		t.Errorf("got %s", transcript.Render(effects))
	}
}
