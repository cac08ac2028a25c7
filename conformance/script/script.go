package script

import (
	"bytes"
	"cmp"
	_ "embed" // for the two files of the contract
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed script.schema.json
var schema []byte

//go:embed README.md
var contract string

// Schema gives the JSON Schema (draft 2020-12) of the agent's input. The slice is the caller's own.
func Schema() []byte { return slices.Clone(schema) }

// Contract gives the contract in prose, as Markdown.
func Contract() string { return contract }

// Check says what is wrong with a script, nil when nothing is. The input is the value of a submit's `input`: anything
// that encoding/json can write, a json.RawMessage as well. Numbers keep their digits.
func Check(input any) error {
	compiled, err := compile()
	if err != nil {
		return err
	}
	text, err := json.Marshal(input)
	if err != nil {
		return fmt.Errorf("script: %w", err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("script: %w", err)
	}
	err = compiled.Validate(value)
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return err
	}
	return fmt.Errorf("script: %s", strings.Join(faults(invalid.DetailedOutput()), "; "))
}

var compile = sync.OnceValues(func() (*jsonschema.Schema, error) {
	const name = "urn:arcp-conformance:script"
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return nil, fmt.Errorf("script: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, doc); err != nil {
		return nil, fmt.Errorf("script: %w", err)
	}
	return compiler.Compile(name)
})

// faults gives the innermost findings of a validation, each with the place in the script.
func faults(unit *jsonschema.OutputUnit) []string {
	if unit.Error != nil {
		place := cmp.Or(unit.InstanceLocation, "the input")
		return []string{place + ": " + unit.Error.String()}
	}
	var all []string
	for i := range unit.Errors {
		all = append(all, faults(&unit.Errors[i])...)
	}
	return all
}
