package scripted_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/agents/scripted"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/arcp-conformance/arcp/transport"
)

// outcomes runs a script with a lease to its end, and returns the tool_results of its job, and the ending.
func outcomes(t *testing.T, script string, lease protocol.Lease) ([]string, protocol.Payload) {
	t.Helper()
	known, err := auth.Tokens(map[string]string{"a-token-of-the-test": "alice"})
	if err != nil {
		t.Fatal(err)
	}
	runtime, err := actors.New(&actors.Config{Authenticator: known})
	if err != nil {
		t.Fatal(err)
	}
	if err := scripted.Register(runtime); err != nil {
		t.Fatal(err)
	}
	ours, theirs := transport.Pipe()
	defer ours.Abort()
	go func() { _ = runtime.ServeConn(context.Background(), theirs) }()
	send := func(envelope protocol.Envelope) {
		envelope.ID = "m"
		frame, err := protocol.Encode(envelope)
		if err != nil {
			t.Fatal(err)
		}
		if err := ours.Send(t.Context(), frame); err != nil {
			t.Fatal(err)
		}
	}
	send(protocol.Envelope{Payload: protocol.SessionHello{
		Client: protocol.Peer{Name: "test", Version: "1"}, Auth: protocol.Auth{Scheme: "bearer", Token: "a-token-of-the-test"},
		Capabilities: protocol.Capabilities{Encodings: []string{"json"}, Features: protocol.Features()},
	}})
	var told []string
	var root protocol.JobID
	for {
		frame, err := ours.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		envelope, err := protocol.Decode(frame)
		if err != nil {
			t.Fatal(err)
		}
		switch payload := envelope.Payload.(type) {
		case protocol.SessionWelcome:
			send(protocol.Envelope{SessionID: envelope.SessionID, Payload: protocol.JobSubmit{
				Agent: "conformance", Input: json.RawMessage(script), LeaseRequest: lease,
			}})
		case protocol.JobAccepted:
			if root == "" {
				root = envelope.JobID
			}
		case protocol.JobEvent:
			if envelope.JobID == root && payload.Kind == protocol.KindToolResult {
				told = append(told, string(payload.Body))
			}
		case protocol.JobResult, protocol.JobError:
			if envelope.JobID == root {
				return told, payload
			}
		case protocol.SessionError:
			t.Fatalf("got %+v", payload)
		}
	}
}

func TestClause_10_TheDelegateStep(t *testing.T) {
	t.Parallel()
	lease := protocol.Lease{"agent.delegate": {"conformance"}, "tool.call": {"search.*"}, "cost.budget": {"USD:1"}}
	for _, test := range []struct {
		name, step string
		want       []string // parts of the tool_result
		without    string
	}{
		{"a result", `"lease":{"tool.call":["search.web"]},"input":{"steps":[{"op":"return","value":[42]}]}`,
			[]string{`"job_id":"job_`, `"final_status":"success"`, `"result":[42]`}, `"error"`},
		{"its own variables", `"input":{"steps":[{"op":"repeat","times":1,"steps":[{"op":"return","value":"v${i}"}]}]}`,
			[]string{`"result":"v0"`}, `"error"`},
		{"a failure", `"input":{"steps":[{"op":"fail","code":"TIMEOUT","message":"m"}]}`,
			[]string{`"final_status":"timed_out"`, `"code":"TIMEOUT"`}, `"result":{"result"`},
		{"not waiting", `"input":{"steps":[{"op":"await_cancel"}]},"wait":false`, []string{`"job_id":"job_`}, `"final_status"`},
		{"a wider lease", `"lease":{"tool.call":["*"]}`, []string{`"code":"LEASE_SUBSET_VIOLATION"`}, `"job_id"`},
		{"more than is left", `"lease":{"cost.budget":["USD:1.01"]}`, []string{`"code":"LEASE_SUBSET_VIOLATION"`}, `"job_id"`},
		{"an end in the past", `"constraints":{"expires_at":"2020-01-01T00:00:00Z"}`, []string{`"code":"INVALID_REQUEST"`}, `"job_id"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			script := `{"steps":[{"op":"delegate","agent":"conformance","call_id":"mine",` + test.step + `},{"op":"return","value":1}]}`
			told, ending := outcomes(t, script, lease)
			if len(told) != 1 || !strings.Contains(told[0], `"call_id":"mine"`) || strings.Contains(told[0], test.without) {
				t.Fatalf("told %q", told)
			}
			for _, part := range test.want {
				if !strings.Contains(told[0], part) {
					t.Errorf("%s has no %s", told[0], part)
				}
			}
			if _, ok := ending.(protocol.JobResult); !ok {
				t.Errorf("ending: %+v", ending)
			}
		})
	}
}

func TestARefusedDelegationCanBeFatal(t *testing.T) {
	t.Parallel()
	told, ending := outcomes(t, `{"steps":[{"op":"abilities"},{"op":"delegate","agent":"other","fatal":true},{"op":"return","value":1}]}`,
		protocol.Lease{"agent.delegate": {"conformance"}})
	if failure, ok := ending.(protocol.JobError); !ok || failure.Code != protocol.PermissionDenied {
		t.Errorf("ending: %+v", ending)
	}
	if !slices.ContainsFunc(told, func(s string) bool { return strings.Contains(s, `"delegate"`) }) {
		t.Errorf("the abilities are %q", told)
	}
}
