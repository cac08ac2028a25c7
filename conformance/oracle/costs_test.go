package oracle_test

import (
	"fmt"
	"strings"
	"testing"
)

// bill gives a job with a budget and then, one event each, costs and gauges: "0.1" is a cost, "=0.9" a gauge, "!" an
// operation that was let through, anything with a brace the body of a metric.
func bill(budget string, events ...string) string {
	return "A hello\nA> submit {\"cost.budget\":[\"USD:1.00\"]}\n" + spending(budget, events...)
}

func spending(budget string, events ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "A< accepted j1 {\"lease\":{\"cost.budget\":[\"USD:%s\"]},\"budget\":{\"USD\":%s}}\n", strings.Trim(budget, `"`), budget)
	seq := 0
	event := func(kind, body string) {
		seq++
		fmt.Fprintf(&b, "A< j1 %d %s %s\n", seq, kind, body)
	}
	for _, e := range events {
		switch {
		case e == "!":
			event("tool_call", `{"tool":"t","args":{},"call_id":"c"}`)
			event("tool_result", `{"call_id":"c","result":1}`)
		case e[0] == '{':
			event("metric", e)
		case e[0] == '=':
			event("metric", fmt.Sprintf(`{"name":"cost.budget.remaining","value":%s,"unit":"USD"}`, e[1:]))
		default:
			event("metric", fmt.Sprintf(`{"name":"cost.x","value":%s,"unit":"USD"}`, e))
		}
	}
	return b.String()
}

func TestCosts(t *testing.T) {
	t.Parallel()
	tiny := []string{}
	for i := 1; i <= 40; i++ {
		tiny = append(tiny, "0.00000015", fmt.Sprintf("=0.%08d", 1000-15*i))
	}
	judgeAll(t, nil, []verdict{
		{"each cost and its gauge", bill("1.00", "0.42", "=0.58", "0.70", "=-0.12"), ""},
		{"ten times 0.1", bill("1.00", "0.1", "0.1", "0.1", "0.1", "0.1", "0.1", "0.1", "0.1", "0.1", "0.1", "=0"), ""},
		{"other spellings", bill("1", "1e-1", "=9.0E-1", "0.100", "=0.80"), ""},
		{"gauges left out", bill("1.00", "0.1", "0.1", "=0.8", "0.1"), ""},
		{"gauges late", bill("1.00", "0.1", "0.2", "=0.9", "=0.7"), ""},
		{"gauges before their costs", bill("1.00", "=0.9", "0.1", "=0.7", "0.2"), ""},
		{"a gauge at the start", bill("1.00", "=1", "0.1", "=0.9"), ""},
		{"costs of nothing", bill("1.00", "0", "=1", "0", "0", "!", "=1", "0.1", "=0.9"), ""},
		{"tiny ones", bill("0.00001", tiny...), ""},
		{"other names, other units, none", bill("1.00", `{"name":"latency","value":0.5,"unit":"USD"}`, `{"name":"cost.x","value":0.5,"unit":"EUR"}`,
			`{"name":"cost.x","value":0.5}`, `{"name":"costs","value":0.5,"unit":"USD"}`, `{"name":"cost.x","value":0.5,"unit":null}`, "=1"), ""},
		{"a negative cost moves nothing", bill("1.00", "-0.5", "=1.00", "0.1", "=0.9"), ""},
		{"a counter as text", bill(`"1.00"`, "0.1", "=0.9"), "warn R7.1-2"},
		{"a gauge as text", bill("1.00", "0.1", `="0.9"`), "warn R8.2-1"},
		{"a gauge as an amount", bill("1.00", "0.1", `="USD:0.9"`), "warn R8.2-1"},

		{"a float's drift", bill("1.00", "0.1", "0.2", "=0.7000000000000001"), "fail R9.6-3"},
		{"micro-units", bill("0.00001", "0.00000015", "=0.00001", "0.00000015", "=0.00001", "0.00000015", "=0.0000095"), "fail R9.6-3"},
		{"a cost lost", bill("1.00", "0.1", "=0.9", "0.2", "0.3", "=0.6"), "fail R9.6-3"},
		{"a cost taken twice", bill("1.00", "0.1", "=0.8"), "fail R9.6-3"},
		{"a gauge charged", bill("1.00", "0.1", "=0.9", "0.1", "=-0.1"), "fail R9.6-3"},
		{"another unit charged", bill("1.00", `{"name":"cost.x","value":0.5,"unit":"EUR"}`, "=0.5"), "fail R9.6-3"},
		{"a rising counter", bill("1.00", "0.1", "0.1", "=0.8", "=0.9"), "fail R9.6-3"},
		{"a negative cost given back", bill("1.00", "0.5", "-0.2", "=0.7"), "fail R9.6-4"},
		{"clamped at zero", bill("1.00", "0.42", "=0.58", "0.70", "=0"), "warn R9.6-8"},
		{"text that drifts", bill("1.00", "0.1", `="0.8999"`), "fail R9.6-3, warn R8.2-1"},
		{"behind an operation", bill("1.00", "0.1", "!", "=1.00"), "info R9.6-11"},

		{"beyond fifteen digits", bill("1.00", "4.4999999999999993e-07", "=0.99999955"), "info R9.6-3"},
		{"beyond fifteen digits, exact", bill("1.00", "4.4999999999999993e-07", "=0.99999955000000000000007"), ""},
		{"a name that may be either", bill("1.00", `{"name":"cost.budget.spent","value":0.5,"unit":"USD"}`, "=0.5"), "info R9.6-11"},
		{"a monstrous cost", bill("1.00", "1e999999", "=0.5"), ""},
		{"a child's costs", bill("1.00", "0.1", "=0.9") + "A< j1 3 delegate {\"agent\":\"b\"}\n" +
			`A< j1 4 metric {"name":"cost.budget.remaining","value":0.1,"unit":"USD"}`, ""},
		{"no budget", job + `A< j1 1 metric {"name":"cost.budget.remaining","value":0.1,"unit":"USD"}`, ""},
		{"an agent that plays the runtime", `
			A hello
			A> {"type":"job.submit","payload":{"agent":"a","lease_request":{"cost.budget":["USD:1.00"]},"input":{"steps":[{"op":"metric","name":"cost.budget.remaining","value":7,"unit":"USD"}]}}}
			` + spending("1.00", "=7"), ""},
	})
}

func TestCostsOfBranches(t *testing.T) {
	t.Parallel()
	branches := func(events ...string) string {
		return `A hello
			A> {"type":"job.submit","payload":{"agent":"a","lease_request":{"cost.budget":["USD:1.00"]},"input":{"steps":[{"op":"parallel","branches":2,"steps":[]}]}}}
			` + spending("1.00", events...)
	}
	judgeAll(t, nil, []verdict{
		{"costs first, then gauges", branches("0.42", "0.10", "=0.58", "=0.48"), ""},
		{"booked in another order than told", branches("0.42", "0.10", "=0.90", "=0.48"), ""},
		{"gauges swapped", branches("0.1", "0.1", "=0.8", "=0.9"), ""},
		{"a gauge behind an operation", branches("0.1", "!", "=1"), ""},
		{"a float's drift", branches("0.1", "0.2", "=0.7000000000000001"), "fail R9.6-3"},
		{"more than all of them", branches("0.1", "0.2", "=0.6"), "fail R9.6-3"},
		{"more than the budget", branches("0.1", "0.2", "=1.1"), "fail R9.6-3"},
		{"between the steps", branches("0.1", "0.2", "=0.75"), "fail R9.6-3"},
	})
}

func TestTwoCurrencies(t *testing.T) {
	t.Parallel()
	both := `
		A hello
		A> submit {"cost.budget":["USD:1.00","credits:10"]}
		A< accepted j1 {"lease":{"cost.budget":["USD:1.00","credits:10"]},"budget":{"credits":10,"USD":1.0}}
		A< j1 1 metric {"name":"cost.x","value":0.1,"unit":"USD"}
		A< j1 2 metric {"name":"cost.x","value":4,"unit":"credits"}
	`
	judgeAll(t, nil, []verdict{
		{"each its own", both + `
			A< j1 3 metric {"name":"cost.budget.remaining","value":6,"unit":"credits"}
			A< j1 4 metric {"name":"cost.budget.remaining","value":0.9,"unit":"USD"}`, ""},
		{"one takes from the other", both + `A< j1 3 metric {"name":"cost.budget.remaining","value":5.9,"unit":"credits"}`, "fail R9.6-3"},
	})
}
