package steps

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// bill is a table of what one job does, line by line, with what must come of each line. It is read without a peer, so
// that its own sums can be checked (see expect).
type bill struct {
	lease  map[string]any
	budget map[string]*big.Rat // what each counter opens at; nil when the lease has no cost.budget
	lines  []line
}

// line is one row of a bill.
type line struct {
	text string         // as the table has it
	want string         // "", or one of the words below
	step map[string]any // of the scripted agent

	call  string // call_id of an operation; "" when the line is none
	fatal bool   // a refusal ends the job

	metric string   // name of the metric of a cost; "" when the line is none
	unit   string   // "" is none
	value  *big.Rat // nil when it is not a number
	times  int
	asks   bool // a charge, which is asked for before it is spent
}

// What can be wanted of a line.
const (
	allowed    = "allowed"     // the operation has a result
	refused    = "refused"     // BUDGET_EXHAUSTED
	denied     = "denied"      // PERMISSION_DENIED
	notCounted = "not counted" // the metric takes nothing off a counter
)

// The operations that the budget's scenarios try, and a lease that covers just these (§9.2): exact names alone, which
// every reading of globs permits.
const (
	probeTool = "conformance.tool"
	probePath = "/data/in.txt"
	probeURL  = "https://example.com/data"
)

func probeLease() map[string]any {
	return map[string]any{
		"tool.call": []any{probeTool}, "fs.read": []any{probePath}, "fs.write": []any{probePath},
		"net.fetch": []any{probeURL},
	}
}

// newBill reads a table whose rows are "what the job does | what must come of it".
func newBill(lease map[string]any, table *godog.Table) (*bill, error) {
	b := &bill{lease: lease}
	if err := b.openCounters(); err != nil {
		return nil, err
	}
	for i, row := range table.Rows {
		if len(row.Cells) != 2 {
			return nil, own("a row of a bill has two cells")
		}
		l, err := readLine(i, row.Cells[0].Value, row.Cells[1].Value)
		if err != nil {
			return nil, err
		}
		b.lines = append(b.lines, l)
	}
	return b, nil
}

func (b *bill) openCounters() error {
	amounts, ok := b.lease["cost.budget"].([]any)
	if !ok {
		return nil
	}
	b.budget = map[string]*big.Rat{}
	for _, a := range amounts {
		s, _ := a.(string)
		currency, decimal, _ := strings.Cut(s, ":")
		v, ok := new(big.Rat).SetString(decimal)
		if !ok || b.budget[currency] != nil {
			return own("a bill needs good amounts, one a currency, and not %v", a)
		}
		b.budget[currency] = v
	}
	return nil
}

var (
	operationLine = regexp.MustCompile(`^(fatal )?(tool|read|write|fetch)(?: (\S+))?$`)
	costLine      = regexp.MustCompile(`^(?:(\d+) branches of )?(?:(\d+) times )?(charge )?(-?\d[0-9.eE+-]*) (\S+)$`)
	metricLine    = regexp.MustCompile(`^metric (\S+) (\S+)(?: (\S+))?$`)
)

// readLine reads one row:
//
//	tool, read, write, fetch         the operation, with the probe's name, path or URL unless another follows
//	fatal tool                       the same; a refusal ends the job
//	0.1 USD                          a cost metric
//	9 times 0.1 USD                  so many, one after the other
//	64 branches of 10 times 0.1 USD  so many branches at once
//	charge 0.1 USD                   a cost that is asked for first
//	metric latency 5 ms              any metric; the value is JSON, the unit may be left out
//	{"op":"log", ...}                any other step
func readLine(index int, text, want string) (line, error) {
	l := line{text: text, want: want}
	switch {
	case want != "" && want != allowed && want != refused && want != denied && want != notCounted:
		return l, own("what must come of %q: %q", text, want)
	case strings.HasPrefix(text, "{"):
		return l, l.readStep()
	}
	if m := operationLine.FindStringSubmatch(text); m != nil {
		l.operation(index, m[1] != "", m[2], m[3])
		return l, nil
	}
	if m := costLine.FindStringSubmatch(text); m != nil {
		// A name of its own for each line, so that its metrics can be found again among all the others.
		return l, l.cost("cost."+string(rune('a'+index)), m)
	}
	if m := metricLine.FindStringSubmatch(text); m != nil {
		l.metric, l.unit, l.times = m[1], m[3], 1
		return l, l.spend("metric", m[2])
	}
	return l, own("a line that means nothing: %q", text)
}

func (l *line) readStep() error {
	dec := json.NewDecoder(strings.NewReader(l.text))
	dec.UseNumber()
	if err := dec.Decode(&l.step); err != nil {
		return own("a step of a bill: %w", err)
	}
	return nil
}

func (l *line) operation(index int, fatal bool, op, object string) {
	l.call, l.fatal = fmt.Sprintf("line%d", index+1), fatal
	l.step = map[string]any{"op": op, "call_id": l.call}
	if fatal {
		l.step["fatal"] = true
	}
	field, usual := "path", probePath
	switch op {
	case "tool":
		field, usual = "name", probeTool
		l.step["args"] = map[string]any{}
	case "fetch":
		field, usual = "url", probeURL
	}
	if object == "" {
		object = usual
	}
	l.step[field] = object
}

func (l *line) cost(name string, m []string) error {
	l.metric, l.unit, l.asks = name, m[5], m[3] != ""
	branches, times := count(m[1]), count(m[2])
	l.times = branches * times
	op := "metric"
	if l.asks {
		op = "charge"
	}
	if err := l.spend(op, m[4]); err != nil {
		return err
	}
	if times > 1 {
		l.step = map[string]any{"op": "repeat", "times": times, "steps": []any{l.step}}
	}
	if branches > 1 {
		l.step = map[string]any{"op": "parallel", "branches": branches, "steps": []any{l.step}}
	}
	return nil
}

// spend makes the step of one metric; value is JSON.
func (l *line) spend(op, value string) error {
	dec := json.NewDecoder(strings.NewReader(value))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return own("the value of %q: %w", l.text, err)
	}
	l.value, _ = wire.Decimal(v)
	l.step = map[string]any{"op": op, "name": l.metric, "value": v}
	if l.unit != "" {
		l.step["unit"] = l.unit
	}
	return nil
}

// count reads a number of times; "" is once.
func count(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return 1
}
