package steps

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerOrder(sc vocabulary) {
	sc.Step(`^the numbers of "([^"]*)" have no gap$`, numbersHaveNoGap)
	sc.Step(`^the messages of the "log" events of `+theJob+` count from 0 to (\d+)$`, logsCount)
	sc.Step(`^the messages of the "log" events of `+theJob+` count from 0 to (\d+) in each of (\d+) branches$`, branchesCount)
	sc.Step(`^the jobs? ([\w, ]+) spoke in turns$`, spokeInTurns)
	sc.Step(`^"([^"]*)" heard nothing of `+theJob+`$`, heardNothing)
	sc.Step(`^every event of `+theJob+` is a sound event$`, eventsAreSound)
	sc.Step(`^"([^"]*)" pings (\d+) times, and each time gets a pong with its nonce$`, pings)
	sc.Step(`^"([^"]*)" pings with the nonce "([^"]*)"$`, pingsWith)
	sc.Step(`^"([^"]*)" gets its nonce back`+judgedUnder, getsNonce)
}

// numbersHaveNoGap looks at every message that carries an event_seq, in the order in which they came: each is one more
// than the one before (§8.3). Where the numbers begin is not said.
func numbersHaveNoGap(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	var last uint64
	begun := false
	for _, m := range c.Received() {
		if !hasNumber(m) {
			if err := s.needsNumber(c, m); err != nil {
				return err
			}
			continue
		}
		seq, ok := m.Seq()
		if err := s.w.Check("R8.3-1", ok && (!begun || seq == last+1), fmt.Sprintf("event_seq %d", last+1), world.Brief(m)); err != nil {
			return err
		}
		last, begun = seq, true
	}
	return s.w.Check("R8.3-1", begun, "messages with an event_seq", "none")
}

// needsNumber finds events and endings without a number (§8.1, §8.4).
func (s *scene) needsNumber(c *world.Client, m wire.Message) error {
	if m.Type() != "job.event" && !isEnding(m) {
		return nil
	}
	if m.Type() == "job.error" { // without a job of this session it answers a request
		ours := false
		for _, a := range c.Received() {
			ours = ours || a.Type() == "job.accepted" && a.JobID() == m.JobID()
		}
		if !ours || m.Text("payload", "final_status") == "" {
			return nil
		}
	}
	return s.w.Check("R8.3-1", false, "an event_seq", world.Brief(m))
}

func logsCount(ctx context.Context, name string, last int) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	logs := j.Events("log")
	for i, m := range logs {
		if err := s.w.Check("R8.3-1", m.Text("payload", "body", "message") == strconv.Itoa(i), "the log "+strconv.Itoa(i), world.Brief(m)); err != nil {
			return err
		}
	}
	return s.w.Check("R8.3-1", len(logs) == last+1, fmt.Sprintf("%d logs", last+1), strconv.Itoa(len(logs)))
}

// branchesCount reads messages of the form "branch:counter": each branch counts by itself.
func branchesCount(ctx context.Context, name string, last, branches int) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	next := map[string]int{}
	for _, m := range j.Events("log") {
		branch, count, _ := strings.Cut(m.Text("payload", "body", "message"), ":")
		want := strconv.Itoa(next[branch])
		if err := s.w.Check("R8.3-1", count == want, "the log "+want+" of branch "+branch, world.Brief(m)); err != nil {
			return err
		}
		next[branch]++
	}
	for b := range branches {
		branch := strconv.Itoa(b)
		if err := s.w.Check("R8.3-1", next[branch] == last+1, fmt.Sprintf("%d logs of branch %s", last+1, branch), strconv.Itoa(next[branch])); err != nil {
			return err
		}
	}
	return nil
}

// spokeInTurns shows that the jobs really ran at once: before the first of them ended, each had said something. If not,
// nothing was shown, and nobody is to blame.
func spokeInTurns(ctx context.Context, list string) error {
	s := sceneOf(ctx)
	first := -1
	begun := map[string]int{}
	for _, name := range words(list) {
		j, end, err := s.end(ctx, name)
		if err != nil {
			return err
		}
		if first < 0 || end.Index < first {
			first = end.Index
		}
		if events := j.Events(); len(events) > 0 {
			begun[name] = events[0].Index
		}
	}
	for _, name := range words(list) {
		if at, ok := begun[name]; !ok || at > first {
			s.w.Inform(s.lead, "the jobs did not run at the same time")
		}
	}
	return nil
}

func heardNothing(ctx context.Context, name, job string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	j, err := s.job(job)
	if err != nil {
		return err
	}
	for _, m := range c.Received() {
		if m.JobID() == j.ID && !world.Refused(m) {
			return s.w.Check(s.lead, false, "nothing of a job of another session", world.Brief(m))
		}
	}
	return s.w.Check(s.lead, true, "", "")
}

// eventsAreSound holds each event against the envelope of §8.1.
func eventsAreSound(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	j, _, err := s.end(ctx, name)
	if err != nil {
		return err
	}
	for _, m := range j.Events() {
		_, numbered := m.Seq()
		ok := numbered && m.SessionID() == j.Client().SessionID() && m.Text("job_id") == j.ID && m.Kind() != "" && m.Body() != nil
		if err := s.w.Check("R8.1-1", ok, "an event with session_id, job_id, event_seq, kind and body", world.Brief(m)); err != nil {
			return err
		}
		if err := s.timestamp("R8.1-1", "ts", m.Text("payload", "ts"), m); err != nil {
			return err
		}
	}
	return s.w.Check("R8.1-1", len(j.Events()) > 0, "events", seen(j))
}

func (s *scene) ping(ctx context.Context, name, nonce string) error {
	return s.ask(ctx, name, "session.ping", map[string]any{"nonce": nonce, "sent_at": world.Timestamp(time.Now())})
}

func pingsWith(ctx context.Context, name, nonce string) error {
	return sceneOf(ctx).ping(ctx, name, nonce)
}

func getsNonce(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	if req == "" {
		req = "R6.4-1"
	}
	r, err := s.answer(name, req, "session.pong")
	if err != nil {
		return err
	}
	nonce, _ := r.payload["nonce"].(string)
	ok := r.reply.Type() == "session.pong" && r.reply.Text("payload", "ping_nonce") == nonce
	if err := s.w.Check(req, ok, "session.pong with the ping_nonce "+nonce, world.Brief(r.reply)); err != nil {
		return err
	}
	return s.w.Check("R6.4-5", !hasNumber(r.reply), "a pong without a number", world.Brief(r.reply))
}

func pings(ctx context.Context, name string, n int) error {
	s := sceneOf(ctx)
	for range n {
		if err := s.ping(ctx, name, "p_"+fresh()); err != nil {
			return err
		}
		if err := getsNonce(ctx, name, ""); err != nil {
			return err
		}
	}
	return nil
}
