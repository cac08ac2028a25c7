package schema

import (
	"errors"
	"net/url"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/arcp-conformance/arcp/conformance/register"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// apply holds value, which stands at the pointer at of its message, to the schema called name. Where there is no such
// schema nothing is demanded.
func apply(name string, value any, at string) []Fault {
	f, ok := load().files[name]
	if !ok || name == "common" {
		return nil
	}
	var broken *jsonschema.ValidationError
	if !errors.As(f.compiled.Validate(value), &broken) {
		return nil
	}
	r := reader{subject: f.title, at: at}
	r.read(broken, note{})
	return r.faults
}

// reader turns the validator's tree of errors into faults.
type reader struct {
	subject string
	at      string
	faults  []Fault
}

// read goes down to the leaves and carries along what our keywords say on the way: the part of the tree behind a $ref
// lies in another place, perhaps another file, and takes over what stood at the $ref.
func (r *reader) read(e *jsonschema.ValidationError, above note) {
	here := above.over(noteAt(e.SchemaURL))
	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf: // each cause would accuse of another thing, and only one of them needs to hold
		r.add(e, here)
		return
	}
	if len(e.Causes) == 0 {
		r.add(e, here)
		return
	}
	for _, cause := range e.Causes {
		r.read(cause, here)
	}
}

func (r *reader) add(e *jsonschema.ValidationError, n note) {
	problem := e.ErrorKind.LocalizedString(english())
	if n.description != "" {
		problem += " (wanted: " + n.description + ")"
	}
	verdict := n.verdict
	if verdict == "" {
		verdict = verdictOf(n.requirement)
	}
	path := r.at
	for _, step := range e.InstanceLocation {
		path += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(step)
	}
	r.faults = append(r.faults, Fault{
		Path: path, Problem: problem, Requirement: n.requirement, Verdict: verdict, Subject: r.subject,
	})
}

// verdictOf is what a breach of the row comes to: what binds fails, a SHOULD warns, a MAY informs.
func verdictOf(requirement string) report.Verdict {
	row, _ := register.Lookup(requirement)
	switch {
	case row.Level.Binding():
		return report.Fail
	case row.Level == register.Should:
		return report.Warn
	}
	return report.Info
}

// note is what our own keywords say of a place in a schema.
type note struct {
	requirement string
	verdict     report.Verdict
	description string // of the place itself, not of one above it
}

// over puts what is said further down over what was said above.
func (n note) over(below note) note {
	if below.requirement == "" {
		below.requirement = n.requirement
	}
	if below.verdict == "" {
		below.verdict = n.verdict
	}
	return below
}

// noteAt follows the location of a schema (URL and pointer) through its file.
func noteAt(location string) note {
	name, pointer, _ := strings.Cut(strings.TrimPrefix(location, base), ".json#")
	f, ok := load().files[name]
	if !ok {
		return note{}
	}
	place, n := f.doc, note{}
	steps := strings.Split(pointer, "/")[1:]
	if len(steps) == 0 || steps[0] != "$defs" { // a definition stands for itself: only who refers to it lends it a note
		n = noteOf(place)
	}
	for _, step := range steps {
		if step, err := url.PathUnescape(step); err == nil {
			place, _ = wire.Lookup(place, strings.NewReplacer("~1", "/", "~0", "~").Replace(step))
		}
		n = n.over(noteOf(place))
	}
	return n
}

func noteOf(place any) note {
	object, _ := place.(map[string]any)
	var n note
	n.requirement, _ = object["requirement"].(string)
	verdict, _ := object["verdict"].(string)
	n.verdict = report.Verdict(verdict)
	n.description, _ = object["description"].(string)
	return n
}

// english gives a printer of the validator's own words; a printer is not safe for concurrent use.
func english() *message.Printer { return message.NewPrinter(language.English) }
