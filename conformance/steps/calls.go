package steps

import (
	"context"
	"fmt"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerCalls(sc vocabulary) {
	const of = `(?: of the job "([^"]*)")?`
	sc.Step(`^the call "([^"]*)"`+of+` has a result`+judgedUnder, callHasResult)
	sc.Step(`^the calls ([\w, ]+)`+of+` have a result`+judgedUnder, callsHaveResult)
	sc.Step(`^the call "([^"]*)"`+of+` is refused with ([A-Z_]+)( and retryable is (?:true|false))?`+judgedUnder, callIsRefused)
}

// outcome waits for the end of the job and gives the tool_result of one call; none breaks req.
func (s *scene) outcome(ctx context.Context, call, job, req string) (world.Outcome, error) {
	j, _, err := s.end(ctx, job)
	if err != nil {
		return world.Outcome{}, err
	}
	o, ok := j.Outcome(call)
	return o, s.w.Check(req, ok, "a tool_result for the call "+call, seen(j))
}

func callHasResult(ctx context.Context, call, job, req string) error {
	s := sceneOf(ctx)
	o, err := s.outcome(ctx, call, job, s.req(req))
	if err != nil {
		return err
	}
	return s.w.Check(s.req(req), o.Error == nil, "a result of the call "+call, world.Brief(o.Message))
}

func callsHaveResult(ctx context.Context, calls, job, req string) error {
	for _, call := range words(calls) {
		if err := callHasResult(ctx, call, job, req); err != nil {
			return err
		}
	}
	return nil
}

func callIsRefused(ctx context.Context, call, job, code, flag, req string) error {
	s := sceneOf(ctx)
	o, err := s.outcome(ctx, call, job, s.req(req))
	if err != nil {
		return err
	}
	if err := s.w.Check(s.req(req), o.Error != nil && o.Code() == code,
		"the call "+call+" refused with "+code, world.Brief(o.Message)); err != nil || flag == "" {
		return err
	}
	want := strings.HasSuffix(flag, "true")
	got, ok := o.Retryable()
	return s.w.Check("R12-2", ok && got == want, fmt.Sprintf("%s with retryable %t", code, want), world.Brief(o.Message))
}
