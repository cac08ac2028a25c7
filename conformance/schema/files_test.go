package schema

import (
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
