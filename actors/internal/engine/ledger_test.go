package engine_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/budget"
)

// purse names the only job of each ledger.
const purse = "root"

// granted is what each ledger has, in cents.
const granted = 100

func dollars(cents int) budget.Amount {
	amount, err := budget.ParseAmount(fmt.Sprintf("%d.%02d", cents/100, cents%100))
	if err != nil {
		panic(err)
	}
	return amount
}

// spend asks to charge an amount; what is left is the answer.
type spend struct {
	cents int
	ask   *engine.Question[receipt]
}

type receipt struct {
	remaining budget.Amount
	booked    bool
	void      bool // the caller gave up
}

// openLedger starts an actor that owns a ledger.
func openLedger(t *testing.T, e *engine.Engine) *engine.Ref[spend] {
	t.Helper()
	ledger, err := budget.New(purse, []budget.Grant{{Currency: "USD", Amount: dollars(granted)}})
	if err != nil {
		t.Fatal(err)
	}
	return engine.Spawn(e, "ledger", engine.Behaviour[spend]{Receive: func(s spend) {
		runtime.Gosched() // callers give up
		if !s.ask.Claim() {
			return
		}
		remaining, booked, err := ledger.Charge(purse, "USD", dollars(s.cents))
		if err != nil {
			remaining, _ = ledger.Remaining(purse, "USD")
		}
		s.ask.Answer(receipt{remaining: remaining, booked: booked})
	}})
}

// spending is one charge of one ledger, for the checker.
type spending struct{ ledger, cents int }

// oneLedger is the dumb model of a ledger: cents in an int. Histories of several are checked ledger by ledger.
var oneLedger = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		parts := map[int][]porcupine.Operation{}
		for _, operation := range history {
			ledger := operation.Input.(spending).ledger
			parts[ledger] = append(parts[ledger], operation)
		}
		var all [][]porcupine.Operation
		for _, part := range parts {
			all = append(all, part)
		}
		return all
	},
	Init: func() any { return granted },
	Step: func(state, input, output any) (bool, any) {
		left, cents, got := state.(int), input.(spending).cents, output.(receipt)
		switch {
		case got.void:
			return true, left
		case cents <= left:
			return got == receipt{remaining: dollars(left - cents), booked: true}, left - cents
		default: // refused whole
			return got == receipt{remaining: dollars(left)}, left
		}
	},
}

// TestConcurrentChargesLinearize has clients that charge a few ledgers at once, and give up on some: to each history there
// is one order in which one client alone would have got the same answers.
func TestConcurrentChargesLinearize(t *testing.T) {
	t.Parallel()
	const ledgers, clients, charges = 3, 6, 40
	e := newEngine(t)
	var refs [ledgers]*engine.Ref[spend]
	for i := range refs {
		refs[i] = openLedger(t, e)
	}
	var clock atomic.Int64
	histories := make([][]porcupine.Operation, clients)
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for range charges {
				in := spending{rand.IntN(ledgers), rand.IntN(6)}
				operation := porcupine.Operation{ClientId: client, Input: in, Call: clock.Add(1)}
				operation.Output = charge(t, refs[in.ledger], in.cents)
				operation.Return = clock.Add(1)
				histories[client] = append(histories[client], operation)
			}
		})
	}
	all.Wait()
	var history []porcupine.Operation
	for _, part := range histories {
		history = append(history, part...)
	}
	if result := porcupine.CheckOperationsTimeout(oneLedger, history, time.Minute); result != porcupine.Ok {
		t.Errorf("%d charges: %s", len(history), result)
	}
}

// charge charges a ledger; every fourth caller may give up.
func charge(t *testing.T, ref *engine.Ref[spend], cents int) receipt {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	if rand.IntN(4) == 0 {
		go cancel(errGaveUp)
	}
	got, err := engine.Ask(ctx, ref, func(q *engine.Question[receipt]) spend { return spend{cents, q} })
	if err != nil && !errors.Is(err, errGaveUp) {
		t.Errorf("charging: %v", err)
	}
	got.void = err != nil
	return got
}
