package job_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/protocol"
)

// kin is a walker whose job delegates. It answers for the budget and the registry, and knows the children.
type kin struct {
	*walker
	carving  []job.CallID
	starting []job.StartChild
	children []protocol.JobID // whose actors are there, and who have not ended
	told     map[protocol.JobID]bool
}

// kinInputs is how many numbers kin.input knows.
const kinInputs = 14

func (k *kin) input(number int) job.Input {
	ask := func(asked protocol.Lease) job.Input {
		call := k.call()
		return job.DelegateRequested{
			Call: call, ChildID: protocol.JobID(fmt.Sprintf("job_1%d", call)), Name: "helper", Version: "1", Lease: asked,
		}
	}
	switch number {
	case 0:
		return delegating("USD:1")
	case 1:
		return ask(protocol.Lease{"cost.budget": {"USD:1"}})
	case 2:
		return ask(protocol.Lease{"fs.read": {"/**"}})
	case 3:
		return job.BudgetDelegated{Call: take(&k.carving)}
	case 4:
		return job.BudgetDelegated{Call: take(&k.carving), Err: exhausted}
	case 5, 6:
		if len(k.starting) == 0 {
			return job.ChildRefused{Call: nobodys, Err: exhausted}
		}
		start := k.starting[0]
		k.starting = k.starting[1:]
		if number == 5 {
			return job.ChildRefused{Call: start.Call, Err: exhausted}
		}
		k.children = append(k.children, start.ChildID)
		return job.ChildStarted{Call: start.Call, ChildID: start.ChildID}
	case 7:
		if len(k.children) == 0 {
			return job.ChildEnded{ChildID: "job_0"}
		}
		ended := k.children[0]
		k.children = k.children[1:]
		return job.ChildEnded{ChildID: ended}
	case 8:
		return job.ParentEnding{}
	case 9:
		return k.walker.input(23) // a cancel
	case 10:
		return k.walker.input(26) // the agent is back
	case 11:
		return job.BudgetLost{}
	case 12:
		return job.EventEmitted{Call: k.call(), Kind: protocol.KindDelegate, Body: json.RawMessage(`{}`)}
	default:
		return job.Tick{}
	}
}

func (k *kin) step(in job.Input) error {
	if _, lost := in.(job.BudgetLost); lost {
		k.carving = nil
	}
	effects, err := k.walker.step(in)
	for _, effect := range effects {
		switch effect := effect.(type) {
		case job.DelegateBudget:
			k.carving = append(k.carving, effect.Call)
		case job.StartChild:
			k.starting = append(k.starting, effect)
		case job.TellChild:
			if effect.Input == job.Input(job.ParentEnding{}) {
				if k.told[effect.ChildID] {
					return fmt.Errorf("%s was told twice", effect.ChildID)
				}
				k.told[effect.ChildID] = true
			}
		case job.OfferChild:
			if k.watch.stopped {
				return fmt.Errorf("%s begins although its parent was stopped", effect.Submitted.JobID)
			}
		case job.SendEnding:
			if len(k.children)+len(k.starting)+len(k.carving) > 0 {
				return fmt.Errorf("ended over the children %v, and %d on their way", k.children, len(k.starting)+len(k.carving))
			}
		}
	}
	return err
}

// finish answers all that is open; at the end every child that was left was told to end.
func (k *kin) finish() error {
	err := k.step(job.AgentReturned{})
	for err == nil && len(k.carving) > 0 {
		err = k.step(k.input(3))
	}
	for err == nil && len(k.starting) > 0 {
		err = k.step(k.input(6))
	}
	for err == nil && len(k.children) > 0 {
		if !k.told[k.children[0]] {
			return fmt.Errorf("%s was not told to end", k.children[0])
		}
		err = k.step(k.input(7))
	}
	if err != nil {
		return err
	}
	return k.walker.finish()
}

// TestDelegationWalk puts every sequence of inputs that are about children into a job in every state.
func TestDelegationWalk(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]struct {
		way   []int
		depth int
	}{
		"unsubmitted":      {nil, 3},
		"pending":          {[]int{0}, 4},
		"carving":          {[]int{0, 1}, 4},
		"starting":         {[]int{0, 1, 3}, 4},
		"a child":          {[]int{0, 1, 3, 6}, 4},
		"a child and more": {[]int{0, 1, 3, 6, 1, 3, 1}, 3},
		"stopping":         {[]int{0, 1, 3, 6, 1, 9}, 3},
		"finishing":        {[]int{0, 1, 3, 6, 1, 10}, 3},
		"ended":            {[]int{0, 10}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			count := 1
			for range way.depth {
				count *= kinInputs
			}
			for i := 0; i < count; i += stride {
				numbers := append([]int(nil), way.way...)
				for rest := i; len(numbers) < len(way.way)+way.depth; rest /= kinInputs {
					numbers = append(numbers, rest%kinInputs)
				}
				if err := kinWalk(numbers); err != nil {
					t.Fatalf("%v: %v", numbers, err)
				}
			}
		})
	}
}

func kinWalk(numbers []int) error {
	k := &kin{walker: newWalker(), told: map[protocol.JobID]bool{}}
	for _, number := range numbers {
		k.now = k.now.Add(2 * time.Second)
		if err := k.step(k.input(number)); err != nil {
			return err
		}
	}
	return k.finish()
}
