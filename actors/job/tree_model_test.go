package job_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
	"pgregory.net/rapid"
)

// tree is a root job and all that is delegated below it, with one ledger, as a shell would run them: every machine, the
// ledger and the registry have a mailbox, and which of them takes its next message is anybody's guess.
type tree struct {
	t      *rapid.T
	now    time.Time
	nodes  map[protocol.JobID]*node
	ledger *budget.Ledger[protocol.JobID]
	till   []func() // the mailbox of the budget
	desk   []func() // that of the registry
	closed bool     // the ledger went with the root, or
	lost   bool     // broke
	booked budget.Amount
	named  int
}

// node is one job.
type node struct {
	*walker
	id      protocol.JobID
	parent  protocol.JobID
	mailbox []job.Input
	runs    bool // its agent
	stopped bool // which was told to come back
	endings int
	late    bool // its agent came back when the tree was over, and the ledger gone
}

const rootID = protocol.JobID("job_1")

func newTree(t *rapid.T, ceiling string) *tree {
	w := &tree{t: t, now: beginning, nodes: map[protocol.JobID]*node{}}
	in := delegating(ceiling)
	w.open(rootID, "").mailbox = []job.Input{in}
	return w
}

// pick chooses one of n, all alike: rapid's own ranges prefer what is small, and trees grow out of what is not.
func (w *tree) pick(label string, n int) int {
	number := 0
	for range bits.Len(uint(n - 1)) {
		number *= 2
		if rapid.Bool().Draw(w.t, label) {
			number++
		}
	}
	return number % n
}

func (w *tree) open(id, parent protocol.JobID) *node {
	n := &node{walker: newWalker(), id: id, parent: parent}
	w.nodes[id] = n
	return n
}

// ids are the jobs for which something holds, in a fixed order.
func (w *tree) ids(holds func(*node) bool) []protocol.JobID {
	var found []protocol.JobID
	for _, id := range slices.Sorted(maps.Keys(w.nodes)) {
		if holds(w.nodes[id]) {
			found = append(found, id)
		}
	}
	return found
}

// turn lets one of those with mail take its next message; false when nobody has any.
func (w *tree) turn() bool {
	var takers []func()
	for _, id := range w.ids(func(n *node) bool { return len(n.mailbox) > 0 }) {
		takers = append(takers, func() { w.take(w.nodes[id]) })
	}
	for _, box := range []*[]func(){&w.till, &w.desk} {
		if len(*box) > 0 {
			takers = append(takers, func() {
				next := (*box)[0]
				*box = (*box)[1:]
				next()
			})
		}
	}
	if len(takers) == 0 {
		return false
	}
	takers[w.pick("who", len(takers))]()
	return true
}

func (w *tree) take(n *node) {
	in := n.mailbox[0]
	n.mailbox = n.mailbox[1:]
	n.walker.now = w.now
	if answer, ok := in.(job.CostBooked); ok {
		n.booking = slices.DeleteFunc(n.booking, func(call job.CallID) bool { return call == answer.Call })
	}
	effects, err := n.step(in)
	if err != nil {
		w.t.Fatalf("%s: %v", n.id, err)
	}
	for _, effect := range effects {
		w.do(n, effect)
	}
}

func (w *tree) tell(id protocol.JobID, in job.Input) {
	w.nodes[id].mailbox = append(w.nodes[id].mailbox, in)
}

// ask puts a question to the ledger.
func (w *tree) ask(n *node, question func() job.Input) {
	if w.closed {
		w.tell(n.id, job.BudgetLost{})
		return
	}
	w.till = append(w.till, func() {
		if answer := question(); answer != nil {
			w.tell(n.id, answer)
		}
	})
}

func (w *tree) do(n *node, effect job.Effect) {
	switch effect := effect.(type) {
	case job.OpenBudget:
		var err error
		if w.ledger, err = budget.New(n.id, effect.Grants); err != nil || n.id != rootID {
			w.t.Fatalf("a second budget: %v", err)
		}
	case job.StartAgent:
		n.runs = true
	case job.StopAgent:
		n.stopped = true
	case job.ForgetBudget:
		w.ask(n, func() job.Input { w.ledger.Forget(effect.ChildID); return nil })
	case job.StartChild:
		w.desk = append(w.desk, func() { w.start(n, effect) })
	case job.OfferChild:
		if w.nodes[n.id].endings > 0 {
			w.t.Fatalf("%s has ended, and starts a child", n.id)
		}
		w.tell(effect.Submitted.JobID, effect.Submitted)
	case job.TellChild:
		w.tell(effect.ChildID, effect.Input)
	case job.SendEnding:
		w.end(n)
	case job.End:
		w.over(n)
	default:
		w.count(n, effect)
	}
}

// count does what the ledger is asked.
func (w *tree) count(n *node, effect job.Effect) {
	switch effect := effect.(type) {
	case job.BookCost:
		w.ask(n, func() job.Input {
			return w.receipt(effect.Call, effect.Amount)(w.ledger.Report(n.id, effect.Currency, effect.Amount))
		})
	case job.ChargeCost:
		w.ask(n, func() job.Input {
			return w.receipt(effect.Call, effect.Amount)(w.ledger.Charge(n.id, effect.Currency, effect.Amount))
		})
	case job.CheckBudget:
		w.ask(n, func() job.Input {
			return job.BudgetChecked{Call: effect.Call, Err: job.BudgetRefusal(w.ledger.Authorise(n.id))}
		})
	case job.ShowBudget:
		w.ask(n, func() job.Input { return job.BudgetShown{Counters: w.ledger.Snapshot(n.id)} })
	case job.DelegateBudget:
		w.ask(n, func() job.Input {
			err := w.ledger.Authorise(n.id)
			if err == nil {
				err = w.ledger.Delegate(n.id, effect.ChildID, effect.Grants)
			}
			return job.BudgetDelegated{Call: effect.Call, Err: job.BudgetRefusal(err)}
		})
	}
}

func (w *tree) receipt(call job.CallID, cost budget.Amount) func(budget.Amount, bool, error) job.Input {
	return func(remaining budget.Amount, _ bool, err error) job.Input {
		if err == nil {
			w.booked, _ = w.booked.Add(cost)
		}
		return job.CostBooked{Call: call, Remaining: remaining, Err: job.BudgetRefusal(err)}
	}
}

// start is what the registry does.
func (w *tree) start(parent *node, effect job.StartChild) {
	if w.pick("full", 10) == 0 {
		w.tell(parent.id, job.ChildRefused{Call: effect.Call, Err: protocol.NewError(protocol.PermissionDenied, "full")})
		return
	}
	w.open(effect.ChildID, parent.id)
	w.tell(parent.id, job.ChildStarted{Call: effect.Call, ChildID: effect.ChildID})
}

// end takes an ending: the one of its job, and after those of all its children.
func (w *tree) end(n *node) {
	n.endings++
	if n.endings > 1 {
		w.t.Fatalf("%s ended twice", n.id)
	}
	for _, id := range w.ids(func(child *node) bool { return child.parent == n.id }) {
		if child := w.nodes[id]; child.watch.accepted && child.endings == 0 {
			w.t.Fatalf("%s ended before its child %s", n.id, id)
		}
	}
	if n.parent != "" {
		w.tell(n.parent, job.ChildEnded{ChildID: n.id})
	}
}

// lose breaks the actor of the budget.
func (w *tree) lose() {
	if w.ledger != nil && !w.closed {
		w.closed, w.lost, w.till = true, true, nil
		w.tell(rootID, job.BudgetLost{})
	}
}

func (w *tree) over(n *node) {
	switch {
	case n.parent == "":
		w.closed = true
	default:
		n.late = w.closed
		w.ask(n, func() job.Input { w.ledger.Forget(n.id); return nil })
		if n.endings == 0 {
			w.tell(n.parent, job.ChildEnded{ChildID: n.id}) // it was never offered
		}
	}
}

// act lets something happen to one job.
func (w *tree) act(n *node, charged bool) {
	amount := fmt.Sprintf("0.%02d", 1+w.pick("cents", 99))
	metric := json.RawMessage(`{"name":"cost.x","value":` + amount + `,"unit":"USD"}`)
	cancel := job.CancelRequested{RequestID: "m", SessionID: "sess_1", Principal: "alice"}
	switch action := w.pick("action", 10); {
	case action == 9 && w.pick("cancel", 4) == 0:
		if n.watch.accepted {
			w.tell(n.id, cancel)
		}
	case !n.runs:
	case action <= 3:
		w.delegate(n, amount)
	case action <= 5 && charged:
		w.tell(n.id, job.ChargeRequested{Call: n.call(), Body: metric})
	case action <= 5:
		w.tell(n.id, job.EventEmitted{Call: n.call(), Kind: protocol.KindMetric, Body: metric})
	case action == 6:
		w.tell(n.id, job.OperationRequested{Call: n.call(), Operation: lease.Operation{Namespace: lease.ToolCall, Resource: "search"}})
	case action == 7:
		n.runs = false
		w.tell(n.id, job.AgentReturned{})
	case action == 8 && w.pick("panic", 2) == 0:
		n.runs = false
		w.tell(n.id, job.AgentPanicked{})
	}
}

func (w *tree) delegate(n *node, amount string) {
	w.named++
	asked := protocol.Lease{"agent.delegate": {"helper"}, "tool.call": {"search"}}
	switch w.pick("budget", 4) {
	case 0, 1:
		asked["cost.budget"] = []string{"USD:" + amount}
	case 2:
		asked["fs.read"] = []string{"/**"} // beyond
	}
	w.tell(n.id, job.DelegateRequested{
		Call: n.call(), ChildID: protocol.JobID("job_1" + strconv.Itoa(w.named)), Name: "helper", Version: "1", Lease: asked,
	})
}

// settle brings the root's agent back, then those that are told to come, and all mail to its reader; then all is over.
func (w *tree) settle() {
	for {
		for w.turn() {
		}
		told := w.ids(func(n *node) bool { return n.runs && (n.id == rootID || n.stopped) })
		if len(told) == 0 {
			break
		}
		last := w.nodes[told[w.pick("back", len(told))]]
		last.runs = false
		w.tell(last.id, job.AgentReturned{})
	}
	for id, n := range w.nodes {
		if n.machine.State() != job.Ended || n.watch.accepted && n.endings != 1 {
			w.t.Fatalf("%s is %v, with %d endings; its agent runs: %v", id, n.machine.State(), n.endings, n.runs)
		}
		for call, unanswered := range n.watch.open {
			if unanswered {
				w.t.Fatalf("%s: call %d was never answered", id, call)
			}
		}
		if id != rootID && !n.late && !w.lost && w.ledger.Authorise(id) == nil {
			w.t.Fatalf("the counters of %s are still there", id)
		}
	}
}

// TestTreeModel runs random trees. All of them end from the leaves to the root, every job with one ending; what the root
// has left is what it was given less all that was booked below it; and where costs are asked for before, it is never
// overspent.
func TestTreeModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const ceiling = "3"
		w := newTree(t, "USD:"+ceiling)
		charged := rapid.Bool().Draw(t, "charged")
		for range w.pick("steps", 512) {
			w.now = w.now.Add(time.Duration(w.pick("seconds", 2)) * time.Second)
			if w.pick("act", 3) == 0 {
				ids := w.ids(func(*node) bool { return true })
				w.act(w.nodes[ids[w.pick("job", len(ids))]], charged)
			}
			for _, id := range w.ids(func(n *node) bool { d := n.machine.Deadline(); return !d.IsZero() && !w.now.Before(d) }) {
				w.tell(id, job.Tick{})
			}
			w.turn()
			w.turn()
			if w.pick("lost", 256) == 255 {
				w.lose()
			}
		}
		w.settle()
		given, err := budget.ParseAmount(ceiling)
		if err != nil {
			t.Fatal(err)
		}
		want, err := given.Sub(w.booked)
		if err != nil {
			t.Fatal(err)
		}
		left, _ := w.ledger.Remaining(rootID, "USD")
		if left != want || charged && left.Sign() < 0 {
			t.Fatalf("the root has %v left of %s, and %v was booked", left, ceiling, w.booked)
		}
	})
}

// TestTheTreeModelGetsSomewhere, or it would prove nothing.
func TestTheTreeModelGetsSomewhere(t *testing.T) {
	t.Parallel()
	grandchildren := 0
	rapid.Check(t, func(t *rapid.T) {
		w := newTree(t, "USD:3")
		for range 60 {
			ids := w.ids(func(*node) bool { return true })
			w.act(w.nodes[ids[w.pick("job", len(ids))]], true)
			w.turn()
			w.turn()
		}
		w.settle()
		for _, n := range w.nodes {
			if n.watch.accepted && n.parent != "" && n.parent != rootID {
				grandchildren++
			}
		}
	})
	if grandchildren == 0 {
		t.Error("no tree had three levels")
	}
	t.Logf("%d jobs below a child", grandchildren)
}
