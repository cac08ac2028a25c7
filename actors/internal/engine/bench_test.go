package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
	"github.com/arcp-conformance/arcp/budget"
	"golang.org/x/sync/semaphore"
)

// The baselines, Channel and Mutex, stand beside what they are compared with, so that one run gives the ratios.

// work is a message of the size of an event's.
type work struct {
	at *int
	_  [6]uint64
}

// share runs b.N turns on so many goroutines.
func share(b *testing.B, senders int, turn func()) {
	var all sync.WaitGroup
	for sender := range senders {
		turns := b.N / senders
		if sender == 0 {
			turns += b.N % senders
		}
		all.Go(func() {
			for range turns {
				turn()
			}
		})
	}
	all.Wait()
}

var crowds = []int{1, 2}

// BenchmarkTell counts until the last message was handled.
func BenchmarkTell(b *testing.B) {
	for _, senders := range crowds {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			handled := 0
			ref := start(b, engine.Behaviour[work]{Receive: func(w work) { *w.at++ }})
			b.ReportAllocs()
			b.ResetTimer()
			share(b, senders, func() { _ = ref.Tell(work{at: &handled}) })
			ref.Close()
			<-ref.Done()
			if handled != b.N {
				b.Errorf("handled %d of %d", handled, b.N)
			}
		})
	}
}

// BenchmarkTellPointer has a message that is a pointer, and is told again and again.
func BenchmarkTellPointer(b *testing.B) {
	for _, senders := range crowds {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			handled := 0
			ref := start(b, engine.Behaviour[*work]{Receive: func(w *work) { *w.at++ }})
			w := &work{at: &handled}
			b.ReportAllocs()
			b.ResetTimer()
			share(b, senders, func() { _ = ref.Tell(w) })
			ref.Close()
			<-ref.Done()
			if handled != b.N {
				b.Errorf("handled %d of %d", handled, b.N)
			}
		})
	}
}

// BenchmarkTellWithCredits has 1024 messages in the mailbox at most.
func BenchmarkTellWithCredits(b *testing.B) {
	for _, senders := range crowds {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			handled := 0
			credits := semaphore.NewWeighted(1024)
			ref := start(b, engine.Behaviour[work]{Receive: func(w work) {
				*w.at++
				credits.Release(1)
			}})
			b.ReportAllocs()
			b.ResetTimer()
			share(b, senders, func() {
				_ = credits.Acquire(context.Background(), 1)
				_ = ref.Tell(work{at: &handled})
			})
			ref.Close()
			<-ref.Done()
		})
	}
}

// BenchmarkChannel is a goroutine behind a channel with room for 1024.
func BenchmarkChannel(b *testing.B) {
	for _, senders := range crowds {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			handled := 0
			mailbox, done := make(chan work, 1024), make(chan struct{})
			go func() {
				defer close(done)
				for w := range mailbox {
					*w.at++
				}
			}()
			b.ReportAllocs()
			b.ResetTimer()
			share(b, senders, func() { mailbox <- work{at: &handled} })
			close(mailbox)
			<-done
		})
	}
}

// BenchmarkAsk has an actor that answers at once.
func BenchmarkAsk(b *testing.B) {
	for _, senders := range crowds {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			ref := start(b, engine.Behaviour[question]{Receive: func(q question) {
				if q.Claim() {
					q.Answer("")
				}
			}})
			ctx := context.Background()
			b.ReportAllocs()
			b.ResetTimer()
			share(b, senders, func() {
				if _, err := engine.Ask(ctx, ref, alone); err != nil {
					b.Error(err)
				}
			})
		})
	}
}

// BenchmarkAskCharge charges a ledger that an actor owns.
func BenchmarkAskCharge(b *testing.B) {
	for _, senders := range crowds {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			ledger, cost := benchLedger(b)
			ref := start(b, engine.Behaviour[*engine.Question[budget.Amount]]{Receive: func(q *engine.Question[budget.Amount]) {
				if q.Claim() {
					remaining, _, _ := ledger.Charge(purse, "USD", cost)
					q.Answer(remaining)
				}
			}})
			ctx := context.Background()
			same := func(q *engine.Question[budget.Amount]) *engine.Question[budget.Amount] { return q }
			b.ReportAllocs()
			b.ResetTimer()
			share(b, senders, func() {
				if _, err := engine.Ask(ctx, ref, same); err != nil {
					b.Error(err)
				}
			})
		})
	}
}

// BenchmarkChannelCharge charges a ledger that a goroutine behind a channel owns.
func BenchmarkChannelCharge(b *testing.B) {
	for _, senders := range crowds {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			ledger, cost := benchLedger(b)
			questions := make(chan chan<- budget.Amount)
			go func() {
				for answer := range questions {
					remaining, _, _ := ledger.Charge(purse, "USD", cost)
					answer <- remaining
				}
			}()
			b.ReportAllocs()
			b.ResetTimer()
			share(b, senders, func() {
				answer := make(chan budget.Amount, 1)
				questions <- answer
				<-answer
			})
			close(questions)
		})
	}
}

// BenchmarkMutexCharge charges a ledger that a mutex guards.
func BenchmarkMutexCharge(b *testing.B) {
	for _, senders := range crowds {
		b.Run(fmt.Sprintf("senders=%d", senders), func(b *testing.B) {
			ledger, cost := benchLedger(b)
			var lock sync.Mutex
			b.ReportAllocs()
			b.ResetTimer()
			share(b, senders, func() {
				lock.Lock()
				_, _, _ = ledger.Charge(purse, "USD", cost)
				lock.Unlock()
			})
		})
	}
}

// benchLedger has more than a benchmark can spend.
func benchLedger(b *testing.B) (*budget.Ledger[string], budget.Amount) {
	b.Helper()
	ledger, err := budget.New(purse, []budget.Grant{{Currency: "USD", Amount: dollars(1 << 60)}})
	if err != nil {
		b.Fatal(err)
	}
	return ledger, dollars(1)
}

// BenchmarkSpawnClose is the whole life of an actor without a message.
func BenchmarkSpawnClose(b *testing.B) {
	e := newEngine(b)
	b.ReportAllocs()
	for b.Loop() {
		ref := engine.Spawn(e, "bench", engine.Behaviour[int]{Receive: func(int) {}})
		ref.Close()
		<-ref.Done()
	}
}

// BenchmarkGoroutine is the baseline of SpawnClose: a goroutine with a mailbox of the same size.
func BenchmarkGoroutine(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		mailbox, done := make(chan int, 16), make(chan struct{})
		go func() {
			defer close(done)
			for range mailbox {
			}
		}()
		close(mailbox)
		<-done
	}
}

// BenchmarkIdle reports what one idle actor costs, which has handled a message before.
func BenchmarkIdle(b *testing.B) {
	const actors = 10_000
	e := newEngine(b)
	does := engine.Behaviour[chan<- struct{}]{Receive: func(c chan<- struct{}) { c <- struct{}{} }}
	for b.Loop() {
		refs := make([]*engine.Ref[chan<- struct{}], actors)
		handled := make(chan struct{}, actors)
		before := heap()
		for i := range refs {
			refs[i] = engine.Spawn(e, "bench", does)
			_ = refs[i].Tell(handled)
		}
		for range refs {
			<-handled
		}
		b.ReportMetric(float64(heap()-before)/actors, "B/actor")
		for _, ref := range refs {
			ref.Close()
			<-ref.Done()
		}
	}
}

// heap is how many bytes are alive.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
