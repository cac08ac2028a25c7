package schema_test

import (
	"context"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/schema"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// TestWhatTheSuiteSendsIsSound holds the suite to its own schemas, and the honest peer with it.
func TestWhatTheSuiteSendsIsSound(t *testing.T) {
	t.Parallel()
	url, stop := fakepeer.Serve(fakepeer.Honest())
	t.Cleanup(stop)
	w := world.New(world.Config{
		Dial:   func(ctx context.Context) (wire.Conn, error) { return wire.Dial(ctx, url, nil) },
		Tokens: [2]string{fakepeer.Token, ""}, Timeout: 2 * time.Second,
	})
	t.Cleanup(w.Close)
	c, err := w.Session(t.Context(), "A")
	if err != nil {
		t.Fatal(err)
	}
	lease := map[string]any{"cost.budget": []string{"USD:1.00"}, "tool.call": []string{"*"}}
	job, err := c.MustSubmit(t.Context(), w.Submission(lease, map[string]any{"op": "log", "message": "x"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := job.AwaitEnd(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Alive(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, err := c.Send(t.Context(), "session.close", map[string]any{"reason": "done"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Reply(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if n := len(w.Messages()); n < 10 {
		t.Errorf("only %d messages", n)
	}
	for _, m := range w.Messages() {
		for _, f := range schema.Validate(m) {
			t.Errorf("%s %s: %+v", m.Dir, m.Type(), f)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	for _, name := range []string{"metric", "welcome", "accepted"} {
		m := read(sound[name])
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				schema.Validate(m)
			}
		})
	}
}
