package registry_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

// A client that does not know whether its submit arrived sends it again. It gets the job that runs already.
func ExampleMachine_Step() {
	now := time.Date(2026, 5, 13, 19, 30, 0, 0, time.UTC)
	machine := registry.New(nil)
	submit := registry.SubmitRequested{
		RequestID: "m1", SessionID: "sess_1", JobID: "job_1", Key: "refactor-auth",
		Digest: registry.Digest(protocol.JobSubmit{Agent: "code-refactor", Input: json.RawMessage(`{"depth": 2}`)}),
	}
	again := registry.SubmitRequested{
		RequestID: "m2", SessionID: "sess_1", JobID: "job_2", Key: "refactor-auth",
		Digest: registry.Digest(protocol.JobSubmit{Agent: "code-refactor", Input: json.RawMessage(`{"depth":2.0}`)}),
	}
	for _, in := range []registry.Input{
		registry.SessionOpened{SessionID: "sess_1", Principal: "alice"},
		submit,
		registry.JobAccepted{JobID: "job_1", Payload: protocol.JobAccepted{JobID: "job_1", Agent: "code-refactor@2.0.0"}},
		again,
	} {
		for _, effect := range machine.Step(now, in) {
			switch effect := effect.(type) {
			case registry.StartJob:
				fmt.Println("start", effect.JobID)
			case registry.ReplyAccepted:
				fmt.Println("answer", effect.RequestID, "with", effect.Payload.JobID)
			}
		}
	}
	// Output:
	// start job_1
	// answer m2 with job_1
}
