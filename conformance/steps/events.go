package steps

import (
	"context"
	"fmt"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerEvents(sc vocabulary) {
	sc.Step(`^`+theJob+` has emitted (\d+) "([^"]*)" events?`+judgedUnder, hasEmitted)
	sc.Step(`^`+theJob+` has emitted some "([^"]*)" events`+judgedUnder, hasEmittedSome)
	sc.Step(`^preferably `+theJob+` has emitted no "([^"]*)" event with (\{.*?\})`+judgedUnder, preferablyNone)
	sc.Step(`^preferably `+theJob+` has emitted a "([^"]*)" event with (\{.*?\})`+judgedUnder, preferablySome)
	sc.Step(`^it is noted whether the "([^"]*)" event of `+theJob+` has (\{.*\})$`, eventIsNoted)
	sc.Step(`^the agent of `+theJob+` heard that "([^"]*)" was refused$`, agentHeardRefusal)
	sc.Step(`^each tool_result of `+theJob+` answers a tool_call, with a result or an error$`, resultsAnswerCalls)
	sc.Step(`^`+theJob+` has emitted a "([^"]*)" event with (\{.*?\})`+judgedUnder, hasEmittedWith)
	sc.Step(`^the "([^"]*)" events of `+theJob+` are`+bracketed+`:$`, eventsAre)
	sc.Step(`^`+theJob+` is seen to emit a "([^"]*)" event with (\{.*\})$`, awaitsEvent)
}

func hasEmitted(ctx context.Context, name string, n int, kind, req string) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	got := len(j.Events(kind))
	return s.w.Check(s.req(req), got == n, fmt.Sprintf("%d %s events", n, kind), fmt.Sprintf("%d: %s", got, seen(j)))
}

func hasEmittedSome(ctx context.Context, name, kind, req string) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	return s.w.Check(s.req(req), len(j.Events(kind)) > 0, kind+" events", seen(j))
}

// found is the first event of a kind that has these members in its body.
func (s *scene) found(ctx context.Context, name, kind, body string) (j *world.Job, m wire.Message, ok bool, err error) {
	want, err := s.object("", body)
	if err != nil {
		return nil, m, false, err
	}
	if j, _, err = s.end(ctx, name); err != nil {
		return nil, m, false, err
	}
	for _, m := range j.Events(kind) {
		if covers(want, m.Body()) {
			return j, m, true, nil
		}
	}
	return j, m, false, nil
}

// preferablyNone judges what the agent should not have been let emit, where the draft does not say whose fault it is.
func preferablyNone(ctx context.Context, name, kind, body, req string) error {
	s := sceneOf(ctx)
	_, m, ok, err := s.found(ctx, name, kind, body)
	if err != nil {
		return err
	}
	return s.w.Prefer(s.req(req), !ok, "such a "+kind+" refused to the agent", world.Brief(m))
}

func preferablySome(ctx context.Context, name, kind, body, req string) error {
	s := sceneOf(ctx)
	j, _, ok, err := s.found(ctx, name, kind, body)
	if err != nil {
		return err
	}
	return s.w.Prefer(s.req(req), ok, "a "+kind+" event with "+body, bodies(j, kind))
}

func eventIsNoted(ctx context.Context, kind, name, body string) error {
	s := sceneOf(ctx)
	j, _, ok, err := s.found(ctx, name, kind, body)
	if err != nil {
		return err
	}
	if ok {
		s.w.Inform(s.lead, "it comes as the agent gave it: "+body)
		return nil
	}
	s.w.Inform(s.lead, "it does not come as the agent gave it: "+bodies(j, kind))
	return nil
}

// agentHeardRefusal: that the event did not come is for other steps; that the agent was told is better.
func agentHeardRefusal(ctx context.Context, name, call string) error {
	s := sceneOf(ctx)
	j, end, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	if o, ok := j.Outcome(call); (!ok || o.Error == nil) && end.Type() != "job.error" {
		s.w.Warn(s.lead, "a refusal that the agent hears", seen(j))
		return nil
	}
	return s.w.Check(s.lead, true, "", "")
}

// resultsAnswerCalls: a result is one that is there, null included, and an error is an object (§8.2).
func resultsAnswerCalls(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	called := map[string]bool{}
	for _, m := range j.Events("tool_call", "tool_result") {
		call := m.Text("payload", "body", "call_id")
		if m.Kind() == "tool_call" {
			called[call] = true
			continue
		}
		_, failed := m.Body()["error"].(map[string]any)
		ok := called[call] && (failed && m.Body()["result"] == nil || !failed && m.Has("payload", "body", "result"))
		if err := s.w.Check("R8.2-5", ok, "a result or an error of an earlier tool_call", world.Brief(m)); err != nil {
			return err
		}
	}
	return s.w.Check("R8.2-5", len(called) > 0, "calls", seen(j))
}

func hasEmittedWith(ctx context.Context, name, kind, body, req string) error {
	s := sceneOf(ctx)
	j, _, ok, err := s.found(ctx, name, kind, body)
	if err != nil {
		return err
	}
	return s.w.Check(s.req(req), ok, "a "+kind+" event with "+body, bodies(j, kind))
}

// eventsAre wants these bodies in this order; members that the runtime added to a body are no fault.
func eventsAre(ctx context.Context, kind, name, req string, doc *godog.DocString) error {
	s := sceneOf(ctx)
	v, err := s.value("", doc.Content)
	if err != nil {
		return err
	}
	want, ok := v.([]any)
	if !ok {
		return own("the bodies of events are a JSON list")
	}
	j, _, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	events := j.Events(kind)
	if err := s.w.Check(s.req(req), len(events) == len(want),
		fmt.Sprintf("%d %s events", len(want), kind), bodies(j, kind)); err != nil {
		return err
	}
	for i, m := range events {
		body, _ := want[i].(map[string]any)
		if err := s.w.Check(s.req(req), covers(body, m.Body()), text(body), text(m.Body())); err != nil {
			return err
		}
	}
	return nil
}

// awaitsEvent waits for an event of a job that is still running.
func awaitsEvent(ctx context.Context, name, kind, body string) error {
	s := sceneOf(ctx)
	want, err := s.object("", body)
	if err != nil {
		return err
	}
	j, err := s.job(name)
	if err != nil {
		return err
	}
	m, err := j.Await(ctx, func(m wire.Message) bool {
		return isEnding(m) || m.Type() == "job.event" && m.Kind() == kind && covers(want, m.Body())
	})
	if err != nil {
		return s.w.Failed("R8.1-1", "a "+kind+" event with "+text(want), err)
	}
	if op, ok := j.Unsupported(); ok {
		return s.w.Skip("the target's scripted agent does not offer " + op)
	}
	return s.w.Check("R8.1-1", !isEnding(m), "a "+kind+" event with "+text(want), world.Brief(m))
}

// bodies shows the events of one kind, for reports.
func bodies(j *world.Job, kind string) string {
	events := j.Events(kind)
	if len(events) == 0 {
		return "none: " + seen(j)
	}
	out := ""
	for i, m := range events {
		if i == 8 {
			return out + fmt.Sprintf(" … (%d events)", len(events))
		}
		out += text(m.Body()) + " "
	}
	return out
}
