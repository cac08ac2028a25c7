package actors_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
)

// back resumes a session on a new connection.
func back(t *testing.T, runtime *actors.Runtime, id protocol.SessionID, resumeToken string, seq uint64) (*client, string) {
	t.Helper()
	c := connect(t, runtime)
	c.id = id
	c.send(protocol.SessionResume{
		ResumeToken: resumeToken, LastEventSeq: seq, Auth: &protocol.Auth{Scheme: "bearer", Token: token},
	}, "")
	welcome := want[protocol.SessionWelcome](c)
	if welcome.SessionID != id {
		t.Errorf("resumed %s, want %s", welcome.SessionID, id)
	}
	return c, welcome.Payload.(protocol.SessionWelcome).ResumeToken
}

// TestClause_6_3_AResumeMidStream drops the connection again and again while a job emits at full speed. Every event comes
// once and in order, whether the old connection was dropped or still looked alive.
func TestClause_6_3_AResumeMidStream(t *testing.T) {
	t.Parallel()
	for _, takeover := range []bool{false, true} {
		t.Run(fmt.Sprintf("takeover=%v", takeover), func(t *testing.T) {
			t.Parallel()
			const events = 3000
			runtime := newRuntime(t, nil)
			handle(t, runtime, "chatty", func(ctx context.Context, job *actors.Job) (any, error) {
				for i := range events {
					if err := job.Log(ctx, "info", fmt.Sprint(i)); err != nil {
						return nil, err
					}
				}
				return "done", nil
			})
			c := connect(t, runtime)
			c.hello()
			welcome := want[protocol.SessionWelcome](c)
			c.id = welcome.SessionID
			resumeToken := welcome.Payload.(protocol.SessionWelcome).ResumeToken
			c.submit("chatty", nil, nil)
			seen := uint64(0)
			for cut := 0; ; {
				envelope := c.next()
				if envelope.EventSeq != seen+1 {
					t.Fatalf("event %d follows %d", envelope.EventSeq, seen)
				}
				seen++
				if _, ended := envelope.Payload.(protocol.JobResult); ended {
					break
				}
				body := envelope.Payload.(protocol.JobEvent).Body
				if want := fmt.Sprintf(`{"level":"info","message":"%d"}`, seen-1); string(body) != want {
					t.Fatalf("event %d is %s, want %s", seen, body, want)
				}
				if cut++; cut == 101 {
					cut = 0
					if !takeover {
						c.conn.Abort()
					}
					c, resumeToken = back(t, runtime, c.id, resumeToken, seen)
				}
			}
			if seen != events+1 {
				t.Errorf("%d messages, want %d", seen, events+1)
			}
		})
	}
}

func TestClause_6_3_ARefusedResumeSpoilsNothing(t *testing.T) {
	t.Parallel()
	runtime := newRuntime(t, nil)
	owner := connect(t, runtime)
	owner.hello()
	welcome := want[protocol.SessionWelcome](owner)
	good := welcome.Payload.(protocol.SessionWelcome).ResumeToken
	for name, try := range map[string]protocol.SessionResume{
		"made up":         {ResumeToken: good + "x", Auth: &protocol.Auth{Scheme: "bearer", Token: token}},
		"no session":      {ResumeToken: "nonsense", Auth: &protocol.Auth{Scheme: "bearer", Token: token}},
		"another's token": {ResumeToken: good, Auth: &protocol.Auth{Scheme: "bearer", Token: "token-of-bob"}},
		"no bearer":       {ResumeToken: good},
	} {
		c := connect(t, runtime)
		c.send(try, "")
		failure := want[protocol.SessionError](c).Payload.(protocol.SessionError)
		if wantCode := protocol.ResumeWindowExpired; failure.Code != wantCode && (try.Auth != nil || failure.Code != protocol.Unauthenticated) {
			t.Errorf("%s: %+v", name, failure)
		}
		if _, err := c.conn.Receive(t.Context()); err == nil {
			t.Errorf("%s: the connection goes on", name)
		}
	}
	owner.id = welcome.SessionID
	owner.send(protocol.SessionPing{Nonce: "still there"}, "")
	want[protocol.SessionPong](owner)
	owner.conn.Abort()
	back(t, runtime, welcome.SessionID, good, 0)
}
