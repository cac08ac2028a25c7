package actors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
)

// history is what several clients did at once.
type history struct {
	clock atomic.Int64
	mu    sync.Mutex
	done  []porcupine.Operation
}

// do notes one operation.
func (h *history) do(client int, input any, operate func() any) {
	operation := porcupine.Operation{ClientId: client, Input: input, Call: h.clock.Add(1)}
	operation.Output = operate()
	operation.Return = h.clock.Add(1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.done = append(h.done, operation)
}

func (h *history) check(t *testing.T, model porcupine.Model) {
	t.Helper()
	if result := porcupine.CheckOperationsTimeout(model, h.done, time.Minute); result != porcupine.Ok {
		t.Errorf("%d operations: %s", len(h.done), result)
	}
}

// Who spends: the root job, and a child with counters of its own.
const root, child = 0, 1

// spending is one operation on the budget of a tree: a charge, or a look at the counter.
type spending struct {
	job   int
	cents int // -1: a look
}

// purses is the dumb model of a tree of two: cents that are left.
type purses [2]int

func treeModel(granted purses) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return granted },
		Step: func(state, input, output any) (bool, any) {
			left, in := state.(purses), input.(spending)
			fits := in.cents <= left[root] && (in.job == root || in.cents <= left[child])
			switch {
			case in.cents < 0:
				return output == amountOf(left[in.job]), left
			case !fits:
				return output == protocol.BudgetExhausted, left
			}
			left[root] -= in.cents
			if in.job == child {
				left[child] -= in.cents
			}
			return output == protocol.Code(""), left
		},
	}
}

func cents(n int) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }

// amountOf is how a budget writes cents.
func amountOf(n int) string { return strings.TrimSuffix(strings.TrimRight(cents(n), "0"), ".") }

// spendAtOnce has several branches of one agent charge and look.
func spendAtOnce(ctx context.Context, job *actors.Job, h *history, who int) {
	var branches sync.WaitGroup
	for branch := range 4 {
		branches.Go(func() {
			for range 12 {
				in := spending{job: who, cents: rand.IntN(60) - 10}
				in.cents = max(in.cents, -1)
				h.do(4*who+branch, in, func() any {
					if in.cents < 0 {
						left, err := job.Budget(ctx)
						if err != nil || len(left) != 1 {
							return fmt.Sprint(left, err)
						}
						return left[0].Remaining.String()
					}
					return codeOf(job.Charge(ctx, "cost.search", cents(in.cents), "USD"))
				})
			}
		})
	}
	branches.Wait()
}

// spendWithHelp spends while a child does.
func spendWithHelp(ctx context.Context, job *actors.Job, h *history, granted int) (any, error) {
	helper, err := job.Delegate(ctx, actors.Delegation{
		Agent: "helper", Lease: protocol.Lease{"cost.budget": {"USD:" + cents(granted)}},
	})
	if err != nil {
		return nil, err
	}
	spendAtOnce(ctx, job, h, root)
	return helper.Wait(ctx)
}

// codeOf is the code of a refusal, "" for none.
func codeOf(err error) protocol.Code {
	var refusal *protocol.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal):
		return refusal.Code
	}
	return protocol.Code(err.Error())
}

// TestClause_9_6_ConcurrentChargesLinearize has the branches of one job, or of a job and of its child, charge at once. There
// is one order in which one branch alone would have got the same answers from two numbers.
func TestClause_9_6_ConcurrentChargesLinearize(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		granted   purses
		delegates bool
	}{
		{"one job", purses{700, 0}, false},
		{"a child that its own counter stops", purses{2000, 400}, true},
		{"a child that its parent's counter stops", purses{700, 650}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var h history
			runtime := newRuntime(t, nil)
			handle(t, runtime, "helper", func(ctx context.Context, job *actors.Job) (any, error) {
				spendAtOnce(ctx, job, &h, child)
				return nil, nil
			})
			handle(t, runtime, "boss", func(ctx context.Context, job *actors.Job) (any, error) {
				if test.delegates {
					return spendWithHelp(ctx, job, &h, test.granted[child])
				}
				spendAtOnce(ctx, job, &h, root)
				return nil, nil
			})
			c := open(t, runtime)
			ending, _ := c.end(c.submit("boss", nil, protocol.Lease{
				"cost.budget": {"USD:" + cents(test.granted[root])}, "agent.delegate": {"*"},
			}))
			if _, ok := ending.(protocol.JobResult); !ok {
				t.Errorf("ending: %+v", ending)
			}
			h.check(t, treeModel(test.granted))
		})
	}
}

// submission is one submit with a key; another variant asks for something else.
type submission struct{ key, variant int }

// keyed is what a key stands for.
type keyed struct {
	job     protocol.JobID
	variant int
}

// keyModel is the dumb model of one principal's keys (§7.2): a key that is free takes the job, one that is taken gives it, or
// refuses what is not the same.
var keyModel = porcupine.Model{
	Partition: func(done []porcupine.Operation) [][]porcupine.Operation {
		var parts [keysAtOnce][]porcupine.Operation
		for _, operation := range done {
			key := operation.Input.(submission).key
			parts[key] = append(parts[key], operation)
		}
		return parts[:]
	},
	Init: func() any { return keyed{} },
	Step: func(state, input, output any) (bool, any) {
		has, in := state.(keyed), input.(submission)
		switch got := output.(type) {
		case protocol.JobID:
			if has.job == "" {
				return true, keyed{got, in.variant}
			}
			return got == has.job && in.variant == has.variant, has
		default:
			return got == protocol.DuplicateKey && has.job != "" && in.variant != has.variant, has
		}
	},
}

const keysAtOnce = 12

// TestClause_7_2_ConcurrentSubmitsOfOneKeyLinearize has several sessions of one principal use the same keys at once.
func TestClause_7_2_ConcurrentSubmitsOfOneKeyLinearize(t *testing.T) {
	t.Parallel()
	const sessions, submits = 6, 40
	runtime := newRuntime(t, nil)
	var started [keysAtOnce]atomic.Int64
	handle(t, runtime, "quick", func(ctx context.Context, job *actors.Job) (any, error) {
		var in submission
		var numbers []int
		if err := json.Unmarshal(job.Input(), &numbers); err != nil {
			return nil, err
		}
		in.key, in.variant = numbers[0], numbers[1]
		started[in.key].Add(1)
		return nil, job.Log(ctx, "info", "hi")
	})
	var h history
	var all sync.WaitGroup
	for session := range sessions {
		c := open(t, runtime)
		all.Go(func() {
			for n := range submits {
				in := submission{key: (n/4 + rand.IntN(3)) % keysAtOnce, variant: rand.IntN(5) / 4}
				h.do(session, in, func() any { return c.submitKey(in) })
			}
		})
	}
	all.Wait()
	h.check(t, keyModel)
	if err := runtime.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	for key := range started {
		if n := started[key].Load(); n > 1 {
			t.Errorf("key %d started %d jobs", key, n)
		}
	}
}

// submitKey gives the job of the answer, or the code of the refusal. It may run in a goroutine of its own.
func (c *client) submitKey(in submission) any {
	frame, err := protocol.Encode(protocol.Envelope{ID: "submit", SessionID: c.id, Payload: protocol.JobSubmit{
		Agent: "quick", IdempotencyKey: fmt.Sprint(in.key), Input: fmt.Appendf(nil, "[%d,%d]", in.key, in.variant),
	}})
	if err != nil {
		return err.Error()
	}
	if err := c.conn.Send(c.t.Context(), frame); err != nil {
		return err.Error()
	}
	for {
		frame, err := c.conn.Receive(c.t.Context())
		if err != nil {
			return err.Error()
		}
		envelope, err := protocol.Decode(frame)
		if err != nil {
			return err.Error()
		}
		switch payload := envelope.Payload.(type) {
		case protocol.JobAccepted:
			return payload.JobID
		case protocol.SessionError:
			return payload.Code
		}
	}
}
