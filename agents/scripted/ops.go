package scripted

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/internal/wait"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
)

// op does one step. In a table, so that `abilities` tells exactly what is there.
type op func(p *play, ctx context.Context, in scope, s *step) *ending

func ops() map[string]op {
	return map[string]op{
		"abilities": (*play).abilities,

		"log":     emits(protocol.KindLog, "level", "message"),
		"thought": emits(protocol.KindThought, "text"),
		"status":  emits(protocol.KindStatus, "phase", "message"),
		"progress": emits(protocol.KindProgress,
			"current", "total", "units", "message"),
		"metric": emits(protocol.KindMetric,
			"name", "value", "unit", "dimensions"),
		"artifact": emits(protocol.KindArtifactRef,
			"uri", "content_type", "byte_size", "sha256"),
		"raw":            (*play).raw,
		"charge":         (*play).charge,
		"counters":       (*play).counters,
		"tool":           operates(lease.ToolCall, func(s *step) string { return s.Name }),
		"read":           operates(lease.FSRead, func(s *step) string { return s.Path }),
		"write":          operates(lease.FSWrite, func(s *step) string { return s.Path }),
		"fetch":          operates(lease.NetFetch, func(s *step) string { return s.URL }),
		"model":          operates(lease.ModelUse, func(s *step) string { return s.Name }),
		"delegate":       (*play).delegate,
		"stream_open":    (*play).openStream,
		"stream_write":   (*play).writeStream,
		"stream_close":   (*play).closeStream,
		"stream_abandon": (*play).abandonStream,
		"repeat":         (*play).repeat,
		"parallel":       (*play).parallel,
		"sleep":          (*play).sleep,
		"await_cancel":   (*play).awaitCancel,
		"crash":          (*play).crash,
		"fail":           (*play).fail,
		"return":         (*play).back,
	}
}

func (p *play) step(ctx context.Context, in scope, s *step) *ending {
	do, known := p.ops[s.Op]
	if !known {
		return p.settle(ctx, s, protocol.NewError(protocol.InvalidRequest, "unsupported: "+s.Op))
	}
	return do(p, ctx, in, s)
}

func (p *play) abilities(ctx context.Context, _ scope, s *step) *ending {
	return p.tell(ctx, s, s.Op, map[string]any{
		"contract": 1, "ops": slices.Collect(maps.Keys(p.ops)), "enforced_by": "runtime", "writes": "bytes",
	}, nil)
}

// emits is the op that emits an event with those fields.
func emits(kind protocol.EventKind, fields ...string) op {
	return func(p *play, ctx context.Context, _ scope, s *step) *ending {
		if kind == protocol.KindLog && s.fields["level"] == nil {
			s.fields["level"] = json.RawMessage(`"info"`)
		}
		return p.settle(ctx, s, p.job.Emit(ctx, kind, s.body(fields...)))
	}
}

func (p *play) raw(ctx context.Context, _ scope, s *step) *ending {
	return p.settle(ctx, s, p.job.Emit(ctx, protocol.EventKind(s.Kind), s.Body))
}

func (p *play) charge(ctx context.Context, _ scope, s *step) *ending {
	return p.settle(ctx, s, p.job.Charge(ctx, s.Name, string(s.Value), s.Unit))
}

func (p *play) counters(ctx context.Context, _ scope, s *step) *ending {
	counters, err := p.job.Budget(ctx)
	left := protocol.Budget{}
	for _, counter := range counters {
		left[counter.Currency] = protocol.Number(counter.Remaining.String())
	}
	return p.tell(ctx, s, s.Op, left, err)
}

// operates is the op that does an operation of a namespace. Operate tells the outcome itself.
func operates(namespace lease.Namespace, resource func(*step) string) op {
	return func(p *play, ctx context.Context, _ scope, s *step) *ending {
		call := actors.Call{ID: p.callID(s), Run: func(context.Context) (any, error) {
			return map[string]bool{"ok": true}, nil
		}}
		if len(s.Args) > 0 {
			call.Args = s.Args
		}
		err := p.job.Operate(ctx, lease.Operation{Namespace: namespace, Resource: resource(s)}, call)
		switch {
		case ctx.Err() != nil:
			return &ending{err: context.Cause(ctx)}
		case err != nil && s.Fatal:
			return &ending{err: err}
		}
		return nil
	}
}

func (p *play) repeat(ctx context.Context, in scope, s *step) *ending {
	for i := range s.times() {
		in.counter = strconv.Itoa(i)
		if end := p.steps(ctx, in, s.Steps); end != nil {
			return end
		}
	}
	return nil
}

// maxBranches bounds what a script may have at once.
const maxBranches = 1024

// parallel does the steps in all branches at once and waits for all. The first ending, by branch, is the script's.
func (p *play) parallel(ctx context.Context, in scope, s *step) *ending {
	if s.Branches < 0 || s.Branches > maxBranches {
		return p.settle(ctx, s, protocol.NewError(protocol.InvalidRequest, "so many branches are not offered"))
	}
	endings := make([]*ending, s.Branches)
	var branches sync.WaitGroup
	for i := range s.Branches {
		branches.Go(func() {
			defer func() {
				if reason := recover(); reason != nil { // a panic is the agent's, not the process's
					endings[i] = &ending{panics: reason}
				}
			}()
			in := in
			in.branch = strconv.Itoa(i)
			endings[i] = p.steps(ctx, in, s.Steps)
		})
	}
	branches.Wait()
	for _, end := range endings {
		if end != nil {
			return end
		}
	}
	return nil
}

func (p *play) sleep(ctx context.Context, _ scope, s *step) *ending {
	if err := wait.For(ctx, time.Duration(s.MS)*time.Millisecond); err != nil {
		return &ending{err: err}
	}
	return nil
}

func (p *play) awaitCancel(ctx context.Context, in scope, s *step) *ending {
	<-ctx.Done()
	_ = p.steps(context.WithoutCancel(ctx), in, s.Steps)
	return &ending{err: context.Cause(ctx)}
}

func (p *play) crash(_ context.Context, _ scope, s *step) *ending {
	if s.How == "panic" {
		panic(s.Message)
	}
	return &ending{err: errors.New(s.Message)}
}

func (p *play) fail(_ context.Context, _ scope, s *step) *ending {
	failure := protocol.NewError(protocol.Code(s.Code), s.Message)
	if s.Retryable != nil {
		failure.Retryable = *s.Retryable
	}
	return &ending{err: failure}
}

func (p *play) back(_ context.Context, _ scope, s *step) *ending {
	return &ending{value: s.Value}
}
