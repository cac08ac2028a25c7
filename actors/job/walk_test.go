package job_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// questions has one question of the agent of every kind.
func questions(b *bench) []job.Input {
	return []job.Input{
		job.EventEmitted{Call: b.call(), Kind: protocol.KindThought, Body: json.RawMessage(`{"text":"t"}`)},
		job.EventEmitted{Call: b.call(), Kind: protocol.KindMetric, Body: json.RawMessage(`{"name":"cost.a","value":0.1,"unit":"USD"}`)},
		job.ChargeRequested{Call: b.call(), Body: json.RawMessage(`{"name":"cost.a","value":0.1,"unit":"USD"}`)},
		job.OperationRequested{Call: b.call(), Operation: lease.Operation{Namespace: lease.ToolCall, Resource: "search"}},
		job.StreamOpened{Call: b.call(), ResultID: "res_1", Encoding: protocol.UTF8},
		job.StreamWritten{Call: b.call(), Bytes: []byte("x")},
		job.StreamFlushed{Call: b.call()},
		job.StreamClosed{Call: b.call()},
	}
}

// walker drives one machine with inputs by number, answers for the budget, and watches.
type walker struct {
	machine *job.Machine
	now     time.Time
	last    job.CallID
	booking []job.CallID // asked of the budget, not answered
	checks  []job.CallID
	shows   int // likewise
	asked   int // subscriptions
	watch   watcher
}

// expiry is when the walker's lease ends: after the first four inputs of a walk.
var expiry = beginning.Add(14 * time.Second)

func newWalker() *walker {
	const limit = 4
	return &walker{
		machine: job.New(&job.Config{MaxChunk: 4, MaxResult: 64, LogEvents: limit, Provisions: true, ProvisionTimeout: 5 * time.Second}), now: beginning,
		watch: watcher{open: map[job.CallID]bool{}, viewers: viewers{
			limit: limit, owed: map[protocol.MessageID]*owed{}, open: map[protocol.SessionID]int{},
		}},
	}
}

// inputs is how many numbers input knows.
const inputs = 40

// input makes the input of a number, fit for what was asked before.
func (w *walker) input(number int) job.Input {
	emit := func(kind protocol.EventKind, body string) job.Input {
		return job.EventEmitted{Call: w.call(), Kind: kind, Body: json.RawMessage(body)}
	}
	switch number {
	case 0:
		limit := protocol.Number("100")
		in := submission("USD:1", "EUR:1")
		in.Submit.MaxRuntimeSec = &limit
		in.Submit.LeaseConstraints = until(expiry)
		return in
	case 1:
		return emit(protocol.KindThought, `{"text":"t"}`)
	case 2:
		return emit(protocol.KindMetric, `{"name":"cost.a","value":0.1,"unit":"USD"}`)
	case 3:
		return emit(protocol.KindMetric, `{"name":"cost.a","value":-1,"unit":"USD"}`)
	case 4:
		return emit(protocol.KindToolCall, `{"tool":"t","args":{},"call_id":"c"}`)
	case 5:
		return emit(protocol.KindToolResult, `{"call_id":"c","result":1}`)
	case 6:
		return emit(protocol.KindResultChunk, `{"result_id":"res_1","chunk_seq":0,"data":"q","encoding":"utf8","more":true}`)
	case 7:
		return emit(protocol.KindResultChunk, `{"result_id":"res_1","chunk_seq":1,"data":"cQ==","encoding":"base64","more":false}`)
	case 8:
		return emit("nonsense", `{}`)
	case 9:
		return job.ChargeRequested{Call: w.call(), Body: json.RawMessage(`{"name":"cost.a","value":0.1,"unit":"EUR"}`)}
	case 10:
		return job.OperationRequested{Call: w.call(), Operation: lease.Operation{Namespace: lease.ToolCall, Resource: "search"}}
	case 11:
		return job.OperationRequested{Call: w.call(), Operation: lease.Operation{Namespace: lease.FSRead, Resource: "/etc"}}
	case 12:
		return job.StreamOpened{Call: w.call(), ResultID: "res_1", Encoding: protocol.UTF8}
	case 13:
		return job.StreamWritten{Call: w.call(), Bytes: []byte("häuser")}
	case 14:
		return job.StreamWritten{Call: w.call(), Bytes: []byte{0xc3}}
	case 15:
		return job.StreamWritten{Call: w.call(), Bytes: make([]byte, 65)}
	case 16:
		return job.StreamFlushed{Call: w.call()}
	case 17:
		return job.StreamClosed{Call: w.call()}
	default:
		return w.otherInput(number)
	}
}

func (w *walker) otherInput(number int) job.Input {
	refused := &protocol.Error{Code: protocol.BudgetExhausted, Message: "none left"}
	switch number {
	case 18:
		return job.CostBooked{Call: take(&w.booking), Remaining: budget.Amount{}}
	case 19:
		return job.CostBooked{Call: take(&w.booking), Err: refused}
	case 20:
		return job.BudgetChecked{Call: take(&w.checks)}
	case 21:
		return job.BudgetChecked{Call: take(&w.checks), Err: refused}
	case 22:
		return job.BudgetLost{}
	case 23:
		return job.CancelRequested{RequestID: "m2", SessionID: "sess_1", Principal: "alice"}
	case 24:
		return job.CancelRequested{RequestID: "m2", SessionID: "sess_2", Principal: "alice"}
	case 25:
		return job.CancelRequested{RequestID: "m2", SessionID: "sess_1", Principal: "bob"}
	case 26:
		return job.AgentReturned{}
	case 27:
		return job.AgentReturned{Result: json.RawMessage(`{}`)}
	case 28:
		return job.AgentFailed{Err: errors.New("plain")}
	case 29:
		return job.AgentFailed{Err: &protocol.Error{Code: protocol.BudgetExhausted, Retryable: true}}
	case 30:
		return job.AgentPanicked{}
	case 31:
		return job.ShutdownRequested{}
	case 32:
		return job.Tick{}
	default:
		return w.viewersInput(number)
	}
}

func (w *walker) call() job.CallID {
	w.last++
	w.watch.open[w.last] = true
	return w.last
}

// nobodys is a call that nobody made.
const nobodys = job.CallID(1 << 40)

// take removes the oldest call; a call that nobody made when there is none.
func take(calls *[]job.CallID) job.CallID {
	if len(*calls) == 0 {
		return nobodys
	}
	oldest := (*calls)[0]
	*calls = (*calls)[1:]
	return oldest
}

// step puts one input in.
func (w *walker) step(in job.Input) ([]job.Effect, error) {
	if _, lost := in.(job.BudgetLost); lost {
		w.booking, w.checks, w.shows = nil, nil, 0
	}
	if _, shown := in.(job.BudgetShown); shown {
		w.shows = max(w.shows-1, 0)
	}
	effects := w.machine.Step(w.now, in)
	for _, effect := range effects {
		switch effect := effect.(type) {
		case job.BookCost:
			w.booking = append(w.booking, effect.Call)
		case job.ChargeCost:
			w.booking = append(w.booking, effect.Call)
		case job.ShowBudget:
			w.shows++
		case job.CheckBudget:
			w.checks = append(w.checks, effect.Call)
		case job.SendEnding:
			if len(w.booking) > 0 {
				return effects, fmt.Errorf("ended over the bookings %v", w.booking)
			}
		}
	}
	if err := w.watch.check(w.machine, in, effects); err != nil {
		return effects, fmt.Errorf("%s: %w", transcript.Render(in), err)
	}
	return effects, nil
}

// finish brings the job to its end, as a shell would.
func (w *walker) finish() error {
	_, err := w.step(job.AgentReturned{})
	for err == nil && len(w.booking) > 0 {
		_, err = w.step(w.input(18))
	}
	for err == nil && len(w.checks) > 0 {
		_, err = w.step(w.input(20))
	}
	for err == nil && w.shows > 0 {
		_, err = w.step(shown())
	}
	switch {
	case err != nil:
		return err
	case w.watch.accepted && (!w.watch.ended || !w.watch.over):
		return fmt.Errorf("no ending: state is %v", w.machine.State())
	case len(w.watch.keys.issued) != len(w.watch.keys.revoked):
		return fmt.Errorf("issued %v, revoked %v", w.watch.keys.issued, w.watch.keys.revoked)
	case len(w.watch.viewers.owed) > 0:
		return fmt.Errorf("a job.subscribe was never answered")
	}
	for call, unanswered := range w.watch.open {
		if unanswered {
			return fmt.Errorf("call %d was never answered", call)
		}
	}
	return nil
}

// TestWalk puts every sequence of two inputs into a machine in every state, and every
// sequence of three from the states in which most can happen; then the job must end.
func TestWalk(t *testing.T) {
	t.Parallel()
	ways := []struct {
		name  string
		way   []int
		depth int
	}{
		{"unsubmitted", nil, 2},
		{"pending", []int{0}, 3},
		{"running", []int{0, 1}, 2},
		{"booking", []int{0, 2, 10}, 3},
		{"streaming", []int{0, 12, 13}, 3},
		{"inside a character", []int{0, 12, 14}, 2},
		{"stopping", []int{0, 23}, 3},
		{"stopping over bookings", []int{0, 2, 10, 23}, 3},
		{"finishing", []int{0, 2, 26}, 3},
		{"grace over", []int{0, 2, 23, 32, 32}, 3},
		{"watched", []int{0, 2, 33}, 3},
		{"watched over bookings", []int{0, 33, 2, 39, 2}, 2},
		{"expired", []int{0, 1, 1, 1, 10}, 2},
		{"ended", []int{0, 26}, 2},
		{"ended and shown", []int{0, 1, 26, 39}, 2},
		{"ended before the agent", []int{0, 23, 32, 32}, 2},
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			count := 1
			for range way.depth {
				count *= inputs
			}
			for i := 0; i < count; i += stride {
				tail := make([]int, way.depth)
				for n, rest := 0, i; n < way.depth; n, rest = n+1, rest/inputs {
					tail[n] = rest % inputs
				}
				if err := walk(append(way.way[:len(way.way):len(way.way)], tail...)); err != nil {
					t.Fatalf("then %v: %v", tail, err)
				}
			}
		})
	}
}

// walk puts inputs in, 3 s apart: the grace of 5 s is over at the second Tick.
func walk(numbers []int) error {
	w := newWalker()
	for _, number := range numbers {
		w.now = w.now.Add(3 * time.Second)
		if _, err := w.step(w.input(number)); err != nil {
			return err
		}
	}
	return w.finish()
}
