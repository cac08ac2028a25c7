package conformance_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/target"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// replacing is a wire on which one text of each frame becomes another.
type replacing struct {
	fakepeer.Wire
	old, new string
}

func (r replacing) Write(ctx context.Context, kind websocket.MessageType, data []byte) error {
	return r.Wire.Write(ctx, kind, bytes.Replace(data, []byte(r.old), []byte(r.new), 1))
}

const oneJob = `Feature: F

  @arcp-5-01 @must @R6.2-1
  Scenario: a job that nobody looks at closely
    Given a session
    And a job that logs three lines
    Then "R6.2-1" holds
`

// TestTheTranscriptIsJudgedInEveryScenario: the scenario asks for nothing but a session, and the fault is found all the
// same, under the requirement that it breaks.
func TestTheTranscriptIsJudgedInEveryScenario(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, old, new, broken string
	}{
		{"an honest runtime", "", "", ""},
		{"a number left out", `"event_seq":2,`, `"event_seq":5,`, "R8.3-1"},
		{"a log without its level", `"level":"info",`, ``, "R8.2-1"},
		{"another word for success", `"final_status":"success"`, `"final_status":"ok"`, "R7.3-1"},
		{"another session's id", `"session_id":"sess_`, `"session_id":"session_`, ""}, // honest: a name is a name
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			honest := fakepeer.Honest()
			url, stop := fakepeer.Serve(func(ctx context.Context, ws fakepeer.Wire) { honest(ctx, replacing{ws, tc.old, tc.new}) })
			t.Cleanup(stop)
			peer, err := target.Open(&target.Spec{URL: url, Tokens: target.Tokens{First: fakepeer.Token}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			r, err := play(t, peer, conformance.Options{Scenarios: smallSuite(oneJob), Steps: loggingSteps})
			if err != nil {
				t.Fatal(err)
			}
			s := r.Scenarios[0]
			if (s.Verdict == report.Fail) != (tc.broken != "") || s.Checks["R8.3-1"] < 3 {
				t.Errorf("%s, checks %v, findings %v", s.Verdict, s.Checks, s.Findings)
			}
			for _, f := range s.Findings {
				if f.Requirement != tc.broken || f.Source != "oracle" {
					t.Errorf("%s: %s", f.Source, f)
				}
			}
		})
	}
}

// TestTheTransportIsJudgedAsWhatItIs: over stdio each connection is a process, and lines are held to §4's rule for them.
func TestTheTransportIsJudgedAsWhatItIs(t *testing.T) {
	t.Parallel()
	peer, err := target.Open(&target.Spec{
		Stdio: []string{testBinary}, Env: map[string]string{"CONFORMANCE_TEST_PEER": "honest"},
		Tokens: target.Tokens{First: fakepeer.Token}, Grace: target.Duration(time.Second),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(t, peer, conformance.Options{Scenarios: smallSuite(oneJob), Steps: loggingSteps})
	if err != nil {
		t.Fatal(err)
	}
	if checks := r.Scenarios[0].Checks; checks["R4-2"] < 5 || checks["R4-1"] != 0 || r.Scenarios[0].Verdict != report.Pass {
		t.Errorf("%s, checks %v", r.Scenarios[0].Verdict, checks)
	}
}

func loggingSteps(sc *godog.ScenarioContext) {
	steps(sc)
	sc.Step(`^a job that logs three lines$`, func(ctx context.Context) error {
		w := world.From(ctx)
		c, err := w.Session(ctx, "A")
		if err != nil {
			return err
		}
		line := map[string]any{"op": "log", "message": "x"}
		job, err := c.MustSubmit(ctx, w.Submission(map[string]any{}, line, line, line))
		if err != nil {
			return err
		}
		_, err = job.AwaitEnd(ctx)
		return err
	})
}
