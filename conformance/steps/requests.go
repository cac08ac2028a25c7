package steps

import (
	"context"
	"errors"
	"fmt"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerRequests(sc vocabulary) {
	sc.Step(`^"([^"]*)" sends ([\w.]+)`+envelope+` with:$`, sendsWith)
	sc.Step(`^"([^"]*)" sends ([\w.]+), which need not be answered, with:$`, sendsUnanswered)
	sc.Step(`^the message of "([^"]*)" is refused, or unanswered with a warning`+judgedUnder, refusedOrUnanswered)
	sc.Step(`^"([^"]*)" is answered with ([a-z]+\.[a-z_]+)`+judgedUnder, isAnsweredWith)
	sc.Step(`^"([^"]*)" is refused with ([A-Z_]+)`+judgedUnder, isRefusedWith)
}

// envelope is the part of an expression that adds fields to the envelope.
const envelope = `(?: with the envelope fields (\{.*?\}))?`

// fields turns what envelope caught into options.
func (s *scene) fields(name, doc string) ([]world.Option, error) {
	if doc == "" {
		return nil, nil
	}
	set, err := s.object(name, doc)
	var opts []world.Option
	for field, value := range set {
		opts = append(opts, world.With(field, value))
	}
	return opts, err
}

// ask sends a request, waits for its answer and keeps both for the steps that judge them.
func (s *scene) ask(ctx context.Context, name, kind string, payload map[string]any, opts ...world.Option) error {
	c, err := s.client(name)
	if err != nil {
		return err
	}
	r := request{kind: kind, payload: payload, mark: c.Mark()}
	if r.id, r.err = c.Send(ctx, kind, payload, opts...); r.err == nil {
		r.reply, r.err = s.await(ctx, c, r)
	}
	s.asked[name] = r
	var trouble *world.SuiteError
	if errors.As(r.err, &trouble) || ctx.Err() != nil {
		return r.err
	}
	return nil
}

// await waits for the answer to a request. A peer that left one of this kind unanswered is given less time for the next.
func (s *scene) await(ctx context.Context, c *world.Client, r request) (wire.Message, error) {
	if s.silent[r.kind] {
		short, cancel := context.WithTimeout(ctx, min(s.w.Timeout(), patience))
		defer cancel()
		m, err := c.Reply(short, r.id)
		if err != nil && ctx.Err() == nil && short.Err() != nil {
			err = fmt.Errorf("no reply to %s: %w", r.kind, world.ErrTimeout)
		}
		return m, err
	}
	m, err := c.Reply(ctx, r.id)
	s.silent[r.kind] = errors.Is(err, world.ErrTimeout)
	return m, err
}

// request is the last request of a connection, whatever came of it.
func (s *scene) request(name string) (request, error) {
	r, ok := s.asked[name]
	if !ok {
		return r, own("no earlier step asked anything on %q", name)
	}
	return r, nil
}

// answer is the answer to the last request of a connection; none breaks req.
func (s *scene) answer(name, req, expected string) (request, error) {
	r, err := s.request(name)
	if err != nil {
		return r, err
	}
	if r.err != nil {
		return r, s.w.Check(req, false, expected, r.err.Error())
	}
	return r, nil
}

func sendsWith(ctx context.Context, name, kind, fields string, doc *godog.DocString) error {
	s := sceneOf(ctx)
	payload, err := s.object(name, doc.Content)
	if err != nil {
		return err
	}
	opts, err := s.fields(name, fields)
	if err != nil {
		return err
	}
	return s.ask(ctx, name, kind, payload, opts...)
}

// sendsUnanswered waits for an answer only a little.
func sendsUnanswered(ctx context.Context, name, kind string, doc *godog.DocString) error {
	s := sceneOf(ctx)
	payload, err := s.object(name, doc.Content)
	if err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, min(s.w.Timeout(), patience))
	defer cancel()
	if err := s.ask(short, name, kind, payload); err != nil && short.Err() == nil {
		return err
	}
	return ctx.Err()
}

// refusedOrUnanswered judges a request that lacks what it needs, and whose kind the draft does not promise to answer.
func refusedOrUnanswered(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	switch {
	case err != nil:
		return err
	case r.err != nil:
		s.w.Warn(s.req(req), "INVALID_REQUEST", r.err.Error())
		return nil
	}
	return s.refused(s.req(req), r.reply, "INVALID_REQUEST")
}

func isAnsweredWith(ctx context.Context, name, kind, req string) error {
	s := sceneOf(ctx)
	r, err := s.answer(name, s.req(req), kind)
	if err != nil {
		return err
	}
	return s.w.Check(s.req(req), r.reply.Type() == kind, kind+" as the answer to "+r.kind, world.Brief(r.reply))
}

func isRefusedWith(ctx context.Context, name, code, req string) error {
	s := sceneOf(ctx)
	r, err := s.answer(name, s.req(req), "an error "+code)
	if err != nil {
		return err
	}
	return s.refused(s.req(req), r.reply, code)
}

// refused judges the message that answered a request which had to be refused. §12 names no message for it, so any that
// says an error will do. A code other than INVALID_REQUEST must be exact; where INVALID_REQUEST is best, another warns.
func (s *scene) refused(req string, m wire.Message, code string) error {
	if !world.Refused(m) {
		return s.w.Check(req, false, "a refusal with "+code, world.Brief(m))
	}
	got := m.Code()
	if code != "INVALID_REQUEST" {
		return s.w.Check(req, got == code, "the code "+code, world.Brief(m))
	}
	if err := s.w.Check(req, true, "", ""); err != nil || got == code {
		return err
	}
	if retry, _ := retryable(m); got == "INTERNAL_ERROR" && retry {
		s.w.Warn(req, code, got+" with retryable true, so that a client would repeat a request that can never succeed")
		return nil
	}
	s.w.Warn(req, code, fmt.Sprintf("the code %q", got))
	return nil
}

// retryable is the flag of an error message (§12); ok is false when it has none.
func retryable(m wire.Message) (value, ok bool) {
	if value, ok = m.Bool("payload", "retryable"); ok {
		return value, ok
	}
	return m.Bool("payload", "error", "retryable")
}
