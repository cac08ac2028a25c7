package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// opensWith judges the counters of job.accepted: one a currency of the budget, at exactly its amount, and none without
// a cost.budget (§7.1, §9.6).
func opensWith(ctx context.Context, name, budget, want string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	expected, err := s.object(name, want)
	if err != nil {
		return err
	}
	lease, err := s.budgeted(budget)
	if err != nil {
		return err
	}
	job, err := c.MustSubmit(ctx, s.w.Submission(lease, map[string]any{"op": "return", "value": "opened"}))
	if err != nil {
		return err
	}
	if err := s.opened(job.Accepted, expected); err != nil {
		return err
	}
	end, err := job.AwaitEnd(ctx)
	if err != nil {
		return err
	}
	return s.w.Check("R7.3-1", end.Text("payload", "result") == "opened", `the result "opened"`, world.Brief(end))
}

func (s *scene) opened(accepted wire.Message, want map[string]any) error {
	v, _ := accepted.Lookup("payload", "budget")
	budget, isObject := v.(map[string]any)
	if err := s.w.Check("R7.1-2", isObject || v == nil && len(want) == 0,
		"budget "+text(want)+" in job.accepted", world.Brief(accepted)); err != nil {
		return err
	}
	for currency := range budget {
		if err := s.w.Check("R7.1-2", want[currency] != nil || budget[currency] == nil,
			"counters for the budgeted currencies alone, "+text(want), text(budget)); err != nil {
			return err
		}
	}
	for currency, v := range want {
		amount, _ := wire.Decimal(v)
		got, asText := s.counter(budget[currency], currency)
		ok := got != nil && got.Cmp(amount) == 0
		if err := s.w.Check("R9.6-2", ok, "the counter "+currency+" at "+decimal(amount), text(budget)); err != nil {
			return err
		}
		if asText {
			s.w.Warn("R7.1-2", "a counter as a JSON number", text(budget))
		}
	}
	return nil
}

// counter reads a counter as a number, or as the text of one, which a public peer gives with its currency before it.
func (s *scene) counter(v any, currency string) (amount *big.Rat, asText bool) {
	if amount, ok := wire.Decimal(v); ok {
		return amount, false
	}
	written, ok := v.(string)
	if !ok {
		return nil, false
	}
	amount, _ = wire.Decimal(json.Number(strings.TrimPrefix(written, currency+":")))
	return amount, true
}

// refusedOrHas takes a budget with two entries for one currency: it is refused, or what job.accepted shows is what can
// be spent. Anything but the sum warns: the draft does not say what two entries are.
func refusedOrHas(ctx context.Context, name, budget, sum, currency string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	lease, err := s.budgeted(budget)
	if err != nil {
		return err
	}
	payload := s.w.Submission(lease, map[string]any{"op": "return", "value": "opened"})
	job, refusal, err := c.Submit(ctx, payload)
	if err != nil {
		return err
	}
	if job == nil {
		return s.refused("R9.6-13", refusal, "INVALID_REQUEST")
	}
	shown, _ := s.counter(at(job.Accepted, "payload", "budget", currency), currency)
	if err := s.w.Check("R9.6-13", shown != nil, "job.accepted shows which counter two entries give",
		world.Brief(job.Accepted)); err != nil {
		return err
	}
	if err := s.w.Prefer("R9.6-13", decimal(shown) == sum, "refused, or summed to "+sum, decimal(shown)); err != nil {
		return err
	}
	return s.spendable(ctx, c, lease, currency, shown)
}

// spendable spends all but a little of what job.accepted showed, and then the rest.
func (s *scene) spendable(ctx context.Context, c *world.Client, lease map[string]any, currency string, shown *big.Rat) error {
	little := big.NewRat(1, 1000)
	most := json.Number(decimal(new(big.Rat).Sub(shown, little)))
	metric := func(value json.Number) map[string]any {
		return map[string]any{"op": "metric", "name": "cost.test", "value": value, "unit": currency}
	}
	tool := func(call string) map[string]any {
		return map[string]any{"op": "tool", "name": probeTool, "args": map[string]any{}, "call_id": call}
	}
	job, err := c.MustSubmit(ctx, s.w.Submission(lease, metric(most), tool("before"), metric("0.001"), tool("after")))
	if err != nil {
		return err
	}
	end, err := job.AwaitEnd(ctx)
	if err != nil {
		return err
	}
	before, ok := job.Outcome("before")
	if err := s.w.Check("R9.6-13", ok && before.Error == nil, fmt.Sprintf("a result with 0.001 of %s left", decimal(shown)),
		seen(job)); err != nil {
		return err
	}
	after, ok := job.Outcome("after")
	return s.w.Check("R9.6-13", ok && after.Code() == "BUDGET_EXHAUSTED" || !ok && end.Code() == "BUDGET_EXHAUSTED",
		fmt.Sprintf("BUDGET_EXHAUSTED with all of %s spent", decimal(shown)), seen(job))
}

// at is what stands at a path of m, or nil.
func at(m wire.Message, path ...string) any {
	v, _ := m.Lookup(path...)
	return v
}
