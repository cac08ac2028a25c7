package steps

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerIdempotency has the steps of §7.2. ${key} in a scenario is an idempotency key of its own, ${key:x} another.
//
//	When "B" submits the job "J" again as "again"
//	When "A" submits the job "J" again as "other" with the members {"max_runtime_sec":9}
//	When "A" submits the job "J" again as "again", written otherwise
//	When "A" and "B" submit at the same instant, 10 times, each time with one key, a job that does:
//	Then the jobs "J" and "again" are one
//	Then the jobs "J" and "other" are two
//	Then "again" is preferably one with the job "J"
func registerIdempotency(sc vocabulary) {
	sc.Step(`^"([^"]*)" submits the job "([^"]*)" again as "([^"]*)"(?: with the members (\{.*\}))?$`, submitsAgain)
	sc.Step(`^"([^"]*)" submits the job "([^"]*)" again as "([^"]*)", written otherwise$`, submitsOtherwise)
	sc.Step(`^"([^"]*)" and "([^"]*)" submit at the same instant, (\d+) times, each time with one key, a job that does:$`, submitAtOnce)
	sc.Step(`^the jobs "([^"]*)" and "([^"]*)" are one`+judgedUnder, jobsAreOne)
	sc.Step(`^the jobs "([^"]*)" and "([^"]*)" are two`+judgedUnder, jobsAreTwo)
	sc.Step(`^"([^"]*)" is preferably one with the job "([^"]*)"$`, preferablyOne)
}

func submitsAgain(ctx context.Context, name, first, again, members string) error {
	s := sceneOf(ctx)
	sub, err := s.submission(first)
	if err != nil {
		return err
	}
	payload := maps.Clone(sub.payload)
	if err := s.merge(name, payload, members); err != nil {
		return err
	}
	return s.submit(ctx, name, again, payload)
}

// submitsOtherwise sends the same submit with its members in the reverse order and with white space between them.
func submitsOtherwise(ctx context.Context, name, first, again string) error {
	s := sceneOf(ctx)
	sub, err := s.submission(first)
	if err != nil {
		return err
	}
	c, err := s.client(name)
	if err != nil {
		return err
	}
	id := "msg_" + fresh()
	envelope := map[string]any{
		"arcp": "1.1", "id": id, "type": "job.submit", "session_id": c.SessionID(), "payload": sub.payload,
	}
	if trace := s.sent(sub.job.RequestID).TraceID(); trace != "" {
		envelope["trace_id"] = trace
	}
	repeated := &submission{c: c, payload: sub.payload, mark: c.Mark()}
	if err := c.SendRaw(ctx, backwards(envelope)); err != nil {
		return err
	}
	reply, err := c.Reply(ctx, id)
	if err != nil {
		return s.w.Failed("R7.1-1", "an answer to job.submit", err)
	}
	if reply.Type() == "job.accepted" {
		repeated.job = sub.job.SeenBy(c)
		repeated.job.ID, repeated.job.RequestID, repeated.job.Accepted = reply.JobID(), id, reply
	} else {
		repeated.refusal = reply
	}
	s.jobs[again], s.last = repeated, repeated
	return nil
}

// backwards writes JSON that means v, with the names of objects from z to a and white space wherever it may stand.
func backwards(v any) []byte {
	var b bytes.Buffer
	writeBackwards(&b, v)
	return b.Bytes()
}

func writeBackwards(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(v))
		slices.Reverse(names)
		b.WriteString("{ ")
		for i, name := range names {
			if i > 0 {
				b.WriteString(" ,\n\t")
			}
			b.WriteString(text(name) + " :  ")
			writeBackwards(b, v[name])
		}
		b.WriteString(" }")
	case []any:
		b.WriteString("[ ")
		for i, item := range v {
			if i > 0 {
				b.WriteString(" , ")
			}
			writeBackwards(b, item)
		}
		b.WriteString(" ]")
	case json.Number:
		b.WriteString(v.String())
	default:
		b.WriteString(text(v))
	}
}

// submitAtOnce races two submits of one key and demands one job of each pair.
func submitAtOnce(ctx context.Context, one, other string, rounds int, doc *godog.DocString) error {
	s := sceneOf(ctx)
	steps, err := s.value(one, doc.Content)
	if err != nil {
		return err
	}
	for range rounds {
		payload := map[string]any{
			"agent": s.w.Agent(), "input": map[string]any{"steps": steps}, "idempotency_key": "key-" + fresh(),
		}
		if err := s.raceSubmits(ctx, [2]string{one, other}, payload); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) raceSubmits(ctx context.Context, names [2]string, payload map[string]any) error {
	var subs [2]*submission
	var errs [2]error
	done := make(chan struct{}, len(names))
	for i, name := range names {
		c, err := s.client(name)
		if err != nil {
			return err
		}
		subs[i] = &submission{c: c, payload: payload}
	}
	for i, sub := range subs {
		go func() {
			sub.job, sub.refusal, errs[i] = sub.c.Submit(ctx, payload)
			done <- struct{}{}
		}()
	}
	for range names {
		<-done
	}
	for i, sub := range subs {
		if errs[i] != nil {
			return errs[i]
		}
		s.jobs[names[i]], s.last = sub, sub
	}
	if err := s.one("R7.2-4", subs[0], subs[1]); err != nil {
		return err
	}
	return s.ranOnce(ctx, subs)
}

// ranOnce waits for the ending where one of the two sessions is told of it: the one that the job belongs to.
func (s *scene) ranOnce(ctx context.Context, subs [2]*submission) error {
	ending := make(chan error, len(subs))
	short, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, sub := range subs {
		go func() {
			_, err := sub.job.Await(short, isEnding)
			ending <- err
		}()
	}
	err := <-ending
	if err != nil {
		err = <-ending
	}
	if err != nil {
		return s.w.Failed("R7.2-4", "the ending of "+subs[0].job.ID+" in one of the two sessions", err)
	}
	return s.w.Check("R7.2-4", true, "", "")
}

// one demands the same acceptance of both: what may differ is what the judgements leave free.
func (s *scene) one(req string, a, b *submission) error {
	for _, sub := range []*submission{a, b} {
		if sub.job == nil {
			return s.w.Check(req, false, "job.accepted", world.Brief(sub.refusal))
		}
	}
	x, y := a.job.Accepted.Payload(), b.job.Accepted.Payload()
	if err := s.w.Check(req, a.job.ID == b.job.ID, "the job "+a.job.ID, world.Brief(b.job.Accepted)); err != nil {
		return err
	}
	for _, member := range []string{"lease", "lease_constraints", "budget", "agent", "accepted_at"} {
		if err := s.w.Check(req, same(x[member], y[member]),
			fmt.Sprintf("the same %s, %s", member, text(x[member])), world.Brief(b.job.Accepted)); err != nil {
			return err
		}
	}
	for _, member := range []string{"trace_id", "request_id", "credentials"} {
		if !same(x[member], y[member]) {
			s.w.Inform(req, "the repeated acceptance has another "+member)
		}
	}
	session := b.c.SessionID()
	return s.w.Check(req, b.job.Accepted.SessionID() == session, "the session_id of who asks, "+session, world.Brief(b.job.Accepted))
}

func (s *scene) pair(one, other string) (a, b *submission, err error) {
	if a, err = s.submission(one); err != nil {
		return a, nil, err
	}
	b, err = s.submission(other)
	return a, b, err
}

func jobsAreOne(ctx context.Context, one, other, req string) error {
	s := sceneOf(ctx)
	a, b, err := s.pair(one, other)
	if err != nil {
		return err
	}
	return s.one(s.req(req), a, b)
}

func jobsAreTwo(ctx context.Context, one, other, req string) error {
	s := sceneOf(ctx)
	a, b, err := s.pair(one, other)
	if err != nil {
		return err
	}
	if b.job == nil {
		return s.w.Check(s.req(req), false, "job.accepted", world.Brief(b.refusal))
	}
	return s.w.Check(s.req(req), a.job.ID != b.job.ID, "a job of its own", world.Brief(b.job.Accepted))
}

// preferablyOne: that the order of members and white space mean nothing is JSON's word and not the draft's, so a
// DUPLICATE_KEY warns; a second job under one key fails all the same.
func preferablyOne(ctx context.Context, again, first string) error {
	s := sceneOf(ctx)
	a, b, err := s.pair(first, again)
	if err != nil {
		return err
	}
	if b.job == nil {
		return s.w.Prefer("R7.2-5", false, "the acceptance of "+a.job.ID+" again", world.Brief(b.refusal))
	}
	return s.one("R7.2-5", a, b)
}
