package conformance_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/target"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// A run against a peer that somebody else serves, with one scenario of our own.
func ExampleRun() {
	url, stop := fakepeer.Serve(fakepeer.Honest())
	defer stop()
	peer, err := target.Open(&target.Spec{Name: "my runtime", URL: url, Tokens: target.Tokens{First: fakepeer.Token}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := conformance.Run(context.Background(), peer, &conformance.Options{
		Scenarios: fstest.MapFS{"own.feature": {Data: []byte(`Feature: §6.2 Our own
  @arcp-6.2-01 @must @R6.2-1
  Scenario: the welcome names the runtime
    Then the welcome names the runtime
`)}},
		Steps: func(sc *godog.ScenarioContext) {
			sc.Step(`^the welcome names the runtime$`, func(ctx context.Context) error {
				w := world.From(ctx)
				c, err := w.Session(ctx, "A")
				if err != nil {
					return err
				}
				name := c.Welcome().Text("payload", "runtime", "name")
				return w.Check("R6.2-1", name != "", "a name", "none")
			})
		},
	})
	fmt.Println(err, report.Conforms, report.Counts.Verdicts, conformance.ExitCode(report, err))
	// Output: <nil> true map[pass:1] 0
}
