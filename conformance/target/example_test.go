package target_test

import (
	"fmt"

	"github.com/arcp-conformance/arcp/conformance/target"
)

func ExampleParse() {
	spec, err := target.Parse([]byte(`
name: my runtime
command: [./my-runtime, --port, "${PORT}"]
url: ws://127.0.0.1:${PORT}/arcp
tokens: {first: secret-one, second: secret-two}
`))
	fmt.Println(spec.Name, len(spec.Command), err)
	_, err = target.Parse([]byte("id_format: numbers"))
	fmt.Println(err)
	// Output:
	// my runtime 3 <nil>
	// the description of the target: id_format: "numbers" is none of msg_ulid, ulid, uuid7
}
