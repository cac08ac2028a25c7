package schema

import (
	"strings"

	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// Fault is one place of a message that does not have the draft's shape.
type Fault struct {
	Path        string         // JSON pointer into the message; "" is the whole message
	Problem     string         // what is wrong there
	Requirement string         // row of the register that it breaks
	Verdict     report.Verdict // fail, warn or info
	Subject     string         // what was being looked at: "the payload of job.accepted (§7.1)"
}

// Validate gives the faults of a message, none for a sound one. Messages of an unknown type, and events of an unknown
// kind, are held to the envelope alone. A frame that is no JSON object at all has no shape to judge and no faults here.
// It is safe for concurrent use.
func Validate(m wire.Message) []Fault {
	if m.Doc == nil {
		return nil
	}
	doc, _ := tame(m.Doc).(map[string]any)
	faults := apply("envelope", doc, "")
	payload, ok := doc["payload"].(map[string]any)
	if !ok {
		return faults
	}
	kind, _ := doc["type"].(string)
	if isMessage(kind) {
		faults = append(faults, apply(kind, payload, "/payload")...)
	}
	if kind != "job.event" {
		return faults
	}
	body, ok := payload["body"].(map[string]any)
	if !ok {
		return faults
	}
	kind, _ = payload["kind"].(string)
	return append(faults, apply("event."+kind, body, "/payload/body")...)
}

// Requirements gives the rows of the register under which a message of this type, and for a job.event of this kind, is
// looked at as a whole: its envelope, its payload and its body.
func Requirements(m wire.Message) []string {
	rows := []string{load().files["envelope"].requirement}
	if f, ok := load().files[m.Type()]; ok && isMessage(m.Type()) {
		rows = append(rows, f.requirement)
	}
	if f, ok := load().files["event."+m.Kind()]; ok && m.Type() == "job.event" {
		rows = append(rows, f.requirement)
	}
	return rows
}

// isMessage tells the schemas of messages from the others by their names.
func isMessage(name string) bool {
	return strings.HasPrefix(name, "session.") || strings.HasPrefix(name, "job.")
}

// Types lists the types of message that have a schema, in no order.
func Types() []string {
	var types []string
	for name := range load().files {
		if isMessage(name) {
			types = append(types, name)
		}
	}
	return types
}
