package job_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/job"
	"github.com/arcp-conformance/arcp/internal/transcript"
	"github.com/arcp-conformance/arcp/lease"
	"github.com/arcp-conformance/arcp/protocol"
	"pgregory.net/rapid"
)

// keys holds what must be true of credentials, whatever happens to their job: each is revoked exactly once, those of a job
// before its ending, and nobody is told a value but the submitter.
type keys struct {
	waits   bool     // the submit waits for its credentials
	asked   bool     // IssueCredentials was said
	issued  []string // handles
	had     []string // those that came with job.accepted
	revoked []string
	values  int // numbers them
}

// value is how all values of these tests look.
var value = regexp.MustCompile(`sk-value-[0-9]+`)

// censored is an event as others than the submitter may see it.
func censored(event protocol.JobEvent) protocol.JobEvent {
	event.Body = value.ReplaceAll(event.Body, []byte("[redacted]"))
	return event
}

// answers corrects how many answers a session should get: a submit is answered when the credentials are there.
func (k *keys) answers(want, got int, effects []job.Effect) int {
	switch {
	case len(all[job.IssueCredentials](effects)) > 0:
		k.waits = true
		return 0
	case k.waits && len(all[job.Accept](effects)) > 0:
		k.waits = false
		return 1
	case k.waits && want == 0:
		k.waits = got == 0
		return got
	}
	return want
}

func (k *keys) check(in job.Input, effects []job.Effect) error {
	switch in := in.(type) {
	case job.CredentialsIssued:
		for _, credential := range in.Credentials {
			k.issued = append(k.issued, credential.Handle)
			if len(all[job.Accept](effects)) > 0 {
				k.had = append(k.had, credential.Handle)
			}
		}
	case job.CredentialRotated:
		if !slices.Contains(k.issued, in.Handle) {
			k.issued = append(k.issued, in.Handle)
		}
	}
	for _, effect := range effects {
		if err := k.checkOne(effect); err != nil {
			return fmt.Errorf("%w: %s", err, transcript.Render(effect))
		}
	}
	return nil
}

func (k *keys) checkOne(effect job.Effect) error {
	switch effect := effect.(type) {
	case job.IssueCredentials:
		if k.asked {
			return fmt.Errorf("asked twice")
		}
		k.asked = true
		return nil
	case job.RevokeCredentials:
		for _, handle := range effect.Handles {
			if !slices.Contains(k.issued, handle) || slices.Contains(k.revoked, handle) {
				return fmt.Errorf("revoked without being issued, or twice")
			}
			k.revoked = append(k.revoked, handle)
		}
		return nil
	case job.SendEnding:
		if len(k.issued) != len(k.revoked) {
			return fmt.Errorf("ended with %v issued and %v revoked", k.issued, k.revoked)
		}
		return nil
	case job.Accept, job.SendEvent, job.Subscribed: // to the submitting principal
		return nil
	}
	text, err := json.Marshal(effect)
	if err == nil && value.Match(text) {
		err = fmt.Errorf("it has a value")
	}
	return err
}

// next makes a value that was never used.
func (k *keys) next() (value, handle string) {
	k.values++
	return fmt.Sprintf("sk-value-%d", k.values), fmt.Sprintf("h%d", k.values)
}

// keyInputs is how many numbers keyInput knows.
const keyInputs = 15

// keyInput makes the inputs that have to do with credentials, and some others.
func (w *walker) keyInput(number int) job.Input {
	value, handle := w.watch.keys.next()
	switch number {
	case 0:
		in := w.input(0).(job.Submitted)
		in.Features = append(slices.Clone(everyFeature), protocol.FeatureProvisionedCredentials)
		return in
	case 1:
		other, second := w.watch.keys.next()
		return job.CredentialsIssued{Credentials: []job.Provisioned{
			provisioned("cred_1", value, handle), provisioned("cred_2", other, second),
		}}
	case 2:
		return job.CredentialsFailed{}
	case 3:
		return job.CredentialRotated{ID: "cred_1", Value: value, Handle: handle}
	case 4:
		return job.CredentialRotated{ID: "cred_9", Value: value, Handle: handle}
	case 5: // in place
		if had := w.watch.keys.had; had != nil {
			handle = had[1]
		}
		return job.CredentialRotated{ID: "cred_2", Value: value, Handle: handle}
	case 6: // the agent tells its first value
		said := "nothing"
		if had := w.watch.keys.had; had != nil {
			said = "sk-value-" + strings.TrimPrefix(had[0], "h")
		}
		return job.EventEmitted{Call: w.call(), Kind: protocol.KindThought, Body: json.RawMessage(`{"text":"` + said + `"}`)}
	case 7:
		return job.ParentEnding{}
	case 8:
		in := w.keyInput(0).(job.Submitted)
		in.ParentJobID, in.RequestID, in.Submit.LeaseRequest = "job_0", "", nil
		in.Derived = &job.Derived{Lease: lease.Lease{}}
		return in
	default:
		return w.input([]int{22, 23, 26, 31, 32, 33}[number-9])
	}
}

func provisioned(id, value, handle string) job.Provisioned {
	return job.Provisioned{Handle: handle, Credential: protocol.Credential{
		ID: id, Scheme: "bearer", Value: value, Endpoint: "https://gateway.example/v1",
	}}
}

// keyWalk is walk with the inputs of keyInput.
func keyWalk(numbers []int) error {
	w := newWalker()
	for _, number := range numbers {
		w.now = w.now.Add(3 * time.Second)
		if _, err := w.step(w.keyInput(number)); err != nil {
			return err
		}
	}
	return w.finishKeys()
}

// finishKeys brings the job to its end.
func (w *walker) finishKeys() error {
	if w.machine.State() == job.Provisioning {
		if _, err := w.step(w.keyInput(1)); err != nil {
			return err
		}
	}
	return w.finish()
}

// TestKeyWalk puts every sequence of three inputs about credentials into a machine in every state that they matter in.
func TestKeyWalk(t *testing.T) {
	t.Parallel()
	for _, way := range []struct {
		name string
		way  []int
	}{
		{"unsubmitted", nil},
		{"provisioning", []int{0}},
		{"provisioning a child", []int{8}},
		{"pending", []int{0, 1}},
		{"a child", []int{8, 1}},
		{"rotated and watched", []int{0, 1, 3, 14}},
		{"stopping", []int{0, 1, 10}},
		{"ended", []int{0, 1, 11}},
		{"refused", []int{0, 2}},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			for i := range keyInputs * keyInputs * keyInputs {
				tail := []int{i % keyInputs, i / keyInputs % keyInputs, i / keyInputs / keyInputs}
				if err := keyWalk(append(slices.Clone(way.way), tail...)); err != nil {
					t.Fatalf("then %v: %v", tail, err)
				}
			}
		})
	}
}

// TestKeyModel does the same with long lives, in which everything else happens, too.
func TestKeyModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := newWalker()
		if _, err := w.step(w.keyInput(rapid.SampledFrom([]int{0, 0, 8}).Draw(t, "submit"))); err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 4).Draw(t, "seconds")) * time.Second)
			var in job.Input
			if rapid.Bool().Draw(t, "key") {
				in = w.keyInput(rapid.IntRange(0, keyInputs-1).Draw(t, "input"))
			} else {
				in = w.input(rapid.IntRange(0, inputs-1).Draw(t, "input"))
			}
			if _, err := w.step(in); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.finishKeys(); err != nil {
			t.Fatal(err)
		}
	})
}
