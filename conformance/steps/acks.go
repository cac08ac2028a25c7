package steps

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerAcks has the steps of §6.5:
//
//	When "A" acknowledges all that it has seen
//	When "A" acknowledges all but 5 messages
//	When "A" acknowledges 1000 messages more than it has seen
//	When "A" acknowledges event_seq 0
//	Then no acknowledgement of "A" was refused
//	Then it is noted whether "A" was told that it falls behind
func registerAcks(sc vocabulary) {
	sc.Step(`^"([^"]*)" acknowledges (all that it has seen|all but \d+ messages|\d+ messages more than it has seen|event_seq \d+)$`, acknowledges)
	sc.Step(`^no acknowledgement of "([^"]*)" was refused$`, noAckRefused)
	sc.Step(`^it is noted whether "([^"]*)" was told that it falls behind$`, backPressureIsNoted)
}

// acknowledges sends session.ack and waits for nothing: no answer is promised.
func acknowledges(ctx context.Context, name, what string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	seq := s.newest(c)
	n := uint64(0)
	for _, word := range strings.Fields(what) {
		if v, err := strconv.ParseUint(word, 10, 64); err == nil {
			n = v
		}
	}
	switch {
	case strings.HasPrefix(what, "event_seq"):
		seq = n
	case strings.HasPrefix(what, "all but"):
		seq -= min(seq, n)
	default:
		seq += n
	}
	_, err = c.Send(ctx, "session.ack", map[string]any{"last_processed_seq": seq})
	return err
}

// noAckRefused: an acknowledgement that is in order needs no answer, and an error in answer to it only warns.
func noAckRefused(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	if err := c.Alive(ctx); err != nil {
		return s.blame(err)
	}
	for _, m := range c.Received() {
		if m.Type() == "session.error" {
			s.w.Warn("R6.5-3", "no error", world.Brief(m))
		}
		if m.Type() == "session.ack" {
			return s.w.Check("R6.5-3", false, "no session.ack from a runtime", world.Brief(m))
		}
	}
	return s.w.Check("R6.5-3", true, "", "")
}

func backPressureIsNoted(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	told := 0
	for _, m := range c.Received() {
		if pressed(m) {
			told++
		}
	}
	s.w.Inform("R6.5-4", fmt.Sprintf("%d status events with phase back_pressure for a client that acknowledges nothing", told))
	return nil
}

func pressed(m wire.Message) bool {
	return m.Kind() == "status" && m.Text("payload", "body", "phase") == "back_pressure"
}
