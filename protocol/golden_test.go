package protocol_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/protocol"
)

// example is one example of the draft as testdata/draft has it. Its frame is what the
// draft shows, with what the note says done to it.
type example struct {
	name   string
	Clause string          `json:"clause"`
	Note   string          `json:"note"`
	Frame  json.RawMessage `json:"frame"`
}

func examples(t testing.TB) []example {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "draft", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	var found []example
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		e := example{name: strings.TrimSuffix(filepath.Base(file), ".json")}
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		found = append(found, e)
	}
	return found
}

// meaning is a frame without what has none: order of keys, spaces, and nulls where null
// and absence are one. Numbers keep their digits.
func meaning(t testing.TB, frame []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(frame))
	decoder.UseNumber()
	var doc any
	if err := decoder.Decode(&doc); err != nil {
		t.Fatalf("%v in %s", err, frame)
	}
	return withoutNulls(doc)
}

func withoutNulls(doc any) any {
	switch doc := doc.(type) {
	case map[string]any:
		for key, value := range doc {
			if value == nil {
				delete(doc, key)
			} else {
				withoutNulls(value)
			}
		}
	case []any:
		for _, element := range doc {
			withoutNulls(element)
		}
	}
	return doc
}

// The draft names 21 pieces of JSON; none may get lost.
func TestClause_13_ExamplesOfTheDraft(t *testing.T) {
	t.Parallel()
	all := examples(t)
	if len(all) != 21 {
		t.Errorf("%d examples, want 21", len(all))
	}
	for _, e := range all {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			envelope, err := protocol.Decode(e.Frame)
			if err != nil {
				t.Fatalf("decode: %v", err)
			}
			if event, ok := envelope.Payload.(protocol.JobEvent); ok {
				if err := protocol.CheckEvent(event.Kind, event.Body); err != nil {
					t.Errorf("check: %v", err)
				}
			}
			frame, err := protocol.Encode(envelope)
			if err != nil {
				t.Fatalf("encode: %v", err)
			}
			if bytes.ContainsAny(frame, "\r\n") {
				t.Errorf("a line break in %s", frame)
			}
			if diff := cmp.Diff(meaning(t, e.Frame), meaning(t, frame)); diff != "" {
				t.Errorf("draft against ours:\n%s", diff)
			}
		})
	}
}

// Every field of every example arrives: with any one of its members taken away, the
// frame is refused or encodes to something else.
func TestClause_13_NoFieldOfAnExampleIsDropped(t *testing.T) {
	t.Parallel()
	for _, e := range examples(t) {
		whole, err := protocol.Decode(e.Frame)
		if err != nil {
			t.Fatalf("%s: %v", e.name, err)
		}
		var doc map[string]any
		if err := json.Unmarshal(e.Frame, &doc); err != nil {
			t.Fatal(err)
		}
		eachWithout(doc, doc, func(key string) {
			frame, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			less, err := protocol.Decode(frame)
			if err == nil && cmp.Equal(whole, less) {
				t.Errorf("%s: %q is not read", e.name, key)
			}
		})
	}
}

// eachWithout calls visit once for each member that is not null, while it is away.
func eachWithout(root, at map[string]any, visit func(key string)) {
	for key, value := range at {
		if value == nil {
			continue
		}
		delete(at, key)
		visit(key)
		at[key] = value
		if inner, ok := value.(map[string]any); ok {
			eachWithout(root, inner, visit)
		}
	}
}
