package steps_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/features"
	contract "github.com/arcp-conformance/arcp/conformance/script"
	"github.com/arcp-conformance/arcp/conformance/steps"
)

// expressions asks godog for the expressions that Register gave it.
func expressions(t *testing.T) map[string]*regexp.Regexp {
	t.Helper()
	var out bytes.Buffer
	godog.TestSuite{ScenarioInitializer: steps.Register, Options: &godog.Options{
		ShowStepDefinitions: true, Output: &out, NoColors: true, Format: "progress",
	}}.Run()
	plain := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(out.String(), "")
	all := map[string]*regexp.Regexp{}
	for _, line := range strings.Split(strings.TrimSpace(plain), "\n") {
		expr, _, _ := strings.Cut(line, " # ")
		expr = strings.TrimSpace(expr)
		all[expr] = regexp.MustCompile(expr)
	}
	if len(all) < 50 {
		t.Fatalf("%d expressions: %s", len(all), out.String())
	}
	return all
}

// pickles are all scenarios of the suite, outline rows filled in.
func pickles(t *testing.T) []*godog.Scenario {
	t.Helper()
	suite := godog.TestSuite{Options: &godog.Options{FS: features.FS(), Paths: []string{"."}}}
	all, err := suite.RetrieveFeatures()
	if err != nil {
		t.Fatal(err)
	}
	var list []*godog.Scenario
	for _, f := range all {
		list = append(list, f.Pickles...)
	}
	return list
}

func TestEveryStepHasOneMeaning(t *testing.T) {
	t.Parallel()
	exprs := expressions(t)
	used := map[string]bool{}
	for _, p := range pickles(t) {
		for _, st := range p.Steps {
			var found []string
			for name, expr := range exprs {
				if expr.MatchString(st.Text) {
					found = append(found, name)
					used[name] = true
				}
			}
			if len(found) != 1 {
				t.Errorf("%s, %q: the step %q has %d definitions %q", p.Uri, p.Name, st.Text, len(found), found)
			}
		}
	}
	for name := range exprs {
		if !strings.HasPrefix(name, "^") || !strings.HasSuffix(name, "$") {
			t.Errorf("%s is not anchored", name)
		}
		if !used[name] {
			t.Errorf("no scenario uses %s", name)
		}
	}
}

func TestEveryScenarioIsWellFormed(t *testing.T) {
	t.Parallel()
	cases, err := conformance.Cases(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if !strings.HasPrefix(c.ID, "arcp-"+c.Section+"-") {
			t.Errorf("%s stands in section %s", c.ID, c.Section)
		}
	}
	if len(cases) < 200 {
		t.Errorf("%d scenarios", len(cases))
	}
}

// submits are the steps whose text is a script of the agent.
var submits = regexp.MustCompile(`^"[^"]*" (submits|runs) .* that do(es)?:$`)

// TestEveryScriptIsOfTheContract holds what the scenarios have the agent do against the contract of that agent. The
// submits of whole payloads are not among them: many are wrong on purpose.
func TestEveryScriptIsOfTheContract(t *testing.T) {
	t.Parallel()
	n := 0
	for _, p := range pickles(t) {
		for _, st := range p.Steps {
			if !submits.MatchString(st.Text) {
				continue
			}
			n++
			dec := json.NewDecoder(strings.NewReader(st.Argument.DocString.Content))
			dec.UseNumber()
			var list any
			if err := dec.Decode(&list); err != nil {
				t.Errorf("%s, %q: %v", p.Uri, p.Name, err)
				continue
			}
			if err := contract.Check(map[string]any{"steps": list}); err != nil {
				t.Errorf("%s, %q: %v", p.Uri, p.Name, err)
			}
		}
	}
	if n < 100 {
		t.Errorf("%d scripts", n)
	}
}
