package steps

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// patience is how long the suite waits for what need not come: the answer to a frame that is no message.
const patience = 2 * time.Second

func registerFrames(sc vocabulary) {
	sc.Step(`^"([^"]*)" sends the frame:$`, sendsTheFrame)
	sc.Step(`^"([^"]*)" sends a frame (nested 100000 deep|that is not UTF-8|of 2 MiB|with a number of 100000 digits|of 4096 zero bytes)$`, sendsHostile)
	sc.Step(`^"([^"]*)" sends (\d+) frames that are no messages$`, sendsGarbage)
	sc.Step(`^the frame of "([^"]*)" is answered or ends the connection`+judgedUnder, frameIsAnswered)
	sc.Step(`^the frame of "([^"]*)" is refused with ([A-Z_]+)`+judgedUnder, frameIsRefused)
	sc.Step(`^the frame of "([^"]*)" is never served as session\.close$`, frameClosesNothing)
	sc.Step(`^it is noted how the frame of "([^"]*)" is taken$`, frameIsNoted)
	sc.Step(`^a job of "([^"]*)" still works, on a new connection if the old one ended$`, jobStillWorksSomewhere)
	sc.Step(`^every message that "([^"]*)" received is a sound envelope$`, envelopesAreSound)
	sc.Step(`^no two messages that were received have one id$`, idsAreUnique)
}

// sendsTheFrame sends the text as it is, on one line: between the values of JSON a line break is white space like any
// other, and on stdio it would end the frame.
func sendsTheFrame(ctx context.Context, name string, doc *godog.DocString) error {
	s := sceneOf(ctx)
	return s.raw(ctx, name, []byte(strings.ReplaceAll(s.fill(name, doc.Content), "\n", " ")))
}

// raw sends a frame and remembers it as a request. A peer that has hung up already is for the next step to judge.
func (s *scene) raw(ctx context.Context, name string, frame []byte) error {
	c, err := s.client(name)
	if err != nil {
		return err
	}
	m := wire.Parse(wire.Sent, name, wire.Frame{Data: frame}, time.Time{})
	s.asked[name] = request{id: m.ID(), kind: m.Type(), mark: c.Mark()}
	_ = c.SendRaw(ctx, frame)
	return nil
}

func sendsHostile(ctx context.Context, name, what string) error {
	s := sceneOf(ctx)
	envelope := func(field string) string {
		return s.fill(name, `{"arcp":"1.1","id":"${id}","type":"session.ping","session_id":"${session}",`+
			`"x-field":`+field+`,"payload":{"nonce":"n","sent_at":"`+world.Timestamp(time.Now())+`"}}`)
	}
	var frame string
	switch what {
	case "nested 100000 deep":
		frame = envelope(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000))
	case "that is not UTF-8":
		frame = envelope("\"\xff\xfe\xc0\x80\"")
	case "of 2 MiB":
		frame = envelope(`"` + strings.Repeat("x", 2<<20) + `"`)
	case "with a number of 100000 digits":
		frame = envelope(strings.Repeat("9", 100_000))
	default:
		frame = strings.Repeat("\x00", 4096)
	}
	return s.raw(ctx, name, []byte(frame))
}

func sendsGarbage(ctx context.Context, name string, n int) error {
	s := sceneOf(ctx)
	for range n {
		if err := s.raw(ctx, name, []byte(`{"no":"message"}`)); err != nil {
			return err
		}
	}
	return nil
}

// frameIsAnswered waits until the peer has shown what it makes of a bad frame. JUDGEMENTS: the answer itself is
// information, silence warns. Whether the runtime lives on is for the steps that follow.
func frameIsAnswered(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	if req == "" {
		req = "R5-3"
	}
	m, closed, err := s.taken(ctx, name)
	switch {
	case err != nil:
		return err
	case closed != nil:
		s.w.Inform(req, "it hangs up on such a frame: "+closed.Error())
	case m.Doc == nil:
		s.w.Warn(req, "INVALID_REQUEST", "no answer to such a frame")
	case m.Type() == "session.pong": // it bore the frame, and served it
		return s.w.Check(req, true, "", "")
	case m.Code() != "INVALID_REQUEST":
		s.w.Inform(req, "it answers such a frame with "+world.Brief(m))
	}
	return nil
}

// taken waits for what came of the last frame: an answer, or the end of the connection. With neither, all that it gives is
// zero. A ping behind the frame says when the peer is through with it; where there are
// no pings, the wait is short.
func (s *scene) taken(ctx context.Context, name string) (m wire.Message, closed *wire.Closed, err error) {
	c, err := s.client(name)
	if err != nil {
		return m, nil, err
	}
	d, nonce := min(s.w.Timeout(), patience), "behind "+fresh()
	if c.Negotiated("heartbeat") {
		d = s.w.Timeout()
		_, _ = c.Send(ctx, "session.ping", map[string]any{"nonce": nonce, "sent_at": world.Timestamp(time.Now())})
	}
	mark := s.asked[name].mark
	m, err = c.AwaitFor(ctx, d, mark, isAnswer)
	if m.Text("payload", "ping_nonce") == nonce { // a last chance, for a peer that answers out of order
		m, err = c.AwaitFor(ctx, min(d, patience/8), mark, func(m wire.Message) bool {
			return isAnswer(m) && m.Text("payload", "ping_nonce") != nonce
		})
	}
	if errors.As(err, &closed) || errors.Is(err, world.ErrTimeout) {
		return m, closed, nil
	}
	return m, nil, err
}

// isAnswer says whether m shows that a frame was read: it was refused, or served as one of the suite's requests.
func isAnswer(m wire.Message) bool {
	return world.Refused(m) || m.Type() == "session.pong" || m.Type() == "session.closed" || m.Type() == "job.accepted"
}

func frameIsRefused(ctx context.Context, name, code, req string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	r, err := s.request(name)
	if err != nil {
		return err
	}
	m, err := c.Reply(ctx, r.id)
	if err != nil {
		return s.w.Failed(s.req(req), "an error "+code, err)
	}
	return s.refused(s.req(req), m, code)
}

// frameClosesNothing judges a frame whose type is job.cancel and which has a session.close under another spelling of
// that field: by §5 the other is a field that nobody defined. To refuse it is information.
func frameClosesNothing(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	m, closed, err := s.taken(ctx, name)
	switch {
	case err != nil:
		return err
	case closed != nil:
		s.w.Inform(s.lead, "it hangs up: "+closed.Error())
		return nil
	case m.Doc == nil:
		s.w.Warn(s.lead, "JOB_NOT_FOUND", "no answer")
		return nil
	case m.Code() != "JOB_NOT_FOUND" && world.Refused(m):
		s.w.Inform(s.lead, "it refuses a field that is spelt almost like one of the draft's: "+world.Brief(m))
	}
	return s.w.Check(s.lead, m.Type() != "session.closed", "a message that is served by its type", world.Brief(m))
}

func frameIsNoted(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	m, closed, err := s.taken(ctx, name)
	switch {
	case err != nil:
		return err
	case closed != nil:
		s.w.Inform(s.lead, "it hangs up: "+closed.Error())
	case m.Doc == nil:
		s.w.Inform(s.lead, "it does not refuse it")
	default:
		s.w.Inform(s.lead, "its answer: "+world.Brief(m))
	}
	return nil
}

// jobStillWorksSomewhere shows that the runtime outlived what one connection sent.
func jobStillWorksSomewhere(ctx context.Context, name string) error {
	c, err := sceneOf(ctx).client(name)
	if err != nil {
		return err
	}
	if c.Closed() != nil {
		return aNewSessionStillWorks(ctx)
	}
	return aJobStillWorks(ctx, name)
}

// ended waits a little for the end of a connection.
func ended(ctx context.Context, c *world.Client) bool {
	_, err := c.AwaitFor(ctx, min(c.World().Timeout(), patience), c.Mark(), func(wire.Message) bool { return false })
	var closed *wire.Closed
	return errors.As(err, &closed)
}

// envelopesAreSound holds every message against §5: one JSON object with its fields where they belong.
func envelopesAreSound(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	for _, m := range c.Received() {
		if fault := envelopeFault(m, c.SessionID()); fault != "" {
			return s.w.Check("R5-1", false, "an envelope of §5", fault+": "+world.Brief(m))
		}
		_ = s.w.Check("R5-1", true, "", "")
	}
	return nil
}

func envelopeFault(m wire.Message, session string) string {
	numbered := hasNumber(m)
	ofJob := m.Type() == "job.event" || m.Type() == "job.result"
	switch {
	case len(m.Faults) > 0:
		return strings.Join(m.Faults, ", ")
	case m.Text("arcp") == "":
		return "no arcp"
	case m.ID() == "":
		return "no id"
	case m.Type() == "":
		return "no type"
	case m.Payload() == nil:
		return "no payload"
	case session != "" && m.SessionID() != session:
		return "not the session_id of this session"
	case strings.HasPrefix(m.Type(), "job.") && m.JobID() == "" && !world.Refused(m):
		return "no job_id"
	case ofJob && !numbered:
		return "no event_seq"
	case strings.HasPrefix(m.Type(), "session.") && numbered:
		return "an event_seq on a message that is no event"
	}
	return ""
}

// hasNumber says whether m carries an event_seq. A null is an absence.
func hasNumber(m wire.Message) bool {
	v, _ := m.Lookup("event_seq")
	return v != nil
}

func idsAreUnique(ctx context.Context) error {
	s := sceneOf(ctx)
	seen := map[string]bool{}
	for _, m := range s.w.Messages() {
		if m.Dir != wire.Received {
			continue
		}
		if err := s.w.Check("R5-5", m.ID() != "" && !seen[m.ID()], "an id that no other message has", world.Brief(m)); err != nil {
			return err
		}
		seen[m.ID()] = true
	}
	return nil
}
