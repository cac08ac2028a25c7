package engine_test

import (
	"context"
	"fmt"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
)

// counterMessage is all that a counter takes: an amount to add, or a question.
type counterMessage struct {
	add int
	sum *engine.Question[int]
}

// An actor owns its state alone: no lock is needed, and no message is lost between Close and Done.
func Example() {
	e, err := engine.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	sum := 0
	counter := engine.Spawn(e, "counter", engine.Behaviour[counterMessage]{Receive: func(m counterMessage) {
		sum += m.add
		if m.sum != nil && m.sum.Claim() {
			m.sum.Answer(sum)
		}
	}})
	for n := range 5 {
		if err := counter.Tell(counterMessage{add: n}); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(engine.Ask(context.Background(), counter, func(q *engine.Question[int]) counterMessage {
		return counterMessage{sum: q}
	}))
	counter.Close()
	<-counter.Done()
	fmt.Println(counter.Tell(counterMessage{add: 1}))
	// Output:
	// 10 <nil>
	// engine: the actor is closed
}

// A panic ends one actor. Its owner hears of it, and gets what the actor had taken and did not handle.
func ExampleBehaviour() {
	e, err := engine.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	ready := make(chan struct{})
	divider := engine.Spawn(e, "divider", engine.Behaviour[int]{
		Receive: func(n int) {
			<-ready
			fmt.Println("12 /", n, "=", 12/n)
		},
		Panicked: func(reason any, _ []byte) { fmt.Println("panicked:", reason) },
		Dropped:  func(n int) { fmt.Println("dropped:", n) },
	})
	for _, n := range []int{3, 0, 4} {
		if err := divider.Tell(n); err != nil {
			fmt.Println(err)
		}
	}
	close(ready)
	<-divider.Done()
	// Output:
	// 12 / 3 = 4
	// panicked: runtime error: integer divide by zero
	// dropped: 4
}
