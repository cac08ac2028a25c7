package oracle

// calls holds §8.2's pair: a tool_result answers a tool_call of its job that came before. Calls may overlap.
type calls struct {
	d     *docket
	scene *scene
	made  map[call]bool
}

type call struct {
	view *view
	id   string
}

func newCalls(d *docket, s *scene) *calls { return &calls{d: d, scene: s, made: map[call]bool{}} }

func (c *calls) see(f frame) {
	if f.view == nil || !f.news() || f.Type() != "job.event" {
		return
	}
	id := f.Text("payload", "body", "call_id")
	switch f.Kind() {
	case "tool_call":
		c.made[call{f.view, id}] = true
	case "tool_result":
		if !f.view.whole() {
			return
		}
		judge := c.d.demand
		if c.scene.raw { // as in shape: it may be the agent's own idea
			judge = c.d.prefer
		}
		judge("R8.2-5", c.made[call{f.view, id}], f.Message, "a tool_call with this call_id before its result")
	}
}
