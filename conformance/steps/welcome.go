package steps

import (
	"context"
	"math/big"
	"regexp"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerWelcome(sc vocabulary) {
	sc.Step(`^the welcome of "([^"]*)" is complete$`, welcomeIsComplete)
	sc.Step(`^the agents that "([^"]*)" was told are well described$`, agentsAreWellDescribed)
	sc.Step(`^the welcome of "([^"]*)" does not offer "([^"]*)"`+judgedUnder, welcomeDoesNotOffer)
	sc.Step(`^the sessions "([^"]*)" have ids and resume tokens of their own$`, sessionsAreDistinct)
	sc.Step(`^"([^"]*)" received no ([a-z]+\.[a-z_]+)`+judgedUnder, receivedNo)
	sc.Step(`^the message of "([^"]*)" is refused as one of a feature that was not agreed on$`, refusedAsOutside)
	sc.Step(`^the budget of the job is refused, or enforced on the call "([^"]*)"$`, budgetRefusedOrEnforced)
	sc.Step(`^"([^"]*)" is not welcomed again$`, isNotWelcomedAgain)
}

// welcomeIsComplete holds a welcome against the draft's example (§6.2).
func welcomeIsComplete(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	m := c.Welcome()
	for _, path := range [][]string{{"session_id"}, {"payload", "runtime", "name"}, {"payload", "runtime", "version"},
		{"payload", "resume_token"}} {
		if err := s.w.Check("R6.2-1", m.Text(path...) != "", path[len(path)-1]+" in the welcome", world.Brief(m)); err != nil {
			return err
		}
	}
	if err := s.w.Check("R6.2-1", positive(m, "resume_window_sec"), "a resume_window_sec above zero", world.Brief(m)); err != nil {
		return err
	}
	interval := positive(m, "heartbeat_interval_sec")
	if !world.Advertises(m, "heartbeat") && !interval { // nobody would use it
		s.w.Warn("R6.2-1", "a heartbeat_interval_sec above zero", world.Brief(m))
	} else if err := s.w.Check("R6.2-1", interval, "a heartbeat_interval_sec above zero", world.Brief(m)); err != nil {
		return err
	}
	for _, list := range []string{"encodings", "features", "agents"} {
		v, _ := m.Lookup("payload", "capabilities", list)
		_, ok := v.([]any)
		if err := s.w.Check("R6.2-1", ok, "capabilities with a list of "+list, world.Brief(m)); err != nil {
			return err
		}
	}
	return nil
}

func positive(m wire.Message, field string) bool {
	n, ok := m.Decimal("payload", field)
	return ok && n.Cmp(new(big.Rat)) > 0
}

var (
	agentName    = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]*$`) // §7.5
	agentVersion = regexp.MustCompile(`^[a-zA-Z0-9.+_-]+$`)
)

// agentsAreWellDescribed judges each entry of the inventory. A default may be left out (§7.5).
func agentsAreWellDescribed(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	list, _ := c.Welcome().Lookup("payload", "capabilities", "agents")
	entries, _ := list.([]any)
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		if err := s.w.Check("R6.2-2", isWellDescribed(entry),
			"a name, a list of versions and perhaps a default among them, all in the grammar", text(e)); err != nil {
			return err
		}
	}
	return s.w.Check("R6.2-2", len(entries) > 0, "at least one agent", world.Brief(c.Welcome()))
}

func isWellDescribed(entry map[string]any) bool {
	name, _ := entry["name"].(string)
	versions, _ := entry["versions"].([]any)
	preset, hasDefault := entry["default"]
	found := !hasDefault || preset == nil
	for _, v := range versions {
		version, _ := v.(string)
		if !agentVersion.MatchString(version) {
			return false
		}
		found = found || version == preset
	}
	return agentName.MatchString(name) && len(versions) > 0 && found
}

func welcomeDoesNotOffer(ctx context.Context, name, feature, req string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	return s.w.Check(s.req(req), !world.Advertises(c.Welcome(), feature), "a welcome without "+feature, world.Brief(c.Welcome()))
}

func sessionsAreDistinct(ctx context.Context, list string) error {
	s := sceneOf(ctx)
	seen := map[string]bool{}
	for _, name := range words(list) {
		c, err := s.client(name)
		if err != nil {
			return err
		}
		token, id := c.Welcome().Text("payload", "resume_token"), c.SessionID()
		if err := s.w.Check("R6.3-1", token != "" && !seen["token "+token], "a resume_token of its own", world.Brief(c.Welcome())); err != nil {
			return err
		}
		if err := s.w.Check("R6.2-1", !seen["id "+id], "a session_id of its own", world.Brief(c.Welcome())); err != nil {
			return err
		}
		seen["token "+token], seen["id "+id] = true, true
	}
	return nil
}

func receivedNo(ctx context.Context, name, kind, req string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	for _, m := range c.Received() {
		if m.Type() == kind {
			return s.w.Check(s.req(req), false, "no "+kind, world.Brief(m))
		}
	}
	return s.w.Check(s.req(req), true, "", "")
}

// refusedAsOutside judges a message of a feature outside the intersection. JUDGEMENTS: any error will do; silence and
// serving it warn.
func refusedAsOutside(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	switch {
	case err != nil:
		return err
	case r.err != nil:
		s.w.Warn("R6.2-4", "an error", r.err.Error())
		return nil
	case !world.Refused(r.reply):
		s.w.Warn("R6.2-4", "an error", world.Brief(r.reply))
		return nil
	}
	return s.w.Check("R6.2-4", true, "", "")
}

// budgetRefusedOrEnforced judges a budget that was asked for without the feature. JUDGEMENTS: refusing is right,
// enforcing is information, and accepting the lease without its limit fails in a strict run and warns in another.
func budgetRefusedOrEnforced(ctx context.Context, call string) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err != nil {
		return err
	}
	if sub.job == nil {
		return s.w.Check("R6.2-4", world.Refused(sub.refusal), "an error", world.Brief(sub.refusal))
	}
	end, err := sub.job.AwaitEnd(ctx)
	if err != nil {
		return err
	}
	o, _ := sub.job.Outcome(call)
	if o.Code() == "BUDGET_EXHAUSTED" || end.Code() == "BUDGET_EXHAUSTED" {
		s.w.Inform("R6.2-4", "a budget is enforced though the feature cost.budget was not agreed on")
		return nil
	}
	return s.w.Prefer("R6.2-4", false, "the lease refused, or its budget enforced", "the call "+call+" went ahead: "+seen(sub.job))
}

// isNotWelcomedAgain judges a hello on a live session: a second welcome fails, silence warns.
func isNotWelcomedAgain(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	if err != nil {
		return err
	}
	if r.err != nil {
		s.w.Warn("R6.2-7", "INVALID_REQUEST", r.err.Error())
		return nil
	}
	return s.refused("R6.2-7", r.reply, "INVALID_REQUEST")
}
