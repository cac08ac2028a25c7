package conformance_test

import (
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/target"
)

// TestUselessPeersPassNothing runs the whole suite against peers that obey nothing. Not one binding scenario may pass,
// the exit status must say so, and the answer must come soon.
func TestUselessPeersPassNothing(t *testing.T) {
	t.Parallel()
	for name, handler := range fakepeer.Useless() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, stop := fakepeer.Serve(handler)
			t.Cleanup(stop)
			peer, err := target.Open(&target.Spec{URL: url, Tokens: target.Tokens{First: "one", Second: "two"}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			r, err := conformance.Run(t.Context(), peer, &conformance.Options{
				Timeout: 150 * time.Millisecond, Concurrency: 16, TranscriptLines: 4,
			})
			if code := conformance.ExitCode(r, err); code != conformance.ExitFails {
				t.Fatalf("exit status %d (%v)", code, err)
			}
			if took := time.Since(begun); took > time.Minute {
				t.Errorf("it took %s", took)
			}
			passedNothing(t, r)
		})
	}
}

func passedNothing(t *testing.T, r *report.Report) {
	t.Helper()
	binding := 0
	for _, s := range r.Scenarios {
		if s.Level != "must" {
			continue
		}
		binding++
		if s.Verdict != report.Fail && s.Verdict != report.Skip && s.Verdict != report.Error {
			t.Errorf("%s %s: %s", s.ID, s.Name, s.Verdict)
		}
	}
	if binding == 0 {
		t.Error("the suite has no binding scenario")
	}
	t.Logf("%d binding scenarios, %v", binding, r.Counts.Verdicts)
}

// TestAnHonestPeerOverStdio plays the small suite over a child process for each connection.
func TestAnHonestPeerOverStdio(t *testing.T) {
	t.Parallel()
	spec := &target.Spec{
		Stdio: []string{testBinary}, Env: map[string]string{"CONFORMANCE_TEST_PEER": "honest"},
		Tokens: target.Tokens{First: fakepeer.Token}, Grace: target.Duration(time.Second),
	}
	peer, err := target.Open(spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := play(t, peer, conformance.Options{Select: conformance.Selection{
		IDs: []string{"arcp-6.2-01", "arcp-6.2-02", "arcp-7.1-01/1"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	got := verdicts(r)
	if got["arcp-6.2-01"] != report.Pass || got["arcp-6.2-02"] != report.Fail || got["arcp-7.1-01/1"] != report.Pass {
		t.Errorf("%v", got)
	}
}
