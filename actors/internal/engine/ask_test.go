package engine_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/arcp-conformance/arcp/actors/internal/engine"
)

// question is a message that is nothing but a question.
type question = *engine.Question[string]

func alone(q question) question { return q }

var errGaveUp = errors.New("gave up")

// TestAsk has the endings of a question. Each runs in a bubble: that Ask returns at all shows that it does not wait for
// what does not come.
func TestAsk(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		receive func(ref *engine.Ref[question], giveUp func(), q question)
		before  func(ref *engine.Ref[question], giveUp func())
		answer  string
		err     error
	}{
		{
			name: "answered",
			receive: func(_ *engine.Ref[question], _ func(), q question) {
				q.Claim()
				q.Answer("yes")
			},
			answer: "yes",
		},
		{
			name: "answered often",
			receive: func(_ *engine.Ref[question], _ func(), q question) {
				q.Claim()
				q.Answer("yes")
				q.Answer("no")
				q.Answer("no") // and does not block
			},
			answer: "yes",
		},
		{
			name:   "asked of a closed actor",
			before: func(ref *engine.Ref[question], _ func()) { ref.Close() },
			err:    engine.ErrClosed,
		},
		{
			name:   "asked too late",
			before: func(_ *engine.Ref[question], giveUp func()) { giveUp() },
			err:    errGaveUp,
		},
		{
			name: "given up before it was claimed",
			receive: func(_ *engine.Ref[question], giveUp func(), q question) {
				giveUp()
				synctest.Wait()
				if q.Claim() {
					q.Answer("claimed")
				}
			},
			err: errGaveUp,
		},
		{
			name: "given up after it was claimed",
			receive: func(_ *engine.Ref[question], giveUp func(), q question) {
				q.Claim()
				giveUp()
				synctest.Wait()
				q.Answer("yes")
			},
			answer: "yes",
		},
		{
			name: "claimed twice",
			receive: func(_ *engine.Ref[question], _ func(), q question) {
				if q.Claim() && !q.Claim() {
					q.Answer("once")
				}
			},
			answer: "once",
		},
		{
			name:    "never claimed, closed",
			receive: func(ref *engine.Ref[question], _ func(), _ question) { ref.Close() },
			err:     engine.ErrUnanswered,
		},
		{
			name: "claimed, then a panic",
			receive: func(_ *engine.Ref[question], _ func(), q question) {
				q.Claim()
				explode("boom")
			},
			err: engine.ErrUnanswered,
		},
		{
			name: "claimed and given up, then a panic",
			receive: func(_ *engine.Ref[question], giveUp func(), q question) {
				q.Claim()
				giveUp()
				synctest.Wait()
				explode("boom")
			},
			err: engine.ErrUnanswered,
		},
		{
			name: "answered, then a panic",
			receive: func(_ *engine.Ref[question], _ func(), q question) {
				q.Claim()
				q.Answer("yes")
				explode("boom")
			},
			answer: "yes",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				giveUp := func() { cancel(errGaveUp) }
				defer giveUp()
				var ref *engine.Ref[question]
				ref = start(t, engine.Behaviour[question]{Receive: func(q question) { test.receive(ref, giveUp, q) }})
				if test.before != nil {
					test.before(ref, giveUp)
				}
				answer, err := engine.Ask(ctx, ref, alone)
				if answer != test.answer || !errors.Is(err, test.err) {
					t.Errorf("got %q, %v; want %q, %v", answer, err, test.answer, test.err)
				}
			})
		})
	}
}

// lateContext lets a caller look for the end of its context, and so for an answer, only when the actor is done.
type lateContext struct {
	context.Context
	actor <-chan struct{}
}

func (c lateContext) Done() <-chan struct{} {
	<-c.actor
	return c.Context.Done()
}

// TestAnswerOutlivesItsActor has callers who find an actor that is done and an answer at once: the answer counts.
func TestAnswerOutlivesItsActor(t *testing.T) {
	t.Parallel()
	e := newEngine(t)
	for range 100 { // a select takes either
		var ref *engine.Ref[question]
		ref = engine.Spawn(e, "test", engine.Behaviour[question]{Receive: func(q question) {
			q.Claim()
			q.Answer("yes")
			ref.Close()
		}})
		answer, err := engine.Ask(lateContext{t.Context(), ref.Done()}, ref, alone)
		if answer != "yes" || err != nil {
			t.Fatalf("got %q, %v", answer, err)
		}
	}
}

// TestQuestionOutlivesItsActor keeps questions that were never claimed: once their callers have gone, they are void.
func TestQuestionOutlivesItsActor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		end  func()
	}{
		{"closed", func() {}},
		{"died", func() { explode("boom") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var ref *engine.Ref[question]
			var kept question
			ref = start(t, engine.Behaviour[question]{Receive: func(q question) {
				kept = q
				ref.Close()
				test.end()
			}})
			if _, err := engine.Ask(t.Context(), ref, alone); !errors.Is(err, engine.ErrUnanswered) {
				t.Errorf("the error is %v", err)
			}
			if kept.Claim() {
				t.Error("a question can be claimed although its caller has gone")
			}
		})
	}
}

// TestAskItself: the actor stands still until the context ends, and its own question is void then.
func TestAskItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		var ref *engine.Ref[question]
		var inner error
		claimedTwice := false
		asked := false
		ref = start(t, engine.Behaviour[question]{Receive: func(q question) {
			if asked {
				claimedTwice = q.Claim()
				return
			}
			asked = true
			q.Claim()
			_, inner = engine.Ask(ctx, ref, alone)
			q.Answer("moved on")
		}})
		go func() {
			synctest.Wait() // it stands still
			cancel(errGaveUp)
		}()
		if answer, err := engine.Ask(t.Context(), ref, alone); answer != "moved on" || err != nil {
			t.Errorf("got %q, %v", answer, err)
		}
		ref.Close()
		<-ref.Done()
		if !errors.Is(inner, errGaveUp) || claimedTwice {
			t.Errorf("its own question: %v, claimed %v", inner, claimedTwice)
		}
	})
}
