package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerHello(sc vocabulary) {
	sc.Step(`^"([^"]*)" says hello`+envelope+`(?: with the members (\{.*?\}))?$`, saysHello)
	sc.Step(`^"([^"]*)" is welcomed`+judgedUnder, isWelcomed)
	sc.Step(`^it is noted whether "([^"]*)" is welcomed$`, welcomeIsNoted)
	sc.Step(`^"([^"]*)" is not let in$`, isNotLetIn)
	sc.Step(`^the message of "([^"]*)" is not served$`, isNotServed)
	sc.Step(`^"([^"]*)" can still begin, or a new session works$`, canStillBegin)
	sc.Step(`^"([^"]*)" received nothing with "([^"]*)" in it`+judgedUnder, receivedNothingWith)
	sc.Step(`^no event of a job that "([^"]*)" received has "([^"]*)" in it$`, noEventWith)
	sc.Step(`^preferably "([^"]*)" received nothing with "([^"]*)" in it`+judgedUnder, preferablyNothingWith)
	sc.Step(`^"([^"]*)" and "([^"]*)" were refused in the same words$`, sameWords)
}

// saysHello sends the hello of the suite, with members of its payload changed; a null takes a member away.
func saysHello(ctx context.Context, name, fields, members string) error {
	s := sceneOf(ctx)
	payload := world.HelloPayload(s.w.Token(world.First), nil)
	if err := s.merge(name, payload, members); err != nil {
		return err
	}
	opts, err := s.fields(name, fields)
	if err != nil {
		return err
	}
	return s.ask(ctx, name, "session.hello", payload, opts...)
}

// isWelcomed judges the answer to a hello that the scenario wrote itself, and takes the session over.
func isWelcomed(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	r, err := s.answer(name, s.req(req), "a session.welcome")
	if err != nil {
		return err
	}
	ok := r.reply.Type() == "session.welcome" && r.reply.SessionID() != ""
	if err := s.w.Check(s.req(req), ok, "a session.welcome with a session_id", world.Brief(r.reply)); err != nil {
		return err
	}
	c, err := s.client(name)
	if err != nil {
		return err
	}
	who := world.First
	if token, _ := wire.Lookup(r.payload, "auth", "token"); token == s.w.Token(world.Second) {
		who = world.Second
	}
	c.Welcomed(who, helloFeatures(r.payload), r.reply)
	return nil
}

func welcomeIsNoted(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	switch {
	case err != nil:
		return err
	case r.err != nil:
		s.w.Inform(s.lead, "no welcome: "+r.err.Error())
	default:
		s.w.Inform(s.lead, "its answer: "+world.Brief(r.reply))
	}
	return nil
}

// helloFeatures are the feature names of a hello's payload, in whatever list it has them.
func helloFeatures(payload map[string]any) []string {
	v, _ := wire.Lookup(payload, "capabilities", "features")
	switch list := v.(type) {
	case []string:
		return list
	case []any:
		var names []string
		for _, f := range list {
			if name, ok := f.(string); ok {
				names = append(names, name)
			}
		}
		return names
	}
	return nil
}

// isNotLetIn judges the answer to a hello with a bad credential. JUDGEMENTS: UNAUTHENTICATED or INVALID_REQUEST are
// right, another code warns, and a welcome fails. A hang-up without a word warns, saying nothing at all fails. That the
// transport then ends is our reading alone; that nothing is served on it is not.
func isNotLetIn(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	r, err := s.request(name)
	if err != nil {
		return err
	}
	var closed *wire.Closed
	switch {
	case errors.As(r.err, &closed):
		s.w.Warn("R6.1-2", "UNAUTHENTICATED before the transport ends", closed.Error())
		return s.w.Check("R6.1-2", true, "", "")
	case r.err != nil:
		return s.w.Check("R6.1-2", false, "UNAUTHENTICATED", r.err.Error())
	case !world.Refused(r.reply):
		return s.w.Check("R6.1-2", false, "UNAUTHENTICATED and no welcome", world.Brief(r.reply))
	}
	if code := r.reply.Code(); code != "UNAUTHENTICATED" && code != "INVALID_REQUEST" {
		s.w.Warn("R6.1-2", "UNAUTHENTICATED", world.Brief(r.reply))
	}
	if err := s.w.Check("R6.1-2", true, "", ""); err != nil || ended(ctx, c) {
		return err
	}
	if r.reply.Code() == "INVALID_REQUEST" { // taken for a malformed message, and not for a login
		s.w.Inform("R6.1-2", "the transport stays open after "+world.Brief(r.reply))
	} else if err := s.w.Prefer("R6.1-2", false, "the end of the transport", "it stayed open"); err != nil {
		return err
	}
	return s.servesNoStranger(ctx, name)
}

// servesNoStranger submits a job on a connection whose login was refused.
func (s *scene) servesNoStranger(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, min(s.w.Timeout(), patience))
	defer cancel()
	if err := s.ask(ctx, name, "job.submit", s.w.Submission(nil)); err != nil && ctx.Err() == nil {
		return err
	}
	reply := s.asked[name].reply
	return s.w.Check("R6.1-3", reply.Type() != "job.accepted", "no job for a stranger", world.Brief(reply))
}

// isNotServed judges what came of a message that was sent before any hello (R6.1-3). A pong and a session.closed do no
// harm, so they only warn; so does silence.
func isNotServed(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.request(name)
	if err != nil {
		return err
	}
	var closed *wire.Closed
	switch {
	case errors.As(r.err, &closed):
		return s.w.Check("R6.1-3", true, "", "")
	case r.err != nil:
		s.w.Warn("R6.1-3", "an error", "silence after "+r.kind)
		return nil
	case world.Refused(r.reply):
		return s.w.Check("R6.1-3", true, "", "")
	case r.reply.Type() == "session.pong", r.reply.Type() == "session.closed":
		s.w.Warn("R6.1-3", "an error", world.Brief(r.reply))
		return nil
	}
	return s.w.Check("R6.1-3", false, "an error, as no session is open", world.Brief(r.reply))
}

// canStillBegin says hello after what was refused, or on a new connection where the old one is of no more use.
func canStillBegin(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	if err := saysHello(ctx, name, "", ""); err != nil {
		return err
	}
	if r := s.asked[name]; r.err == nil && r.reply.Type() == "session.welcome" {
		if err := isWelcomed(ctx, name, "R6.2-1"); err != nil {
			return err
		}
		return aJobStillWorks(ctx, name)
	}
	s.w.Inform("R6.1-3", "a connection whose first message is no hello is of no more use")
	s.w.Forget(name)
	if _, err := s.w.Session(ctx, name); err != nil {
		return err
	}
	return aJobStillWorks(ctx, name)
}

func receivedNothingWith(ctx context.Context, name, marker, req string) error {
	s := sceneOf(ctx)
	found, err := s.holding(name, marker, "")
	if err != nil {
		return err
	}
	return s.w.Check(s.req(req), found == "", "no message that holds "+marker, found)
}

func preferablyNothingWith(ctx context.Context, name, marker, req string) error {
	s := sceneOf(ctx)
	found, err := s.holding(name, marker, "")
	if err != nil {
		return err
	}
	return s.w.Prefer(s.req(req), found == "", "no message that holds "+marker, found)
}

func noEventWith(ctx context.Context, name, marker string) error {
	s := sceneOf(ctx)
	found, err := s.holding(name, marker, "job.event")
	if err != nil {
		return err
	}
	return s.w.Check(s.lead, found == "", "no event that holds "+marker, found)
}

// holding is a message of this connection, of one type or of any, that holds the text, or "".
func (s *scene) holding(name, marker, kind string) (string, error) {
	c, err := s.client(name)
	if err != nil {
		return "", err
	}
	marker = s.fill(name, marker)
	for _, m := range c.Received() {
		if (kind == "" || m.Type() == kind) && strings.Contains(string(m.Raw), marker) {
			return world.Brief(m), nil
		}
	}
	return "", nil
}

// sameWords compares two refused logins: words that differ would tell which part of the credential was at fault.
func sameWords(ctx context.Context, one, other string) error {
	s := sceneOf(ctx)
	a, err := s.request(one)
	if err != nil {
		return err
	}
	b, err := s.request(other)
	if err != nil {
		return err
	}
	first, second := a.reply.Code()+" "+messageOf(a.reply), b.reply.Code()+" "+messageOf(b.reply)
	if first != second {
		s.w.Warn("R6.1-4", "one answer to every bad token", fmt.Sprintf("%q and %q", first, second))
		return nil
	}
	return s.w.Check("R6.1-4", true, "", "")
}

// messageOf is the error's own words (§12).
func messageOf(m wire.Message) string {
	if words := m.Text("payload", "message"); words != "" {
		return words
	}
	return m.Text("payload", "error", "message")
}
