package steps

import (
	"context"
	"strconv"
	"time"

	"github.com/arcp-conformance/arcp/conformance/world"
)

func isNotOnSession(ctx context.Context, name, of string) error {
	s := sceneOf(ctx)
	t, err := s.attempt(name)
	if err != nil {
		return err
	}
	return s.w.Check("R6.3-4", !t.resumed(), "the session of "+of+" for its own token alone", t.came())
}

// ownerResumes: where the try of another succeeded, which only warns, its welcome has the newest token, and the owner's
// is spent rightly.
func ownerResumes(ctx context.Context, old, name, other string) error {
	s := sceneOf(ctx)
	t, err := s.attempt(other)
	if err != nil {
		return err
	}
	if t.resumed() {
		s.w.Inform("R6.3-4", "the session was resumed under another principal's bearer token")
		return nil
	}
	mine, err := s.try(ctx, name, old, nil)
	if err != nil {
		return err
	}
	if err := s.w.Check("R6.3-4", mine.resumed(), "the resume of the owner", mine.came()); err != nil {
		return err
	}
	return aJobStillWorks(ctx, name)
}

func resumeRefused(ctx context.Context, name, code, req string) error {
	s := sceneOf(ctx)
	t, err := s.attempt(name)
	if err != nil {
		return err
	}
	ok := t.err == nil && world.Refused(t.reply) && t.reply.Code() == code
	return s.w.Check(s.req(req), ok, "a refusal with "+code, t.came())
}

// resumesNothing names a session and a token that nobody was ever given.
func resumesNothing(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.w.Connect(ctx, name)
	if err != nil {
		return err
	}
	t := &continuation{c: c, old: c}
	t.reply, t.err = c.Resume(ctx, world.Resumption{Session: "sess_" + fresh(), Token: "rt_" + fresh()})
	s.continued[name] = t
	return ctx.Err()
}

// longestWindow is how long a scenario will wait for a resume window to pass.
const longestWindow = 10 * time.Second

// windowPasses waits until the window is over, counted from now, which is after the cut.
func windowPasses(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	seconds, ok := c.Welcome().Decimal("payload", "resume_window_sec")
	if !ok {
		return s.w.Check("R6.2-1", false, "a resume_window_sec", world.Brief(c.Welcome()))
	}
	n, _ := seconds.Float64()
	window := time.Duration(n * float64(time.Second))
	if window > longestWindow {
		return s.w.Skip("the resume window is " + strconv.FormatFloat(n, 'f', -1, 64) + " s, too long to wait for")
	}
	select {
	case <-time.After(window + 1500*time.Millisecond):
	case <-ctx.Done():
	}
	return ctx.Err()
}
