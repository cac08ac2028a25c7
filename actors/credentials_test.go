package actors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/internal/upstream"
	"github.com/arcp-conformance/arcp/protocol"
)

// Register: R9.8-1.
func TestClause_9_8_1_AJobHasItsCredentials(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.provisioner.Keys = 2
	s.open()
	handle(t, s.Runtime, "buyer", s.pays("fast-1", "USD:1"))
	c := open(t, s.Runtime)
	accepted := c.offer(protocol.JobSubmit{
		Agent: "buyer", LeaseRequest: protocol.Lease{"model.use": {"fast-*"}, "cost.budget": {"USD:5.00"}},
		LeaseConstraints: &protocol.LeaseConstraints{ExpiresAt: "2099-01-01T00:00:00Z"},
	})
	if len(accepted.Credentials) != 2 {
		t.Fatalf("got %+v", accepted)
	}
	got := accepted.Credentials[0]
	const constraints = `{"cost.budget":["USD:5"],"model.use":["fast-*"],"expires_at":"2099-01-01T00:00:00.000Z"}`
	if got.ID != "cred_1" || got.Scheme != "bearer" || !strings.HasPrefix(got.Value, "sk-virt-") ||
		got.Endpoint != "http://gateway.example/v1" || string(got.Constraints) != constraints {
		t.Errorf("got %#v %s", got, got.Constraints)
	}
	if ending, _ := c.end(accepted.JobID); ending.(protocol.JobResult).FinalStatus != protocol.StatusSuccess {
		t.Errorf("got %+v", ending)
	}
	// Nothing of the kind for a session without the feature, even of a job that has some.
	plain := openAs(t, s.Runtime, token, []protocol.Feature{protocol.FeatureSubscribe, protocol.FeatureModelUse})
	if accepted := plain.offer(protocol.JobSubmit{Agent: "buyer"}); accepted.Credentials != nil {
		t.Errorf("got %+v", accepted)
	}
	plain.conn.Abort()
	s.closed()
}

// TestClause_14_TheFeatureNeedsAProvisioner, and with it a ledger.
func TestClause_14_TheFeatureNeedsAProvisioner(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		open func() *actors.Runtime
		want bool
	}{
		{"without", func() *actors.Runtime { return newRuntime(t, nil) }, false},
		{"asked for without", func() *actors.Runtime { return newRuntime(t, &actors.Config{Features: protocol.Features()}) }, false},
		{"with", func() *actors.Runtime { return newShop(t).open().Runtime }, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := connect(t, test.open())
			c.hello()
			features := want[protocol.SessionWelcome](c).Payload.(protocol.SessionWelcome).Capabilities.Features
			if slices.Contains(features, protocol.FeatureProvisionedCredentials) != test.want {
				t.Errorf("got %v", features)
			}
		})
	}
	config := newShop(t).config
	config.Credentials.Ledger = nil
	if _, err := actors.New(config); err == nil {
		t.Error("a runtime without a ledger provisions")
	}
}

// TestClause_9_8_2_EveryEndingRevokesAtTheUpstream, once, although the upstream fails at first and agents tell their values to
// whoever logs.
func TestClause_9_8_2_EveryEndingRevokesAtTheUpstream(t *testing.T) {
	t.Parallel()
	ten := protocol.Number("10")
	soon := func() *protocol.LeaseConstraints {
		return &protocol.LeaseConstraints{ExpiresAt: protocol.FormatTime(time.Now().Add(5 * time.Second))}
	}
	value := func(job *actors.Job) string { return job.Credentials()[0].Value }
	for _, test := range []struct {
		name   string
		agent  actors.Agent
		change func(*protocol.JobSubmit)
		during func(c *client, s *shop, id protocol.JobID)
		breaks string
		code   protocol.Code // of the ending; "" is a success
	}{
		{name: "success", agent: func(_ context.Context, job *actors.Job) (any, error) { return value(job), nil }},
		{name: "error", code: protocol.InternalError, agent: func(_ context.Context, job *actors.Job) (any, error) {
			return nil, fmt.Errorf("with %s", value(job))
		}},
		{name: "panic", code: protocol.InternalError, agent: func(_ context.Context, job *actors.Job) (any, error) {
			panic("with " + value(job))
		}},
		{name: "cancel", code: protocol.Cancelled, agent: waits, during: func(c *client, _ *shop, id protocol.JobID) {
			c.send(protocol.JobCancel{JobID: id}, id)
		}},
		{name: "timeout", code: protocol.Timeout, agent: waits, change: func(s *protocol.JobSubmit) { s.MaxRuntimeSec = &ten }},
		{name: "grace over", code: protocol.Timeout, change: func(s *protocol.JobSubmit) { s.MaxRuntimeSec = &ten },
			agent: func(context.Context, *actors.Job) (any, error) { time.Sleep(time.Minute); return nil, nil }},
		{name: "lease expired", code: protocol.LeaseExpired, change: func(s *protocol.JobSubmit) { s.LeaseConstraints = soon() },
			agent: func(ctx context.Context, job *actors.Job) (any, error) {
				time.Sleep(6 * time.Second)
				return nil, job.Tool(ctx, "search", nil, nil)
			}},
		{name: "budget exhausted", code: protocol.BudgetExhausted, agent: func(ctx context.Context, job *actors.Job) (any, error) {
			return nil, job.Charge(ctx, "cost.all", "6", "USD")
		}},
		{name: "shutdown", code: protocol.InternalError, agent: waits, during: func(_ *client, s *shop, _ protocol.JobID) {
			go func() { _ = s.Shutdown(context.Background()) }()
		}},
		{name: "the actor breaks", code: protocol.InternalError, agent: waits, breaks: "job started"},
		{name: "the actor breaks at the end", agent: func(context.Context, *actors.Job) (any, error) { return 1, nil }, breaks: "job ended"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t)
				s.log.breaks = test.breaks
				s.provisioner.Keys = 2
				s.open()
				handle(t, s.Runtime, "agent", test.agent)
				c := openQuiet(t, s.Runtime)
				submit := protocol.JobSubmit{Agent: "agent", LeaseRequest: protocol.Lease{"tool.call": {"*"}, "cost.budget": {"USD:5"}}}
				if test.change != nil {
					test.change(&submit)
				}
				id := c.offer(submit).JobID
				s.gateway.Fail(3)
				if test.during != nil {
					test.during(c, s, id)
				}
				ending, _ := c.end(id)
				for test.name == "cancel" && ending.Type() == protocol.TypeJobCancelled {
					ending, _ = c.end(id)
				}
				failure, failed := ending.(protocol.JobError)
				if failed != (test.code != "") || failure.Code != test.code {
					t.Errorf("got %+v", ending)
				}
				time.Sleep(time.Hour) // revocations are tried again
				s.closed()
				if got := len(s.gateway.Revoked()); got != 2 {
					t.Errorf("%d keys were revoked", got)
				}
			})
		})
	}
}

// TestClause_9_8_NoCredentialsNoJobAtAll: a submit whose credentials fail is refused, with nothing left behind.
func TestClause_9_8_NoCredentialsNoJobAtAll(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		fail func(s *shop)
	}{
		{"the upstream fails", func(s *shop) { s.gateway.Fail(1) }},
		{"its answer is lost", func(s *shop) { s.gateway.Lose(1) }},
		{"it fails late", func(s *shop) { s.config.Credentials.Provisioner = slow{s.provisioner, errors.New("late")} }},
		{"it answers late", func(s *shop) { s.config.Credentials.Provisioner = slow{s.provisioner, nil} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newShop(t)
				test.fail(s)
				s.open()
				handle(t, s.Runtime, "agent", func(context.Context, *actors.Job) (any, error) { t.Error("it runs"); return nil, nil })
				c := openQuiet(t, s.Runtime)
				c.send(protocol.JobSubmit{Agent: "agent", LeaseRequest: protocol.Lease{"cost.budget": {"USD:5"}}}, "")
				answer := want[protocol.SessionError](c)
				failure := answer.Payload.(protocol.SessionError)
				if failure.Code != protocol.InternalError || answer.RequestID != "m2" || answer.JobID != "" {
					t.Errorf("got %+v", answer)
				}
				s.closed()
			})
		})
	}
}

// slow is a provisioner whose Issue mints, and answers when nobody waits any more, whatever its context says.
type slow struct {
	*upstream.Provisioner
	err error
}

func (s slow) Issue(ctx context.Context, r credentials.Request) ([]credentials.Issued, error) {
	issued, err := s.Provisioner.Issue(ctx, r)
	time.Sleep(time.Hour)
	return issued, errors.Join(err, s.err)
}

// TestClause_9_8_2_RotationOverTheWire renews a key while its job runs (R9.8-4).
func TestClause_9_8_2_RotationOverTheWire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		s.provisioner.Rotates = time.Minute
		s.open()
		handle(t, s.Runtime, "agent", func(ctx context.Context, job *actors.Job) (any, error) {
			time.Sleep(150 * time.Second) // two rotations; the first try of the second fails
			key := job.Credentials()[0]
			return key.Value, upstream.Use(s.gateway.Client(), key.Endpoint, key.Value, "any", "USD:1")
		})
		c, dashboard, lister := openQuiet(t, s.Runtime), openQuiet(t, s.Runtime), openQuiet(t, s.Runtime)
		accepted := c.offer(protocol.JobSubmit{Agent: "agent"})
		if shown := dashboard.subscribe(accepted.JobID).Credentials; len(shown) != 1 || shown[0].Value != accepted.Credentials[0].Value {
			t.Errorf("the submitter's other session is shown %#v", shown)
		}
		time.Sleep(90 * time.Second)
		if listed := lister.listed(); len(listed) != 1 || listed[0].Value == accepted.Credentials[0].Value {
			t.Errorf("after a rotation, the submitter's listing shows %v", listed)
		}
		s.gateway.Fail(1)
		ending, events := c.end(accepted.JobID)
		result, ok := ending.(protocol.JobResult)
		if !ok || len(events) != 2 {
			t.Fatalf("got %+v after %v", ending, events)
		}
		values := []string{accepted.Credentials[0].Value}
		for _, event := range events {
			var body struct{ Phase, ID, Value string }
			if err := json.Unmarshal(event.Body, &body); err != nil || body.Phase != "credential_rotated" || body.ID != "cred_1" {
				t.Errorf("got %s", event.Body)
			}
			if slices.Contains(values, body.Value) {
				t.Errorf("the value is not new: %s", event.Body)
			}
			values = append(values, body.Value)
		}
		var used string
		if _ = json.Unmarshal(result.Result, &used); used != values[2] {
			t.Errorf("the agent used %s of %v", used, values)
		}
		if listed := lister.listed(); listed != nil {
			t.Errorf("after the ending, the listing shows %v", listed)
		}
		for _, seen := range dashboard.stream(accepted.JobID) {
			if text, _ := json.Marshal(seen); strings.Contains(string(text), "sk-virt") {
				t.Errorf("a subscriber sees %s", text)
			}
		}
		s.closed()
		if got := len(s.gateway.Revoked()); got < 3 {
			t.Errorf("%d keys were revoked", got)
		}
	})
}

// listed is what a listing shows of the credentials of the one job that there is.
func (c *client) listed() []protocol.Credential {
	c.t.Helper()
	c.send(protocol.SessionListJobs{}, "")
	jobs := want[protocol.SessionJobs](c).Payload.(protocol.SessionJobs).Jobs
	if len(jobs) == 0 {
		return nil
	}
	return jobs[0].Credentials
}

// TestRotationStopsWithTheJob although the agent never comes back.
func TestRotationStopsWithTheJob(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t)
		s.provisioner.Rotates = time.Minute
		s.open()
		handle(t, s.Runtime, "agent", func(context.Context, *actors.Job) (any, error) { time.Sleep(time.Hour); return 1, nil })
		c := openQuiet(t, s.Runtime)
		id := c.offer(protocol.JobSubmit{Agent: "agent"}).JobID
		c.send(protocol.JobCancel{JobID: id}, id)
		want[protocol.JobCancelled](c)
		c.end(id)
		time.Sleep(time.Hour)
		if minted := s.gateway.Minted(); minted != 1 {
			t.Errorf("%d keys were minted", minted)
		}
		s.closed()
	})
}
