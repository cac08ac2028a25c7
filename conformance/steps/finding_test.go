package steps_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/features"
	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/target"
)

// run plays scenarios against the runtime at url through a go-between.
func run(t *testing.T, url string, f fault, wait time.Duration, ids []string) []report.Scenario {
	t.Helper()
	address, stop := fakepeer.Serve(between(url, f))
	defer stop()
	peer, err := target.Open(&target.Spec{URL: address, Tokens: tokens}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := conformance.Run(t.Context(), peer, &conformance.Options{
		Select: conformance.Selection{IDs: ids}, Timeout: wait, Concurrency: 8, Scenarios: filesOf(t, ids),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.Scenarios
}

// filesOf gives feature files with these scenarios alone: reading all of them for each fault would take long.
func filesOf(t *testing.T, ids []string) fs.FS {
	t.Helper()
	wanted := map[string]bool{}
	for _, id := range ids {
		base, _, _ := strings.Cut(id, "/")
		wanted[strings.TrimPrefix(base, "arcp-")] = true
	}
	names, err := fs.Glob(features.FS(), "*.feature")
	if err != nil {
		t.Fatal(err)
	}
	some := fstest.MapFS{}
	for _, name := range names {
		text, err := fs.ReadFile(features.FS(), name)
		if err != nil {
			t.Fatal(err)
		}
		const tag = "\n  @arcp-"
		blocks := strings.Split(string(text), tag)
		kept := blocks[:1]
		for _, block := range blocks[1:] {
			if id, _, _ := strings.Cut(block, " "); wanted[id] {
				kept = append(kept, block)
			}
		}
		if len(kept) > 1 {
			some[name] = &fstest.MapFile{Data: []byte(strings.Join(kept, tag))}
		}
	}
	return some
}

// unhurried is how long the suite waits where the fault is not a silence.
const unhurried = 30 * time.Second

// TestEachFaultIsFoundByItsScenario shows that scenarios can fail, for the right requirement, and by their own steps:
// the oracles over the transcript do not count here.
func TestEachFaultIsFoundByItsScenario(t *testing.T) {
	t.Parallel()
	url := embeddedRuntime(t)
	for _, tc := range faults() {
		if tc.silent {
			continue
		}
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.find(t, url, unhurried)
		})
	}
}

// TestEachSilenceIsFoundByItsScenario is the same for answers that do not come. Since these tests do nothing but wait, they
// all run at once.
func TestEachSilenceIsFoundByItsScenario(t *testing.T) {
	t.Parallel()
	url := embeddedRuntime(t)
	var all sync.WaitGroup
	for _, tc := range faults() {
		if tc.silent {
			all.Go(func() {
				t.Run(tc.name, func(t *testing.T) { tc.find(t, url, 3*time.Second) })
			})
		}
	}
	all.Wait()
}

// find plays the scenarios that must find the fault.
func (tc faulty) find(t *testing.T, url string, wait time.Duration) {
	t.Helper()
	for _, s := range run(t, url, tc.fault, wait, tc.found) {
		want := report.Fail
		if tc.warnOnly {
			want = report.Warn
		}
		found := false
		for _, f := range s.Findings {
			found = found || f.Source == "step" && f.Verdict == want && f.Requirement == tc.broken
		}
		// An oracle may be stricter; an error or a skip would be the scenario's own fault.
		if !found || s.Verdict != want && s.Verdict != report.Fail {
			t.Errorf("%s %q does not find it: %s %s %v", s.ID, s.Name, s.Verdict, s.Reason, s.Findings)
		}
	}
}

// TestWithoutAFaultTheSameScenariosPass is the other half of the test above.
func TestWithoutAFaultTheSameScenariosPass(t *testing.T) {
	t.Parallel()
	var ids []string
	for _, tc := range faults() {
		ids = append(ids, tc.found...)
	}
	for _, s := range run(t, embeddedRuntime(t), fault{}, unhurried, ids) {
		if s.Verdict != report.Pass && s.Verdict != report.Info {
			t.Errorf("%s %q: %s %s %v", s.ID, s.Name, s.Verdict, s.Reason, s.Findings)
		}
	}
}

// odd makes a peer that is right in every way in which nobody writes it: other fields and features beside the draft's,
// white space, other spellings of names and numbers, absences as nulls.
func odd() fault {
	return fault{down: func(_ *link, m frame) []frame {
		m["x_trace"], m["priority"], m["ttl"] = frame{"hops": []int{1, 2}}, 5, nil
		if _, has := m["job_id"]; !has && m["type"] == "session.error" {
			m["job_id"] = nil
		}
		if kind, _ := m["type"].(string); strings.HasPrefix(kind, "session.") {
			m["event_seq"] = nil
		}
		payload := in(m, "payload")
		payload["x_note"] = "beside the draft"
		if m["type"] == "job.accepted" {
			for _, optional := range []string{"lease_constraints", "budget"} {
				if payload[optional] == nil {
					payload[optional] = nil // null for what is absent
				}
			}
		}
		if m["type"] == "session.welcome" {
			capabilities := in(m, "payload", "capabilities")
			capabilities["features"] = append(capabilities["features"].([]any), "x-vendor.extra")
			capabilities["encodings"] = []string{"json", "cbor"}
		}
		if body, ok := payload["body"].(frame); ok {
			body["x_note"] = 1
		}
		return []frame{m}
	}, text: func(data []byte) []byte {
		data = bytes.Replace(data, []byte(`"type":"job`), []byte(`"\u0074ype":"\u006aob`), 1)
		if m := read(data); m != nil {
			if seq, ok := m["event_seq"].(json.Number); ok {
				data = bytes.Replace(data, []byte(`"event_seq":`+seq), []byte(`"event_seq": `+seq+`.0`), 1)
			}
		}
		var out bytes.Buffer
		if json.Indent(&out, data, " ", "\t") != nil {
			return data
		}
		return out.Bytes()
	}}
}

// TestLegalOdditiesAccuseNobody plays every scenario of these sections against a peer that is odd and right.
func TestLegalOdditiesAccuseNobody(t *testing.T) {
	t.Parallel()
	cases, err := conformance.Selected(nil, conformance.Selection{Sections: sections()})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	for _, s := range run(t, embeddedRuntime(t), odd(), unhurried, ids) {
		if s.Verdict == report.Fail || s.Verdict == report.Error || s.Verdict == report.Warn {
			t.Errorf("%s %q: %s %s %v", s.ID, s.Name, s.Verdict, s.Reason, s.Findings)
		}
	}
}

// sections are those that this package's own scenarios are about.
func sections() []string {
	return strings.Fields("5 6.1 6.2 6.3 6.4 6.5 6.6 6.7 7.1 7.2 7.3 7.4 7.5 7.6 8.1 8.2 8.3 9.4 9.5 9.7 10 12")
}
