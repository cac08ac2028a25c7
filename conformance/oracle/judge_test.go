package oracle_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/conformance/oracle"
	"github.com/arcp-conformance/arcp/conformance/register"
)

// TestEveryRequirementNamedIsInTheRegister reads the sources: an oracle that names a row which does not exist would
// break at the worst moment, when it has found something.
func TestEveryRequirementNamedIsInTheRegister(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range regexp.MustCompile(`"(R[0-9][^"]*)"`).FindAllStringSubmatch(string(text), -1) {
			named[id[1]] = true
			if _, ok := register.Lookup(id[1]); !ok {
				t.Errorf("%s: no row %s", name, id[1])
			}
		}
	}
	if len(named) < 25 {
		t.Errorf("only %d rows are named", len(named))
	}
}

func TestChecksAreCountedUnderWhatTheyShow(t *testing.T) {
	t.Parallel()
	j := oracle.Judge(transcript(t, bill("1.00", "0.1", "=0.9", "!")+"A< j1 5"+log+"\nA< j1 6 result"), nil)
	want := map[string]int{
		"R4-1": 8, "R5-1": 8 + 8 + 7 + 2, "R5-5": 8, // frames, envelopes, sessions, and the place of the job
		"R6.2-1": 1 + 1, "R6.2-2": 1 + 1, "R7.1-1": 1 + 2, "R7.1-2": 1 + 2, "R7.1-6": 1,
		"R7.3-1": 1 + 1 + 1, "R7.3-3": 5, "R8.1-1": 5, "R8.2-1": 5, "R8.2-5": 1, "R8.3-1": 5,
		"R8.4-5": 1, "R9.6-3": 1, "R9.6-11": 1,
	}
	if diff := cmp.Diff(want, j.Checks); diff != "" {
		t.Error(diff)
	}
	if silent := oracle.Judge(nil, nil); len(silent.Checks) != 0 || len(silent.Findings) != 0 {
		t.Errorf("nothing was said: %+v", silent)
	}
}

func TestFindingsSayWhereTheyComeFrom(t *testing.T) {
	t.Parallel()
	j := oracle.Judge(transcript(t, "A hello\nA> submit {}\nA< accepted j1\nA< j1 1"+log+"\nA< j1 3"+log), nil)
	if len(j.Findings) != 1 {
		t.Fatalf("%d findings", len(j.Findings))
	}
	f := j.Findings[0]
	if f.Section != "8.3" || f.Level != "MUST" || f.Source != "oracle" || f.Expected != "event_seq 2 after 1 in session sess_A" ||
		!strings.Contains(f.Got, `"event_seq":3`) {
		t.Errorf("%+v", f)
	}
}
