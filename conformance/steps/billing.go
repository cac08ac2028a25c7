package steps

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// billing judges what came of a bill.
//
// Its model of the counters follows the script for the order and the wire for what was reported: a cost counts where its
// metric event was emitted, since the draft books events, and a line stands where the script has it, whatever queue the
// event went through.
type billing struct {
	*bill
	s      *scene
	job    *world.Job
	end    wire.Message
	said   map[string]world.Outcome // by call_id
	tell   bool                     // numbers beyond 15 digits: drift informs
	unsure bool                     // a cost beyond what is left was refused: what follows is the runtime's choice
	now    counters
	reach  map[string]map[string]bool // every value that a counter may show, by currency
	lowest counters
}

// play submits the bill's script, waits for the ending and judges every line.
func (b *bill) play(ctx context.Context, s *scene, c *world.Client) error {
	if err := b.expect(); err != nil {
		return err
	}
	job, err := c.MustSubmit(ctx, b.submission(s.w))
	if err != nil {
		return err
	}
	end, err := job.AwaitEnd(ctx)
	if err != nil {
		return err
	}
	p := &billing{bill: b, s: s, job: job, end: end, said: map[string]world.Outcome{}, now: b.counters(),
		tell: b.digits() > exactDigits, reach: map[string]map[string]bool{}, lowest: b.counters()}
	for _, o := range job.Outcomes() {
		p.said[o.CallID] = o
	}
	for currency := range p.now {
		p.shows(currency)
	}
	return p.judge()
}

func (b *bill) submission(w *world.World) map[string]any {
	script := make(world.Steps, len(b.lines))
	for i, l := range b.lines {
		script[i] = l.step
	}
	return w.Submission(b.lease, script...)
}

// judge goes through the lines in the order of the script.
func (p *billing) judge() error {
	settled := p.now.clone() // as it was at the last operation that has an outcome
	since := 0
	for i, l := range p.lines {
		if l.metric != "" {
			if err := p.cost(l); err != nil {
				return err
			}
			continue
		}
		if l.call == "" {
			continue
		}
		o, reached := p.said[l.call]
		if !reached {
			return p.brokenOff(settled, since, i)
		}
		if err := p.operation(i, l, o); err != nil {
			return err
		}
		settled, since = p.now.clone(), i+1
	}
	if err := p.gauges(); err != nil {
		return err
	}
	return p.ending()
}

// cost books what was emitted of a line's metrics. What the runtime refused is judged where a refusal is a fault.
func (p *billing) cost(l line) error {
	events := p.job.Metrics(l.metric)
	if !p.counts(l) {
		return p.uncounted(l, events)
	}
	for range events {
		p.now.take(l.unit, l.value, 1)
		p.shows(l.unit)
	}
	missing := l.times - len(events)
	over := p.now.clone()
	switch {
	case l.asks && l.want == refused:
		// An overspending charge that is let through is a cost reported; it must be booked, and it was not asked for.
		return p.s.w.Prefer(p.s.lead, missing > 0, "the whole of "+l.text+" refused with "+p.now.String(), "it was booked")
	case missing <= 0:
		return p.s.w.Check("R9.6-3", true, "", "")
	case p.end.Type() == "job.error":
		return nil // the operations that follow say whether it had to end
	case over.over(line{unit: l.unit, value: l.value, times: 1}):
		p.s.w.Inform("R9.6-8", "a cost beyond what is left is refused, and not booked")
		p.unsure = true
		return nil
	}
	return p.s.w.Check("R9.6-3", false, fmt.Sprintf("%d metric events for %q", l.times, l.text),
		fmt.Sprintf("%d: %s", len(events), seen(p.job)))
}

// uncounted is for metrics that must take nothing off. A host that turned a text into a number before the runtime saw it
// reported that number.
func (p *billing) uncounted(l line, events []wire.Message) error {
	if l.value != nil || p.budget[l.unit] == nil {
		return nil
	}
	for _, m := range events {
		if v, ok := m.Decimal("payload", "body", "value"); ok && v.Sign() > 0 {
			return p.s.w.Skip("the target's scripted agent reports a number where the script has none")
		}
	}
	return nil
}

// shows notes a value that the gauge of this currency may show from now on.
func (p *billing) shows(currency string) {
	v := p.now[currency]
	if p.reach[currency] == nil {
		p.reach[currency] = map[string]bool{}
	}
	p.reach[currency][v.RatString()] = true
	if v.Cmp(p.lowest[currency]) < 0 {
		p.lowest[currency] = new(big.Rat).Set(v)
	}
}

// operation judges one operation that has an outcome, by the counters as they are at its line.
func (p *billing) operation(i int, l line, o world.Outcome) error {
	expected := fmt.Sprintf("line %d, %q: %%s with %s", i+1, l.text, p.now)
	switch {
	case l.want == denied:
		return p.denied(i, l, o)
	case !p.now.exhausted() && p.unsure && o.Error != nil:
		p.s.w.Inform(p.s.lead, "operations are refused after it, with "+p.now.String())
		return nil
	case !p.now.exhausted():
		return p.exact(o.Error == nil, fmt.Sprintf(expected, "a result"), world.Brief(o.Message))
	}
	if err := p.exact(o.Error != nil, fmt.Sprintf(expected, "refused"), world.Brief(o.Message)); err != nil || o.Error == nil {
		return err
	}
	if err := p.s.w.Check("R9.6-6", o.Code() == "BUDGET_EXHAUSTED", fmt.Sprintf(expected, "BUDGET_EXHAUSTED"),
		world.Brief(o.Message)); err != nil {
		return err
	}
	retry, ok := o.Retryable()
	if err := p.s.w.Check("R9.6-10", ok && !retry, "BUDGET_EXHAUSTED with retryable false", world.Brief(o.Message)); err != nil {
		return err
	}
	if l.fatal { // the agent lets the refusal end the job, as the error that it is
		return p.isExhausted(p.end, fmt.Sprintf(expected, "the job ends with BUDGET_EXHAUSTED"))
	}
	return p.s.w.Check("R9.6-9", true, "", "") // it is the form that the draft prefers
}

// denied judges an operation that no pattern covers (§9.3).
func (p *billing) denied(i int, l line, o world.Outcome) error {
	expected := fmt.Sprintf("line %d, %q: PERMISSION_DENIED", i+1, l.text)
	if err := p.s.w.Check(p.s.lead, o.Code() == "PERMISSION_DENIED", expected, world.Brief(o.Message)); err != nil || !l.fatal {
		return err
	}
	return p.s.w.Check(p.s.lead, p.end.Type() == "job.error" && p.end.Code() == "PERMISSION_DENIED",
		expected+" ends the job", world.Brief(p.end))
}

// exact judges what depends on the exact counter.
func (p *billing) exact(ok bool, expected, got string) error {
	if !ok && p.tell {
		p.s.w.Inform(p.s.lead, "beyond 15 digits: expected "+expected+", got "+got)
		return nil
	}
	return p.s.w.Check(p.s.lead, ok, expected, got)
}

// brokenOff judges a job that ended before the operation of line i had an outcome. Where the costs since the last
// outcome exhaust a counter, the runtime may have taken that as fatal (§9.6); everything else had to go on.
func (p *billing) brokenOff(settled counters, since, i int) error {
	odd := false
	for _, l := range p.lines[since:i] {
		if p.counts(l) && (!l.asks || l.want != refused) {
			settled.take(l.unit, l.value, l.times)
		}
		odd = odd || l.want == notCounted
	}
	l := p.lines[i]
	expected := fmt.Sprintf("line %d, %q: %s with %s", i+1, l.text, l.want, settled)
	switch {
	case l.want == denied && p.end.Type() == "job.error" && p.end.Code() == "PERMISSION_DENIED":
		if !l.fatal {
			p.s.w.Warn(p.s.lead, expected+", as a tool_result", world.Brief(p.end))
		}
		return p.s.w.Check(p.s.lead, true, "", "")
	case settled.exhausted() && p.end.Type() == "job.error":
		if err := p.isExhausted(p.end, expected); err != nil || l.fatal {
			return err
		}
		return p.s.w.Check("R9.6-9", false, "BUDGET_EXHAUSTED as a tool_result", world.Brief(p.end))
	case odd && p.end.Type() == "job.error":
		p.s.w.Warn(p.s.lead, "a job that outlives a metric which takes nothing off", world.Brief(p.end))
		return nil
	}
	return p.exact(false, expected, "no tool_result, and "+world.Brief(p.end))
}

// isExhausted judges a job.error that says BUDGET_EXHAUSTED.
func (p *billing) isExhausted(end wire.Message, expected string) error {
	ok := end.Type() == "job.error" && end.Code() == "BUDGET_EXHAUSTED"
	if err := p.s.w.Check("R9.6-6", ok, expected, world.Brief(end)); err != nil {
		return err
	}
	retry, ok := retryable(end)
	if err := p.s.w.Check("R9.6-10", ok && !retry, "BUDGET_EXHAUSTED with retryable false", world.Brief(end)); err != nil {
		return err
	}
	return p.s.w.Check("R7.3-2", end.Text("payload", "final_status") == "error", "final_status error", world.Brief(end))
}

// gauges judges every cost.budget.remaining of the job: each is a value that its counter had. A counter below 0 that is
// shown as 0 hides how far it is overdrawn, which warns. Where the agent itself reports a metric of that name, the
// judgements leave open whether it counts, and so what the gauge shows.
func (p *billing) gauges() error {
	for _, l := range p.lines {
		if strings.HasPrefix(l.metric, gaugePrefix) {
			return nil
		}
	}
	for _, m := range p.job.Metrics("cost.budget.remaining") {
		unit := m.Text("payload", "body", "unit")
		shown, ok := m.Decimal("payload", "body", "value")
		reach := p.reach[unit]
		if !ok || reach == nil || reach[shown.RatString()] {
			continue
		}
		if shown.Sign() == 0 && p.lowest[unit].Sign() < 0 {
			p.s.w.Warn("R9.6-8", "a counter shown as it is, "+decimal(p.lowest[unit]), world.Brief(m))
			continue
		}
		if p.tell {
			p.s.w.Inform("R9.6-11", "beyond 15 digits: a gauge of "+decimal(shown))
			continue
		}
		if err := p.s.w.Check("R9.6-3", false, "a gauge with a value that the counter had; at the end "+p.now.String(),
			world.Brief(m)); err != nil {
			return err
		}
	}
	return nil
}

// ending judges how a job ended whose operations all had outcomes: the agent came back without an error.
func (p *billing) ending() error {
	if p.lines[len(p.lines)-1].fatal { // judged with its line
		return nil
	}
	ok := succeeded(p.end)
	if p.now.exhausted() {
		return p.s.w.Check("R9.6-9", ok, "a job that goes on after a refusal", world.Brief(p.end))
	}
	return p.s.w.Check("R7.3-1", ok, "job.result for an agent that returned", world.Brief(p.end))
}
