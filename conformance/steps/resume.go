package steps

import (
	"context"
	"errors"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerResume has the steps that go on with a session on a new connection, or try to (§6.3):
//
//	When the connection "A" is cut                                    no session.close, and all that came of it is read
//	When "A2" resumes the session of "A"                              newest token, the last event that was seen; it must work
//	When "A2" resumes the session of "A" from the start               from event_seq 0
//	When "A2" resumes the session of "A" from 5 messages back
//	When "A2" tries to resume the session of "A"                      whatever comes of it
//	When "A2" tries to resume the session of "A" from the start
//	When "A2" tries to resume the session of "A" with the token of "B"     or: with a made-up token
//	When "A2" tries to resume the session of "A" without a bearer token    or: as the second principal
//	When "A2" tries to resume the session of "A" from 1000 messages ahead
//	Then "A2" has resumed nothing
//	Then "A2" has preferably resumed nothing
//	Then it is noted whether "A2" has resumed
//	Then "A2" has resumed, or is told that the window has expired
//
// From a resume on, the jobs of the old connection are those of the new one.
func registerResume(sc vocabulary) {
	const whence = `(?: from (the start|\d+ messages? (?:back|ahead)))?`
	sc.Step(`^the connection "([^"]*)" is cut$`, isCut)
	sc.Step(`^"([^"]*)" resumes the session of "([^"]*)"`+whence+`$`, resumes)
	sc.Step(`^"([^"]*)" tries to resume the session of "([^"]*)"`+whence+`$`, triesToResume)
	sc.Step(`^"([^"]*)" tries to resume the session of "([^"]*)" with (a made-up token|the token of "([^"]*)")$`, triesWithToken)
	sc.Step(`^"([^"]*)" tries to resume the session of "([^"]*)" (without a bearer token|as the second principal)$`, triesAsAnother)
	sc.Step(`^"([^"]*)" has resumed nothing`+judgedUnder, hasResumedNothing)
	sc.Step(`^"([^"]*)" has preferably resumed nothing`+judgedUnder, hasPreferablyResumedNothing)
	sc.Step(`^it is noted whether "([^"]*)" has resumed$`, resumeIsNoted)
	sc.Step(`^"([^"]*)" has resumed, or is told that the window has expired$`, hasResumedOrExpired)
	sc.Step(`^"([^"]*)" is not on the session of "([^"]*)"$`, isNotOnSession)
	sc.Step(`^the owner of "([^"]*)" resumes as "([^"]*)", unless "([^"]*)" has$`, ownerResumes)
	sc.Step(`^the resume of "([^"]*)" is refused with ([A-Z_]+)`+judgedUnder, resumeRefused)
	sc.Step(`^"([^"]*)" tries to resume a session that never was$`, resumesNothing)
	sc.Step(`^the resume window of "([^"]*)" is short, and passes$`, windowPasses)
}

// continuation is one connection that goes on with the session of another, or tries to.
type continuation struct {
	c     *world.Client
	old   *world.Client // the connection before it
	after uint64        // the last_event_seq that it named
	reply wire.Message
	err   error
}

// isCut drops a connection and waits until nothing more is read from it.
func isCut(ctx context.Context, name string) error {
	c, err := sceneOf(ctx).client(name)
	if err != nil {
		return err
	}
	_ = c.Close() // one that the peer closed first is as gone
	return c.AwaitClose(ctx)
}

// lineage is a connection and those whose session it goes on with, newest first.
func (s *scene) lineage(c *world.Client) []*world.Client {
	line := []*world.Client{c}
	for t := s.continued[c.Name()]; t != nil && t.old != t.c; t = s.continued[t.old.Name()] {
		line = append(line, t.old)
	}
	return line
}

// newest is the highest event_seq of what was seen of a session, over the connection and those before it.
func (s *scene) newest(c *world.Client) uint64 {
	var last uint64
	for _, c := range s.lineage(c) {
		for _, m := range numbered(c) {
			seq, _ := m.Seq()
			last = max(last, seq)
		}
	}
	return last
}

// whence turns the words of a scenario into a last_event_seq.
func (s *scene) whence(c *world.Client, words string) uint64 {
	last := s.newest(c)
	if words == "the start" {
		return 0
	}
	number, _, _ := strings.Cut(words, " ")
	n := uint64(count(number))
	if strings.HasSuffix(words, "ahead") {
		return last + n
	}
	return last - min(n, last)
}

// try sends a resume on a new connection and keeps what came of it.
func (s *scene) try(ctx context.Context, name, old string, change func(*world.Resumption)) (*continuation, error) {
	from, err := s.client(old)
	if err != nil {
		return nil, err
	}
	c, err := s.w.Connect(ctx, name)
	if err != nil {
		return nil, err
	}
	r := world.Resumption{
		Session: from.SessionID(), Token: from.Welcome().Text("payload", "resume_token"),
		LastEventSeq: s.newest(from), As: from.Principal(),
	}
	if change != nil {
		change(&r)
	}
	t := &continuation{c: c, old: from, after: r.LastEventSeq}
	t.reply, t.err = c.Resume(ctx, r)
	s.continued[name] = t
	var trouble *world.SuiteError
	if errors.As(t.err, &trouble) || ctx.Err() != nil || s.w.Skipped() != "" {
		return t, t.err
	}
	if t.resumed() {
		c.Resumed(from, t.reply)
		s.takeAlong(from, c)
	}
	return t, nil
}

// resumed says whether the answer is a welcome to the session that was asked for.
func (t *continuation) resumed() bool {
	return t.err == nil && t.reply.Type() == "session.welcome" && t.reply.SessionID() == t.old.SessionID()
}

// came says what came of it, for reports.
func (t *continuation) came() string { return came(request{reply: t.reply, err: t.err}) }

// takeAlong has the jobs of a session looked for on its newest connection.
func (s *scene) takeAlong(from, to *world.Client) {
	all := []*submission{s.last}
	for _, sub := range s.jobs {
		all = append(all, sub)
	}
	for _, sub := range all {
		if sub != nil && sub.c == from {
			sub.c, sub.mark = to, 0
			if sub.job != nil {
				sub.job = sub.job.SeenBy(to)
			}
		}
	}
}

func resumes(ctx context.Context, name, old, words string) error {
	s := sceneOf(ctx)
	t, err := s.tryFrom(ctx, name, old, words)
	if err != nil {
		return err
	}
	return s.isResumed(t)
}

func (s *scene) tryFrom(ctx context.Context, name, old, words string) (*continuation, error) {
	from, err := s.client(old)
	if err != nil {
		return nil, err
	}
	return s.try(ctx, name, old, func(r *world.Resumption) {
		if words != "" {
			r.LastEventSeq = s.whence(from, words)
		}
	})
}

// isResumed demands the welcome of the same session, with a token of its own.
func (s *scene) isResumed(t *continuation) error {
	ok := t.err == nil && t.reply.Type() == "session.welcome"
	clause := "R6.3-2"
	if strings.HasPrefix(s.lead, "R6.3-") {
		clause = s.lead // a scenario that is about when a resume works, such as after another's try
	}
	if err := s.w.Check(clause, ok, "session.welcome as the answer to the resume", t.came()); err != nil {
		return err
	}
	if err := s.w.Check("R6.3-7", t.resumed(), "the session_id "+t.old.SessionID(), t.came()); err != nil {
		return err
	}
	token, before := t.reply.Text("payload", "resume_token"), t.old.Welcome().Text("payload", "resume_token")
	return s.w.Check("R6.3-1", token != "" && token != before, "a new resume_token", t.came())
}

func triesToResume(ctx context.Context, name, old, words string) error {
	_, err := sceneOf(ctx).tryFrom(ctx, name, old, words)
	return err
}

func triesWithToken(ctx context.Context, name, old, _, of string) error {
	s := sceneOf(ctx)
	token := "rt_" + fresh()
	if of != "" {
		c, err := s.client(of)
		if err != nil {
			return err
		}
		token = c.Welcome().Text("payload", "resume_token")
	}
	_, err := s.try(ctx, name, old, func(r *world.Resumption) { r.Token = token })
	return err
}

func triesAsAnother(ctx context.Context, name, old, how string) error {
	_, err := sceneOf(ctx).try(ctx, name, old, func(r *world.Resumption) {
		r.Bearerless = how == "without a bearer token"
		if !r.Bearerless {
			r.As = world.Second
		}
	})
	return err
}

// attempt is the try of an earlier step.
func (s *scene) attempt(name string) (*continuation, error) {
	if t := s.continued[name]; t != nil {
		return t, nil
	}
	return nil, own("no earlier step tried to resume on %q", name)
}

// hasResumedNothing takes any refusal, since §6.3 names no code for a bad token, and warns of a plain hang-up. A welcome
// to any session that was there before fails; one to a new session only warns.
func hasResumedNothing(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	t, err := s.attempt(name)
	if err != nil {
		return err
	}
	var closed *wire.Closed
	switch {
	case errors.As(t.err, &closed):
		s.w.Warn(s.req(req), "a refusal", t.err.Error())
		return s.w.Check(s.req(req), true, "", "")
	case t.err == nil && t.reply.Type() == "session.welcome" && !s.known(t):
		s.w.Warn(s.req(req), "a refusal", "a new session: "+t.came())
		return nil
	}
	return s.w.Check(s.req(req), t.err == nil && world.Refused(t.reply), "a refusal of the resume", t.came())
}

// known says whether a welcome names a session that an earlier one named.
func (s *scene) known(t *continuation) bool {
	for _, m := range s.w.Messages() {
		if m.Index < t.reply.Index && m.Type() == "session.welcome" && m.SessionID() == t.reply.SessionID() {
			return true
		}
	}
	return false
}

// hasPreferablyResumedNothing: §6.3 does not say that a resume needs a bearer token besides.
func hasPreferablyResumedNothing(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	t, err := s.attempt(name)
	if err != nil {
		return err
	}
	if errors.Is(t.err, world.ErrTimeout) {
		return s.w.Check(s.req(req), false, "an answer to the resume", t.came())
	}
	if t.resumed() {
		s.w.Warn(s.req(req), "a refusal of the resume", t.came())
		return nil
	}
	return s.w.Check(s.req(req), true, "", "")
}

func resumeIsNoted(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	t, err := s.attempt(name)
	if err == nil {
		s.w.Inform(s.lead, "such a resume: "+t.came())
	}
	return err
}

// hasResumedOrExpired judges a resume from where the buffer may no longer reach.
func hasResumedOrExpired(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	t, err := s.attempt(name)
	if err != nil {
		return err
	}
	if t.err == nil && world.Refused(t.reply) {
		return s.w.Check("R6.3-3", t.reply.Code() == "RESUME_WINDOW_EXPIRED", "the code RESUME_WINDOW_EXPIRED", t.came())
	}
	if err := s.isResumed(t); err != nil {
		return err
	}
	return s.replayIsWhole(ctx, t)
}
