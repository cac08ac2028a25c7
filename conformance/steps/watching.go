package steps

import (
	"context"
	"fmt"
	"strconv"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerWatching has what a subscriber hears (§7.6). The jobs count in the messages of their log events.
//
//	Then "B" has heard the logs of the job from 0 to 99, and its ending
//	Then "B" has heard the logs of the finished job from 0 to 9
//	Then "B" has heard nothing of the job from before its subscription, and all after
//	Then "B" has heard the job to its end, and no log of it twice
//	When "B2" takes the subscription of "B" along         after a resume
//	Then what "B" hears stands in its own session and numbers
//	Then preferably nothing of the job came before the answer to "B"
//	Then preferably "A" has heard each log of the job once
func registerWatching(sc vocabulary) {
	sc.Step(`^"([^"]*)" has heard the logs of `+theJob+` from 0 to (\d+), and its ending$`, heardAll)
	sc.Step(`^"([^"]*)" has heard the logs of the finished job(?: "([^"]*)")? from 0 to (\d+)$`, heardHistory)
	sc.Step(`^"([^"]*)" has heard nothing of `+theJob+` from before its subscription, and all after$`, heardLive)
	sc.Step(`^"([^"]*)" has heard `+theJob+` to its end, and no log of it twice$`, heardToItsEnd)
	sc.Step(`^"([^"]*)" takes the subscription of "([^"]*)" along$`, takesSubscription)
	sc.Step(`^what "([^"]*)" hears stands in its own session and numbers$`, standsInItsOwn)
	sc.Step(`^preferably nothing of `+theJob+` came to "([^"]*)" before the answer$`, answerFirst)
	sc.Step(`^preferably "([^"]*)" has heard each log of `+theJob+` once$`, heardOncePreferably)
}

// view is a job as a subscriber sees it.
func (s *scene) view(name string) (*world.Job, error) {
	if j := s.viewed[name]; j != nil {
		return j, nil
	}
	return nil, own("no earlier step subscribed %q to a job", name)
}

// counted reads the counter in the message of a log event.
func counted(m wire.Message) string { return m.Text("payload", "body", "message") }

func heardAll(ctx context.Context, name, job string, last int) error {
	s := sceneOf(ctx)
	j, err := s.view(name)
	if err != nil {
		return err
	}
	end, err := j.Await(ctx, isEnding)
	if err != nil {
		return s.w.Failed("R7.6-3", "the ending of "+j.ID+" at the subscriber", err)
	}
	submitted, err := s.job(job)
	if err != nil {
		return err
	}
	first, err := submitted.AwaitEnd(ctx)
	if err != nil {
		return err
	}
	if err := s.w.Check("R7.6-3", end.Type() == first.Type(), world.Brief(first), world.Brief(end)); err != nil {
		return err
	}
	return s.logsAre(j, last)
}

// logsAre demands each log once and in order.
func (s *scene) logsAre(j *world.Job, last int) error {
	logs := j.Events("log")
	for i, m := range logs {
		req := "R7.6-3"
		if i > 0 && counted(m) == counted(logs[i-1]) {
			req = "R7.6-10"
		}
		if err := s.w.Check(req, counted(m) == strconv.Itoa(i), fmt.Sprintf("the log %d", i), world.Brief(m)); err != nil {
			return err
		}
	}
	return s.w.Check("R7.6-3", len(logs) == last+1, fmt.Sprintf("%d logs", last+1), seen(j))
}

// heardHistory: whether the ending is part of the history is not said.
func heardHistory(ctx context.Context, name, _ string, last int) error {
	s := sceneOf(ctx)
	j, err := s.view(name)
	if err != nil {
		return err
	}
	_, err = j.Await(ctx, func(m wire.Message) bool { return m.Kind() == "log" && counted(m) == strconv.Itoa(last) })
	if err != nil {
		return s.w.Failed("R7.6-9", fmt.Sprintf("the log %d in the history", last), err)
	}
	if err := j.Client().Alive(ctx); err != nil {
		return err
	}
	if !hasEnded(j) {
		s.w.Inform("R7.6-9", "the history of a finished job has no ending")
	}
	return s.logsAre(j, last)
}

// heardLive: what the submitter had before the subscriber's answer came may not come; what it was sent clearly after it
// must. In between nobody can tell.
func heardLive(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	j, err := s.view(name)
	if err != nil {
		return err
	}
	submitted, _, err := s.end(ctx, job)
	if err != nil {
		return err
	}
	if _, err := j.Await(ctx, isEnding); err != nil {
		return s.w.Failed("R7.6-3", "the ending of "+j.ID+" at the subscriber", err)
	}
	r, err := s.subscribed(name)
	if err != nil {
		return err
	}
	heard := map[string]bool{}
	for _, m := range j.Events("log") {
		heard[counted(m)] = true
	}
	asked := s.sent(r.id).Index
	later := 0
	for _, m := range submitted.Events("log") {
		switch {
		case m.Index < asked:
			if err := s.w.Check("R7.6-3", !heard[counted(m)], "nothing from before the subscription", "the log "+counted(m)); err != nil {
				return err
			}
		case m.Index > r.reply.Index+1:
			later++
			if later == 1 {
				continue // it may have been on its way
			}
			if err := s.w.Check("R7.6-3", heard[counted(m)], "the log "+counted(m)+", emitted after job.subscribed", seen(j)); err != nil {
				return err
			}
		}
	}
	if later < 2 {
		s.w.Inform("R7.6-3", "could not tell: the job said too little after the subscription")
	}
	return nil
}

// heardToItsEnd is for who did not listen all the while: what it heard rises.
func heardToItsEnd(ctx context.Context, name, _ string) error {
	s := sceneOf(ctx)
	j, err := s.view(name)
	if err != nil {
		return err
	}
	if _, err := j.Await(ctx, isEnding); err != nil {
		return s.w.Failed("R7.6-3", "the ending of "+j.ID+" at the subscriber", err)
	}
	last := -1
	for _, m := range j.Events("log") {
		n, err := strconv.Atoi(counted(m))
		if err := s.w.Check("R7.6-10", err == nil && n > last, fmt.Sprintf("a log above %d", last), world.Brief(m)); err != nil {
			return err
		}
		last = n
	}
	return s.w.Check("R7.6-3", last >= 0, "logs", seen(j))
}

// takesSubscription looks for the subscribed job on the connection that resumed the session.
func takesSubscription(ctx context.Context, name, old string) error {
	s := sceneOf(ctx)
	j, err := s.view(old)
	if err != nil {
		return err
	}
	c, err := s.client(name)
	if err == nil {
		s.viewed[name] = j.SeenBy(c)
	}
	return err
}

// standsInItsOwn looks at all that has a number: without a gap, under the session_id of the connection.
func standsInItsOwn(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	var last uint64
	for i, m := range numbered(c) {
		seq, ok := m.Seq()
		if err := s.w.Check("R7.6-4", ok && (i == 0 || seq == last+1), fmt.Sprintf("event_seq %d", last+1), world.Brief(m)); err != nil {
			return err
		}
		if err := s.w.Check("R7.6-4", m.SessionID() == c.SessionID(), "the subscriber's session_id "+c.SessionID(), world.Brief(m)); err != nil {
			return err
		}
		last = seq
	}
	for _, m := range c.Received() {
		if m.Type() == "job.event" && !hasNumber(m) {
			return s.w.Check("R7.6-4", false, "an event_seq", world.Brief(m))
		}
	}
	return s.w.Check("R7.6-4", last > 0, "events", "none")
}

func answerFirst(ctx context.Context, job, name string) error {
	s := sceneOf(ctx)
	j, err := s.view(name)
	if err != nil {
		return err
	}
	r, err := s.subscribed(name)
	if err != nil {
		return err
	}
	for _, m := range j.Messages() {
		if m.Index < r.reply.Index {
			s.w.Warn("R7.6-3", "job.subscribed before the history", world.Brief(m))
			return nil
		}
	}
	return s.w.Check("R7.6-3", true, "", "")
}

func heardOncePreferably(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, job)
	if err != nil {
		return err
	}
	times := map[string]int{}
	for _, m := range j.Events("log") {
		times[counted(m)]++
	}
	for log, n := range times {
		if n > 1 {
			return s.w.Prefer("R7.6-10", false, "each log once", fmt.Sprintf("the log %s %d times", log, n))
		}
	}
	return s.w.Check("R7.6-10", len(times) > 0, "logs", seen(j))
}
