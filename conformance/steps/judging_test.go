package steps_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/steps"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// reel is what a canned peer plays for every job: the accepted's further members, the events as "kind {body}", and the
// ending as "job.result {payload}".
type reel struct {
	accepted string
	events   []string
	end      string
}

// done is the ending of a script that returned without a value.
const done = `job.result {"final_status":"success","result":null}`

// canned welcomes everybody and plays the reel for every job.submit.
func canned(r reel) fakepeer.Handler {
	return func(ctx context.Context, ws fakepeer.Wire) {
		seq, jobs := 0, 0
		say := func(text string) {
			_ = ws.Write(ctx, websocket.MessageText, []byte(text))
		}
		for {
			_, data, err := ws.Read(ctx)
			if err != nil {
				return
			}
			var m struct{ ID, Type string }
			if json.Unmarshal(data, &m) != nil {
				return
			}
			switch m.Type {
			case "session.hello":
				say(`{"arcp":"1.1","id":"w","type":"session.welcome","session_id":"s","payload":{"capabilities":{"features":["heartbeat"]}}}`)
			case "session.ping":
				say(fmt.Sprintf(`{"arcp":"1.1","id":"p","type":"session.pong","request_id":%q,"payload":{}}`, m.ID))
			case "job.submit":
				jobs++
				job := fmt.Sprintf("job_%d", jobs)
				say(fmt.Sprintf(`{"arcp":"1.1","id":"a","type":"job.accepted","session_id":"s","request_id":%q,"payload":{"job_id":%q%s}}`,
					m.ID, job, r.accepted))
				for _, e := range r.events {
					seq++
					kind, body, _ := strings.Cut(e, " ")
					say(fmt.Sprintf(`{"arcp":"1.1","id":"e","type":"job.event","session_id":"s","job_id":%q,"event_seq":%d,`+
						`"payload":{"kind":%q,"ts":"2026-05-13T19:42:13Z","body":%s}}`, job, seq, kind, body))
				}
				seq++
				kind, payload, _ := strings.Cut(r.end, " ")
				say(fmt.Sprintf(`{"arcp":"1.1","id":"z","type":%q,"session_id":"s","job_id":%q,"event_seq":%d,"payload":%s}`,
					kind, job, seq, payload))
			}
		}
	}
}

// verdict plays the steps of one scenario against a peer and gives the worst that the checks found, and on which rows.
func verdict(t *testing.T, h fakepeer.Handler, text string) (report.Verdict, string) {
	t.Helper()
	url, stop := fakepeer.Serve(h)
	defer stop()
	w := world.New(world.Config{
		Dial:   func(ctx context.Context) (wire.Conn, error) { return wire.Dial(ctx, url, nil) },
		Tokens: [2]string{fakepeer.Token, ""}, Timeout: 2 * time.Second,
	})
	defer w.Close()
	var failed error
	suite := godog.TestSuite{
		Options: &godog.Options{
			FeatureContents: []godog.Feature{{Name: "t.feature", Contents: []byte("Feature: F\n  @R9.6-7\n  Scenario: S\n" + text)}},
			Strict:          true, Output: io.Discard, Format: "progress", DefaultContext: world.Into(t.Context(), w),
		},
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			steps.Register(sc)
			sc.StepContext().After(func(ctx context.Context, _ *godog.Step, _ godog.StepResultStatus, err error) (context.Context, error) {
				if failed == nil {
					failed = err
				}
				return ctx, nil
			})
		},
	}
	suite.Run()
	var broken *world.Broken
	if w.Skipped() != "" {
		return report.Skip, w.Skipped()
	}
	if failed != nil && !errors.As(failed, &broken) {
		t.Fatalf("a step failed by itself: %v", failed)
	}
	if w.Explicit() == 0 {
		t.Fatal("no check")
	}
	var rows []string
	worst := report.Worst(w.Findings())
	for _, f := range w.Findings() {
		if f.Verdict == worst {
			rows = append(rows, f.Requirement)
		}
	}
	return worst, strings.Join(rows, " ")
}

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
