package actors

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// tracerName is the instrumentation scope of the runtime's spans.
const tracerName = "github.com/arcp-conformance/arcp/actors"

// span opens the span of the agent's run, in the trace that the client named (§11). What the agent does with its ctx stands
// below it.
func (r *Runtime) span(ctx context.Context, j *Job) (context.Context, trace.Span) {
	if parent, ok := remote(j.trace); ok {
		ctx = trace.ContextWithRemoteSpanContext(ctx, parent)
	}
	ctx, span := r.tracer.Start(ctx, "arcp.job "+j.agent, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("arcp.job.id", string(j.id)), attribute.String("arcp.agent", j.agent),
	))
	if end, expires := j.lease.ExpiresAt(); expires {
		span.SetAttributes(attribute.String("arcp.lease.expires_at", end.UTC().Format(time.RFC3339)))
	}
	return ctx, span
}

// remote reads a trace_id: a whole traceparent, as §11 says, or the bare trace of 32 hexadecimal digits, as the draft's
// examples have it. A bare one names no span, so one that nobody has stands in its place.
func remote(id protocol.TraceID) (trace.SpanContext, bool) {
	text, flags := string(id), trace.FlagsSampled
	var span trace.SpanID
	if parts := strings.Split(text, "-"); len(parts) == 4 && len(parts[3]) == 2 {
		var err error
		if span, err = trace.SpanIDFromHex(parts[2]); err != nil {
			return trace.SpanContext{}, false
		}
		text = parts[1]
		if parts[3] == "00" {
			flags = 0
		}
	} else {
		_, _ = rand.Read(span[:]) // it never fails
	}
	traceID, err := trace.TraceIDFromHex(text)
	if err != nil {
		return trace.SpanContext{}, false
	}
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: traceID, SpanID: span, TraceFlags: flags, Remote: true,
	}), true
}

// closeSpan ends the span of a run, with what is left of the budget.
func (j *Job) closeSpan(ctx context.Context, span trace.Span, failure error) {
	if !span.IsRecording() {
		span.End()
		return
	}
	if left, err := j.Budget(context.WithoutCancel(ctx)); err == nil && len(left) > 0 {
		span.SetAttributes(attribute.StringSlice("arcp.budget.remaining", remaining(left)))
	}
	if failure != nil {
		span.SetStatus(codes.Error, string(shownError(failure).Code)) // the error's text may say what must stay inside
	}
	span.End()
}

func remaining(left []budget.Counter) []string {
	texts := make([]string, len(left))
	for i, counter := range left {
		texts[i] = counter.Currency + ":" + counter.Remaining.String()
	}
	return texts
}

// operationSpan opens the span of one operation. It names the namespace and not the resource: a path or a URL may be
// private.
func (j *Job) operationSpan(ctx context.Context, operation lease.Operation) (context.Context, trace.Span) {
	return j.runtime.tracer.Start(ctx, "arcp.operation "+string(operation.Namespace), trace.WithAttributes(
		attribute.String("arcp.job.id", string(j.id)), attribute.String("arcp.operation", string(operation.Namespace)),
	))
}
