package session_test

import (
	"encoding/json"
	"testing"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/google/go-cmp/cmp"
)

func TestClause_7_1_SubmitIsPassedOnWhole(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	limit := protocol.Number("1800")
	submit := protocol.JobSubmit{
		Agent:         "writer@2.0.0",
		Input:         json.RawMessage(`{"a":1}`),
		LeaseRequest:  protocol.Lease{"cost.budget": {"USD:5.00"}, "fs.read": {"/w/**"}},
		MaxRuntimeSec: &limit,
	}
	got := only[session.SubmitJob](t, b.step(session.MessageReceived{Envelope: protocol.Envelope{
		ID: "m", SessionID: sessionID, TraceID: "4bf92f", Payload: submit,
	}}))
	want := session.SubmitJob{
		RequestID: "m", SessionID: sessionID, Principal: "alice", TraceID: "4bf92f",
		Name: "writer", Version: "2.0.0", Submit: submit, Features: session.ServedFeatures(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestClause_7_1_AnswersNameTheirRequest(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	accepted := protocol.JobAccepted{JobID: "job_1", Agent: "writer@1.0.0"}
	effects := b.step(session.JobAccepted{RequestID: "a", JobID: "job_1", TraceID: "t", Payload: accepted})
	effects = append(effects, b.step(session.JobCancelled{RequestID: "b", JobID: "job_1"})...)
	gone := protocol.NewError(protocol.JobNotFound, "no such job")
	effects = append(effects, b.step(session.RequestRefused{RequestID: "c", JobID: "job_2", Err: gone})...)
	want := []session.Effect{
		session.Send{Envelope: protocol.Envelope{SessionID: sessionID, RequestID: "a", JobID: "job_1", TraceID: "t", Payload: accepted}},
		session.Send{Envelope: protocol.Envelope{SessionID: sessionID, RequestID: "b", JobID: "job_1", Payload: protocol.JobCancelled{JobID: "job_1"}}},
		session.Send{Envelope: protocol.Envelope{SessionID: sessionID, RequestID: "c", JobID: "job_2", Payload: protocol.SessionError{Error: *gone}}},
	}
	if diff := cmp.Diff(want, effects); diff != "" {
		t.Error(diff)
	}
}

func TestClause_7_4_CancelNamesOneJob(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name              string
		envelope, payload protocol.JobID
		want              protocol.JobID // "" means refused
	}{
		{"envelope", "job_1", "", "job_1"},
		{"payload", "", "job_1", "job_1"},
		{"both", "job_1", "job_1", "job_1"},
		{"neither", "", "", ""},
		{"different", "job_1", "job_2", ""},
	}
	for _, test := range tests {
		b := openBench(t)
		effects := b.step(session.MessageReceived{Envelope: protocol.Envelope{
			ID: "m", SessionID: sessionID, JobID: test.envelope, Payload: protocol.JobCancel{JobID: test.payload},
		}})
		if test.want == "" {
			wantInvalid(t, effects, "m")
			continue
		}
		want := session.CancelJob{RequestID: "m", SessionID: sessionID, Principal: "alice", JobID: test.want}
		if got := only[session.CancelJob](t, effects); got != want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}

func TestClause_7_5_Resolution(t *testing.T) {
	t.Parallel()
	tests := []struct {
		reference, name, version string
		code                     protocol.Code
	}{
		{"writer", "writer", "1.0.0", ""},
		{"writer@2.0.0", "writer", "2.0.0", ""},
		{"writer@3", "", "", protocol.AgentVersionNotAvailable},
		{"nobody", "", "", protocol.AgentNotAvailable},
		{"nobody@1", "", "", protocol.AgentNotAvailable},
		{"loose", "loose", "0.2", ""},
		{"loose@0.1", "loose", "0.1", ""},
		{"", "", "", protocol.InvalidRequest},
		{"writer@", "", "", protocol.InvalidRequest},
		{"@1", "", "", protocol.InvalidRequest},
	}
	for _, test := range tests {
		effects := openBench(t).receive("m", protocol.JobSubmit{Agent: test.reference})
		if test.code != "" {
			if err := refusal(t, effects, "m"); err.Code != test.code || len(effects) != 1 {
				t.Errorf("%q: got %s, want %s", test.reference, err.Code, test.code)
			}
			continue
		}
		if got := only[session.SubmitJob](t, effects); got.Name != test.name || got.Version != test.version {
			t.Errorf("%q: got %s@%s", test.reference, got.Name, got.Version)
		}
	}
}

func TestClause_8_3_OneSequenceOverAllJobs(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	var effects []session.Effect
	for i := range 3 {
		effects = append(effects, b.step(session.JobEvent{JobID: "job_1", TraceID: "t"})...)
		effects = append(effects, b.step(session.JobEvent{JobID: "job_2"})...)
		if i == 1 { // what has no number leaves no hole
			b.receive("p", protocol.SessionPing{})
			b.step(session.JobAccepted{JobID: "job_3"})
			b.step(session.JobCancelled{JobID: "job_2"})
		}
	}
	effects = append(effects, b.step(session.JobEnded{JobID: "job_1", Payload: protocol.JobResult{}})...)
	effects = append(effects, b.step(session.JobEnded{JobID: "job_2", Payload: protocol.JobError{}})...)
	for i, message := range sent(effects) {
		if message.EventSeq != uint64(i+1) {
			t.Errorf("message %d has event_seq %d", i, message.EventSeq)
		}
	}
	if len(sent(effects)) != 8 || b.machine.LastSeq() != 8 {
		t.Errorf("got %d messages, last seq %d", len(sent(effects)), b.machine.LastSeq())
	}
}

func TestClause_12_UnservedTypesAreRefusedAndTheSessionLivesOn(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	served := map[protocol.MessageType]bool{
		protocol.TypeSessionPing: true, protocol.TypeSessionPong: true, protocol.TypeSessionClose: true,
		protocol.TypeJobSubmit: true, protocol.TypeJobCancel: true, protocol.TypeSessionError: true,
		protocol.TypeSessionAck: true, protocol.TypeSessionListJobs: true, protocol.TypeJobSubscribe: true,
		protocol.TypeJobUnsubscribe: true,
	}
	for _, payload := range everyPayload() {
		if !served[payload.Type()] {
			wantInvalid(t, b.receive("m", payload), "m")
		}
	}
	wantInvalid(t, b.receive("m", nil), "m")
	if quiet := b.receive("e", protocol.SessionError{}); quiet != nil {
		t.Error("an error was answered")
	}
	only[session.SubmitJob](t, b.receive("m", protocol.JobSubmit{Agent: "writer"}))
}
