package protocol_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

func ExampleDecode() {
	envelope, err := protocol.Decode([]byte(`{
		"arcp": "1.1", "id": "msg_1", "type": "job.submit", "session_id": "sess_1", "x-priority": "high",
		"payload": {"agent": "writer@2.0.0", "lease_request": {"cost.budget": ["USD:5.00"]}, "max_runtime_sec": 1800}
	}`))
	if err != nil {
		panic(err)
	}
	switch payload := envelope.Payload.(type) {
	case protocol.JobSubmit:
		fmt.Println(envelope.ID, payload.Agent, payload.LeaseRequest["cost.budget"], *payload.MaxRuntimeSec)
	default:
		fmt.Println("something else:", payload.Type())
	}
	// Output: msg_1 writer@2.0.0 [USD:5.00] 1800
}

// What cannot be taken comes back with all that the answer needs.
func ExampleDecode_refused() {
	_, err := protocol.Decode([]byte(`{"arcp":"1.1","id":"msg_1","type":"job.cancel","TYPE":"session.close","payload":{}}`))
	var refusal *protocol.Refusal
	if errors.As(err, &refusal) {
		fmt.Println(refusal.RequestID, refusal.Err.Code, refusal.Err.Retryable)
		fmt.Println(refusal.Err.Message)
	}
	// Output:
	// msg_1 INVALID_REQUEST false
	// type is written in other letters
}

func ExampleEncode() {
	frame, err := protocol.Encode(protocol.Envelope{
		ID: "msg_2", SessionID: "sess_1", JobID: "job_1", RequestID: "msg_1",
		Payload: protocol.JobAccepted{
			JobID: "job_1", Agent: "writer@2.0.0", Lease: protocol.Lease{"cost.budget": {"USD:5.00"}},
			Budget: protocol.Budget{"USD": "5.00"}, AcceptedAt: "2026-05-13T19:42:13.000Z",
		},
	})
	var shown bytes.Buffer
	_ = json.Indent(&shown, frame, "", "  ")
	fmt.Println(shown.String(), err)
	// Output:
	// {
	//   "arcp": "1.1",
	//   "id": "msg_2",
	//   "type": "job.accepted",
	//   "session_id": "sess_1",
	//   "job_id": "job_1",
	//   "request_id": "msg_1",
	//   "payload": {
	//     "job_id": "job_1",
	//     "agent": "writer@2.0.0",
	//     "lease": {
	//       "cost.budget": [
	//         "USD:5.00"
	//       ]
	//     },
	//     "budget": {
	//       "USD": 5.00
	//     },
	//     "accepted_at": "2026-05-13T19:42:13.000Z"
	//   }
	// } <nil>
}

// A result that an agent made up cannot break out of its field.
func ExampleEncode_refused() {
	_, err := protocol.Encode(protocol.Envelope{ID: "msg_3", Payload: protocol.JobResult{
		FinalStatus: protocol.StatusSuccess, Result: json.RawMessage(`1},"session_id":"sess_2","x":{"y":1`),
	}})
	fmt.Println(errors.Is(err, protocol.ErrEncode))
	// Output: true
}

func ExampleDecodeBody() {
	body, _ := protocol.DecodeBody(protocol.KindMetric, json.RawMessage(`{"name":"cost.inference","value":4.50e-07,"unit":"USD"}`))
	if metric, ok := body.(protocol.Metric); ok {
		fmt.Println(metric.Name, metric.Value, metric.Unit)
	}
	_, err := protocol.DecodeBody(protocol.KindProgress, json.RawMessage(`{"current":-1}`))
	fmt.Println(err)
	// Output:
	// cost.inference 4.50e-07 USD
	// INVALID_REQUEST: body.current is below zero
}

func ExampleError_Pin() {
	said := protocol.Error{Code: protocol.BudgetExhausted, Message: "USD is exhausted", Retryable: true}
	fmt.Println(said.Pin().Retryable, protocol.NewError(protocol.InternalError, "").Retryable)
	// Output: false true
}

func ExampleParseAgentRef() {
	name, version, err := protocol.ParseAgentRef("code-refactor@2.0.0")
	fmt.Println(name, version, err == nil)
	_, _, err = protocol.ParseAgentRef("code-refactor@")
	fmt.Println(err)
	// Output:
	// code-refactor 2.0.0 true
	// INVALID_REQUEST: the version of the agent does not follow the grammar
}

func ExampleFeatureSet() {
	ours := protocol.NewFeatureSet(protocol.FeatureProgress, protocol.FeatureCostBudget, protocol.FeatureAck)
	theirs := protocol.NewFeatureSet("cost.budget", "progress", "x-not-yet-known")
	agreed := ours.Intersect(theirs)
	fmt.Println(agreed.List(), agreed.Has(protocol.FeatureAck))
	// Output: [cost.budget progress] false
}

func ExampleNewJobID() {
	at := time.Date(2026, 5, 13, 12, 0, 0, 0, time.UTC)
	// A program takes crypto/rand.Reader here.
	id, err := protocol.NewJobID(at, bytes.NewReader(make([]byte, 10)))
	fmt.Println(id, err)
	// Output: job_01KRGKAHG00000000000000000 <nil>
}

func ExampleParseUTC() {
	at, err := protocol.ParseUTC("2026-05-13T23:42:00Z")
	fmt.Println(protocol.FormatTime(at), err == nil)
	_, err = protocol.ParseUTC("2026-05-13T23:42:00+00:00")
	fmt.Println(err)
	// Output:
	// 2026-05-13T23:42:00.000Z true
	// INVALID_REQUEST: a time must be in UTC and end in Z
}

func ExampleNumber() {
	var metric protocol.Metric
	_ = json.Unmarshal([]byte(`{"name":"cost.x","value":0.10000000000000000001}`), &metric)
	fmt.Println(metric.Value, metric.Value.Valid(), metric.Value.Sign())
	// Output: 0.10000000000000000001 true 1
}
