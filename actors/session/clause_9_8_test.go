package session_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

// TestClause_6_2_CredentialsNeedTheirFeature: a session that has not negotiated them sees none, of whatever job, and the
// payload that others may have as well is not changed.
func TestClause_6_2_CredentialsNeedTheirFeature(t *testing.T) {
	t.Parallel()
	keys := []protocol.Credential{{ID: "cred_1", Scheme: "bearer", Value: "secret-value", Endpoint: "https://gateway.example"}}
	jobs := []protocol.JobSummary{{JobID: "job_1", Credentials: keys}}
	for _, test := range []struct {
		name     string
		features []protocol.Feature
		want     bool
	}{
		{"with", []protocol.Feature{protocol.FeatureSubscribe, protocol.FeatureProvisionedCredentials}, true},
		{"without", []protocol.Feature{protocol.FeatureSubscribe}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBenchWith(t, &session.Config{Provisions: true})
			b.receive("hello", greeting(test.features...))
			b.step(welcomed())
			for _, in := range []session.Input{
				session.JobAccepted{RequestID: "r", JobID: "job_1", Payload: protocol.JobAccepted{JobID: "job_1", Credentials: keys}},
				session.JobsListed{RequestID: "r", Payload: protocol.SessionJobs{Jobs: jobs}},
				session.JobSubscribed{RequestID: "r", JobID: "job_1", Payload: protocol.JobSubscribed{Credentials: keys}},
			} {
				answer := sent(b.step(in))
				if len(answer) != 1 {
					t.Fatalf("%T has %d answers", in, len(answer))
				}
				text, err := json.Marshal(answer[0].Payload)
				if err != nil || strings.Contains(string(text), "secret-value") != test.want {
					t.Errorf("%T: got %s, %v", in, text, err)
				}
			}
			if jobs[0].Credentials == nil {
				t.Error("the listing of others was changed")
			}
		})
	}
}

// TestClause_14_OnlyWhoProvisionsAdvertises the feature.
func TestClause_14_OnlyWhoProvisionsAdvertises(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		config session.Config
		want   bool
	}{
		{"nothing said", session.Config{}, false},
		{"asked for", session.Config{Features: protocol.Features()}, false},
		{"provisions", session.Config{Provisions: true}, true},
		{"provisions and asked for", session.Config{Provisions: true, Features: protocol.Features()}, true},
		{"provisions and left out", session.Config{Provisions: true, Features: []protocol.Feature{protocol.FeatureAck}}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newBenchWith(t, &test.config)
			b.receive("hello", greeting(protocol.FeatureProvisionedCredentials))
			welcome := sent(b.step(welcomed()))[0].Payload.(protocol.SessionWelcome)
			if got := slices.Contains(welcome.Capabilities.Features, protocol.FeatureProvisionedCredentials); got != test.want {
				t.Errorf("advertised %v", welcome.Capabilities.Features)
			}
		})
	}
}
