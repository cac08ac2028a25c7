package registry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

func TestClause_6_6_EntriesSayWhatHolds(t *testing.T) {
	t.Parallel() // R6.6-1, R6.6-2
	b := newBench(t, nil)
	parent := b.start("sess_1", "")
	b.wait(1500 * time.Millisecond)
	child := only[registry.StartJob](t, b.step(registry.DelegationRequested{ParentJobID: parent, JobID: b.name()}))
	b.accept(child.JobID)
	b.step(registry.JobChanged{JobID: parent, Status: protocol.StatusRunning, LastEventSeq: 1822})
	lease := protocol.Lease{"tool.call": {"search"}}
	want := protocol.SessionJobs{RequestID: "m", Jobs: []protocol.JobSummary{
		{
			JobID: parent, Agent: "writer@1.0.0", Status: protocol.StatusRunning, Lease: lease,
			CreatedAt: "2026-05-13T19:42:13.000Z", TraceID: "4bf92f", LastEventSeq: 1822,
		},
		{
			JobID: child.JobID, Agent: "writer@1.0.0", Status: protocol.StatusPending, Lease: lease, ParentJobID: &parent,
			CreatedAt: "2026-05-13T19:42:14.500Z", TraceID: "4bf92f",
		},
	}}
	if diff := cmp.Diff(want, b.list(registry.ListRequested{SessionID: "sess_2"})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestClause_6_6_StatusOnlyGoesForward(t *testing.T) {
	t.Parallel() // R6.6-2: what comes late is not what holds
	b := newBench(t, nil)
	id := b.start("sess_1", "")
	for _, c := range []struct {
		in     registry.JobChanged
		status protocol.JobStatus
		seq    uint64
	}{
		{registry.JobChanged{Status: protocol.StatusRunning, LastEventSeq: 7}, protocol.StatusRunning, 7},
		{registry.JobChanged{Status: protocol.StatusPending, LastEventSeq: 3}, protocol.StatusRunning, 7},
		{registry.JobChanged{LastEventSeq: 8}, protocol.StatusRunning, 8},
		{registry.JobChanged{Status: "nonsense", LastEventSeq: 9}, protocol.StatusRunning, 9},
		{registry.JobChanged{Status: protocol.StatusCancelled, LastEventSeq: 10}, protocol.StatusCancelled, 10},
		{registry.JobChanged{Status: protocol.StatusSuccess, LastEventSeq: 11}, protocol.StatusCancelled, 11},
		{registry.JobChanged{Status: protocol.StatusRunning, LastEventSeq: 12}, protocol.StatusCancelled, 12},
	} {
		c.in.JobID = id
		b.step(c.in)
		if job := b.list(registry.ListRequested{SessionID: "sess_1"}).Jobs[0]; job.Status != c.status || job.LastEventSeq != c.seq {
			t.Errorf("after %v: got %s, %d", c.in, job.Status, job.LastEventSeq)
		}
	}
}

func TestClause_6_6_AJobThatBrokeIsAnError(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := b.start("sess_1", "")
	b.step(registry.JobEnded{JobID: id})
	if got := b.list(registry.ListRequested{SessionID: "sess_1"}).Jobs[0].Status; got != protocol.StatusError {
		t.Errorf("got %s", got)
	}
}

func TestClause_6_6_OnlyWhatWasAcceptedIsListed(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	first := b.submit("sess_1", "", 1)
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_1"}))
	b.step(registry.JobRefused{JobID: only[registry.StartJob](t, first).JobID, Err: protocol.NewError(protocol.InvalidRequest, "no")})
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_1"}))
	if got := b.list(registry.ListRequested{SessionID: "sess_1"}).Jobs; got == nil {
		t.Error("no jobs is a list all the same")
	}
}

// filtered has jobs of two agents in two versions, created 10 s apart, of which some have ended.
func filtered(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, nil)
	for i, agent := range []string{"writer@1", "writer@2", "writer-2@1", "reader@1", "writer@1"} {
		b.submit("sess_1", "", 1)
		id := protocol.JobID(fmt.Sprintf("job_%d", i+1))
		b.step(registry.JobAccepted{JobID: id, Payload: b.accepted(id, agent)})
		b.wait(10 * time.Second)
	}
	b.step(registry.JobChanged{JobID: "job_1", Status: protocol.StatusRunning})
	b.step(registry.JobChanged{JobID: "job_4", Status: protocol.StatusRunning})
	b.end("job_2", protocol.StatusTimedOut)
	return b
}

func TestClause_6_6_Filters(t *testing.T) {
	t.Parallel() // R6.6-3
	at := func(seconds float64) time.Time { return beginning.Add(time.Duration(seconds * float64(time.Second))) }
	running, pending := protocol.StatusRunning, protocol.StatusPending
	for _, c := range []struct {
		name   string
		filter registry.ListRequested
		want   string
	}{
		{"none", registry.ListRequested{}, "1 2 3 4 5"},
		{"one status", registry.ListRequested{Statuses: []protocol.JobStatus{running}}, "1 4"},
		{"statuses", registry.ListRequested{Statuses: []protocol.JobStatus{pending, protocol.StatusTimedOut}}, "2 3 5"},
		{"a status that none has", registry.ListRequested{Statuses: []protocol.JobStatus{protocol.StatusSuccess}}, ""},
		{"an empty list of statuses", registry.ListRequested{Statuses: []protocol.JobStatus{}}, "1 2 3 4 5"},
		{"agent in any version", registry.ListRequested{Agent: "writer"}, "1 2 5"},
		{"agent in one version", registry.ListRequested{Agent: "writer@1"}, "1 5"},
		{"part of an agent's name", registry.ListRequested{Agent: "writ"}, ""},
		{"part of a version", registry.ListRequested{Agent: "writer@"}, ""},
		{"created after", registry.ListRequested{CreatedAfter: at(19.999)}, "3 4 5"},
		{"created at the very time", registry.ListRequested{CreatedAfter: at(20)}, "4 5"},
		{"in another zone", registry.ListRequested{CreatedAfter: at(20).In(time.FixedZone("", 3600))}, "4 5"},
		{"created after all", registry.ListRequested{CreatedAfter: at(1000)}, ""},
		{"together", registry.ListRequested{
			Statuses: []protocol.JobStatus{pending, running}, Agent: "writer", CreatedAfter: at(1),
		}, "5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := filtered(t)
			for _, limit := range []int{0, 1, 2} { // a page is of what passes, not of what there is
				c.filter.SessionID, c.filter.Limit = "sess_2", limit
				var got []string
				for _, id := range b.pages(c.filter) {
					got = append(got, strings.TrimPrefix(string(id), "job_"))
				}
				if strings.Join(got, " ") != c.want {
					t.Errorf("limit %d: got %v, want %s", limit, got, c.want)
				}
			}
		})
	}
}

func TestClause_6_6_CreatedAtIsWhatTheListingSays(t *testing.T) {
	t.Parallel() // R6.6-3: a client that asks for what came after a job does not get that job
	b := newBench(t, nil)
	id := only[registry.StartJob](t, b.submit("sess_1", "", 1)).JobID
	payload := b.accepted(id, "writer@1")
	payload.AcceptedAt = "2026-05-13T21:42:13.1239+02:00"
	b.step(registry.JobAccepted{JobID: id, Payload: payload})
	created := b.list(registry.ListRequested{SessionID: "sess_1"}).Jobs[0].CreatedAt
	if created != "2026-05-13T19:42:13.123Z" {
		t.Fatalf("got %s", created)
	}
	after, err := protocol.ParseTime(created)
	if err != nil {
		t.Fatal(err)
	}
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_1", CreatedAfter: after}))
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_1", CreatedAfter: after.Add(-1)}), id)
}

func TestClause_6_6_Limit(t *testing.T) {
	t.Parallel() // R6.6-4
	b := newBench(t, &registry.Config{MaxJobs: 2000})
	for range 1001 {
		b.start("sess_1", "")
	}
	for _, c := range []struct{ limit, want int }{{0, 100}, {-1, 100}, {1, 1}, {1000, 1000}, {1001, 1000}, {1 << 30, 1000}} {
		if got := len(b.list(registry.ListRequested{SessionID: "sess_1", Limit: c.limit}).Jobs); got != c.want {
			t.Errorf("limit %d: %d jobs, want %d", c.limit, got, c.want)
		}
	}
	b.end("job_1", protocol.StatusSuccess)
	b.pass(10 * time.Minute)
	if page := b.list(registry.ListRequested{SessionID: "sess_1", Limit: 1000}); len(page.Jobs) != 1000 || page.NextCursor != nil {
		t.Errorf("a page with all jobs that there are has %d of them and a cursor %v", len(page.Jobs), page.NextCursor)
	}
}

func TestClause_6_6_LargePagesAreCut(t *testing.T) {
	t.Parallel()
	b := newBench(t, &registry.Config{PageBytes: 2000})
	for range 10 {
		id := only[registry.StartJob](t, b.submit("sess_1", "", 1)).JobID
		payload := b.accepted(id, "writer@1")
		payload.Lease = protocol.Lease{"tool.call": {strings.Repeat("a", 600)}}
		if id == "job_5" {
			payload.Lease = protocol.Lease{"tool.call": {strings.Repeat("a", 6000)}}
		}
		b.step(registry.JobAccepted{JobID: id, Payload: payload})
	}
	var sizes []int
	in := registry.ListRequested{SessionID: "sess_1"}
	for {
		page := b.list(in)
		sizes = append(sizes, len(page.Jobs))
		if page.NextCursor == nil {
			break
		}
		in.Cursor = *page.NextCursor
	}
	if want := []int{2, 2, 1, 2, 2, 1}; !slices.Equal(sizes, want) {
		t.Errorf("pages of %v jobs, want %v", sizes, want)
	}
}

func TestClause_6_6_PagingWhileJobsComeAndGo(t *testing.T) {
	t.Parallel() // R6.6-4
	b := newBench(t, &registry.Config{JobRetention: time.Second})
	for range 6 {
		b.start("sess_1", "")
	}
	first := b.list(registry.ListRequested{SessionID: "sess_1", Limit: 2})
	wantNames(t, ids(first), "job_1", "job_2")
	b.end("job_2", protocol.StatusSuccess) // the job that the cursor stands at
	b.end("job_4", protocol.StatusSuccess)
	b.pass(time.Second)
	b.start("sess_1", "")
	b.start("sess_3", "") // somebody else's
	b.start("sess_2", "")
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_1", Limit: 2, Cursor: *first.NextCursor}),
		"job_3", "job_5", "job_6", "job_7", "job_9")
}

func TestClause_6_6_ListingSubscribesToNothing(t *testing.T) {
	t.Parallel() // R6.6-6: its one effect is the answer
	b := newBench(t, nil)
	id := b.start("sess_1", "")
	b.list(registry.ListRequested{SessionID: "sess_2"})
	for _, in := range []registry.Input{
		registry.JobChanged{JobID: id, Status: protocol.StatusSuccess, LastEventSeq: 9}, registry.JobEnded{JobID: id},
	} {
		if effects := b.step(in); len(effects) != 0 {
			t.Errorf("got %v", effects)
		}
	}
}

func TestClause_6_6_FinishedJobsStayForTheirTime(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	id := b.start("sess_1", "")
	b.end(id, protocol.StatusSuccess)
	if want := b.now.Add(10 * time.Minute); !b.machine.Deadline().Equal(want) {
		t.Fatalf("deadline is %v, want %v", b.machine.Deadline(), want)
	}
	b.wait(10*time.Minute - 1)
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_1"}), id)
	if forgotten := only[registry.ForgetJob](t, b.pass(1)); forgotten.JobID != id {
		t.Errorf("forgot %s", forgotten.JobID)
	}
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_1"}))
	if !b.machine.Deadline().IsZero() {
		t.Errorf("deadline is %v with nothing left", b.machine.Deadline())
	}
}

func TestClause_6_6_OnlySoManyFinishedJobsStay(t *testing.T) {
	t.Parallel()
	b := newBench(t, &registry.Config{MaxFinished: 2})
	for range 4 {
		b.start("sess_1", "")
	}
	b.start("sess_3", "") // bob's does not count
	b.end("job_5", protocol.StatusSuccess)
	for _, id := range []protocol.JobID{"job_3", "job_1"} {
		if effects := b.end(id, protocol.StatusSuccess); len(effects) != 0 {
			t.Fatalf("got %v", effects)
		}
	}
	// The one that ended first goes, not the one that was created first.
	if forgotten := only[registry.ForgetJob](t, b.end("job_2", protocol.StatusSuccess)); forgotten.JobID != "job_3" {
		t.Errorf("forgot %s", forgotten.JobID)
	}
	wantNames(t, b.pages(registry.ListRequested{SessionID: "sess_1"}), "job_1", "job_2", "job_4")
}
