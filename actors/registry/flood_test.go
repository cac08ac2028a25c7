package registry_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

// flood is a shell whose clients ask for far more than they may have.
type flood struct {
	t        *testing.T
	machine  *registry.Machine
	random   *rand.Rand
	now      time.Time
	named    int
	sessions []protocol.SessionID
	starting []protocol.JobID
	live     []protocol.JobID
	peak     map[string]int
}

// step puts an input in and notes what there is afterwards.
func (f *flood) step(in registry.Input) {
	for _, effect := range f.machine.Step(f.now, in) {
		switch effect := effect.(type) {
		case registry.AdmitSession:
			f.sessions = append(f.sessions, effect.SessionID)
		case registry.StartJob:
			f.starting = append(f.starting, effect.JobID)
		}
	}
	for what, count := range f.machine.Held() {
		f.peak[what] = max(f.peak[what], count)
	}
}

// pick takes one element out of a list, if there is one.
func pick[T any](f *flood, from *[]T) (T, bool) {
	if len(*from) == 0 {
		return *new(T), false
	}
	i := f.random.IntN(len(*from))
	picked := (*from)[i]
	(*from)[i] = (*from)[len(*from)-1]
	*from = (*from)[:len(*from)-1]
	return picked, true
}

func (f *flood) name() string {
	f.named++
	return fmt.Sprint(f.named)
}

func (f *flood) submit(key string) {
	if len(f.sessions) > 0 {
		session := f.sessions[f.random.IntN(len(f.sessions))]
		f.step(registry.SubmitRequested{SessionID: session, JobID: protocol.JobID(f.name()), Key: key})
	}
}

// round is one second: calm rounds end more than they begin.
func (f *flood) round(calm bool) {
	f.now = f.now.Add(time.Second)
	f.step(registry.SessionOpened{SessionID: protocol.SessionID(f.name()), Principal: []string{"alice", "bob"}[f.random.IntN(2)]})
	if f.random.IntN(20) == 0 {
		if id, some := pick(f, &f.sessions); some {
			f.step(registry.SessionEnded{SessionID: id})
		}
	}
	for range 3 {
		if len(f.live) > 0 && len(f.sessions) > 0 {
			id, session := f.live[f.random.IntN(len(f.live))], f.sessions[f.random.IntN(len(f.sessions))]
			f.step(registry.SubscribeRequested{SessionID: session, JobID: id})
		}
	}
	key := f.name()
	for range 4 {
		f.submit(key)
	}
	f.submit("")
	for range 1 + 3*f.random.IntN(2) {
		if id, some := pick(f, &f.starting); some && f.random.IntN(5) > 0 {
			f.step(registry.JobAccepted{JobID: id})
			f.live = append(f.live, id)
		} else if some {
			f.step(registry.JobRefused{JobID: id, Err: protocol.NewError(protocol.InvalidRequest, "no")})
		}
	}
	if calm || f.random.IntN(4) == 0 {
		if id, some := pick(f, &f.live); some {
			f.step(registry.JobEnded{JobID: id})
		}
	}
}

// TestClause_14_EverythingIsBounded floods a machine for some virtual hours, and sees every bound reached and none passed.
// When all is over, nothing is left.
func TestClause_14_EverythingIsBounded(t *testing.T) {
	t.Parallel()
	f := &flood{
		t: t, now: beginning, random: rand.New(rand.NewPCG(1, 2)), peak: map[string]int{},
		machine: registry.New(&registry.Config{MaxKeys: 50, MaxSessions: 5, MaxJobs: 20, MaxPrincipalJobs: 40, MaxFinished: 30, MaxSubscriptions: 4}),
	}
	for i := range 8_000 {
		f.round(i/1000%2 == 1)
	}
	for what, bound := range map[string]int{"principals": 2, "sessions": 2 * 5, "jobs": 2 * (40 + 30), "keys": 2 * 50,
		"subscriptions": 2 * 5 * 4, "subscribers": 2 * 5 * 4} {
		if f.peak[what] != bound {
			t.Errorf("at most %d %s, want %d", f.peak[what], what, bound)
		}
	}
	// A session waits with no more submits than it may have jobs. A series has its places filled by half or more, and a
	// slice that grows doubles.
	for what, bound := range map[string]int{"waiting": 2 * 5 * 20, "places": 2 * 4 * (2*(40+30) + 2*30 + 2*50)} {
		if f.peak[what] == 0 || f.peak[what] > bound {
			t.Errorf("at most %d %s, want %d", f.peak[what], what, bound)
		}
	}
	for _, id := range append(f.starting, f.live...) {
		f.step(registry.JobEnded{JobID: id})
	}
	for _, id := range f.sessions {
		f.step(registry.SessionEnded{SessionID: id})
	}
	f.now = f.machine.Deadline().Add(24 * time.Hour)
	f.step(registry.Tick{})
	for what, count := range f.machine.Held() {
		if count != 0 {
			t.Errorf("%d %s are left of nothing", count, what)
		}
	}
}
