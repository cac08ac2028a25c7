package steps_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/report"
)

const (
	call       = `tool_call {"call_id":"%s","tool":"conformance.tool","args":{}}`
	result     = `tool_result {"call_id":"%s","result":"ok"}`
	exhausted  = `tool_result {"call_id":"%s","error":{"code":"BUDGET_EXHAUSTED","message":"spent","retryable":false}}`
	denial     = `tool_result {"call_id":"%s","error":{"code":"PERMISSION_DENIED","message":"no","retryable":false}}`
	overTheJob = `job.error {"final_status":"error","code":"BUDGET_EXHAUSTED","message":"spent","retryable":false}`
)

func at(line int, form string) string { return fmt.Sprintf(form, fmt.Sprintf("line%d", line)) }

func cost(name, value string) string {
	return fmt.Sprintf(`metric {"name":%q,"value":%s,"unit":"USD"}`, name, value)
}

func gauge(value string) string { return cost("cost.budget.remaining", value) }

// bill is the table of the tests below: what is left decides lines 2 and 4.
const bill = `    Given a session "A"
    Then a job of "A" with the budget ["USD:1.00"] goes as follows:
      | 0.42 USD |         |
      | tool     | allowed |
      | 0.58 USD |         |
      | tool     | refused |
`

const over = `    Given a session "A"
    Then a job of "A" with the budget ["USD:1.00"] goes as follows:
      | 0.42 USD |         |
      | tool     | allowed |
      | 0.70 USD |         |
      | tool     | refused |
`

const negative = `    Given a session "A"
    Then a job of "A" with the budget ["USD:1.00"] goes as follows:
      | tool      | allowed     |
      | -0.42 USD | not counted |
      | tool      | allowed     |
`

const long = `    Given a session "A"
    Then a job of "A" with the budget ["USD:0.00000045"] goes as follows:
      | 4.4999999999999993e-07 USD |         |
      | tool                       | allowed |
`

const lease = `    Given a session "A"
    Then a job of "A" under the lease {"tool.call":["x"]} goes as follows:
      | tool x | allowed |
      | tool y | denied  |
`

const fatal = `    Given a session "A"
    Then a job of "A" with the budget ["USD:0.42"] goes as follows:
      | 0.42 USD   |         |
      | fatal tool | refused |
`

const ownGauge = `    Given a session "A"
    Then a job of "A" with the budget ["USD:1.00"] goes as follows:
      | metric cost.budget.remaining 0.4 USD | not counted |
      | tool                                 | allowed     |
`

func TestBillsAreJudged(t *testing.T) {
	t.Parallel()
	first, second := cost("cost.a", "0.42"), cost("cost.c", "0.58")
	more := cost("cost.c", "0.70")
	for _, tc := range []struct {
		name, bill string
		reel       reel
		want       report.Verdict
		rows       string
	}{
		{"as it should be", bill, reel{events: []string{first, gauge("0.58"), at(2, result), second, gauge("0.00"), at(4, exhausted)}, end: done}, report.Pass, ""},
		{"gauges left out", bill, reel{events: []string{first, at(2, result), second, at(4, exhausted)}, end: done}, report.Pass, ""},
		{"a gauge that comes late", bill, reel{events: []string{first, second, gauge("0.58"), at(2, result), at(4, exhausted), gauge("0")}, end: done}, report.Pass, ""},
		{"drift lets one by", bill, reel{events: []string{first, at(2, result), second, at(4, result)}, end: done}, report.Fail, "R9.6-7"},
		{"drift refuses too early", bill, reel{events: []string{first, at(2, exhausted), second, at(4, exhausted)}, end: done}, report.Fail, "R9.6-7"},
		{"a gauge that drifts", bill, reel{events: []string{first, gauge("0.5800000000000001"), at(2, result), second, at(4, exhausted)}, end: done}, report.Fail, "R9.6-3"},
		{"retryable true", bill, reel{events: []string{first, at(2, result), second, strings.Replace(at(4, exhausted), "false", "true", 1)}, end: done}, report.Fail, "R9.6-10"},
		{"no retryable", bill, reel{events: []string{first, at(2, result), second, strings.Replace(at(4, exhausted), `,"retryable":false`, "", 1)}, end: done}, report.Fail, "R9.6-10"},
		{"another code", bill, reel{events: []string{first, at(2, result), second, at(4, denial)}, end: done}, report.Fail, "R9.6-6"},
		{"fatal at the operation", bill, reel{events: []string{first, at(2, result), second, at(4, call)}, end: overTheJob}, report.Warn, "R9.6-9"},
		{"fatal at the metric", bill, reel{events: []string{first, at(2, result)}, end: overTheJob}, report.Warn, "R9.6-9"},
		{"fatal too early", bill, reel{events: []string{first}, end: overTheJob}, report.Fail, "R9.6-7"},
		{"fatal and retryable", bill, reel{events: []string{first, at(2, result), second}, end: strings.Replace(overTheJob, "false", "true", 1)}, report.Fail, "R9.6-10"},
		{"fatal with another status", bill, reel{events: []string{first, at(2, result), second}, end: strings.Replace(overTheJob, `"error"`, `"cancelled"`, 1)}, report.Fail, "R7.3-2"},
		{"the end in place of an outcome", bill, reel{events: []string{first, at(2, result), second}, end: done}, report.Fail, "R9.6-7"},
		{"a cost that vanishes", bill, reel{events: []string{first, at(2, result), at(4, exhausted)}, end: done}, report.Fail, "R9.6-3"},
		{"nothing at all", bill, reel{end: done}, report.Fail, "R9.6-3"},
		{"refused, and then failed", bill, reel{events: []string{first, at(2, result), second, at(4, exhausted)}, end: overTheJob}, report.Warn, "R9.6-9"},

		{"overdrawn and shown", over, reel{events: []string{first, at(2, result), more, gauge("-0.12"), at(4, exhausted)}, end: done}, report.Pass, ""},
		{"overdrawn and clamped", over, reel{events: []string{first, at(2, result), more, gauge("0"), at(4, exhausted)}, end: done}, report.Warn, "R9.6-8"},
		{"overdrawn and not booked", over, reel{events: []string{first, at(2, result), more, at(4, result)}, end: done}, report.Fail, "R9.6-7"},
		{"overspending refused whole", over, reel{events: []string{first, at(2, result), at(4, result)}, end: done}, report.Info, "R9.6-8"},
		{"overspending refused, and all after it", over, reel{events: []string{first, at(2, result), at(4, exhausted)}, end: done}, report.Info, "R9.6-8 R9.6-7"},

		{"a negative metric that is refused", negative, reel{events: []string{at(1, result), at(3, result)}, end: done}, report.Pass, ""},
		{"a negative metric that is passed on", negative, reel{events: []string{at(1, result), cost("cost.b", "-0.42"), gauge("1.0"), at(3, result)}, end: done}, report.Pass, ""},
		{"a negative metric that is booked", negative, reel{events: []string{at(1, result), cost("cost.b", "-0.42"), gauge("1.42"), at(3, result)}, end: done}, report.Fail, "R9.6-3"},
		{"a negative metric that kills", negative, reel{events: []string{at(1, result)}, end: `job.error {"final_status":"error","code":"INVALID_REQUEST","message":"no","retryable":false}`}, report.Warn, "R9.6-7"},

		{"seventeen digits, exact", long, reel{events: []string{cost("cost.a", "4.4999999999999993e-07"), at(2, result)}, end: done}, report.Pass, ""},
		{"seventeen digits, lost", long, reel{events: []string{cost("cost.a", "4.4999999999999993e-07"), at(2, exhausted)}, end: done}, report.Info, "R9.6-7"},
		{"seventeen digits, a gauge that lost them", long, reel{events: []string{cost("cost.a", "4.4999999999999993e-07"), gauge("5.3e-23"), at(2, result)}, end: done}, report.Info, "R9.6-11"},

		{"the agent's gauge is charged, and shown", ownGauge, reel{events: []string{gauge("0.4"), gauge("0.6"), at(2, result)}, end: done}, report.Pass, ""},

		{"fatal, with an outcome", fatal, reel{events: []string{first, at(2, exhausted)}, end: overTheJob}, report.Pass, ""},
		{"fatal, without one", fatal, reel{events: []string{first}, end: overTheJob}, report.Pass, ""},
		{"fatal, and a success", fatal, reel{events: []string{first, at(2, exhausted)}, end: done}, report.Fail, "R9.6-6"},
		{"fatal, and retryable", fatal, reel{events: []string{first, at(2, exhausted)}, end: strings.Replace(overTheJob, "false", "true", 1)}, report.Fail, "R9.6-10"},

		{"denied", lease, reel{events: []string{at(1, result), at(2, denial)}, end: done}, report.Pass, ""},
		{"not denied", lease, reel{events: []string{at(1, result), at(2, result)}, end: done}, report.Fail, "R9.6-7"},
		{"denied with another code", lease, reel{events: []string{at(1, result), at(2, exhausted)}, end: done}, report.Fail, "R9.6-7"},
		{"all is denied", lease, reel{events: []string{at(1, denial), at(2, denial)}, end: done}, report.Fail, "R9.6-7"},
		{"denied by the end of the job", lease, reel{events: []string{at(1, result)}, end: strings.Replace(overTheJob, "BUDGET_EXHAUSTED", "PERMISSION_DENIED", 1)}, report.Warn, "R9.6-7"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, rows := verdict(t, canned(tc.reel), tc.bill)
			if got != tc.want || rows != tc.rows {
				t.Errorf("%s %q, want %s %q", got, rows, tc.want, tc.rows)
			}
		})
	}
}

func TestOpeningsAreJudged(t *testing.T) {
	t.Parallel()
	const opens = `    Given a session "A"
    Then a job of "A" with the budget ["USD:5.00","EUR:0.10"] opens with the counters {"USD":5,"EUR":0.1}
`
	const none = `    Given a session "A"
    Then a job of "A" with the budget [] opens with the counters {}
`
	const opened = `job.result {"final_status":"success","result":"opened"}`
	for _, tc := range []struct {
		name, steps, accepted string
		want                  report.Verdict
		rows                  string
	}{
		{"exact", opens, `,"budget":{"USD":5.0,"EUR":1e-1}`, report.Pass, ""},
		{"as text", opens, `,"budget":{"USD":"USD:5.00","EUR":"0.1"}`, report.Warn, "R7.1-2 R7.1-2"},
		{"as a wrong text", opens, `,"budget":{"USD":"USD:4.99","EUR":"0.1"}`, report.Fail, "R9.6-2"},
		{"off by a digit", opens, `,"budget":{"USD":5,"EUR":0.10000000000000001}`, report.Fail, "R9.6-2"},
		{"one is missing", opens, `,"budget":{"USD":5}`, report.Fail, "R9.6-2"},
		{"one too many", opens, `,"budget":{"USD":5,"EUR":0.1,"credits":1}`, report.Fail, "R7.1-2"},
		{"absent", opens, ``, report.Fail, "R7.1-2"},
		{"null", opens, `,"budget":null`, report.Fail, "R7.1-2"},
		{"none wanted, absent", none, ``, report.Pass, ""},
		{"none wanted, null", none, `,"budget":null`, report.Pass, ""},
		{"none wanted, empty", none, `,"budget":{}`, report.Pass, ""},
		{"none wanted, one there", none, `,"budget":{"USD":1}`, report.Fail, "R7.1-2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, rows := verdict(t, canned(reel{accepted: tc.accepted, end: opened}), tc.steps)
			if got != tc.want || rows != tc.rows {
				t.Errorf("%s %q, want %s %q", got, rows, tc.want, tc.rows)
			}
		})
	}
}

// TestTheRaceIsJudged plays outcomes of many branches: two branches, two rounds of 0.01 each, and a budget of two costs.
func TestTheRaceIsJudged(t *testing.T) {
	t.Parallel()
	const race = `    Given a session "A"
    Then of 2 branches of "A" that each 2 times spend 0.01 USD of ["USD:0.03"] and try a tool, none gets by
`
	spent := func(branch int) string { return cost(fmt.Sprintf("cost.branch_%d", branch), "0.01") }
	on := func(form, id string) string { return fmt.Sprintf(form, id) }
	begin := []string{spent(0), on(call, "0/0"), on(result, "0/0"), spent(1), on(call, "1/0"), on(result, "1/0"), spent(0), on(call, "0/1")}
	last := []string{on(call, "last"), on(exhausted, "last")}
	play := func(middle ...string) []string {
		return append(append(append([]string{}, begin...), middle...), last...)
	}
	for _, tc := range []struct {
		name   string
		events []string
		want   report.Verdict
		rows   string
	}{
		{"serialised", play(on(exhausted, "0/1"), spent(1), on(call, "1/1"), on(exhausted, "1/1")), report.Pass, ""},
		{"one gets by", play(on(result, "0/1"), spent(1), on(call, "1/1"), on(exhausted, "1/1")), report.Fail, "R9.6-12"},
		{"one gets by late", play(on(exhausted, "0/1"), spent(1), on(call, "1/1"), on(result, "1/1")), report.Fail, "R9.6-12"},
		{"one is refused too early", append([]string{spent(0), on(call, "0/0"), on(exhausted, "0/0")}, last...), report.Fail, "R9.6-12"},
		{"a cost is lost", append(append([]string{}, begin[:6]...), on(call, "last"), on(result, "last")), report.Fail, "R9.6-12"},
		{"nothing at all", nil, report.Fail, "R9.6-12"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, rows := verdict(t, canned(reel{events: tc.events, end: done}), race)
			if got != tc.want || rows != tc.rows {
				t.Errorf("%s %q, want %s %q", got, rows, tc.want, tc.rows)
			}
		})
	}
	got, rows := verdict(t, canned(reel{events: begin, end: overTheJob}), race)
	if got != report.Warn || rows != "R9.6-9" {
		t.Errorf("fatal: %s %q", got, rows)
	}
}
