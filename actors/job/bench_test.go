package job_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// beginning is when every test's job is submitted.
var beginning = time.Date(2026, 5, 13, 19, 42, 13, 0, time.UTC)

var everyFeature = []protocol.Feature{
	protocol.FeatureCostBudget, protocol.FeatureProgress, protocol.FeatureResultChunk,
}

// bench is one machine under test, with a clock that stands until it is moved.
type bench struct {
	t        *testing.T
	machine  *job.Machine
	now      time.Time
	log      transcript.Log
	lastCall job.CallID
	effects  []job.Effect // all so far
}

func newBench(t *testing.T, config *job.Config) *bench {
	t.Helper()
	return &bench{t: t, now: beginning, machine: job.New(config)}
}

// submission has a lease for one tool and, with amounts, a budget.
func submission(amounts ...string) job.Submitted {
	asked := protocol.Lease{"tool.call": {"search"}}
	if amounts != nil {
		asked["cost.budget"] = amounts
	}
	return job.Submitted{
		RequestID: "m1", SessionID: "sess_1", Principal: "alice", JobID: "job_1", TraceID: "4bf92f",
		Name: "writer", Version: "2.0.0", Features: everyFeature,
		Submit: protocol.JobSubmit{Agent: "writer", Input: json.RawMessage(`{"n":1}`), LeaseRequest: asked},
	}
}

// startedBench has a job whose agent runs.
func startedBench(t *testing.T, amounts ...string) *bench {
	t.Helper()
	return benchOf(t, nil, submission(amounts...))
}

func benchOf(t *testing.T, config *job.Config, submitted job.Submitted) *bench {
	t.Helper()
	b := newBench(t, config)
	b.step(submitted)
	if b.machine.State() != job.Pending {
		t.Fatalf("the job was not accepted: %s", transcript.Render(b.effects))
	}
	return b
}

func (b *bench) step(in job.Input) []job.Effect {
	b.t.Helper()
	effects := b.machine.Step(b.now, in)
	transcript.Turn(&b.log, b.now.Sub(beginning), in, effects)
	b.effects = append(b.effects, effects...)
	return effects
}

func (b *bench) wait(d time.Duration) { b.now = b.now.Add(d) }

func (b *bench) call() job.CallID {
	b.lastCall++
	return b.lastCall
}

func (b *bench) emit(kind protocol.EventKind, body string) []job.Effect {
	b.t.Helper()
	return b.step(job.EventEmitted{Call: b.call(), Kind: kind, Body: json.RawMessage(body)})
}

func (b *bench) metric(name, value, unit string) []job.Effect {
	b.t.Helper()
	return b.emit(protocol.KindMetric, fmt.Sprintf(`{"name":%q,"value":%s,"unit":%q}`, name, value, unit))
}

func (b *bench) operate(namespace, resource string) []job.Effect {
	b.t.Helper()
	return b.step(job.OperationRequested{Call: b.call(), Operation: lease.Operation{Namespace: lease.Namespace(namespace), Resource: resource}})
}

func (b *bench) cancel() []job.Effect {
	b.t.Helper()
	return b.step(job.CancelRequested{RequestID: "m2", SessionID: "sess_1", Principal: "alice"})
}

// until is a lease's end in time.
func until(at time.Time) *protocol.LeaseConstraints {
	return &protocol.LeaseConstraints{ExpiresAt: at.Format(time.RFC3339Nano)}
}

// subscribe asks for one session of alice's, with the history from a position if there is one.
func (b *bench) subscribe(session protocol.SessionID, from ...uint64) []job.Effect {
	b.t.Helper()
	in := job.SubscribeRequested{RequestID: "s1", SessionID: session, Principal: "alice", History: len(from) > 0}
	if in.History {
		in.From = from[0]
	}
	return b.step(in)
}

func (b *bench) thought(text string) []job.Effect {
	b.t.Helper()
	return b.emit(protocol.KindThought, `{"text":"`+text+`"}`)
}

func (b *bench) openStream(encoding protocol.Encoding) {
	b.t.Helper()
	wantDone(b.t, b.step(job.StreamOpened{Call: b.call(), ResultID: "res_1", Encoding: encoding}))
}

func (b *bench) write(text string) []job.Effect {
	b.t.Helper()
	return b.step(job.StreamWritten{Call: b.call(), Bytes: []byte(text)})
}

func (b *bench) closeStream() []job.Effect {
	b.t.Helper()
	return b.step(job.StreamClosed{Call: b.call(), Summary: "done"})
}

func amount(t *testing.T, text string) budget.Amount {
	t.Helper()
	parsed, err := budget.ParseAmount(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// counters is what the budget shows of USD alone.
func counters(t *testing.T, usd string) []budget.Counter {
	t.Helper()
	return []budget.Counter{{Currency: "USD", Remaining: amount(t, usd)}}
}

// all returns the effects of type E, in order.
func all[E job.Effect](effects []job.Effect) []E {
	var found []E
	for _, effect := range effects {
		if effect, ok := effect.(E); ok {
			found = append(found, effect)
		}
	}
	return found
}

// only returns the one effect, which must be of type E.
func only[E job.Effect](t *testing.T, effects []job.Effect) E {
	t.Helper()
	found := all[E](effects)
	if len(effects) != 1 || len(found) != 1 {
		t.Fatalf("got %s, want one %T", transcript.Render(effects), *new(E))
	}
	return found[0]
}

// wantDone wants a question answered without an error.
func wantDone(t *testing.T, effects []job.Effect) {
	t.Helper()
	replies := all[job.Reply](effects)
	if len(replies) != 1 || replies[0].Err != nil {
		t.Fatalf("got %s, want it done", transcript.Render(effects))
	}
}

// wantRefused wants a question refused, and nothing else to happen.
func wantRefused(t *testing.T, effects []job.Effect, code protocol.Code) {
	t.Helper()
	if err := only[job.Reply](t, effects).Err; err == nil || err.Code != code {
		t.Fatalf("got %s, want %s", transcript.Render(effects), code)
	}
}

// ending returns the one ending among all effects so far.
func (b *bench) ending() protocol.Payload {
	b.t.Helper()
	endings := all[job.SendEnding](b.effects)
	if len(endings) != 1 {
		b.t.Fatalf("got %d endings", len(endings))
	}
	return endings[0].Payload
}

func (b *bench) wantFailed(code protocol.Code, status protocol.JobStatus) protocol.JobError {
	b.t.Helper()
	failure, ok := b.ending().(protocol.JobError)
	if !ok || failure.Code != code || failure.FinalStatus != status {
		b.t.Fatalf("got %s, want %s and %s", transcript.Render(b.ending()), code, status)
	}
	if b.machine.Status() != status {
		b.t.Errorf("status is %s", b.machine.Status())
	}
	return failure
}

// events returns the kinds and bodies of the events among the effects.
func events(effects []job.Effect) []string {
	var found []string
	for _, send := range all[job.SendEvent](effects) {
		found = append(found, string(send.Event.Kind)+" "+string(send.Event.Body))
	}
	return found
}

func wantEvents(t *testing.T, effects []job.Effect, want ...string) {
	t.Helper()
	if got := events(effects); !slices.Equal(got, want) {
		t.Fatalf("got %q\nwant %q", got, want)
	}
}

// chunks returns the result_chunks among the effects.
func chunks(t *testing.T, effects []job.Effect) []protocol.ResultChunk {
	t.Helper()
	var found []protocol.ResultChunk
	for _, send := range all[job.SendEvent](effects) {
		if send.Event.Kind != protocol.KindResultChunk {
			continue
		}
		var chunk protocol.ResultChunk
		if err := json.Unmarshal(send.Event.Body, &chunk); err != nil {
			t.Fatal(err)
		}
		found = append(found, chunk)
	}
	return found
}
