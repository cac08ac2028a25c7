package steps

import (
	"context"
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerEndings(sc vocabulary) {
	sc.Step(`^`+theJob+` comes to an end$`, comesToAnEnd)
	sc.Step(`^every job of "([^"]*)" has one ending and is silent after it$`, oneEnding)
	sc.Step(`^the ending of `+theJob+` says retryable (true|false)`+judgedUnder, endingIsRetryable)
	sc.Step(`^the ending of `+theJob+` says "([^"]*)"`+judgedUnder, endingSays)
	sc.Step(`^`+theJob+` ran for at least (\d+) ms`+judgedUnder, ranForAtLeast)
}

// comesToAnEnd takes any ending: what kind it is, is for other scenarios.
func comesToAnEnd(ctx context.Context, name string) error {
	_, _, err := sceneOf(ctx).end(ctx, name)
	return err
}

// oneEnding waits for the ending of every job that was accepted on a connection, has the session answer once more, and
// then counts: one ending for each, and nothing of the job behind it.
func oneEnding(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	var jobs []string
	for _, m := range c.Received() {
		if m.Type() == "job.accepted" {
			jobs = append(jobs, m.JobID())
		}
	}
	for _, id := range jobs {
		if _, err := c.Await(ctx, func(m wire.Message) bool { return m.JobID() == id && isEnding(m) }); err != nil {
			return s.w.Failed("R7.3-1", "an ending of "+id, err)
		}
	}
	if _, err := s.probe(ctx, c); err != nil {
		return err
	}
	for _, id := range jobs {
		if err := s.endedOnce(c, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) endedOnce(c *world.Client, id string) error {
	endings := 0
	for _, m := range c.Received() {
		if m.JobID() != id {
			continue
		}
		if m.Type() == "job.event" {
			if err := s.w.Check("R7.3-3", endings == 0, "no event behind the ending of "+id, world.Brief(m)); err != nil {
				return err
			}
		}
		_, numbered := m.Seq() // an error that answers a request about the job has no number
		if m.Type() == "job.result" || m.Type() == "job.error" && (numbered || endings == 0) {
			endings++
		}
	}
	return s.w.Check("R7.3-1", endings == 1, "one ending of "+id, fmt.Sprint(endings))
}

func endingIsRetryable(ctx context.Context, name, flag, req string) error {
	s := sceneOf(ctx)
	_, end, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	got, ok := retryable(end)
	return s.w.Check(s.req(req), ok && fmt.Sprint(got) == flag, "retryable "+flag, world.Brief(end))
}

func endingSays(ctx context.Context, name, words, req string) error {
	s := sceneOf(ctx)
	_, end, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	return s.w.Check(s.req(req), messageOf(end) == words, "the message "+words, world.Brief(end))
}

// ranForAtLeast measures from before the submit was sent to when the ending was read, so that it never takes a job for
// shorter than it was.
func ranForAtLeast(ctx context.Context, name string, ms int, req string) error {
	s := sceneOf(ctx)
	j, end, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	took := end.At.Sub(s.sent(j.RequestID).At)
	return s.w.Check(s.req(req), took >= time.Duration(ms)*time.Millisecond,
		fmt.Sprintf("at least %d ms", ms), fmt.Sprintf("an ending after %s", took.Round(time.Millisecond)))
}
