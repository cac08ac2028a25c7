package world

import (
	"context"
	"fmt"
	"slices"
)

// Ability is one entry of what the scripted agent said of itself ("writes", "outcomes"), or nil.
func (w *World) Ability(name string) any { return w.cfg.Abilities[name] }

// Offers says whether the scripted agent offers an op. Where its abilities are not known it is taken to.
func (w *World) Offers(op string) bool {
	ops, known := w.cfg.Abilities["ops"].([]any)
	return !known || slices.Contains(ops, any(op))
}

// AskAbilities has the scripted agent say what it can do. It gives nil when the peer does not host that agent, or when
// the agent does not know the op.
func (c *Client) AskAbilities(ctx context.Context) (map[string]any, error) {
	job, _, err := c.Submit(ctx, c.w.Submission(nil, map[string]any{"op": "abilities"}))
	if err != nil || job == nil {
		return nil, err
	}
	if _, err := job.AwaitEnd(ctx); err != nil {
		return nil, err
	}
	for _, o := range job.Outcomes() {
		if said, ok := o.Result.(map[string]any); ok {
			return said, nil
		}
	}
	return nil, nil
}

// offered skips the scenario when a script needs an op that the agent said it does not offer.
func (w *World) offered(payload map[string]any) error {
	if payload["agent"] == nil || w.cfg.Abilities == nil {
		return nil
	}
	input, _ := payload["input"].(map[string]any)
	if input == nil {
		return nil
	}
	if op := w.lacking(input["steps"]); op != "" {
		return w.Skip(fmt.Sprintf("the target's scripted agent does not offer %s", op))
	}
	return nil
}

// lacking finds the first op in steps, nested ones included, that the agent does not offer.
func (w *World) lacking(steps any) string {
	var list []map[string]any
	switch s := steps.(type) {
	case Steps:
		list = s
	case []any: // as parsed from the text of a feature file
		for _, v := range s {
			if step, ok := v.(map[string]any); ok {
				list = append(list, step)
			}
		}
	}
	for _, step := range list {
		if op, _ := step["op"].(string); op != "" && !w.Offers(op) {
			return op
		}
		if op := w.lacking(step["steps"]); op != "" {
			return op
		}
	}
	return ""
}
