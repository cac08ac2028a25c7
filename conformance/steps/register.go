package steps

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"github.com/cucumber/godog"
)

// Register gives the steps to a scenario. Each scenario has a World of its own in its context (world.Into).
func Register(sc *godog.ScenarioContext) {
	sc.Before(func(ctx context.Context, p *godog.Scenario) (context.Context, error) {
		return context.WithValue(ctx, leadKey{}, lead(p)), nil
	})
	for _, d := range compiled() {
		sc.Step(d.expr, d.do)
	}
}

// vocabulary is where steps are registered: a scenario of godog's, or a book.
type vocabulary interface{ Step(expr, do any) }

// compiled are the steps with their expressions read. godog makes every scenario anew, those that are not selected too,
// and compiling its expressions would cost more than playing it.
var compiled = sync.OnceValue(func() []definition {
	var b book
	registerSessions(&b)
	registerHello(&b)
	registerWelcome(&b)
	registerRequests(&b)
	registerFrames(&b)
	registerJobs(&b)
	registerAccepted(&b)
	registerLeased(&b)
	registerEndings(&b)
	registerCancel(&b)
	registerCalls(&b)
	registerEvents(&b)
	registerOrder(&b)
	registerErrors(&b)
	registerListing(&b)
	registerResume(&b)
	registerContinuity(&b)
	registerAcks(&b)
	registerInventory(&b)
	registerPaging(&b)
	registerIdempotency(&b)
	registerSubscriptions(&b)
	registerWatching(&b)
	registerUnsubscribing(&b)
	registerExpiry(&b)
	registerChildren(&b)
	registerBudgets(&b)
	registerLeases(&b)
	registerStreams(&b)
	return b.steps
})

// book keeps steps for scenarios to come.
type book struct{ steps []definition }

type definition struct {
	expr *regexp.Regexp
	do   any
}

// Step takes an expression as text.
func (b *book) Step(expr, do any) {
	b.steps = append(b.steps, definition{expr: regexp.MustCompile(expr.(string)), do: do})
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
