package registry_test

import (
	"flag"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

var rewrite = flag.Bool("rewrite", false, "renew the transcripts under testdata")

func TestTranscripts(t *testing.T) {
	t.Parallel()
	conversations := map[string]func(*bench){
		"idempotency.txt": idempotency,
		"listing.txt":     listing,
		"strangers.txt":   strangers,
		"shutdown.txt":    shutdown,
	}
	for name, talk := range conversations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, &registry.Config{MayObserve: openPolicy, CursorKey: [32]byte{1}})
			talk(b)
			b.log.Compare(t, name, *rewrite)
		})
	}
}

func idempotency(b *bench) {
	b.log.Note("§7.2: two submits at one instant, a conflict, a replay after the ending, and the key's end")
	b.submit("sess_1", "refactor-auth", 1)
	b.submit("sess_2", "refactor-auth", 1)
	b.submit("sess_2", "refactor-auth", 2)
	b.submit("sess_3", "refactor-auth", 2)
	b.accept("job_1")
	b.wait(time.Minute)
	b.end("job_1", protocol.StatusSuccess)
	b.pass(10 * time.Minute)
	b.submit("sess_1", "refactor-auth", 1)
	b.now = b.machine.Deadline()
	b.submit("sess_1", "refactor-auth", 2)
	b.log.Note("a refused submit leaves the key free, and all who asked get the same refusal")
	b.submit("sess_2", "refactor-auth", 2)
	b.step(registry.JobRefused{JobID: "job_6", Err: protocol.NewError(protocol.InvalidRequest, "no such currency")})
	b.submit("sess_2", "refactor-auth", 3)
}

func listing(b *bench) {
	b.log.Note("§6.6, §13.3: pages of a listing, while a job ends and another one comes")
	for range 3 {
		b.start("sess_1", "")
		b.wait(time.Second)
	}
	b.step(registry.JobChanged{JobID: "job_2", Status: protocol.StatusRunning, LastEventSeq: 1822})
	page := b.list(registry.ListRequested{SessionID: "sess_2", Limit: 2})
	b.end("job_2", protocol.StatusTimedOut)
	b.step(registry.DelegationRequested{ParentJobID: "job_1", JobID: b.name()})
	b.accept("job_4")
	b.list(registry.ListRequested{SessionID: "sess_2", Limit: 2, Cursor: *page.NextCursor})
	b.list(registry.ListRequested{SessionID: "sess_2", Statuses: []protocol.JobStatus{protocol.StatusTimedOut}, Agent: "writer"})
	b.pass(10 * time.Minute)
	b.list(registry.ListRequested{SessionID: "sess_2", CreatedAfter: beginning.Add(time.Second)})
}

func strangers(b *bench) {
	b.log.Note("§6.6, §7.4, §7.6, §14: what bob is told of alice's job is what he is told of none; carol may observe")
	b.open("sess_4", "carol")
	b.start("sess_1", "")
	for _, session := range []protocol.SessionID{"sess_3", "sess_4", "sess_2", "sess_1"} {
		b.step(registry.SubscribeRequested{RequestID: "m1", SessionID: session, JobID: "job_1", History: true})
		b.step(registry.CancelRequested{RequestID: "m2", SessionID: session, JobID: "job_1"})
	}
	b.step(registry.SubscribeRequested{RequestID: "m1", SessionID: "sess_3", JobID: "job_7"})
	b.step(registry.UnsubscribeRequested{SessionID: "sess_4", JobID: "job_1"})
	b.step(registry.ListRequested{RequestID: "m3", SessionID: "sess_3"})
	b.step(registry.ListRequested{RequestID: "m3", SessionID: "sess_4"})
	b.step(registry.ResumeRequested{RequestID: "m4", SessionID: "sess_1", Principal: "bob"})
	b.step(registry.ResumeRequested{RequestID: "m4", SessionID: "sess_1", Principal: "alice"})
}

func shutdown(b *bench) {
	b.log.Note("a runtime that stops: no new jobs, then the jobs end, then the sessions close, then the connections are gone")
	b.step(registry.ConnectionOpened{})
	b.start("sess_1", "k")
	b.step(registry.ShutdownRequested{})
	b.submit("sess_1", "", 1)
	b.submit("sess_1", "k", 1)
	b.step(registry.SessionOpened{SessionID: "sess_5", Principal: "carol"})
	b.end("job_1", protocol.StatusError)
	for _, id := range []protocol.SessionID{"sess_1", "sess_2", "sess_3"} {
		b.step(registry.SessionEnded{SessionID: id})
	}
	b.step(registry.ConnectionClosed{})
}
