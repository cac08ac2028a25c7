package actors

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// credits bounds the bytes that one session's jobs have on the way to its client.
type credits struct {
	size int64
	free *semaphore.Weighted
}

func newCredits(size int64) *credits {
	return &credits{size: size, free: semaphore.NewWeighted(size)}
}

// overhead is what an event costs beside its body: the envelope, and the gauge that may follow a cost.
const overhead = 512

// take waits for the credit of one question about so many bytes. The error is the context's cause.
func (c *credits) take(ctx context.Context, size int) (*loan, error) {
	weight := min(int64(size)+overhead, c.size)
	if err := c.free.Acquire(ctx, weight); err != nil {
		return nil, context.Cause(ctx)
	}
	l := &loan{from: c, weight: weight}
	l.holders.Store(1)
	return l, nil
}

// loan is credit that was taken. It goes back when its last holder releases it: the question itself, and every event
// that came of it. A nil loan holds nothing.
type loan struct {
	from    *credits
	weight  int64
	holders atomic.Int32
}

func (l *loan) hold() *loan {
	if l != nil {
		l.holders.Add(1)
	}
	return l
}

func (l *loan) release() {
	if l != nil && l.holders.Add(-1) == 0 {
		l.from.free.Release(l.weight)
	}
}
