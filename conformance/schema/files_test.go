package schema

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/register"
	"github.com/arcp-conformance/arcp/conformance/report"
)

// TestNotesInTheFilesMeanSomething: a misspelt row or verdict would lead a fault astray in silence.
func TestNotesInTheFilesMeanSomething(t *testing.T) {
	t.Parallel()
	for name, f := range load().files {
		if f.title == "" || (f.requirement == "") != (name == "common") {
			t.Errorf("%s: title %q, requirement %q", name, f.title, f.requirement)
		}
		eachObject(f.doc, func(object map[string]any) {
			if req, ok := object["requirement"]; ok {
				id, _ := req.(string)
				if _, known := register.Lookup(id); !known {
					t.Errorf("%s: no row %q", name, id)
				}
			}
			switch v, ok := object["verdict"]; {
			case !ok, v == string(report.Warn), v == string(report.Info):
			default:
				t.Errorf("%s: verdict %v", name, v)
			}
		})
	}
}

func eachObject(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, member := range v {
			eachObject(member, visit)
		}
	case []any:
		for _, element := range v {
			eachObject(element, visit)
		}
	}
}

// TestMonstersAreReplacedByTheirLike: what a schema can ask of a number stays true of it.
func TestMonstersAreReplacedByTheirLike(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("9", 500)
	for text, want := range map[string]string{
		"5": "5", "-1.50e3": "-1.50e3", "1e400": "1e400", "1e401": "1e300", "-1e999999999": "-1e300", "1e-401": "0.5",
		"-1e-99999999999999999999": "-0.5", "0e999": "0", "0.000e-999": "0", long: "1e300", "-" + long: "-1e300",
		"0." + long: "0.5", "0." + strings.Repeat("0", 500): "0", long + "e5": "1e300",
	} {
		if got := tame(json.Number(text)); got != json.Number(want) {
			t.Errorf("%.30s: got %v, want %s", text, got, want)
		}
	}
}
