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

// cancels answers job.cancel, which some steps use as a probe, and leaves all else to h.
func cancels(h fakepeer.Handler) fakepeer.Handler {
	return func(ctx context.Context, ws fakepeer.Wire) { h(ctx, &canceller{ws}) }
}

type canceller struct{ fakepeer.Wire }

func (c *canceller) Read(ctx context.Context) (websocket.MessageType, []byte, error) {
	for {
		kind, data, err := c.Wire.Read(ctx)
		var m struct{ ID, Type string }
		if err != nil || json.Unmarshal(data, &m) != nil || m.Type != "job.cancel" {
			return kind, data, err
		}
		answer := fmt.Sprintf(`{"arcp":"1.1","id":"c","type":"session.error","request_id":%q,"payload":{"code":"JOB_NOT_FOUND"}}`, m.ID)
		if err := c.Write(ctx, websocket.MessageText, []byte(answer)); err != nil {
			return 0, nil, err
		}
	}
}
