package conformance_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestTheSuiteKnowsNothingOfTheRuntime holds the rule that makes a verdict worth something: the suite reads the wire
// with eyes of its own. Only conformance/embedded, which starts the runtime, may know it.
func TestTheSuiteKnowsNothingOfTheRuntime(t *testing.T) {
	t.Parallel()
	const module = "github.com/arcp-conformance/arcp/"
	files := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		if strings.HasPrefix(filepath.ToSlash(path), "embedded/") {
			return nil
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			own, inside := strings.CutPrefix(name, module)
			if inside && own != "conformance" && !strings.HasPrefix(own, "conformance/") {
				t.Errorf("%s imports %s", path, name)
			}
			// In tests of the whole, the embedded runtime may stand as the peer.
			if own == "conformance/embedded" && !strings.HasSuffix(path, "_test.go") {
				t.Errorf("%s imports %s", path, name)
			}
		}
		return nil
	})
	if err != nil || files < 20 {
		t.Errorf("%d files looked at: %v", files, err)
	}
}
