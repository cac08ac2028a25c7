package session_test

import (
	"encoding/json"
	"flag"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

var rewrite = flag.Bool("rewrite", false, "renew the transcripts under testdata")

func TestTranscripts(t *testing.T) {
	t.Parallel()
	conversations := map[string]func(*bench){
		"one-job.txt":     oneJob,
		"refusals.txt":    refusals,
		"silence.txt":     silence,
		"turned-away.txt": turnedAway,
	}
	for name, talk := range conversations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			talk(b)
			b.log.Compare(t, name, *rewrite)
		})
	}
}

func oneJob(b *bench) {
	b.log.Note("§6.2, §7.1, §7.4, §6.7: a job that is cancelled, and a graceful close")
	b.receive("m1", greeting("heartbeat", "cost.budget", "progress"))
	b.step(welcomed())
	b.receive("m2", protocol.JobSubmit{Agent: "writer", LeaseRequest: protocol.Lease{"cost.budget": {"USD:5.00"}}})
	b.step(session.JobAccepted{RequestID: "m2", JobID: "job_1", Payload: protocol.JobAccepted{
		JobID: "job_1", Agent: "writer@1.0.0", Budget: protocol.Budget{"USD": "5"},
	}})
	for _, text := range []string{`{"text":"one"}`, `{"text":"two"}`} {
		b.wait(time.Second)
		b.step(session.JobEvent{JobID: "job_1", Payload: protocol.JobEvent{Kind: protocol.KindThought, Body: json.RawMessage(text)}})
	}
	b.receive("m3", protocol.JobCancel{JobID: "job_1", Reason: "enough"})
	b.step(session.JobCancelled{RequestID: "m3", JobID: "job_1"})
	b.step(session.JobEnded{JobID: "job_1", Payload: protocol.JobError{
		FinalStatus: protocol.StatusCancelled, Error: protocol.Error{Code: protocol.Cancelled, Message: "the job was cancelled"},
	}})
	b.receive("m4", protocol.SessionClose{})
	b.step(session.ConnectionLost{})
	b.wait(10 * time.Minute)
	b.step(session.Tick{})
}

func refusals(b *bench) {
	b.log.Note("§6.2, §12: what is outside the session is refused, and the session lives on")
	b.receive("m1", protocol.JobSubmit{Agent: "writer"})
	b.receive("m2", greeting("heartbeat"))
	b.step(welcomed())
	b.receive("m3", greeting())
	b.receive("m4", protocol.JobSubmit{Agent: "writer@2.0.0"})
	b.receive("m5", protocol.JobSubmit{Agent: "writer", LeaseRequest: protocol.Lease{"cost.budget": {"USD:1"}}})
	b.receive("m6", protocol.JobSubmit{Agent: "nobody"})
	b.receive("m7", protocol.JobSubscribe{JobID: "job_1"})
	b.receive("m8", protocol.JobCancel{})
	b.step(session.FrameRefused{Refusal: &protocol.Refusal{Err: protocol.NewError(protocol.InvalidRequest, "not JSON")}})
	b.receive("m9", protocol.SessionPing{Nonce: "still there"})
}

func silence(b *bench) {
	b.log.Note("§6.4: an idle runtime pings; after two silent intervals the transport goes, the session stays")
	b.receive("m1", greeting("heartbeat"))
	b.step(welcomed())
	b.step(session.JobEvent{JobID: "job_1", Payload: protocol.JobEvent{Kind: protocol.KindLog}})
	for b.machine.State() == session.Open {
		b.now = b.machine.Deadline()
		b.step(session.Tick{})
	}
	b.step(session.JobEvent{JobID: "job_1", Payload: protocol.JobEvent{Kind: protocol.KindLog}})
	b.step(session.ConnectionLost{})
	b.step(session.JobEvent{JobID: "job_1", Payload: protocol.JobEvent{Kind: protocol.KindLog}})
	b.now = b.machine.Deadline()
	b.step(session.Tick{})
}

func turnedAway(b *bench) {
	b.log.Note("§6.1: a wrong token")
	b.receive("m1", greeting("heartbeat"))
	b.receive("m2", protocol.SessionPing{Nonce: "before the welcome"})
	b.step(session.AuthenticationFailed{})
	b.receive("m3", greeting("heartbeat"))
	b.step(session.ConnectionLost{})
}
