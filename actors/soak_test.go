package actors_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/arcp-conformance/arcp/transport"
)

// The soak. The race detector takes no more than 8128 goroutines at a time, which about 700 sessions of 8 jobs come to.
var (
	soakFor      = flag.Duration("soak", 2*time.Second, "how long to soak")
	soakSessions = flag.Int("soak.sessions", 50, "sessions at once")
	soakJobs     = flag.Int("soak.jobs", 4, "jobs of each at once")
)

// soak is what all its sessions share.
type soak struct {
	t       *testing.T
	runtime *actors.Runtime
	stop    chan struct{} // closed when the agents shall come to an end
	serving sync.WaitGroup

	events, cuts, jobs, peak atomic.Int64
}

// TestSoak has sessions with chatty jobs lose their connections at random and resume. No event is missing and none comes
// twice, nothing is left behind, and what is kept in memory stays within what a session may have.
func TestSoak(t *testing.T) { // not parallel: it counts goroutines
	before := runtime.NumGoroutine()
	s := &soak{t: t, stop: make(chan struct{}), runtime: newRuntime(t, &actors.Config{
		SessionCredit: 64 << 10, Job: &job.Config{LogEvents: 16},
		HandshakeTimeout: 5 * time.Minute, HeartbeatInterval: 5 * time.Minute, // a busy machine is no fault
	})}
	handle(t, s.runtime, "chatty", s.chatty)
	watched := s.watchMemory()
	base := heap()
	time.AfterFunc(*soakFor, func() { close(s.stop) })
	var sessions sync.WaitGroup
	for range *soakSessions {
		sessions.Go(s.session)
	}
	sessions.Wait()
	if err := s.runtime.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	s.serving.Wait()
	watched()
	t.Logf("%d sessions of %d jobs: %d events, %d jobs, %d connections cut, at most %d MiB",
		*soakSessions, *soakJobs, s.events.Load(), s.jobs.Load(), s.cuts.Load(), s.peak.Load()>>20)
	// What a session and its jobs keep: about 100 events that are not acknowledged, logs, mailboxes and stacks.
	if limit := base + 64<<20 + int64(*soakSessions**soakJobs)*256<<10; s.peak.Load() > limit {
		t.Errorf("%d MiB, and no more than %d were to be expected", s.peak.Load()>>20, limit>>20)
	}
	for deadline := time.Now().Add(20 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

func heap() int64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// watchMemory notes the most that is in use, until the function that it returns is called.
func (s *soak) watchMemory() func() {
	ticker, stop, stopped := time.NewTicker(100*time.Millisecond), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-ticker.C:
				s.peak.Store(max(s.peak.Load(), heap()))
			case <-stop:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(stop)
		<-stopped
	}
}

// chatty emits numbered lines in bursts until it has enough, and returns how many.
func (s *soak) chatty(ctx context.Context, job *actors.Job) (any, error) {
	pace := *soakSessions * *soakJobs / 2 // so that all jobs together emit as much, however many they are
	ticker := time.NewTicker(time.Duration(pace+rand.IntN(pace+1)) * time.Millisecond)
	defer ticker.Stop()
	count, enough := 0, 10+rand.IntN(100)
	for count < enough {
		for range 1 + rand.IntN(8) {
			if err := job.Log(ctx, "info", fmt.Sprint(count)); err != nil {
				return nil, err
			}
			count++
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-s.stop:
			return count, nil
		}
	}
	return count, nil
}

// soaker is one session's client.
type soaker struct {
	*soak
	conn  transport.Conn
	id    protocol.SessionID
	token string
	seen  uint64
	until int // messages, then it cuts
	lines map[protocol.JobID]int
	owed  int // submits without an answer
	sent  int
}

func (s *soak) session() {
	c := &soaker{soak: s, lines: map[protocol.JobID]int{}}
	if c.open() {
		for range *soakJobs {
			c.submit()
		}
		c.read()
	}
	c.conn.Abort()
}

// open begins a session, or comes back to it. False: the runtime has said something else than welcome.
func (c *soaker) open() bool {
	ours, theirs := transport.Pipe()
	c.conn = ours
	c.serving.Go(func() { _ = c.runtime.ServeConn(context.Background(), theirs) })
	auth := protocol.Auth{Scheme: "bearer", Token: token}
	if c.token == "" {
		c.send(protocol.SessionHello{Auth: auth, Capabilities: protocol.Capabilities{Features: protocol.Features()}})
	} else {
		c.send(protocol.SessionResume{SessionID: c.id, ResumeToken: c.token, LastEventSeq: c.seen, Auth: &auth})
	}
	envelope, ok := c.next()
	welcome, welcomed := envelope.Payload.(protocol.SessionWelcome)
	switch {
	case !ok:
		return false
	case !welcomed:
		c.t.Errorf("%s at %d: %+v", c.id, c.seen, envelope.Payload)
		return false
	case c.id != "" && c.id != envelope.SessionID:
		c.t.Errorf("resumed %s and got %s", c.id, envelope.SessionID)
	}
	c.id, c.token, c.until = envelope.SessionID, welcome.ResumeToken, 20+rand.IntN(200)
	return true
}

func (c *soaker) send(payload protocol.Payload) {
	c.sent++
	frame, err := protocol.Encode(protocol.Envelope{ID: protocol.MessageID(fmt.Sprint(c.sent)), SessionID: c.id, Payload: payload})
	if err == nil {
		err = c.conn.Send(c.t.Context(), frame)
	}
	if err != nil {
		c.t.Errorf("%s: send: %v", c.id, err)
	}
}

func (c *soaker) submit() {
	c.owed++
	c.send(protocol.JobSubmit{Agent: "chatty"})
}

func (c *soaker) next() (protocol.Envelope, bool) {
	frame, err := c.conn.Receive(c.t.Context())
	if err != nil {
		c.t.Errorf("%s at %d: %v", c.id, c.seen, err)
		return protocol.Envelope{}, false
	}
	envelope, err := protocol.Decode(frame)
	if err != nil {
		c.t.Errorf("%s at %d: %v", c.id, c.seen, err)
	}
	return envelope, err == nil
}

// read takes messages until all jobs have ended and no more shall begin.
func (c *soaker) read() {
	for {
		envelope, ok := c.next()
		if !ok || !c.take(envelope) {
			return
		}
		select {
		case <-c.stop:
			if c.owed == 0 && len(c.lines) == 0 {
				return
			}
		default:
		}
		if c.until--; c.until < 0 && c.owed == 0 {
			c.cuts.Add(1)
			if rand.IntN(4) > 0 { // else the new connection comes while the old one is there
				c.conn.Abort()
			}
			old := c.conn
			if !c.open() {
				return
			}
			old.Abort()
		}
	}
}

// take holds one message against what came before it.
func (c *soaker) take(envelope protocol.Envelope) bool {
	if envelope.EventSeq > 0 {
		if envelope.EventSeq != c.seen+1 {
			c.t.Errorf("%s: event %d follows %d", c.id, envelope.EventSeq, c.seen)
			return false
		}
		c.seen++
		c.events.Add(1)
		if c.seen%100 == 0 {
			c.send(protocol.SessionAck{LastProcessedSeq: c.seen})
		}
	}
	switch payload := envelope.Payload.(type) {
	case protocol.JobAccepted:
		c.owed--
		c.lines[envelope.JobID] += 0
	case protocol.JobEvent:
		return c.line(envelope.JobID, payload)
	case protocol.JobResult:
		if fmt.Sprint(c.lines[envelope.JobID]) != string(payload.Result) {
			c.t.Errorf("%s: %d lines of %s came, of %s", c.id, c.lines[envelope.JobID], envelope.JobID, payload.Result)
		}
		delete(c.lines, envelope.JobID)
		c.jobs.Add(1)
		select {
		case <-c.stop:
		default:
			c.submit()
		}
	case protocol.SessionPing:
		c.send(protocol.SessionPong{PingNonce: payload.Nonce})
	default:
		c.t.Errorf("%s: %+v", c.id, payload)
		return false
	}
	return true
}

// line takes a line of a job, which is the next one.
func (c *soaker) line(id protocol.JobID, event protocol.JobEvent) bool {
	var line protocol.Log
	if event.Kind == protocol.KindStatus {
		return true // back pressure
	}
	if err := json.Unmarshal(event.Body, &line); err != nil || line.Message != fmt.Sprint(c.lines[id]) {
		c.t.Errorf("%s: %s says %s where line %d was due", c.id, id, event.Body, c.lines[id])
		return false
	}
	c.lines[id]++
	return true
}
