package job_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

// keysBench has a job that waits for its credentials.
func keysBench(t *testing.T, submitted job.Submitted) *bench {
	t.Helper()
	submitted.Features = append(slices.Clone(everyFeature), protocol.FeatureProvisionedCredentials)
	b := newBench(t, &job.Config{Provisions: true, LogEvents: 100})
	b.step(submitted)
	if b.machine.State() != job.Provisioning {
		t.Fatalf("got %s", transcript.Render(b.effects))
	}
	return b
}

func (b *bench) issue() []job.Effect {
	b.t.Helper()
	return b.step(job.CredentialsIssued{Credentials: []job.Provisioned{
		provisioned("cred_1", "sk-value-1", "h1"), provisioned("cred_2", "sk-value-2", "h2"),
	}})
}

func TestClause_9_8_2_CredentialsAreIssuedBeforeTheJobIsAccepted(t *testing.T) {
	t.Parallel()
	b := keysBench(t, submission("USD:1"))
	if ask := only[job.IssueCredentials](t, b.effects[1:]); ask.Principal != "alice" || !ask.Lease.Names("tool.call") {
		t.Errorf("asked for %s", transcript.Render(ask))
	}
	if b.machine.ID() != "" || b.machine.Status() != protocol.StatusPending {
		t.Errorf("there is a job %q", b.machine.ID())
	}
	// Nobody knows of it yet.
	for _, effects := range [][]job.Effect{b.cancel(), b.subscribe("sess_2")} {
		if refusal := only[job.Refuse](t, effects); refusal.Err.Code != protocol.JobNotFound {
			t.Errorf("got %s", transcript.Render(refusal))
		}
	}
	wantRefused(t, b.thought("before the beginning"), protocol.InvalidRequest)
	effects := b.issue()
	accept, ok := effects[0].(job.Accept)
	if _, starts := effects[1].(job.StartAgent); !ok || !starts || len(effects) != 2 {
		t.Fatalf("got %s", transcript.Render(effects))
	}
	got := accept.Payload.Credentials
	if len(got) != 2 || got[0].ID != "cred_1" || got[0].Value != "sk-value-1" || got[1].Value != "sk-value-2" {
		t.Errorf("accepted with %+v", got)
	}
}

func TestClause_9_8_WithoutTheFeatureNothingIsIssued(t *testing.T) {
	t.Parallel()
	featured := submission()
	featured.Features = append(slices.Clone(everyFeature), protocol.FeatureProvisionedCredentials)
	for _, test := range []struct {
		name   string
		config *job.Config
		submit job.Submitted
	}{
		{"not negotiated", &job.Config{Provisions: true}, submission()},
		{"no provisioner", nil, featured},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := benchOf(t, test.config, test.submit)
			if accept := all[job.Accept](b.effects); len(accept) != 1 || accept[0].Payload.Credentials != nil {
				t.Errorf("got %s", transcript.Render(b.effects))
			}
		})
	}
}

// TestClause_9_8_NoCredentialsNoJob: the submit is refused with INTERNAL_ERROR, and what comes late is revoked.
func TestClause_9_8_NoCredentialsNoJob(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		in   job.Input
		wait time.Duration
	}{
		{"failed", job.CredentialsFailed{}, 0},
		{"too late", job.Tick{}, 30 * time.Second},
		{"shutdown", job.ShutdownRequested{}, 0},
		{"budget lost", job.BudgetLost{}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := keysBench(t, submission("USD:1"))
			if due := b.machine.Deadline(); due != beginning.Add(30*time.Second) {
				t.Errorf("the deadline is %v", due)
			}
			b.wait(test.wait - 1)
			if effects := b.step(job.Tick{}); effects != nil {
				t.Errorf("before it is due: %s", transcript.Render(effects))
			}
			b.wait(1)
			effects := b.step(test.in)
			refusal, refused := effects[0].(job.Refuse)
			if _, ends := effects[1].(job.End); !refused || !ends || len(effects) != 2 ||
				refusal.Err.Code != protocol.InternalError || !refusal.Err.Retryable || refusal.RequestID != "m1" {
				t.Fatalf("got %s", transcript.Render(effects))
			}
			if late := only[job.RevokeCredentials](t, b.issue()); !slices.Equal(late.Handles, []string{"h1", "h2"}) {
				t.Errorf("late: %s", transcript.Render(late))
			}
		})
	}
}

// TestClause_9_8_AChildWithoutCredentialsEnds: it was announced, so it is accepted, and ends at once.
func TestClause_9_8_AChildWithoutCredentialsEnds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		in   job.Input
		code protocol.Code
	}{
		{"failed", job.CredentialsFailed{}, protocol.InternalError},
		{"the parent ends", job.ParentEnding{}, protocol.Cancelled},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in := submission()
			in.ParentJobID, in.Derived = "job_0", &job.Derived{}
			b := keysBench(t, in)
			if ask := only[job.IssueCredentials](t, b.effects); ask.ParentJobID != "job_0" {
				t.Errorf("asked for %s", transcript.Render(ask))
			}
			effects := b.step(test.in)
			accept, accepted := effects[0].(job.Accept)
			ending, ended := effects[1].(job.SendEnding)
			if !accepted || !ended || accept.Payload.Credentials != nil || ending.Payload.(protocol.JobError).Code != test.code {
				t.Errorf("got %s", transcript.Render(effects))
			}
			only[job.RevokeCredentials](t, b.issue())
		})
	}
}

// TestClause_9_8_2_EveryEndingRevokes, before anybody hears of it.
func TestClause_9_8_2_EveryEndingRevokes(t *testing.T) {
	t.Parallel()
	limited := submission("USD:1")
	limit := protocol.Number("10")
	limited.Submit.MaxRuntimeSec = &limit
	limited.Submit.LeaseConstraints = until(beginning.Add(5 * time.Second))
	for _, test := range []struct {
		name string
		end  func(b *bench)
	}{
		{"success", func(b *bench) { b.step(job.AgentReturned{}) }},
		{"error", func(b *bench) { b.step(job.AgentFailed{Err: protocol.NewError(protocol.Timeout, "")}) }},
		{"crash", func(b *bench) { b.step(job.AgentPanicked{}) }},
		{"cancel", func(b *bench) { b.cancel(); b.step(job.AgentReturned{}) }},
		{"grace over", func(b *bench) { b.cancel(); b.wait(5 * time.Second); b.step(job.Tick{}) }},
		{"timeout", func(b *bench) { b.wait(10 * time.Second); b.step(job.Tick{}); b.step(job.AgentReturned{}) }},
		{"lease expired", func(b *bench) { b.wait(5 * time.Second); b.operate("tool.call", "search"); b.step(job.AgentReturned{}) }},
		{"budget lost", func(b *bench) { b.step(job.BudgetLost{}); b.step(job.AgentReturned{}) }},
		{"shutdown", func(b *bench) { b.step(job.ShutdownRequested{}); b.step(job.AgentReturned{}) }},
		{"parent", func(b *bench) { b.step(job.ParentEnding{}); b.step(job.AgentReturned{}) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := keysBench(t, limited)
			b.issue()
			test.end(b)
			b.ending()
			revocations := all[job.RevokeCredentials](b.effects)
			if len(revocations) != 1 || !slices.Equal(revocations[0].Handles, []string{"h1", "h2"}) {
				t.Fatalf("got %s", transcript.Render(b.effects))
			}
			before := slices.IndexFunc(b.effects, func(e job.Effect) bool { _, is := e.(job.RevokeCredentials); return is })
			after := slices.IndexFunc(b.effects, func(e job.Effect) bool { _, is := e.(job.SendEnding); return is })
			if after < before {
				t.Errorf("got %s", transcript.Render(b.effects))
			}
			if b.machine.Credentials() != nil {
				t.Error("it has them still")
			}
		})
	}
}

func TestClause_9_8_2_RotationTellsTheSubmitterAndRevokes(t *testing.T) {
	t.Parallel()
	b := keysBench(t, submission())
	b.issue()
	b.subscribe("sess_2")
	effects := b.step(job.CredentialRotated{ID: "cred_1", Value: "sk-value-3", Handle: "h3"})
	wantEvents(t, effects, `status {"phase":"credential_rotated","id":"cred_1","value":"sk-value-3"}`)
	copies := all[job.CopyEvent](effects)
	if len(copies) != 1 || string(copies[0].Event.Body) != `{"phase":"credential_rotated","id":"cred_1","value":"[redacted]"}` {
		t.Errorf("subscribers see %s", transcript.Render(copies))
	}
	if _, sent := effects[0].(job.SendEvent); !sent {
		t.Errorf("got %s", transcript.Render(effects))
	}
	if revoked := all[job.RevokeCredentials](effects); len(revoked) != 1 || !slices.Equal(revoked[0].Handles, []string{"h1"}) {
		t.Errorf("revoked %s", transcript.Render(revoked))
	}
	if _, err := protocol.DecodeBody(protocol.KindStatus, copies[0].Event.Body); err != nil {
		t.Error(err)
	}
	// What rotates in place has nothing left to revoke.
	effects = b.step(job.CredentialRotated{ID: "cred_1", Value: "sk-value-4", Handle: "h3"})
	if len(events(effects)) != 1 || all[job.RevokeCredentials](effects) != nil {
		t.Errorf("in place: %s", transcript.Render(effects))
	}
	// What nobody has is revoked, as is what comes too late.
	revoked := only[job.RevokeCredentials](t, b.step(job.CredentialRotated{ID: "cred_9", Value: "sk-value-5", Handle: "h5"}))
	if !slices.Equal(revoked.Handles, []string{"h5"}) {
		t.Errorf("unknown: %s", transcript.Render(revoked))
	}
	b.step(job.AgentReturned{})
	revoked = only[job.RevokeCredentials](t, b.step(job.CredentialRotated{ID: "cred_1", Value: "sk-value-6", Handle: "h6"}))
	if !slices.Equal(revoked.Handles, []string{"h6"}) {
		t.Errorf("late: %s", transcript.Render(revoked))
	}
	if late := b.step(job.CredentialRotated{ID: "cred_2", Value: "sk-value-7", Handle: "h2"}); late != nil {
		t.Errorf("late, in place: %s", transcript.Render(late))
	}
}

// TestClause_7_6_CredentialsFollowTheSubmitter: they stand in job.subscribed with their newest values while the job runs.
func TestClause_7_6_CredentialsFollowTheSubmitter(t *testing.T) {
	t.Parallel()
	b := keysBench(t, submission())
	b.issue()
	b.step(job.CredentialRotated{ID: "cred_1", Value: "sk-value-3", Handle: "h3"})
	shown := all[job.Subscribed](b.subscribe("sess_2", 0))[0].Payload.Credentials
	if len(shown) != 2 || shown[0].Value != "sk-value-3" || shown[1].Value != "sk-value-2" {
		t.Errorf("got %+v", shown)
	}
	stranger := b.step(job.SubscribeRequested{RequestID: "s2", SessionID: "sess_3", Principal: "bob"})
	if got := all[job.Subscribed](stranger); len(got) != 1 || got[0].Payload.Credentials != nil {
		t.Errorf("another principal was shown %s", transcript.Render(stranger))
	}
	b.step(job.AgentReturned{})
	if late := all[job.Subscribed](b.subscribe("sess_4", 0)); late[0].Payload.Credentials != nil {
		t.Errorf("after the ending: %s", transcript.Render(late))
	}
}

// TestClause_14_NoValueReachesAnObserver, whoever says it: the runtime's event, the agent's, its result or its error.
//
// Register: R9.8-6.
func TestClause_14_NoValueReachesAnObserver(t *testing.T) {
	t.Parallel()
	const signed = "https://bucket.example/?sig=<a&b>"
	for _, test := range []struct {
		name   string
		ending job.Input
		owner  string // what the submitter is told at last
	}{
		{"a result", job.AgentReturned{Result: json.RawMessage(`{"used":"sk-value-1"}`)}, "sk-value-1"},
		{"an error", job.AgentFailed{Err: protocol.NewError(protocol.PermissionDenied, "sk-value-2 is no good")}, "sk-value-2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := keysBench(t, submission())
			b.issue()
			b.step(job.CredentialRotated{ID: "cred_2", Value: signed, Handle: "h3"})
			b.subscribe("sess_2", 0)
			b.thought("sk-value-1 and sk-value-2")
			b.emit(protocol.KindLog, `{"level":"info","message":"`+signed+`"}`)
			b.emit(protocol.KindLog, `{"level":"info","message":"\u003ca\u0026b\u003e https://bucket.example/?sig=\u003ca\u0026b\u003e"}`)
			b.step(test.ending)
			b.subscribe("sess_3", 0)
			watched := 0
			for _, effect := range b.effects {
				switch effect.(type) {
				case job.CopyEvent, job.CopyEnding:
					watched++
					text, err := json.Marshal(effect)
					if err != nil || value.Match(text) || strings.Contains(string(text), "sig=") {
						t.Errorf("an observer is told %s (%v)", text, err)
					}
				}
			}
			if watched != 10 {
				t.Errorf("%d copies", watched)
			}
			if text, _ := json.Marshal(b.ending()); !strings.Contains(string(text), test.owner) {
				t.Errorf("the submitter is told %s", text)
			}
		})
	}
}
