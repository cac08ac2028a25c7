package steps

import (
	"context"
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/world"
)

// registerChildren has the steps of §10 and §9.4. What became of a child is told by the scripted agent's `delegate` op.
//
//	Then the call "c1" has started a child that succeeds with 42
//	Then the call "c1" has started a child that fails with BUDGET_EXHAUSTED
//	Then the listing of "A", where it has the child of the call "c1", tells its parent
//	Then the listing of "A" does not have the child of the call "c1"
//	Then the call "c1" is preferably allowed
func registerChildren(sc vocabulary) {
	sc.Step(`^the call "([^"]*)" has started a child that succeeds with (.+?)`+judgedUnder, childSucceeds)
	sc.Step(`^the call "([^"]*)" has started a child that fails with ([A-Z_]+)`+judgedUnder, childFails)
	sc.Step(`^the listing of "([^"]*)", where it has the child of the call "([^"]*)", tells its parent$`, listingTellsParent)
	sc.Step(`^the listing of "([^"]*)" does not have the child of the call "([^"]*)"$`, listingHasNoChild)
	sc.Step(`^the call "([^"]*)" is preferably allowed`+judgedUnder, callPreferablyAllowed)
}

// child is what the agent told of the child that one call started.
func (s *scene) child(ctx context.Context, call, req string) (map[string]any, world.Outcome, error) {
	o, err := s.outcome(ctx, call, "", req)
	if err != nil {
		return nil, o, err
	}
	told, _ := o.Result.(map[string]any)
	parent, err := s.job("")
	if err != nil {
		return nil, o, err
	}
	id, _ := told["job_id"].(string)
	return told, o, s.w.Check(req, id != "" && id != parent.ID, "a child with a job_id of its own", world.Brief(o.Message))
}

func childSucceeds(ctx context.Context, call, value, req string) error {
	s := sceneOf(ctx)
	want, err := s.value("", value)
	if err != nil {
		return err
	}
	told, o, err := s.child(ctx, call, s.req(req))
	if err != nil {
		return err
	}
	ok := told["final_status"] == "success" && same(told["result"], want)
	return s.w.Check(s.req(req), ok, "a child that succeeds with "+text(want), world.Brief(o.Message))
}

func childFails(ctx context.Context, call, code, req string) error {
	s := sceneOf(ctx)
	told, o, err := s.child(ctx, call, s.req(req))
	if err != nil {
		return err
	}
	failure, _ := told["error"].(map[string]any)
	return s.w.Check(s.req(req), failure["code"] == code, "a child that fails with "+code, world.Brief(o.Message))
}

// listingTellsParent: whether a child is listed beside its parent, and how long, is the peer's own.
func listingTellsParent(ctx context.Context, name, call string) error {
	s := sceneOf(ctx)
	told, _, err := s.child(ctx, call, "R10-1")
	if err != nil {
		return err
	}
	parent, err := s.job("")
	if err != nil {
		return err
	}
	all, err := s.entries(name)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e["job_id"] == told["job_id"] {
			return s.w.Check("R10-1", e["parent_job_id"] == parent.ID, "parent_job_id "+parent.ID, text(e))
		}
	}
	s.w.Inform("R10-1", fmt.Sprintf("the child %v is not listed", told["job_id"]))
	return nil
}

// listingHasNoChild is for a listing of what runs: a child that is there has outlived its parent.
func listingHasNoChild(ctx context.Context, name, call string) error {
	s := sceneOf(ctx)
	told, _, err := s.child(ctx, call, "R10-1")
	if err != nil {
		return err
	}
	all, err := s.entries(name)
	if err != nil {
		return err
	}
	for _, e := range all {
		if e["job_id"] == told["job_id"] {
			return s.w.Check("R10-2", false, "a child that ended with its parent", text(e))
		}
	}
	return s.w.Check("R10-2", true, "", "")
}

// callPreferablyAllowed: the draft demands that no superset passes, and does not say how well a subset must be known.
func callPreferablyAllowed(ctx context.Context, call, req string) error {
	s := sceneOf(ctx)
	o, err := s.outcome(ctx, call, "", s.req(req))
	if err != nil {
		return err
	}
	if o.Error != nil {
		s.w.Warn(s.req(req), "a subset of the parent's lease granted", world.Brief(o.Message))
		return nil
	}
	return s.w.Check(s.req(req), true, "", "")
}
