package steps

import (
	"context"
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// scene is what the steps of one scenario remember between them. godog runs them one after the other.
type scene struct {
	w      *world.World
	lead   string // requirement of checks that name none
	jobs   map[string]*submission
	last   *submission        // the one that "the job" means
	asked  map[string]request // the last request of each connection
	silent map[string]bool    // kinds of request that the peer left unanswered

	continued map[string]*continuation // what each connection goes on with (§6.3)
	listed    map[string][]entry       // the last listing of each connection (§6.6)
	viewed    map[string]*world.Job    // the job that a connection subscribed to last (§7.6)
	keys      map[string]string        // idempotency keys by the scenario's own names (§7.2)
}

// request is one message that wanted an answer.
type request struct {
	id, kind string
	payload  map[string]any
	mark     int // how much had been received before it
	reply    wire.Message
	err      error // of waiting for the reply
}

// submission is a job.submit and what came of it.
type submission struct {
	c       *world.Client
	payload map[string]any
	mark    int
	job     *world.Job   // nil when it was refused
	refusal wire.Message // zero when it was accepted
}

type sceneKey struct{}

// sceneOf gives the scene of the scenario that ctx belongs to, and begins it at the first step.
func sceneOf(ctx context.Context) *scene {
	w := world.From(ctx)
	if s, ok := w.Get(sceneKey{}).(*scene); ok {
		return s
	}
	s := &scene{
		w: w, jobs: map[string]*submission{}, asked: map[string]request{}, silent: map[string]bool{},
		continued: map[string]*continuation{}, listed: map[string][]entry{}, viewed: map[string]*world.Job{},
		keys: map[string]string{},
	}
	s.lead, _ = ctx.Value(leadKey{}).(string)
	w.Put(sceneKey{}, s)
	return s
}

// req is the requirement that a step names, else the scenario's first.
func (s *scene) req(named string) string {
	if named != "" {
		return named
	}
	return s.lead
}

// client is the connection of this name, which an earlier step must have opened.
func (s *scene) client(name string) (*world.Client, error) {
	if c, ok := s.w.Client(name); ok {
		return c, nil
	}
	return nil, own("no earlier step opened %q", name)
}

// job is the accepted job of this name, or the last one for "". A refusal breaks R7.1-1, and skips where the target
// hosts no such agent.
func (s *scene) job(name string) (*world.Job, error) {
	sub, err := s.submission(name)
	if err != nil || sub.job != nil {
		return sub.job, err
	}
	if sub.refusal.Code() == "AGENT_NOT_AVAILABLE" && !sub.c.Hosts(s.w.Agent()) {
		return nil, s.w.Skip("the target does not host the agent " + s.w.Agent())
	}
	return nil, s.w.Check("R7.1-1", false, "job.accepted", world.Brief(sub.refusal))
}

func (s *scene) submission(name string) (*submission, error) {
	sub := s.last
	if name != "" {
		sub = s.jobs[name]
	}
	if sub == nil {
		return &submission{}, own("no earlier step submitted the job %q", name)
	}
	return sub, nil
}

// own is trouble of the scenario's own: it accuses no peer.
func own(format string, args ...any) error {
	return &world.SuiteError{Err: fmt.Errorf(format, args...)}
}
