package oracle

import (
	"maps"
	"math/big"
	"slices"
	"strings"
)

// gauge is the metric with which a runtime shows a counter (§9.6).
const gauge = "cost.budget.remaining"

// costs holds §9.6: what a gauge shows is the budget less exactly the costs. It is judged when all is seen, since a
// gauge may come before the metric that it counts already.
type costs struct {
	d     *docket
	scene *scene
	bills map[*view]*bill
	order []*bill
}

// bill is the accounts of one job.
type bill struct {
	accounts map[string]*account
	unclear  bool // not all of its costs can be known
}

func newCosts(d *docket, s *scene) *costs { return &costs{d: d, scene: s, bills: map[*view]*bill{}} }

func (c *costs) see(f frame) {
	if f.view == nil || !f.news() {
		return
	}
	b := c.bills[f.view]
	switch {
	case b == nil:
		if f.Type() == "job.accepted" {
			c.open(f)
		}
	case f.Type() != "job.event":
	case !f.view.whole(), f.Kind() == "delegate": // a child's costs are its parent's too
		b.unclear = true
	case f.Kind() == "tool_result":
		for _, a := range b.accounts {
			a.synced = len(a.left) - 1
		}
	case f.Kind() == "metric":
		c.metric(f, b)
	}
}

// open opens the counters of a job as its acceptance shows them.
func (c *costs) open(f frame) {
	counters, _ := f.Payload()["budget"].(map[string]any)
	b := &bill{accounts: map[string]*account{}}
	for unit, v := range counters {
		if value, ok := counter(v); ok {
			b.accounts[unit] = &account{unit: unit, left: []*big.Rat{value}, refunds: new(big.Rat)}
		}
	}
	c.bills[f.view], c.order = b, append(c.order, b)
}

func (c *costs) metric(f frame, b *bill) {
	name := f.Text("payload", "body", "name")
	a := b.accounts[f.Text("payload", "body", "unit")]
	if a == nil || a.unclear || !strings.HasPrefix(name, "cost.") {
		return
	}
	v := f.Body()["value"]
	value, ok := decimal(v)
	switch {
	case name == gauge:
		if value, ok := counter(v); ok {
			a.readings = append(a.readings, reading{value, len(a.left) - 1, a.synced, f.Message})
		}
	case strings.HasPrefix(name, "cost.budget."):
		a.unclear = true
		c.d.inform("R9.6-11", f.Message, "whether this is a cost or a gauge cannot be told; %s is judged no further", a.unit)
	case !ok:
		a.unclear = true
	case value.Sign() < 0:
		a.refunds.Sub(a.refunds, value)
	default:
		a.left = append(a.left, new(big.Rat).Sub(a.left[len(a.left)-1], value))
	}
}

func (c *costs) end() {
	if c.scene.posing { // whose gauge is whose cannot be told
		return
	}
	for _, b := range c.order {
		if b.unclear {
			continue
		}
		for _, unit := range slices.Sorted(maps.Keys(b.accounts)) {
			if a := b.accounts[unit]; !a.unclear {
				a.judge(c.d, c.scene.parallel)
			}
		}
	}
}
