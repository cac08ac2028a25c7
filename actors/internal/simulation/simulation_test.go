package simulation_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/actors/session"
	"github.com/arcp-conformance/arcp/protocol"
)

var (
	schedules = flag.Int("schedules", 2000, "how many schedules to run")
	first     = flag.Uint64("first", 1, "the first of their seeds")
	overlap   = flag.Bool("overlap", true, "let clients unsubscribe while a subscribe to the same job is not answered")
	replay    = flag.Uint64("replay", 0, "run this seed alone, with its trace")
)

// limits are the bounds that a world runs under.
type limits struct {
	session   session.Config
	job       job.Config
	registry  registry.Config
	heartbeat bool // negotiated
	forgets   bool // finished jobs soon
}

// newWorld makes the world of a seed.
func newWorld(seed uint64, trace bool) *world {
	w := &world{rand: rand.New(rand.NewPCG(seed, 0x51)), now: began, trace: trace}
	w.truth = truth{world: w, jobs: map[protocol.JobID]*jobTruth{}, keys: map[string]*keyTruth{}}
	w.style = w.rand.IntN(3)
	w.config.heartbeat, w.config.forgets = w.chance(20), w.chance(30)
	w.config.session = session.Config{
		Agents:       []protocol.Agent{{Name: "worker", Versions: []string{"1"}}},
		ResumeWindow: time.Minute, BufferEvents: []int{8192, 12}[w.rand.IntN(2)], BackPressureLag: []int{256, 6}[w.rand.IntN(2)],
	}
	w.config.job = job.Config{LogEvents: []int{4096, 5}[w.rand.IntN(2)]}
	if w.config.forgets {
		w.config.registry.JobRetention = 5 * time.Second
	}
	w.registry = w.newRegistry()
	for i := range 2 + w.rand.IntN(4) {
		w.clients = append(w.clients, w.newClient([]string{"alice", "alice", "bob", "alice", "bob"}[i]))
	}
	return w
}

// live runs the world to its end, and says what broke, "" for nothing.
func (w *world) live() (broke string) {
	defer func() {
		switch reason := recover().(type) {
		case nil:
		case fault:
			broke = reason.text
		default:
			broke = fmt.Sprintf("panic: %v\n%s", reason, debug.Stack())
		}
	}()
	if w.chance(15) { // the runtime stops in the middle
		at := began.Add(time.Duration(w.rand.IntN(20_000)) * time.Millisecond)
		w.clock = append(w.clock, timed{
			deadline: func() time.Time { return at },
			ring: func() {
				at = time.Time{}
				w.shutDown()
			},
		})
	}
	w.run(w.quiet)
	if !w.truth.down {
		w.shutDown()
		w.run(w.quiet)
	}
	w.judge()
	return ""
}

func (w *world) shutDown() {
	w.truth.down = true
	w.registry.tell(registryMessage{in: registry.ShutdownRequested{}})
}

// quiet says whether all clients have gone, and all sessions and jobs have ended.
func (w *world) quiet() bool {
	for _, c := range w.clients {
		if !c.done {
			return false
		}
	}
	for _, id := range w.truth.order {
		if j := w.truth.jobs[id].actor; j.machine.State() != job.Ended || j.ends == 0 {
			return false
		}
	}
	return len(w.registry.open) == 0
}

// waiting names whoever is not done.
func (w *world) waiting() (names []string) {
	for _, c := range w.clients {
		if !c.done {
			names = append(names, fmt.Sprintf("%s in %s (welcomed %v)", c.name, c.id, c.open))
			for id, r := range c.requests {
				if r.link == c.link && !r.mute {
					names = append(names, fmt.Sprintf("for %s %T", id, r.payload))
				}
			}
			for _, id := range w.truth.order {
				if v := c.views[id]; v != nil && !v.ended {
					names = append(names, fmt.Sprintf("with %s at %+v", id, *v))
				}
			}
		}
	}
	for _, id := range w.truth.order {
		if j := w.truth.jobs[id].actor; j.machine.State() != job.Ended || j.ends == 0 {
			names = append(names, fmt.Sprintf("%s (%s)", id, j.machine.State()))
		}
	}
	for _, s := range w.registry.open {
		names = append(names, s.name+" of "+string(s.truth.id))
	}
	return names
}

// judge looks at what is left.
func (w *world) judge() {
	for _, id := range w.truth.order {
		of := w.truth.jobs[id]
		if len(of.actor.open) > 0 || of.accepted != (of.ending != nil) || of.actor.machine.State() != job.Ended {
			w.fail("%s is left in state %s with %d questions open", id, of.actor.machine.State(), len(of.actor.open))
		}
		if agent := of.actor.agent; agent != nil && (len(agent.open) > 0 || !agent.back) {
			w.fail("the agent of %s is left with %d questions", id, len(agent.open))
		}
	}
	if w.registry.machine.Live() != 0 || w.registry.machine.Connections() != 0 || w.registry.drained != 1 {
		w.fail("the registry is left with %d jobs and %d connections, drained %d times",
			w.registry.machine.Live(), w.registry.machine.Connections(), w.registry.drained)
	}
}

func TestSchedules(t *testing.T) {
	if *replay != 0 {
		w := newWorld(*replay, true)
		broke := w.live()
		t.Logf("%s", strings.Join(w.log, "\n"))
		if broke != "" {
			t.Errorf("seed %d: %s", *replay, broke)
		}
		return
	}
	t.Parallel()
	var next, steps, failures atomic.Int64
	begun := time.Now()
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for failures.Load() < 5 {
				i := next.Add(1)
				if i > int64(*schedules) {
					return
				}
				seed := *first + uint64(i) - 1
				w := newWorld(seed, false)
				if broke := w.live(); broke != "" {
					failures.Add(1)
					report(t, seed, broke)
				}
				steps.Add(int64(w.steps))
			}
		})
	}
	all.Wait()
	t.Logf("%d schedules with %d steps in %v", *schedules, steps.Load(), time.Since(begun).Round(time.Millisecond))
}

// report runs a schedule again, for its trace.
func report(t *testing.T, seed uint64, broke string) {
	w := newWorld(seed, true)
	_ = w.live()
	t.Errorf("seed %d: %s\nrun it again: go test ./actors/internal/simulation -run TestSchedules -v -overlap=%v -replay=%d\nthe end of its trace:\n%s",
		seed, broke, *overlap, seed, strings.Join(w.log[max(0, len(w.log)-60):], "\n"))
}
