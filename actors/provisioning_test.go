package actors_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/internal/upstream"
	"github.com/arcp-conformance/arcp/protocol"
)

// TestClause_10_ParentsLeaveNoChildCredentials: a child's key is within its lease, and goes before its parent's (R9.8-5).
func TestClause_10_ParentsLeaveNoChildCredentials(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShop(t).open()
		handle(t, s.Runtime, "child", waits)
		handle(t, s.Runtime, "parent", func(ctx context.Context, job *actors.Job) (any, error) {
			for _, part := range []protocol.Lease{{"cost.budget": {"USD:2"}}, {}} {
				if _, err := job.Delegate(ctx, actors.Delegation{Agent: "child", Lease: part}); err != nil {
					return nil, err
				}
			}
			synctest.Wait()
			return nil, job.Cost(ctx, "cost.own", "1", "USD")
		})
		c := openQuiet(t, s.Runtime)
		root := c.offer(protocol.JobSubmit{Agent: "parent", LeaseRequest: protocol.Lease{"agent.delegate": {"*"}, "cost.budget": {"USD:5"}}})
		caps := map[protocol.JobID]string{}
		for _, message := range c.seen(root.JobID) {
			if accepted, ok := message.Payload.(protocol.JobAccepted); ok && len(accepted.Credentials) == 1 {
				caps[accepted.JobID] = string(accepted.Credentials[0].Constraints)
			}
		}
		got := slices.Sorted(mapValues(caps))
		// The second child has no budget of its own, so it is held to its parent's.
		if !slices.Equal(got, []string{`{"cost.budget":["USD:2"]}`, `{"cost.budget":["USD:5"]}`}) {
			t.Errorf("the children's keys have %v", got)
		}
		s.closed()
		if got := len(s.gateway.Revoked()); got != 3 {
			t.Errorf("%d keys were revoked", got)
		}
	})
}

func mapValues[K comparable, V any](m map[K]V) func(func(V) bool) {
	return func(yield func(V) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// TestClause_9_6_TheUpstreamsRefusalsAreTheProtocols, in the tool_result and in the ending (R9.6-14, §13.7).
func TestClause_9_6_TheUpstreamsRefusalsAreTheProtocols(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		model string
		cost  string
		code  protocol.Code
	}{
		{"budget", "fast-1", "USD:6", protocol.BudgetExhausted},
		{"model", "fast-1", "USD:1", protocol.PermissionDenied},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			if test.code == protocol.PermissionDenied {
				s.config.Credentials.Provisioner = strict{s.provisioner}
			}
			s.open()
			handle(t, s.Runtime, "buyer", s.pays(test.model, test.cost))
			c := open(t, s.Runtime)
			id := c.submit("buyer", nil, protocol.Lease{"model.use": {"fast-*"}, "cost.budget": {"USD:5"}})
			ending, events := c.end(id)
			if failure, ok := ending.(protocol.JobError); !ok || failure.Code != test.code || failure.Retryable {
				t.Errorf("ended with %+v", ending)
			}
			if last := events[len(events)-1]; last.Kind != protocol.KindToolResult || !strings.Contains(string(last.Body), string(test.code)) {
				t.Errorf("the operation ended with %s", last.Body)
			}
			s.closed()
		})
	}
}

// strict is a provisioner whose keys are for no model of the lease.
type strict struct{ *upstream.Provisioner }

func (s strict) Issue(ctx context.Context, r credentials.Request) ([]credentials.Issued, error) {
	r.Lease = protocol.Lease{"model.use": {"slow-*"}}
	return s.Provisioner.Issue(ctx, r)
}

// TestClause_14_ARestartedRuntimeRevokes what its predecessor could not (R14-5).
func TestClause_14_ARestartedRuntimeRevokes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger")
	s := newShop(t)
	ledger, err := credentials.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s.config.Credentials.Ledger = ledger
	s.open()
	release := make(chan struct{})
	handle(t, s.Runtime, "agent", func(context.Context, *actors.Job) (any, error) { <-release; return 1, nil })
	handle(t, s.Runtime, "waits", waits)
	c := open(t, s.Runtime)
	c.offer(protocol.JobSubmit{Agent: "waits"}) // it will not have ended
	ended := c.offer(protocol.JobSubmit{Agent: "agent"}).JobID
	s.gateway.Fail(1 << 20)
	close(release)
	c.end(ended)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var left *actors.Left
	if err := s.Shutdown(gone); !errors.As(err, &left) || left.Credentials == 0 {
		t.Errorf("shut down with %v", err)
	}
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
	alive := s.gateway.Alive()
	if len(alive) != 2 {
		t.Fatalf("left to revoke are %v", alive)
	}
	s.gateway.Fail(0)
	again, err := credentials.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() })
	s.config.Credentials.Ledger = again
	s.open()
	shutdown(t, s.Runtime)
	if alive := s.gateway.Alive(); len(alive) > 0 {
		t.Errorf("alive are %v", alive)
	}
	if left, err := again.Outstanding(); err != nil || len(left) > 0 {
		t.Errorf("outstanding are %v, %v", left, err)
	}
}

// TestClause_9_8_2_NoValueForTwoJobs: a provisioner that repeats itself gets its job refused.
//
// Register: R9.8-2.
func TestClause_9_8_2_NoValueForTwoJobs(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.config.Credentials.Provisioner = &repeating{Provisioner: s.provisioner}
	s.open()
	handle(t, s.Runtime, "agent", func(context.Context, *actors.Job) (any, error) { return 1, nil })
	c := open(t, s.Runtime)
	c.end(c.offer(protocol.JobSubmit{Agent: "agent"}).JobID)
	c.send(protocol.JobSubmit{Agent: "agent"}, "")
	if failure := want[protocol.SessionError](c).Payload.(protocol.SessionError); failure.Code != protocol.InternalError {
		t.Errorf("got %+v", failure)
	}
	s.closed()
}

// repeating is a provisioner that issues its first value to everybody.
type repeating struct {
	*upstream.Provisioner
	first string
}

func (r *repeating) Issue(ctx context.Context, request credentials.Request) ([]credentials.Issued, error) {
	issued, err := r.Provisioner.Issue(ctx, request)
	if r.first == "" {
		r.first = issued[0].Credential.Value
	}
	issued[0].Credential.Value = r.first
	return issued, err
}
