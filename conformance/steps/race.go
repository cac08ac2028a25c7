package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// race is many branches of one agent, each of which spends and then tries a tool, again and again, until far more than
// the budget was spent (R9.6-12). What it holds against the runtime is only what no order of the branches can excuse:
//
//   - settled: when the tool_call of branch b in round i is on the wire, b has i+1 costs behind it that were booked
//     before. A tool asked for when the settled costs of all branches exhaust the budget must be refused.
//   - begun: when the tool_result of a branch is not yet on the wire, the branch has not begun its next cost. A tool must
//     not be refused while the costs that can have begun do not exhaust the budget.
type race struct {
	branches, times int
	budget, cost    *big.Rat
	job             *world.Job

	settled, results map[string]int // by branch
	late, early      int            // outcomes that had to be refused, and that had to be allowed
}

func noneGetsBy(ctx context.Context, branches int, name string, times int, cost, unit, budget string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	lease, err := s.budgeted(budget)
	if err != nil {
		return err
	}
	b := &bill{lease: lease}
	if err := b.openCounters(); err != nil {
		return err
	}
	r := &race{branches: branches, times: times, budget: b.budget[unit], settled: map[string]int{}, results: map[string]int{}}
	var ok bool
	if r.cost, ok = wire.Decimal(json.Number(cost)); !ok || r.budget == nil {
		return own("a race needs a cost in a budgeted currency")
	}
	if r.job, err = c.MustSubmit(ctx, s.w.Submission(lease, r.script(cost, unit)...)); err != nil {
		return err
	}
	end, err := r.job.AwaitEnd(ctx)
	if err != nil {
		return err
	}
	return r.judge(s, end)
}

func (r *race) script(cost, unit string) world.Steps {
	round := []any{
		map[string]any{"op": "metric", "name": "cost.branch_${branch}", "value": json.Number(cost), "unit": unit},
		map[string]any{"op": "tool", "name": probeTool, "args": map[string]any{}, "call_id": "${branch}/${i}"},
	}
	return world.Steps{
		{"op": "parallel", "branches": r.branches, "steps": []any{
			map[string]any{"op": "repeat", "times": r.times, "steps": round},
		}},
		{"op": "tool", "name": probeTool, "args": map[string]any{}, "call_id": "last"},
	}
}

// exhausted says whether so many costs use the budget up.
func (r *race) exhausted(costs int) bool {
	return new(big.Rat).Mul(r.cost, big.NewRat(int64(costs), 1)).Cmp(r.budget) >= 0
}

func (r *race) judge(s *scene, end wire.Message) error {
	emitted := map[string]int{}
	for _, m := range r.job.Events("metric") {
		branch, _ := strings.CutPrefix(m.Text("payload", "body", "name"), "cost.branch_")
		emitted[branch]++
	}
	must := map[string]bool{} // calls that were asked for after the settled costs had exhausted the budget
	for _, m := range r.job.Events("tool_call", "tool_result") {
		call := m.Text("payload", "body", "call_id")
		branch, round, ok := roundOf(call)
		if !ok {
			continue
		}
		if m.Kind() == "tool_call" {
			r.settled[branch] = min(round+1, emitted[branch])
			must[call] = r.exhausted(sum(r.settled))
			continue
		}
		if err := r.result(s, m, branch, must[call]); err != nil {
			return err
		}
	}
	if err := s.w.Check("R9.6-12", r.early > 0, "tools that have a result while the budget lasts", seen(r.job)); err != nil {
		return err
	}
	return r.last(s, end)
}

// result judges one tool_result.
func (r *race) result(s *scene, m wire.Message, branch string, late bool) error {
	begun := r.branches // each branch may have begun one cost beyond those whose tool has an outcome
	for _, n := range r.results {
		begun += n
	}
	r.results[branch]++
	isRefused := m.Has("payload", "body", "error")
	switch {
	case late:
		r.late++
		return s.w.Check("R9.6-12", m.Text("payload", "body", "error", "code") == "BUDGET_EXHAUSTED",
			fmt.Sprintf("BUDGET_EXHAUSTED: %d costs were booked before it was asked for", sum(r.settled)), world.Brief(m))
	case !r.exhausted(begun):
		r.early++
		return s.w.Check("R9.6-12", !isRefused,
			fmt.Sprintf("a result: no more than %d costs can have begun", begun), world.Brief(m))
	}
	return nil
}

// last judges the tool after all branches, or the ending where the runtime took the exhaustion as fatal.
func (r *race) last(s *scene, end wire.Message) error {
	o, ok := r.job.Outcome("last")
	if !ok {
		if err := s.w.Check("R9.6-12", end.Code() == "BUDGET_EXHAUSTED", "the last tool refused", world.Brief(end)); err != nil {
			return err
		}
		return s.w.Check("R9.6-9", false, "BUDGET_EXHAUSTED as a tool_result", world.Brief(end))
	}
	return s.w.Check("R9.6-12", o.Code() == "BUDGET_EXHAUSTED", "the last tool refused with BUDGET_EXHAUSTED", world.Brief(o.Message))
}

// roundOf reads a call_id of the script: "branch/round".
func roundOf(call string) (branch string, round int, ok bool) {
	branch, number, ok := strings.Cut(call, "/")
	if !ok {
		return "", 0, false
	}
	round, err := strconv.Atoi(number)
	return branch, round, err == nil
}

func sum(counts map[string]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
