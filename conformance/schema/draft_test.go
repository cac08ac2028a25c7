package schema_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/schema"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// read parses a frame as if the peer had sent it.
func read(frame string) wire.Message {
	return wire.Parse(wire.Received, "A", wire.Frame{Data: []byte(frame)}, time.Time{})
}

// examples are the draft's own pieces of JSON, by file name.
func examples(t testing.TB) map[string]wire.Message {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "..", "protocol", "testdata", "draft", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]wire.Message{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var example struct{ Frame json.RawMessage }
		if err := json.Unmarshal(text, &example); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		found[strings.TrimSuffix(filepath.Base(name), ".json")] = read(string(example.Frame))
	}
	if len(found) != 21 {
		t.Fatalf("%d examples, want 21", len(found))
	}
	return found
}

func brief(faults []schema.Fault) []string {
	list := []string{}
	for _, f := range faults {
		list = append(list, string(f.Verdict)+" "+f.Requirement+" "+f.Path)
	}
	return list
}

// TestTheDraftsOwnExamplesAreSound: whatever a schema demands, the draft itself must meet. Where text and examples of the
// draft differ, no more than a warning may come of it.
func TestTheDraftsOwnExamplesAreSound(t *testing.T) {
	t.Parallel()
	warned := map[string][]string{
		"7.1-job.accepted":          {"warn R7.5-3 /payload"}, // no agent
		"9.8.1-credential":          {"warn R7.5-3 /payload"},
		"9.6-cost.inference":        {"warn R8.1-1 /payload"}, // no ts
		"9.6-cost.budget.remaining": {"warn R8.1-1 /payload"},
	}
	for name, m := range examples(t) {
		want := warned[name]
		if want == nil {
			want = []string{}
		}
		if diff := cmp.Diff(want, brief(schema.Validate(m))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// TestEveryMemberOfTheExamplesIsLookedAt gives each member of each example a value of another type. Members that the
// draft leaves open may have any; for the others a schema that lets it through looks away.
func TestEveryMemberOfTheExamplesIsLookedAt(t *testing.T) {
	t.Parallel()
	open := map[string]bool{
		"/payload/input": true, "/payload/body/args": true, "/payload/body/result": true,
		"/payload/credentials/0/constraints/cost.budget": true, "/payload/credentials/0/constraints/model.use": true,
		"/payload/credentials/0/constraints/expires_at": true, // §9.8.1: for information only
	}
	for name, m := range examples(t) {
		seen := brief(schema.Validate(m))
		eachMember(m.Doc, "", func(path string) {
			if open[path] {
				return
			}
			if got := brief(schema.Validate(m)); cmp.Equal(seen, got) {
				t.Errorf("%s: %s is not looked at", name, path)
			}
		})
	}
}

// eachMember calls visit once for each member below v, while the member has a value that fits nowhere.
func eachMember(v any, path string, visit func(path string)) {
	switch v := v.(type) {
	case map[string]any:
		for name, old := range v {
			eachMember(old, path+"/"+name, visit)
			v[name] = []any{[]any{json.Number("-1.5")}}
			visit(path + "/" + name)
			v[name] = old
		}
	case []any:
		for _, e := range v {
			eachMember(e, path+"/0", visit)
		}
	}
}

func TestFaultsSayWhatAndWhere(t *testing.T) {
	t.Parallel()
	got := schema.Validate(read(`{"arcp":"1.1","id":"m","type":"session.error","payload":{"code":"X","message":7}}`))
	want := []schema.Fault{
		{Path: "/payload", Problem: "missing property 'retryable'", Requirement: "R12-1", Verdict: report.Fail,
			Subject: "the payload of session.error (§12)"},
		{Path: "/payload/message", Problem: "got number, want string", Requirement: "R12-1", Verdict: report.Fail,
			Subject: "the payload of session.error (§12)"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
