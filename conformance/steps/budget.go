package steps

import (
	"context"
	"fmt"

	"github.com/cucumber/godog"
)

// registerBudgets has the steps of §9.6, and of §9.3 where the same tables serve:
//
//	Then a job of "A" with the budget ["USD:1.00"] goes as follows:    + table: line | what must come of it
//	Then a job of "A" under the lease {"tool.call":["x"]} goes as follows:
//	Then a job of "A" without a lease goes as follows:
//	Then a job of "A" with the budget ["USD:5.00"] opens with the counters {"USD":5}
//	Then a job of "A" with the budget ["USD:1.00","USD:2.00"] is refused, or has 3 USD to spend
//	Then of 32 branches that each 5 times spend 0.01 USD of ["USD:1.00"] and try a tool, none gets by
//	Then the ending says retryable false
func registerBudgets(sc vocabulary) {
	sc.Step(`^a job of "([^"]*)" with the budget (\[.*\]) goes as follows:$`, goesWithBudget)
	sc.Step(`^a job of "([^"]*)" under the lease (\{.*\}) goes as follows:$`, goesUnderLease)
	sc.Step(`^a job of "([^"]*)" without a lease goes as follows:$`, goesWithoutLease)
	sc.Step(`^a job of "([^"]*)" with the budget (\[.*\]) opens with the counters (\{.*\})$`, opensWith)
	sc.Step(`^a job of "([^"]*)" with the budget (\[.*\]) is refused, or has (\S+) (\S+) to spend$`, refusedOrHas)
	sc.Step(`^of (\d+) branches of "([^"]*)" that each (\d+) times spend (\S+) (\S+) of (\[.*\]) and try a tool, none gets by$`,
		noneGetsBy)
	sc.Step(`^the ending says retryable false`+judgedUnder, endingNotRetryable)
}

func goesWithBudget(ctx context.Context, name, budget string, table *godog.Table) error {
	lease, err := sceneOf(ctx).budgeted(budget)
	if err != nil {
		return err
	}
	return goes(ctx, name, lease, table)
}

// budgeted is the probe's lease with a cost.budget; "[]" in the scenario leaves the namespace out.
func (s *scene) budgeted(budget string) (map[string]any, error) {
	amounts, err := s.value("", budget)
	if err != nil {
		return nil, err
	}
	lease := probeLease()
	if list, _ := amounts.([]any); len(list) > 0 {
		lease["cost.budget"] = amounts
	}
	return lease, nil
}

func goesUnderLease(ctx context.Context, name, lease string, table *godog.Table) error {
	object, err := sceneOf(ctx).object(name, lease)
	if err != nil {
		return err
	}
	return goes(ctx, name, object, table)
}

func goesWithoutLease(ctx context.Context, name string, table *godog.Table) error {
	return goes(ctx, name, nil, table)
}

func goes(ctx context.Context, name string, lease map[string]any, table *godog.Table) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	b, err := newBill(lease, table)
	if err != nil {
		return err
	}
	return b.play(ctx, s, c)
}

func endingNotRetryable(ctx context.Context, req string) error {
	s := sceneOf(ctx)
	_, end, err := s.end(ctx, "")
	if err != nil {
		return err
	}
	retry, ok := retryable(end)
	return s.w.Check(s.req(req), ok && !retry, fmt.Sprintf("%s with retryable false", end.Code()), end.Type()+" "+string(end.Raw))
}
