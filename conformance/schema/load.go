package schema

import (
	"bytes"
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed files/*.json
var files embed.FS

// base is where the schemas seem to lie, so that they can name one another; nothing is ever fetched.
const base = "arcp://schema/"

// library is all schemas, compiled, by name of the file without its ending.
type library struct{ files map[string]*file }

type file struct {
	compiled    *jsonschema.Schema
	doc         any
	title       string
	requirement string
}

var load = sync.OnceValue(func() *library {
	l, err := compile()
	if err != nil {
		panic(fmt.Sprintf("schema: %v", err)) // the files are part of the program
	}
	return l
})

func compile() (*library, error) {
	entries, err := files.ReadDir("files")
	if err != nil {
		return nil, err
	}
	l, compiler := &library{files: map[string]*file{}}, jsonschema.NewCompiler()
	for _, e := range entries {
		text, err := files.ReadFile(path.Join("files", e.Name()))
		if err != nil {
			return nil, err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		if err := compiler.AddResource(base+e.Name(), doc); err != nil {
			return nil, err
		}
		f := &file{doc: doc}
		top, _ := doc.(map[string]any)
		f.title, _ = top["title"].(string)
		f.requirement, _ = top["requirement"].(string)
		l.files[strings.TrimSuffix(e.Name(), ".json")] = f
	}
	for name, f := range l.files {
		if f.compiled, err = compiler.Compile(base + name + ".json"); err != nil {
			return nil, err
		}
	}
	return l, nil
}
