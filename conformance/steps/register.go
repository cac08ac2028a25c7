package steps

import (
	"context"
	"strings"

	"github.com/cucumber/godog"
)

// Register gives the steps to a scenario. Each scenario has a World of its own in its context (world.Into).
func Register(sc *godog.ScenarioContext) {
	sc.Before(func(ctx context.Context, p *godog.Scenario) (context.Context, error) {
		return context.WithValue(ctx, leadKey{}, lead(p)), nil
	})
	registerSessions(sc)
	registerHello(sc)
	registerWelcome(sc)
	registerRequests(sc)
	registerFrames(sc)
	registerJobs(sc)
	registerAccepted(sc)
	registerEndings(sc)
	registerCancel(sc)
	registerCalls(sc)
	registerEvents(sc)
	registerOrder(sc)
	registerErrors(sc)
	registerListing(sc)
	registerBudgets(sc)
	registerLeases(sc)
	registerStreams(sc)
}

type leadKey struct{}

// lead is the requirement that a scenario is first about.
func lead(p *godog.Scenario) string {
	for _, t := range p.Tags {
		if req, ok := strings.CutPrefix(t.Name, "@R"); ok {
			return "R" + req
		}
	}
	return ""
}
