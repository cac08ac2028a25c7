package registry_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

// beginning is when every test's runtime starts.
var beginning = time.Date(2026, 5, 13, 19, 42, 13, 0, time.UTC)

// bench is one machine under test, with a clock that stands until it is moved.
type bench struct {
	t       testing.TB
	machine *registry.Machine
	now     time.Time
	log     transcript.Log
	jobs    int // named so far
}

// newBench has two sessions of alice, sess_1 and sess_2, and one of bob, sess_3.
func newBench(t testing.TB, config *registry.Config) *bench {
	t.Helper()
	b := &bench{t: t, now: beginning, machine: registry.New(config)}
	b.open("sess_1", "alice")
	b.open("sess_2", "alice")
	b.open("sess_3", "bob")
	return b
}

func (b *bench) step(in registry.Input) []registry.Effect {
	b.t.Helper()
	effects := b.machine.Step(b.now, in)
	transcript.Turn(&b.log, b.now.Sub(beginning), in, effects)
	return effects
}

func (b *bench) wait(d time.Duration) { b.now = b.now.Add(d) }

// pass lets time go on, and lets the machine know.
func (b *bench) pass(d time.Duration) []registry.Effect {
	b.t.Helper()
	b.wait(d)
	return b.step(registry.Tick{})
}

func (b *bench) open(id protocol.SessionID, principal string) {
	b.t.Helper()
	only[registry.AdmitSession](b.t, b.step(registry.SessionOpened{SessionID: id, Principal: principal}))
}

// name makes a name for the next job.
func (b *bench) name() protocol.JobID {
	b.jobs++
	return protocol.JobID(fmt.Sprintf("job_%d", b.jobs))
}

// submit asks for a job, with a key unless it is "".
func (b *bench) submit(session protocol.SessionID, key string, parameters byte) []registry.Effect {
	b.t.Helper()
	return b.step(registry.SubmitRequested{
		RequestID: "m", SessionID: session, JobID: b.name(), Key: key, Digest: [32]byte{parameters},
	})
}

// start submits a job that is accepted.
func (b *bench) start(session protocol.SessionID, key string) protocol.JobID {
	b.t.Helper()
	id := only[registry.StartJob](b.t, b.submit(session, key, 1)).JobID
	b.accept(id)
	return id
}

func (b *bench) accept(id protocol.JobID) []registry.Effect {
	b.t.Helper()
	return b.step(registry.JobAccepted{JobID: id, Payload: b.accepted(id, "writer@1.0.0")})
}

// accepted is the payload of a job that is accepted now.
func (b *bench) accepted(id protocol.JobID, agent string) protocol.JobAccepted {
	return protocol.JobAccepted{
		JobID: id, Agent: agent, Lease: protocol.Lease{"tool.call": {"search"}}, TraceID: "4bf92f",
		AcceptedAt: protocol.FormatTime(b.now),
	}
}

// end finishes a job with a status.
func (b *bench) end(id protocol.JobID, status protocol.JobStatus) []registry.Effect {
	b.t.Helper()
	b.step(registry.JobChanged{JobID: id, Status: status})
	return b.step(registry.JobEnded{JobID: id})
}

// list asks for a page.
func (b *bench) list(in registry.ListRequested) protocol.SessionJobs {
	b.t.Helper()
	in.RequestID = "m"
	return only[registry.Listed](b.t, b.step(in)).Payload
}

// pages asks for page after page, and returns the names of all jobs on them.
func (b *bench) pages(in registry.ListRequested) (names []protocol.JobID) {
	b.t.Helper()
	for {
		page := b.list(in)
		names = append(names, ids(page)...)
		if page.NextCursor == nil {
			return names
		}
		in.Cursor = *page.NextCursor
	}
}

func ids(page protocol.SessionJobs) []protocol.JobID {
	names := make([]protocol.JobID, 0, len(page.Jobs))
	for _, job := range page.Jobs {
		names = append(names, job.JobID)
	}
	return names
}

// all picks the effects of one type.
func all[E registry.Effect](effects []registry.Effect) (found []E) {
	for _, effect := range effects {
		if effect, ok := effect.(E); ok {
			found = append(found, effect)
		}
	}
	return found
}

// only wants one effect, of one type.
func only[E registry.Effect](t testing.TB, effects []registry.Effect) E {
	t.Helper()
	found := all[E](effects)
	if len(effects) != 1 || len(found) != 1 {
		t.Fatalf("want one %T, got %.500s", *new(E), transcript.Render(effects))
	}
	return found[0]
}

// wantRefused wants one refusal with a code and nothing else.
func wantRefused(t testing.TB, effects []registry.Effect, code protocol.Code) *protocol.Error {
	t.Helper()
	err := only[registry.Refuse](t, effects).Err
	if err.Code != code {
		t.Fatalf("want %s, got %v", code, err)
	}
	return err
}

// wantNames compares names in their order.
func wantNames(t testing.TB, got []protocol.JobID, want ...protocol.JobID) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}
