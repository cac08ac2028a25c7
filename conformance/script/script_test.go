package script_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/conformance/script"
)

func TestEveryOp(t *testing.T) {
	t.Parallel()
	for _, tc := range steps {
		t.Run(tc.op, func(t *testing.T) {
			t.Parallel()
			for _, step := range tc.good {
				if err := script.Check(json.RawMessage(`{"steps":[` + step + `]}`)); err != nil {
					t.Errorf("%s: %v", step, err)
				}
			}
			for step, want := range tc.bad {
				err := script.Check(json.RawMessage(`{"steps":[` + step + `]}`))
				if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "script: /steps/0") {
					t.Errorf("%s: got %v, want it to say %s", step, err, want)
				}
			}
			if len(tc.good) == 0 || len(tc.bad) == 0 {
				t.Error("not both ways")
			}
		})
	}
}

func TestNothingMoreAndNothingLess(t *testing.T) {
	t.Parallel()
	for _, tc := range steps {
		var step map[string]json.RawMessage
		if err := json.Unmarshal([]byte(tc.good[0]), &step); err != nil {
			t.Fatal(err)
		}
		for field := range step {
			less := maps.Clone(step)
			delete(less, field)
			if script.Check(map[string]any{"steps": []any{less}}) == nil {
				t.Errorf("%s may be without its %s", tc.op, field)
			}
		}
		step["foreign"] = json.RawMessage(`1`)
		if script.Check(map[string]any{"steps": []any{step}}) == nil {
			t.Errorf("%s may have a field of another op", tc.op)
		}
	}
}

// Only what goes out as it stands may be any JSON.
func TestEveryFieldHasAType(t *testing.T) {
	t.Parallel()
	free := []string{"raw body", "tool args", "delegate input", "return value"}
	for _, tc := range steps {
		for _, good := range tc.good {
			var step map[string]json.RawMessage
			if err := json.Unmarshal([]byte(good), &step); err != nil {
				t.Fatal(err)
			}
			for field := range step {
				other := maps.Clone(step)
				other[field] = json.RawMessage(`[null]`)
				err := script.Check(map[string]any{"steps": []any{other}})
				if (err == nil) != slices.Contains(free, tc.op+" "+field) {
					t.Errorf("%s with a list as its %s: %v", tc.op, field, err)
				}
			}
		}
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, input, want string }{
		{"no step", `{"steps":[]}`, ""},
		{"the contract's example", `{"steps": [{"op": "log", "message": "hello"}, {"op": "return", "value": 42}]}`, ""},
		{"no steps", `{}`, "script: the input: missing property 'steps'"},
		{"no object", `[{"op":"return"}]`, "script: the input: got array, want object"},
		{"nothing", `null`, "script: the input: got null, want object"},
		{"more than steps", `{"steps":[],"seed":1}`, "script: the input: additional properties 'seed' not allowed"},
		{"a step that is no object", `{"steps":["log"]}`, "script: /steps/0: got string, want object"},
		{"a step without an op", `{"steps":[{}]}`, "script: /steps/0: missing property 'op'"},
		{"an op of another version", `{"steps":[{"op":"shout","text":"a"}]}`, "script: /steps/0/op: value must be one of"},
		{"an op in other letters", `{"steps":[{"op":"Log","message":"m"}]}`, "script: /steps/0/op: value must be one of"},
		{"an op that is no string", `{"steps":[{"op":1}]}`, "script: /steps/0/op: value must be one of"},
		{"two faults", `{"steps":[{"op":"log"},{"op":"read"}]}`,
			"script: /steps/0: missing property 'message'; /steps/1: missing property 'path'"},
	} {
		err := script.Check(json.RawMessage(tc.input))
		if (err == nil) != (tc.want == "") || err != nil && err.Error() != tc.want && !strings.HasSuffix(tc.want, "one of") ||
			err != nil && !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

func TestCheckTakesWhatIsSent(t *testing.T) {
	t.Parallel()
	step := func(value any) any {
		return map[string]any{"steps": []any{map[string]any{"op": "metric", "name": "cost.x", "value": value}}}
	}
	for name, tc := range map[string]struct {
		input any
		ok    bool
	}{
		"the text of a number": {step(json.Number("0.00000015")), true},
		"a number":             {step(3), true},
		"a text":               {step("0.1"), false},
		"what is no JSON":      {func() {}, false},
		"half a script":        {json.RawMessage(`{"steps":[`), false},
	} {
		if err := script.Check(tc.input); (err == nil) != tc.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The prose and the schema have the same ops, and the same fields in each.
func TestProseAndSchemaAgree(t *testing.T) {
	t.Parallel()
	var schema struct {
		Defs map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal(script.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for op, def := range schema.Defs {
		if op == "step" || op == "steps" {
			continue
		}
		got[op] = []string{}
		for field := range def.Properties {
			if !slices.Contains([]string{"op", "call_id", "fatal"}, field) {
				got[op] = append(got[op], field)
			}
		}
		slices.Sort(got[op])
	}
	if diff := cmp.Diff(proseOps(t), got); diff != "" {
		t.Errorf("prose and schema (-prose +schema):\n%s", diff)
	}
	tested := map[string]bool{}
	for _, tc := range steps {
		tested[tc.op] = true
	}
	for op := range got {
		if !tested[op] {
			t.Errorf("%s is not tested", op)
		}
	}
}

// proseOps reads the table of the contract: the names of the ops, and those of the fields without their defaults.
func proseOps(t *testing.T) map[string][]string {
	t.Helper()
	name, aside := regexp.MustCompile("`([a-z0-9_]+)`"), regexp.MustCompile(`\([^)]*\)`)
	ops := map[string][]string{}
	for line := range strings.Lines(script.Contract()) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !name.MatchString(cells[1]) {
			continue
		}
		fields := []string{}
		for _, m := range name.FindAllStringSubmatch(aside.ReplaceAllString(cells[2], ""), -1) {
			fields = append(fields, m[1])
		}
		if strings.Contains(cells[3], `"unchecked": true`) {
			fields = append(fields, "unchecked") // the one that the prose names in the last column
		}
		slices.Sort(fields)
		for _, m := range name.FindAllStringSubmatch(cells[1], -1) {
			ops[m[1]] = fields
		}
	}
	if len(ops) < 20 {
		t.Fatalf("%d ops in the table of the contract: it is not read as it should be", len(ops))
	}
	return ops
}

func TestSchemaIsTheCallersOwn(t *testing.T) {
	t.Parallel()
	first := script.Schema()
	first[0] = 'x'
	if second := script.Schema(); !bytes.HasPrefix(second, []byte("{")) || !json.Valid(second) {
		t.Errorf("it begins with %.10q", second)
	}
}
