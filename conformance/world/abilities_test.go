package world_test

import (
	"errors"
	"testing"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func TestWhatTheAgentDoesNotOfferIsNotEvenSubmitted(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		steps any
		skips bool
	}{
		"offered":          {world.Steps{{"op": "log"}}, false},
		"not offered":      {world.Steps{{"op": "log"}, {"op": "model"}}, true},
		"nested":           {world.Steps{{"op": "repeat", "steps": world.Steps{{"op": "model"}}}}, true},
		"from a document":  {[]any{map[string]any{"op": "repeat", "steps": []any{map[string]any{"op": "model"}}}}, true},
		"not a script":     {"model", false},
		"not even an op":   {world.Steps{{"steps": nil}}, false},
		"nothing nested":   {world.Steps{{"op": "repeat", "steps": world.Steps{}}}, false},
		"no list of steps": {nil, false},
	} {
		w := against(t, fakepeer.Honest(), func(c *world.Config) {
			c.Abilities = map[string]any{"ops": []any{"log", "repeat"}, "writes": "text"}
		})
		c := session(t, w)
		_, _, err := c.Submit(t.Context(), map[string]any{"agent": "conformance", "input": map[string]any{"steps": tc.steps}})
		if errors.Is(err, godog.ErrSkip) != tc.skips || (w.Skipped() != "") != tc.skips {
			t.Errorf("%s: %v, %q", name, err, w.Skipped())
		}
		if tc.skips && len(w.Messages()) != 2 {
			t.Errorf("%s: it was submitted all the same", name)
		}
		if w.Offers("model") || !w.Offers("log") || w.Ability("writes") != "text" {
			t.Errorf("%s: abilities are not what the agent said", name)
		}
	}
}
