package engine

import (
	"context"
	"errors"
	"sync/atomic"
)

// ErrUnanswered says that the actor took a question and ended without answering it: nobody knows what was done.
var ErrUnanswered = errors.New("engine: the actor ended before it answered")

// Question is a message that wants an answer of type A. It is pending until the actor claims it or the caller abandons
// it, whichever is first.
type Question[A any] struct {
	state  atomic.Int32
	answer chan A
}

const (
	pending int32 = iota
	claimed
	abandoned
)

// Claim is called by the actor before it does anything for the question. False: the caller has given up, and nothing
// may be done.
func (q *Question[A]) Claim() bool { return q.state.CompareAndSwap(pending, claimed) }

// abandon is called by the caller that gives up. False: the actor has claimed the question.
func (q *Question[A]) abandon() bool { return q.state.CompareAndSwap(pending, abandoned) }

// Answer is called by the actor once it has claimed the question, then or later, but before it is done. A second answer
// is dropped.
func (q *Question[A]) Answer(answer A) {
	select {
	case q.answer <- answer:
	default:
	}
}

// Ask tells the actor a question and waits for its answer. Wrap makes the message.
//
// When ctx ends first, a question that the actor has not claimed is abandoned: the error is the context's cause, and
// nothing was done. One that it has claimed is waited for, so that what was done is known. ErrClosed says that the actor
// never took the question, ErrUnanswered that it took it and ended before it answered.
//
// An actor must not ask itself: it stands still until ctx ends.
func Ask[M, A any](ctx context.Context, ref *Ref[M], wrap func(*Question[A]) M) (A, error) {
	var none A
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	q := &Question[A]{answer: make(chan A, 1)}
	if err := ref.Tell(wrap(q)); err != nil {
		return none, err
	}
	select {
	case answer := <-q.answer:
		return answer, nil
	case <-ref.Done():
		return q.last()
	case <-ctx.Done():
	}
	if q.abandon() {
		return none, context.Cause(ctx)
	}
	select {
	case answer := <-q.answer:
		return answer, nil
	case <-ref.Done():
		return q.last()
	}
}

// last takes an answer that came just before the actor ended. Without one nobody waits any more: who still holds the
// question must not act on it.
func (q *Question[A]) last() (A, error) {
	q.abandon()
	select {
	case answer := <-q.answer:
		return answer, nil
	default:
		var none A
		return none, ErrUnanswered
	}
}
