package registry_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/protocol"
)

// walker puts inputs into a machine and into the model.
type walker struct {
	machine  *registry.Machine
	model    *model
	now      time.Time
	jobs     int             // named so far
	cursors  []string        // made so far
	requests int             // made so far
	started  map[string]int  // StartJob by job, less ForgetJob
	open     map[string]bool // requests that wait for their answer
}

// config has bounds that a walk meets, and carol may see alice's jobs.
func walkConfig() registry.Config {
	return registry.Config{
		KeyRetention: 13 * time.Minute, MaxKeys: 2, MaxSessions: 2, MaxJobs: 3, MaxPrincipalJobs: 4,
		JobRetention: 10 * time.Minute, MaxFinished: 2, MaxSubscriptions: 2, MayObserve: openPolicy, CursorKey: [32]byte{7},
	}
}

func newWalker() *walker {
	config := walkConfig()
	return &walker{
		machine: registry.New(&config), now: beginning, open: map[string]bool{}, started: map[string]int{},
		model: &model{config: walkConfig(), cursors: map[string]modelCursor{}},
	}
}

// step puts one input in and compares what comes out.
func (w *walker) step(in registry.Input) error {
	want := w.model.step(w.now, in)
	got := w.machine.Step(w.now, in)
	plain := make([]registry.Effect, len(got))
	for i, effect := range got {
		plain[i] = w.plain(effect)
	}
	if len(plain)+len(want) > 0 && !reflect.DeepEqual(plain, want) {
		return fmt.Errorf("%s: -want +got:\n%s", transcript.Render(in), cmp.Diff(want, plain))
	}
	if err := w.answers(in, got); err != nil {
		return fmt.Errorf("%s: %w", transcript.Render(in), err)
	}
	if !w.machine.Deadline().Equal(w.model.deadline()) {
		return fmt.Errorf("%s: deadline is %v, want %v", transcript.Render(in), w.machine.Deadline(), w.model.deadline())
	}
	if w.machine.Live() != w.model.running(func(*modelJob) bool { return true }) || w.machine.Connections() != w.model.connections {
		return fmt.Errorf("%s: %d jobs and %d connections", transcript.Render(in), w.machine.Live(), w.machine.Connections())
	}
	return nil
}

// plain takes out of an effect what the model leaves open, and tells the model what a cursor stands for.
func (w *walker) plain(effect registry.Effect) registry.Effect {
	bare := func(err *protocol.Error) *protocol.Error { return refusal(err.Code, err.Retryable) }
	switch effect := effect.(type) {
	case registry.Refuse:
		effect.Err = bare(effect.Err)
		return effect
	case registry.RefuseDelegation:
		effect.Err = bare(effect.Err)
		return effect
	case registry.RefuseSession:
		effect.Err = bare(effect.Err)
		return effect
	case registry.Listed:
		if cursor := effect.Payload.NextCursor; cursor != nil {
			s, _ := w.model.session(effect.SessionID)
			last := effect.Payload.Jobs[len(effect.Payload.Jobs)-1].JobID
			w.model.cursors[*cursor] = modelCursor{principal: s.principal, after: w.model.job(last)}
			w.cursors = append(w.cursors, *cursor)
			effect.Payload.NextCursor = new(string)
		}
		return effect
	}
	return effect
}

// answers holds that every request is answered once, and that every job that starts is forgotten once.
func (w *walker) answers(in registry.Input, effects []registry.Effect) error {
	answered := func(request protocol.MessageID) error {
		if !w.open[string(request)] {
			return fmt.Errorf("%s was not asked, or was answered before", request)
		}
		delete(w.open, string(request))
		return nil
	}
	if request := reflect.ValueOf(in); request.Kind() == reflect.Struct && request.FieldByName("RequestID").IsValid() {
		w.open[request.FieldByName("RequestID").String()] = true
	}
	for _, effect := range effects {
		var err error
		switch effect := effect.(type) {
		case registry.StartJob:
			if w.started[string(effect.JobID)]++; effect.RequestID != "" {
				err = answered(effect.RequestID)
			}
		case registry.ForgetJob:
			if w.started[string(effect.JobID)]--; w.started[string(effect.JobID)] != 0 {
				err = fmt.Errorf("%s is forgotten twice", effect.JobID)
			}
		case registry.Listed:
			err = answered(effect.Payload.RequestID)
		default:
			if request := reflect.ValueOf(effect).FieldByName("RequestID"); request.IsValid() {
				err = answered(protocol.MessageID(request.String()))
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// finish ends everything, after which every request must be answered and nothing kept.
func (w *walker) finish() error {
	for i := range w.jobs {
		if err := w.step(registry.JobEnded{JobID: protocol.JobID(fmt.Sprintf("job_%d", i+1))}); err != nil {
			return err
		}
	}
	for i := range sessions {
		if err := w.step(registry.SessionEnded{SessionID: session(i)}); err != nil {
			return err
		}
	}
	for !w.machine.Deadline().IsZero() {
		w.now = w.machine.Deadline()
		if err := w.step(registry.Tick{}); err != nil {
			return err
		}
	}
	for id, count := range w.started {
		if count != 0 {
			return fmt.Errorf("%s was not forgotten", id)
		}
	}
	if len(w.open) > 0 {
		return fmt.Errorf("not answered: %v", w.open)
	}
	for what, count := range w.machine.Held() {
		if count != 0 {
			return fmt.Errorf("%d %s are left of nothing", count, what)
		}
	}
	return nil
}

// TestWalk puts every sequence of two or three inputs into a machine in every state; then all must end.
func TestWalk(t *testing.T) {
	t.Parallel()
	for _, way := range ways() {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			count := 1
			for range way.depth {
				count *= inputs
			}
			for i := range count {
				numbers := append([]int(nil), way.inputs...)
				for n, rest := 0, i; n < way.depth; n, rest = n+1, rest/inputs {
					numbers = append(numbers, rest%inputs)
				}
				w := newWalker()
				for n, number := range numbers {
					if n >= len(way.inputs) {
						w.now = w.now.Add(4 * time.Minute)
					}
					if err := w.step(w.input(number)); err != nil {
						t.Fatalf("%v: %v", numbers, err)
					}
				}
				if err := w.finish(); err != nil {
					t.Fatalf("%v: %v", numbers, err)
				}
			}
		})
	}
}

// TestModel puts long random sequences into a machine.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWalker()
		for _, number := range []int{2, 3, 4, 5} {
			if err := w.step(w.input(number)); err != nil {
				t.Fatal(err)
			}
		}
		for range rapid.IntRange(0, 120).Draw(t, "steps") {
			w.now = w.now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 30, 200, 900}).Draw(t, "seconds")) * time.Second)
			if err := w.step(w.draw(t)); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.finish(); err != nil {
			t.Fatal(err)
		}
	})
}
