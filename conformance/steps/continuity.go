package steps

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerContinuity has the steps that look at a session over all its connections (§6.3):
//
//	Then nothing was lost or told twice on the way to "A3"
//	Then the log messages of the job, on the way to "A3", count from 0 to 99
//	Then nothing was replayed to "A2"
//	Then "A2" was told again all from 5 messages before the end of "A"
//	Then the connection "A" ends, as "A2" took its session over
func registerContinuity(sc vocabulary) {
	sc.Step(`^nothing was lost or told twice on the way to "([^"]*)"$`, nothingLost)
	sc.Step(`^the log messages of `+theJob+`, on the way to "([^"]*)", count from 0 to (\d+)$`, logsCountOnTheWay)
	sc.Step(`^nothing was replayed to "([^"]*)"$`, nothingReplayed)
	sc.Step(`^the connection "([^"]*)" ends, as "[^"]*" took its session over$`, endsByTakeover)
}

// way is the connections of a session, oldest first, up to that of name.
func (s *scene) way(name string) ([]*continuation, error) {
	t, err := s.attempt(name)
	if err != nil {
		return nil, err
	}
	way := []*continuation{t}
	for {
		before := s.continued[t.old.Name()]
		if before == nil {
			way = append(way, &continuation{c: t.old})
			slices.Reverse(way)
			return way, nil
		}
		t = before
		way = append(way, t)
	}
}

// numbered is what came with an event_seq on a connection.
func numbered(c *world.Client) []wire.Message {
	var out []wire.Message
	for _, m := range c.Received() {
		if hasNumber(m) {
			out = append(out, m)
		}
	}
	return out
}

// replayIsWhole waits for what a resume has to bring and compares it with what was seen before: the numbers go on
// right behind the last_event_seq of the resume, and what had a number before has the same content.
func (s *scene) replayIsWhole(ctx context.Context, t *continuation) error {
	seen := map[uint64]wire.Message{}
	for _, c := range s.lineage(t.old) {
		for _, m := range numbered(c) {
			seq, _ := m.Seq()
			seen[seq] = m
		}
	}
	if last := s.newest(t.old); last > t.after {
		_, err := t.c.Await(ctx, func(m wire.Message) bool { seq, ok := m.Seq(); return ok && seq >= last })
		if err != nil {
			return s.w.Failed("R6.3-2", fmt.Sprintf("the events %d to %d on the new connection", t.after+1, last), err)
		}
	}
	next := t.after + 1
	for _, m := range numbered(t.c) {
		seq, ok := m.Seq()
		if err := s.w.Check("R6.3-2", ok && seq == next,
			fmt.Sprintf("event_seq %d next, after a resume from %d", next, t.after), world.Brief(m)); err != nil {
			return err
		}
		if first, again := seen[seq]; again {
			alike := m.Type() == first.Type() && m.JobID() == first.JobID() && same(m.Doc["payload"], first.Doc["payload"])
			if err := s.w.Check("R6.3-2", alike, "under this number what was told before: "+world.Brief(first), world.Brief(m)); err != nil {
				return err
			}
		}
		next++
	}
	return s.w.Check("R6.3-2", true, "", "")
}

func nothingLost(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	way, err := s.way(name)
	if err != nil {
		return err
	}
	told := 0
	for _, t := range way {
		told += len(numbered(t.c))
		if t.old == nil {
			continue
		}
		if err := s.replayIsWhole(ctx, t); err != nil {
			return err
		}
	}
	return s.w.Check("R6.3-2", told > 0, "events", "none")
}

// logsCountOnTheWay puts the connections together by the numbers of their messages. The counter in the messages shows
// what the numbers cannot: that no event was left out before it was numbered, and none numbered twice.
func logsCountOnTheWay(ctx context.Context, job, name string, last int) error {
	s := sceneOf(ctx)
	way, err := s.way(name)
	if err != nil {
		return err
	}
	j, err := s.job(job)
	if err != nil {
		return err
	}
	if _, err := j.AwaitEnd(ctx); err != nil {
		return s.blameOn("R6.3-2", err)
	}
	told := map[uint64]wire.Message{}
	for _, t := range way {
		for _, m := range numbered(t.c) {
			if m.JobID() == j.ID && m.Kind() == "log" {
				seq, _ := m.Seq()
				told[seq] = m
			}
		}
	}
	seqs := make([]uint64, 0, len(told))
	for seq := range told {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	for i, seq := range seqs {
		m := told[seq]
		if err := s.w.Check("R6.3-2", m.Text("payload", "body", "message") == strconv.Itoa(i),
			fmt.Sprintf("the log %d", i), world.Brief(m)); err != nil {
			return err
		}
	}
	return s.w.Check("R6.3-2", len(seqs) == last+1, fmt.Sprintf("%d logs of the job", last+1), strconv.Itoa(len(seqs)))
}

// nothingReplayed has the session answer once, behind which a replay would have come.
func nothingReplayed(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	t, err := s.attempt(name)
	if err != nil {
		return err
	}
	if err := t.c.Alive(ctx); err != nil {
		return err
	}
	for _, m := range numbered(t.c) {
		return s.w.Check("R6.3-2", false, fmt.Sprintf("nothing, as all up to %d was seen", t.after), world.Brief(m))
	}
	return s.w.Check("R6.3-2", true, "", "")
}

func endsByTakeover(ctx context.Context, name string) error {
	return connectionEnds(ctx, name, "R6.3-8")
}
