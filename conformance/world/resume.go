package world

import (
	"context"
	"maps"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// ResumeInHello is the carrier of a resume that several public peers have: a session.hello with a member `resume`. Any
// other carrier is §6.3's own session.resume.
const ResumeInHello = "hello.resume"

// Resumption is what a client presents to go on with a session on a new connection (§6.3).
type Resumption struct {
	Session      string // session_id
	Token        string // resume_token
	LastEventSeq uint64
	As           Principal // whose bearer token it presents
	Bearerless   bool      // it presents none
}

// Resume asks for a session on this fresh connection and waits for the answer. §6.3 has no schema for it, so everything
// that a peer may look for is there. Whoever finds that the answer is the session's welcome calls Resumed.
func (c *Client) Resume(ctx context.Context, r Resumption) (wire.Message, error) {
	if c.w.Token(r.As) == "" && r.As == Second {
		return wire.Message{}, c.w.Skip("the target knows no second principal")
	}
	presented := map[string]any{"session_id": r.Session, "resume_token": r.Token, "last_event_seq": r.LastEventSeq}
	kind, payload := "session.resume", presented
	if c.w.cfg.Resume == ResumeInHello {
		kind, payload = "session.hello", HelloPayload("", nil)
		payload["resume"] = presented
	}
	payload["auth"] = map[string]any{"scheme": "bearer", "token": c.w.Token(r.As)}
	if r.Bearerless {
		delete(payload, "auth")
	}
	id, err := c.Send(ctx, kind, payload, With("session_id", r.Session))
	if err != nil {
		return wire.Message{}, err
	}
	return c.Reply(ctx, id)
}

// Resumed tells the client that welcome made it go on with the session of old: with its features and with its jobs.
func (c *Client) Resumed(old *Client, welcome wire.Message) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.welcome, c.principal, c.features = welcome, old.principal, old.features
	maps.Copy(c.jobs, old.jobs)
}

// SeenBy is the job as another connection sees it: that of a session which was resumed, or of a subscriber.
func (j *Job) SeenBy(c *Client) *Job {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.jobs[j.ID] = true
	seen := *j
	seen.c = c
	return &seen
}
