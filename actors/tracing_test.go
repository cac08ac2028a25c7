package actors_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
)

// spans is a TracerProvider that writes down what ends.
type spans struct {
	noop.TracerProvider
	mu    sync.Mutex
	ended []string
}

type spanTracer struct {
	noop.Tracer
	spans *spans
}

type recorded struct {
	noop.Span
	spans      *spans
	name       string
	context    trace.SpanContext
	mu         sync.Mutex
	attributes []attribute.KeyValue
	status     string
}

func (s *spans) Tracer(string, ...trace.TracerOption) trace.Tracer { return spanTracer{spans: s} }

func (t spanTracer) Start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	config := trace.NewSpanStartConfig(options...)
	span := &recorded{spans: t.spans, name: name, context: trace.SpanContextFromContext(ctx), attributes: config.Attributes()}
	return trace.ContextWithSpan(ctx, span), span
}

func (r *recorded) IsRecording() bool              { return true }
func (r *recorded) SpanContext() trace.SpanContext { return r.context }

func (r *recorded) SetAttributes(attributes ...attribute.KeyValue) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attributes = append(r.attributes, attributes...)
}

func (r *recorded) SetStatus(code codes.Code, description string) {
	r.status = fmt.Sprint(code, " ", description)
}

func (r *recorded) End(...trace.SpanEndOption) {
	text := r.name + " " + r.context.TraceID().String() + " " + r.status
	for _, a := range r.attributes {
		if a.Key != "arcp.job.id" {
			text += fmt.Sprintf(" %s=%s", a.Key, a.Value.String())
		}
	}
	r.spans.mu.Lock()
	defer r.spans.mu.Unlock()
	r.spans.ended = append(r.spans.ended, text)
}

func TestClause_11_SpansStandInTheTraceOfTheClient(t *testing.T) {
	t.Parallel()
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	for _, traceID := range []protocol.TraceID{id, "00-" + id + "-00f067aa0ba902b7-01"} {
		provider := &spans{}
		runtime := newRuntime(t, &actors.Config{TracerProvider: provider})
		handle(t, runtime, "spender", func(ctx context.Context, job *actors.Job) (any, error) {
			if got := trace.SpanContextFromContext(ctx).TraceID().String(); got != id {
				t.Errorf("the agent works in the trace %s", got)
			}
			err := job.Tool(ctx, "search", nil, func(ctx context.Context) (any, error) {
				return nil, job.Cost(ctx, "cost.search", "0.42", "USD")
			})
			if err != nil {
				return nil, err
			}
			return nil, protocol.NewError(protocol.PermissionDenied, "a secret")
		})
		c := open(t, runtime)
		c.sendTraced(protocol.JobSubmit{
			Agent: "spender", LeaseRequest: protocol.Lease{"tool.call": {"*"}, "cost.budget": {"USD:1.00"}},
			LeaseConstraints: &protocol.LeaseConstraints{ExpiresAt: "2126-05-13T23:42:00Z"},
		}, traceID)
		c.end(want[protocol.JobAccepted](c).JobID)
		provider.mu.Lock()
		got := strings.Join(provider.ended, "\n")
		provider.mu.Unlock()
		want := "arcp.operation tool.call " + id + "  arcp.operation=tool.call\n" +
			"arcp.job spender@1.0.0 " + id + " Error PERMISSION_DENIED arcp.agent=spender@1.0.0" +
			` arcp.lease.expires_at=2126-05-13T23:42:00Z arcp.budget.remaining=["USD:0.58"]`
		if got != want {
			t.Errorf("with %s:\n%s\nwant\n%s", traceID, got, want)
		}
	}
}
