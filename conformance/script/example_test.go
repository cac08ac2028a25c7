package script_test

import (
	"encoding/json"
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/script"
)

func ExampleCheck() {
	fmt.Println(script.Check(json.RawMessage(`{"steps":[{"op":"log","message":"hello"},{"op":"return","value":42}]}`)))
	fmt.Println(script.Check(json.RawMessage(`{"steps":[{"op":"metric","name":"cost.search","value":"0.1"}]}`)))
	// Output:
	// <nil>
	// script: /steps/0/value: got string, want number
}
