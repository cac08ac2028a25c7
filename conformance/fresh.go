package conformance

import (
	"fmt"
	"sync"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// freshness remembers, over the whole run, what no two welcomes may share: a peer that plays a recording gives itself
// away here, whatever single scenarios see.
type freshness struct {
	mu       sync.Mutex
	sessions map[string]string // session_id to where it was seen
	tokens   map[string]string // resume_token to where it was seen
	welcomes int
}

func newFreshness() *freshness {
	return &freshness{sessions: map[string]string{}, tokens: map[string]string{}}
}

// judge looks at the welcomes of one scenario. §6.3: the resume token rotates on every welcome. A session_id names one
// session, so a welcome to a plain hello brings a new one; only a resume keeps it.
func (f *freshness) judge(w *world.World) {
	resumed := map[string]bool{}
	for _, m := range w.Messages() {
		switch {
		case m.Dir == wire.Sent && (m.Type() == "session.resume" || m.Has("payload", "resume")):
			resumed[m.Conn] = true
		case m.Dir == wire.Received && m.Type() == "session.welcome":
			f.mu.Lock()
			f.welcomes++
			where := fmt.Sprintf("welcome %d of this run, on %s", f.welcomes, m.Conn)
			token, seenToken := remember(f.tokens, m.Text("payload", "resume_token"), where)
			session, seenSession := remember(f.sessions, m.SessionID(), where)
			f.mu.Unlock()
			w.Count("R6.3-1", !seenToken, "a resume_token that no welcome brought before", "that of "+token)
			if !resumed[m.Conn] {
				w.Count("R6.2-1", !seenSession, "a session_id of its own for a new session", m.SessionID()+" again, first in "+session)
			}
		}
	}
}

// remember gives where value was seen before; an absent value is for others to judge.
func remember(seen map[string]string, value, where string) (before string, twice bool) {
	if value == "" {
		return "", false
	}
	if before, twice = seen[value]; !twice {
		seen[value] = where
	}
	return before, twice
}
