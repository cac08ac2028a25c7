package world_test

import (
	"testing"

	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// TestTheCarrierOfAResume looks at what goes out: §6.3 gives no schema, so all that a peer may look for is there.
func TestTheCarrierOfAResume(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		carrier, kind string
		path          []string
	}{
		{"", "session.resume", []string{"payload"}},
		{"session.resume", "session.resume", []string{"payload"}},
		{world.ResumeInHello, "session.hello", []string{"payload", "resume"}},
	} {
		w := against(t, fakepeer.Honest(), func(c *world.Config) { c.Resume = tc.carrier })
		c, err := w.Connect(t.Context(), "A")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Resume(t.Context(), world.Resumption{Session: "sess_1", Token: "rt_1", LastEventSeq: 7})
		var sent wire.Message
		for _, m := range w.Messages() {
			if m.Dir == wire.Sent {
				sent = m
				break
			}
		}
		at := func(member string) []string { return append(append([]string(nil), tc.path...), member) }
		last, _ := sent.Decimal(at("last_event_seq")...)
		if sent.Type() != tc.kind || sent.SessionID() != "sess_1" || sent.Text(at("session_id")...) != "sess_1" ||
			sent.Text(at("resume_token")...) != "rt_1" || last == nil || last.RatString() != "7" ||
			sent.Text("payload", "auth", "token") != fakepeer.Token {
			t.Errorf("%q: %s", tc.carrier, sent.Raw)
		}
	}
}
