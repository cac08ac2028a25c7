package conformance

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/arcp-conformance/arcp/conformance/target"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// Against a peer that welcomes nobody, waits are short: each scenario is going to fail, and the answer should be quick.
const (
	preflightTimeout = 10 * time.Second
	hopelessTimeout  = 500 * time.Millisecond
	deafTimeout      = 2 * time.Second // it welcomes, and then answers nothing
)

// preflight says hello once, to learn what the peer offers. A peer that cannot be connected to is an error; one that
// does not welcome is judged by the scenarios, with short waits.
func (r *run) preflight(ctx context.Context) error {
	welcome, err := r.greet(ctx, min(r.opts.Timeout, preflightTimeout), r.getToKnow)
	var unreachable *target.Unreachable
	switch {
	case errors.As(err, &unreachable):
		return unreachable
	case err != nil:
		r.note = "The peer welcomed nobody, so nothing can pass: " + r.redact(err.Error())
		r.opts.Timeout = min(r.opts.Timeout, hopelessTimeout)
		return ctx.Err()
	}
	r.welcomed = true
	r.peer.Runtime = welcome.Text("payload", "runtime", "name") + " " + welcome.Text("payload", "runtime", "version")
	for _, f := range world.AllFeatures() {
		if world.Advertises(welcome, f) {
			r.advertised[f] = true
			r.peer.Features = append(r.peer.Features, f)
		}
	}
	return nil
}

// getToKnow tries the session out and lets the scripted agent tell what it offers. What goes wrong here is for the
// scenarios to find; only how long they wait is decided.
func (r *run) getToKnow(ctx context.Context, c *world.Client) {
	if err := c.Alive(ctx); err != nil {
		r.note = "The peer welcomes a session and then does not answer on it: " + r.redact(err.Error())
		r.opts.Timeout = min(r.opts.Timeout, deafTimeout)
		return
	}
	said, err := c.AskAbilities(ctx)
	if err == nil {
		r.abilities = said
	}
}

// revive brings a target that the suite started up again, once it is known to be dead and nothing runs beside. What
// killed it was reported; the scenarios that follow shall not be blamed for it.
func (r *run) revive(ctx context.Context) {
	back := r.slots.take(true)
	defer back()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if _, err := r.greet(ctx, r.opts.Timeout, nil); err == nil {
		return
	}
	_ = r.target.Stop()
	_ = r.target.Start(ctx)
}

// greet opens a session of its own, outside every scenario, uses it if it is told how, and closes it again.
func (r *run) greet(
	ctx context.Context, timeout time.Duration, use func(context.Context, *world.Client),
) (wire.Message, error) {
	cfg := r.worldConfig()
	cfg.Timeout = timeout
	w := world.New(cfg)
	defer w.Close()
	c, err := w.Session(ctx, "probe")
	if err != nil {
		var broken *world.Broken
		if errors.As(err, &broken) {
			err = fmt.Errorf("expected %s, got %s", broken.Finding.Expected, w.Redact(broken.Finding.Got))
		}
		return wire.Message{}, err
	}
	if use != nil {
		use(ctx, c)
	}
	_, _ = c.Send(ctx, "session.close", map[string]any{"reason": "probe"})
	return c.Welcome(), nil
}
