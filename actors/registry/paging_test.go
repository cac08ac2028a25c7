package registry_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

// churn lets jobs come, go and be refused between two pages. It returns which are listed.
type churn struct {
	machine *registry.Machine
	now     time.Time
	walk    walker // for names
	listed  []protocol.JobID
	live    []protocol.JobID
}

func (c *churn) step(in registry.Input) []registry.Effect {
	effects := c.machine.Step(c.now, in)
	for _, forgotten := range all[registry.ForgetJob](effects) {
		c.listed = without(c.listed, forgotten.JobID)
	}
	return effects
}

func without(ids []protocol.JobID, id protocol.JobID) (kept []protocol.JobID) {
	for _, other := range ids {
		if other != id {
			kept = append(kept, other)
		}
	}
	return kept
}

func (c *churn) turn(t *rapid.T) {
	for range rapid.IntRange(0, 8).Draw(t, "changes") {
		switch rapid.IntRange(0, 4).Draw(t, "change") {
		case 0, 1, 2:
			id := c.walk.name()
			who := session(rapid.IntRange(0, 2).Draw(t, "session"))
			c.step(registry.SubmitRequested{SessionID: who, JobID: id})
			c.step(registry.JobAccepted{JobID: id, Payload: protocol.JobAccepted{JobID: id, Agent: "a@1"}})
			if who != "sess_3" { // bob's are nobody else's
				c.listed = append(c.listed, id)
			}
			c.live = append(c.live, id)
		case 3:
			if len(c.live) > 0 {
				id := rapid.SampledFrom(c.live).Draw(t, "job")
				c.live = without(c.live, id)
				c.step(registry.JobEnded{JobID: id})
			}
		case 4:
			c.now = c.now.Add(time.Duration(rapid.IntRange(0, 8).Draw(t, "minutes")) * time.Minute)
			c.step(registry.Tick{})
		}
	}
}

// TestClause_6_6_PagesUnderChurn holds what a client of a listing relies on: no job twice, and none missed that was there
// from the first page to the last, whatever else came and went.
func TestClause_6_6_PagesUnderChurn(t *testing.T) {
	t.Parallel() // R6.6-4
	rapid.Check(t, func(t *rapid.T) {
		c := &churn{now: beginning, machine: registry.New(&registry.Config{MaxFinished: 4})}
		for i := range sessions {
			c.step(registry.SessionOpened{SessionID: session(i), Principal: principalOf(i)})
		}
		for range 3 {
			c.turn(t)
		}
		before := c.listed
		seen := map[protocol.JobID]int{}
		in := registry.ListRequested{SessionID: "sess_1", Limit: rapid.IntRange(1, 4).Draw(t, "limit")}
		for {
			listed := all[registry.Listed](c.step(in))
			if len(listed) != 1 {
				t.Fatal("no page")
			}
			for _, id := range ids(listed[0].Payload) {
				seen[id]++
			}
			if listed[0].Payload.NextCursor == nil {
				break
			}
			in.Cursor = *listed[0].Payload.NextCursor
			if len(seen) < 30 { // else it would go on for ever
				c.turn(t)
			}
		}
		for id, count := range seen {
			if count > 1 {
				t.Fatalf("%s came %d times", id, count)
			}
		}
		// What is there still was there all the time, or came while the client paged: then it comes too.
		for _, id := range append(before, c.listed...) {
			if still := len(without(c.listed, id)) < len(c.listed); still && seen[id] == 0 {
				t.Fatalf("%s was missed", id)
			}
		}
	})
}
