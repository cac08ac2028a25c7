package world

import (
	"context"
	"fmt"
	"slices"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// AllFeatures is every feature flag of the draft (§6.2). The slice is the caller's own.
func AllFeatures() []string {
	return []string{
		"heartbeat", "ack", "list_jobs", "subscribe", "lease_expires_at", "cost.budget", "model.use",
		"provisioned_credentials", "progress", "result_chunk", "agent_versions",
	}
}

// HelloPayload is a session.hello as the draft shows it (§6.2); nil features are all of the draft's.
func HelloPayload(token string, features []string) map[string]any {
	if features == nil {
		features = AllFeatures()
	}
	return map[string]any{
		"client":       map[string]any{"name": "arcp-conformance", "version": "1.1.0"},
		"auth":         map[string]any{"scheme": "bearer", "token": token},
		"capabilities": map[string]any{"encodings": []string{"json"}, "features": features},
	}
}

// Hello says session.hello as p and waits for the welcome. Anything else breaks R6.2-1.
func (c *Client) Hello(ctx context.Context, p Principal, features []string) (wire.Message, error) {
	if c.w.Token(p) == "" && p == Second {
		return wire.Message{}, c.w.Skip("the target knows no second principal")
	}
	if features == nil {
		features = AllFeatures()
	}
	id, err := c.Send(ctx, "session.hello", HelloPayload(c.w.Token(p), features))
	if err != nil {
		return wire.Message{}, c.w.check("R6.2-1", false, "a session.welcome", err.Error())
	}
	reply, err := c.Reply(ctx, id)
	if err != nil {
		return reply, c.w.failed("R6.2-1", "a session.welcome", err)
	}
	sid := reply.SessionID()
	ok := reply.Type() == "session.welcome" && sid != ""
	if err := c.w.check("R6.2-1", ok, "a session.welcome with a session_id", Brief(reply)); err != nil {
		return reply, err
	}
	c.Welcomed(p, features, reply)
	return reply, nil
}

// Welcomed tells the client that reply welcomed it, for scenarios that write the hello themselves.
func (c *Client) Welcomed(p Principal, features []string, reply wire.Message) {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	c.welcome, c.principal = reply, p
	c.features = map[string]bool{}
	for _, f := range features {
		c.features[f] = true
	}
}

// Welcome is the session.welcome of this client; its Doc is nil when there was none.
func (c *Client) Welcome() wire.Message {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return c.welcome
}

// SessionID is the session's id, or "" before the welcome.
func (c *Client) SessionID() string { return c.Welcome().SessionID() }

// Principal is whose token the hello carried.
func (c *Client) Principal() Principal {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return c.principal
}

// Negotiated says whether both the hello and the welcome named the feature (§6.2).
func (c *Client) Negotiated(feature string) bool {
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	return c.features[feature] && Advertises(c.welcome, feature)
}

// Advertises says whether a welcome names the feature.
func Advertises(welcome wire.Message, feature string) bool {
	list, _ := welcome.Lookup("payload", "capabilities", "features")
	names, _ := list.([]any)
	return slices.Contains(names, any(feature))
}

// RequireFeature skips the scenario unless the feature was negotiated.
func (c *Client) RequireFeature(feature string) error {
	if c.Negotiated(feature) {
		return nil
	}
	return c.w.Skip(fmt.Sprintf("the feature %s was not negotiated", feature))
}

// Alive shows that the session still serves requests: a ping where heartbeat was negotiated, else the cancelling of a
// job that does not exist. Any answer to it will do; silence and a hang-up break R14-7.
func (c *Client) Alive(ctx context.Context) error {
	var id string
	var err error
	if c.Negotiated("heartbeat") {
		nonce := "p_" + c.w.newMessageID()
		id, err = c.Send(ctx, "session.ping", map[string]any{"nonce": nonce, "sent_at": Timestamp(c.w.cfg.Now())})
	} else {
		job := "job_" + newULID()
		id, err = c.Send(ctx, "job.cancel", map[string]any{"job_id": job, "reason": "probe"}, WithJob(job))
	}
	if err == nil {
		_, err = c.Reply(ctx, id)
	}
	if err != nil {
		return c.w.failed("R14-7", "a session that still answers", err)
	}
	return c.w.Check("R14-7", true, "", "")
}
