package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
)

// searchPrice is what one search costs in USD: text, because money is never a float.
const searchPrice = "0.0125"

// ReportBuilder "searches the web" for each of the topics in its input, {"topics": ["tides", "moons"]}, and streams a report
// of what it found. It needs a lease with {"tool.call": ["search.web"]}. With a budget, such as
// {"cost.budget": ["USD:0.03"]}, it stops searching when that is spent, and reports what it has.
func ReportBuilder(ctx context.Context, job *actors.Job) (any, error) {
	var input struct{ Topics []string }
	if err := json.Unmarshal(job.Input(), &input); err != nil || len(input.Topics) == 0 {
		return nil, protocol.NewError(protocol.InvalidRequest, `the input is {"topics": ["one", "or more"]}`)
	}
	var report strings.Builder
	for i, topic := range input.Topics {
		progress(ctx, job, i, len(input.Topics), topic)
		found, err := search(ctx, job, topic)
		var refusal *protocol.Error
		if errors.As(err, &refusal) && refusal.Code == protocol.BudgetExhausted {
			fmt.Fprintf(&report, "The budget is spent; %d topics are left out.\n", len(input.Topics)-i)
			break
		}
		if err != nil {
			return nil, err // a lease without search.web, a cancel: the job's error says it
		}
		fmt.Fprintf(&report, "%s: %s\n", topic, found)
	}
	return deliver(ctx, job, report.String())
}

// progress is for clients that asked for it (§6.2); for the others the runtime refuses it, which changes nothing.
func progress(ctx context.Context, job *actors.Job, done, all int, topic string) {
	total := protocol.Number(fmt.Sprint(all))
	_ = job.Progress(ctx, protocol.Progress{
		Current: protocol.Number(fmt.Sprint(done)), Total: &total, Units: "topics", Message: topic,
	})
}

// search asks before it acts: Tool runs the function only when lease and budget allow it (§9.3, §9.6). Then it reports
// what the search cost.
func search(ctx context.Context, job *actors.Job, topic string) (string, error) {
	var found string
	err := job.Tool(ctx, "search.web", map[string]string{"query": topic}, func(context.Context) (any, error) {
		found = "much has been written about it"
		return map[string]string{"summary": found}, nil
	})
	if err != nil {
		return "", err
	}
	return found, job.Cost(ctx, "cost.search", searchPrice, "USD")
}

// deliver streams the text (§8.4), or returns it whole to a client that takes no chunks.
func deliver(ctx context.Context, job *actors.Job, text string) (any, error) {
	stream, err := job.Stream(ctx, protocol.UTF8)
	if err != nil && ctx.Err() == nil {
		return text, nil
	}
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(stream, text); err != nil {
		return nil, err
	}
	return nil, stream.CloseWith("the report")
}
