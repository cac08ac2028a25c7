package actors_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/arcp-conformance/arcp/transport"
)

// play runs one job of an agent under a lease, over a connection in memory, and prints what the client sees of it.
func play(agent actors.Agent, granted protocol.Lease) {
	tokens, _ := auth.Tokens(map[string]string{"s3cret-token": "alice"})
	runtime, _ := actors.New(&actors.Config{Authenticator: tokens})
	_ = runtime.Handle("example", "1.0.0", agent)
	defer func() { _ = runtime.Shutdown(context.Background()) }()
	client, server := transport.Pipe()
	defer client.Abort()
	go func() { _ = runtime.ServeConn(context.Background(), server) }()

	send(client, protocol.SessionHello{
		Client: protocol.Peer{Name: "example", Version: "1"}, Auth: protocol.Auth{Scheme: "bearer", Token: "s3cret-token"},
		Capabilities: protocol.Capabilities{Features: protocol.Features()},
	})
	send(client, protocol.JobSubmit{Agent: "example", Input: json.RawMessage(`{"topic":"tides"}`), LeaseRequest: granted})
	var parent protocol.JobID
	for {
		frame, err := client.Receive(context.Background())
		if err != nil {
			fmt.Println(err)
			return
		}
		envelope, _ := protocol.Decode(frame)
		switch p := envelope.Payload.(type) {
		case protocol.JobEvent:
			fmt.Println(p.Kind, ids.ReplaceAllString(string(p.Body), "$1..."))
		case protocol.JobAccepted:
			parent = cmp.Or(parent, p.JobID)
		case protocol.JobResult:
			fmt.Println(p.FinalStatus, string(p.Result)+p.Summary)
		case protocol.JobError:
			fmt.Println(p.FinalStatus, p.Code)
		}
		if envelope.Payload.Type() != protocol.TypeJobEvent && envelope.EventSeq > 0 && envelope.JobID == parent {
			return
		}
	}
}

// ids are those that are new each time.
var ids = regexp.MustCompile(`((?:job|res)_)[0-9A-Z]{26}`)

func send(client transport.Conn, payload protocol.Payload) {
	frame, _ := protocol.Encode(protocol.Envelope{ID: "msg_1", Payload: payload})
	_ = client.Send(context.Background(), frame)
}

// An agent is a function. What it returns is the job's result; a *protocol.Error is the job's error.
func Example() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		var input struct{ Topic string }
		if err := json.Unmarshal(job.Input(), &input); err != nil {
			return nil, protocol.NewError(protocol.InvalidRequest, "a topic is needed")
		}
		if err := job.Log(ctx, "info", "writing about "+input.Topic); err != nil {
			return nil, err
		}
		return map[string]string{"title": "On " + input.Topic}, nil
	}, nil)
	// Output:
	// log {"level":"info","message":"writing about tides"}
	// success {"title":"On tides"}
}

// A tool runs only when the lease covers it and no counter is exhausted.
func ExampleJob_Tool() {
	search := func(context.Context) (any, error) { return []string{"a page"}, nil }
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		if err := job.Tool(ctx, "search.web", map[string]string{"q": "tides"}, search); err != nil {
			return nil, err
		}
		return nil, job.Tool(ctx, "mail.send", nil, search)
	}, protocol.Lease{"tool.call": {"search.*"}})
	// Output:
	// tool_call {"tool":"search.web","args":{"q":"tides"},"call_id":"call_1"}
	// tool_result {"call_id":"call_1","result":["a page"]}
	// tool_call {"tool":"mail.send","args":{},"call_id":"call_2"}
	// tool_result {"call_id":"call_2","error":{"code":"PERMISSION_DENIED","message":"lease: tool.call \"mail.send\" is denied: no pattern of the lease covers it","retryable":false}}
	// error PERMISSION_DENIED
}

// Operate is for all that needs authority, such as the use of a model (§9.7). Authorise only asks.
func ExampleJob_Operate() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		small := lease.Operation{Namespace: lease.ModelUse, Resource: "tier-fast/small"}
		large := lease.Operation{Namespace: lease.ModelUse, Resource: "tier-best/large"}
		if job.Authorise(ctx, large) == nil {
			return "large", nil
		}
		return "small", job.Operate(ctx, small, actors.Call{ID: "c1", Run: func(context.Context) (any, error) { return "text", nil }})
	}, protocol.Lease{"model.use": {"tier-fast/*"}})
	// Output:
	// tool_call {"tool":"model.use","args":{},"call_id":"c1"}
	// tool_result {"call_id":"c1","result":"text"}
	// success "small"
}

// A cost is reported when it was incurred, and taken off exactly, also below zero. Then no operation is authorised.
func ExampleJob_Cost() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		for _, cost := range []string{"0.42", "0.70"} {
			if err := job.Cost(ctx, "cost.search", cost, "USD"); err != nil {
				return nil, err
			}
		}
		err := job.Authorise(ctx, lease.Operation{Namespace: lease.ToolCall, Resource: "search"})
		var refusal *protocol.Error
		return errors.As(err, &refusal) && refusal.Code == protocol.BudgetExhausted, nil
	}, protocol.Lease{"tool.call": {"*"}, "cost.budget": {"USD:1.00"}})
	// Output:
	// metric {"name":"cost.search","value":0.42,"unit":"USD"}
	// metric {"name":"cost.budget.remaining","value":0.58,"unit":"USD"}
	// metric {"name":"cost.search","value":0.70,"unit":"USD"}
	// metric {"name":"cost.budget.remaining","value":-0.12,"unit":"USD"}
	// success true
}

// A charge asks before it spends: what would overspend is refused whole.
func ExampleJob_Charge() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		if job.Charge(ctx, "cost.search", "1.01", "USD") != nil {
			fmt.Println("too dear")
		}
		if err := job.Charge(ctx, "cost.search", "0.40", "USD"); err != nil {
			return nil, err
		}
		left, err := job.Budget(ctx)
		return left[0].Currency + " " + left[0].Remaining.String(), err
	}, protocol.Lease{"cost.budget": {"USD:1.00"}})
	// Output:
	// too dear
	// metric {"name":"cost.search","value":0.40,"unit":"USD"}
	// metric {"name":"cost.budget.remaining","value":0.6,"unit":"USD"}
	// success "USD 0.6"
}

// A job without cost.budget has no counters: nothing is ever exhausted.
func ExampleJob_Budget() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		left, err := job.Budget(ctx)
		return len(left), err
	}, nil)
	// Output: success 0
}

// A large result goes out in chunks, each of which can be read on its own.
func ExampleJob_Stream() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		stream, err := job.Stream(ctx, protocol.UTF8)
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(stream, strings.NewReader("ebb and flow")); err != nil {
			return nil, err
		}
		return nil, stream.CloseWith("all about tides")
	}, nil)
	// Output:
	// result_chunk {"result_id":"res_...","chunk_seq":0,"data":"ebb and flow","encoding":"utf8","more":false}
	// success all about tides
}

// A sub-agent gets a part of the lease, and never more; its events come as a job of its own.
func ExampleJob_Delegate() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		if string(job.Input()) == `"the child"` {
			return "done", job.Cost(ctx, "cost.search", "0.25", "USD")
		}
		child, err := job.Delegate(ctx, actors.Delegation{
			Agent: "example", Input: "the child", Lease: protocol.Lease{"cost.budget": {"USD:0.50"}},
		})
		if err != nil {
			return nil, err
		}
		if _, err := child.Wait(ctx); err != nil {
			return nil, err
		}
		left, err := job.Budget(ctx)
		return left[0].Remaining.String(), err
	}, protocol.Lease{"agent.delegate": {"example"}, "cost.budget": {"USD:1.00"}})
	// Output:
	// delegate {"agent":"example@1.0.0","child_job_id":"job_...","lease":{"cost.budget":["USD:0.50"]}}
	// metric {"name":"cost.search","value":0.25,"unit":"USD"}
	// metric {"name":"cost.budget.remaining","value":0.25,"unit":"USD"}
	// success "done"
	// success "0.75"
}

// Emit takes any event of §8.2, and the runtime refuses what has not its shape.
func ExampleJob_Emit() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		total := protocol.Number("2")
		if err := job.Progress(ctx, protocol.Progress{Current: "1", Total: &total, Units: "files"}); err != nil {
			return nil, err
		}
		return nil, job.Emit(ctx, protocol.KindProgress, json.RawMessage(`{"current":-1}`))
	}, nil)
	// Output:
	// progress {"current":1,"total":2,"units":"files"}
	// error INVALID_REQUEST
}

// The lease, the ids and the trace that an agent hands on to the tools that it calls.
func ExampleJob_Lease() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		fmt.Println(strings.HasPrefix(string(job.ID()), "job_"), job.Agent(), job.TraceID() == "")
		return job.Lease().Wire(), nil
	}, protocol.Lease{"fs.read": {"/data/**"}})
	// Output:
	// true example@1.0.0 true
	// success {"fs.read":["/data/**"]}
}

// An upstream's refusal for want of money is the protocol's BUDGET_EXHAUSTED, whoever counts (§9.6).
func ExampleCall() {
	play(func(ctx context.Context, job *actors.Job) (any, error) {
		refused := protocol.NewError(protocol.BudgetExhausted, "the gateway's cap is reached")
		return nil, job.Tool(ctx, "ask", nil, func(context.Context) (any, error) { return nil, refused })
	}, protocol.Lease{"tool.call": {"ask"}})
	// Output:
	// tool_call {"tool":"ask","args":{},"call_id":"call_1"}
	// tool_result {"call_id":"call_1","error":{"code":"BUDGET_EXHAUSTED","message":"the gateway's cap is reached","retryable":false}}
	// error BUDGET_EXHAUSTED
}
