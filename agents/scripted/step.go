package scripted

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/arcp-conformance/arcp/protocol"
)

// step is one step of a script: the fields of all ops together.
type step struct {
	Op        string            `json:"op"`
	CallID    string            `json:"call_id"`
	Fatal     bool              `json:"fatal"`
	Kind      string            `json:"kind"`
	Body      json.RawMessage   `json:"body"`
	Name      string            `json:"name"`
	Unit      string            `json:"unit"`
	Args      json.RawMessage   `json:"args"`
	Path      string            `json:"path"`
	URL       string            `json:"url"`
	Encoding  string            `json:"encoding"`
	Text      *string           `json:"text"`
	Base64    *string           `json:"base64"`
	Generate  *generated        `json:"generate"`
	Times     *int              `json:"times"`
	Piece     int               `json:"piece"`
	Summary   string            `json:"summary"`
	Branches  int               `json:"branches"`
	MS        int               `json:"ms"`
	How       string            `json:"how"`
	Code      string            `json:"code"`
	Message   string            `json:"message"`
	Retryable *bool             `json:"retryable"`
	Value     json.RawMessage   `json:"value"`
	Steps     []json.RawMessage `json:"steps"`

	Agent       string                     `json:"agent"`
	Lease       protocol.Lease             `json:"lease"`
	Constraints *protocol.LeaseConstraints `json:"constraints"`
	Input       json.RawMessage            `json:"input"`
	Wait        *bool                      `json:"wait"`

	fields map[string]json.RawMessage // all of them, digits and all
}

type generated struct {
	Seed string `json:"seed"`
	Size int    `json:"size"`
}

// read reads a step and puts in what its variables stand for. Steps within it are left for when they are done, so that
// the innermost counter wins; what a child is given is left for the child.
func (p *play) read(raw json.RawMessage, in scope) (*step, error) {
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, err
	}
	variables := strings.NewReplacer("${i}", in.counter, "${branch}", in.branch, "${result_id}", string(p.resultID()))
	for name, value := range fields {
		if name != "steps" && name != "input" {
			fields[name] = json.RawMessage(variables.Replace(string(value)))
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	s := &step{fields: fields}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("%s: %w", fields["op"], err)
	}
	return s, nil
}

// body is an event body of those fields that the step has.
func (s *step) body(names ...string) json.RawMessage {
	body := map[string]json.RawMessage{}
	for _, name := range names {
		if value, given := s.fields[name]; given {
			body[name] = value
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic("scripted: JSON that was read cannot be written: " + err.Error())
	}
	return text
}

// times is how often, 1 where the step does not say.
func (s *step) times() int {
	if s.Times == nil {
		return 1
	}
	return *s.Times
}
