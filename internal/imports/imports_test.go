package imports_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestTheModuleKeepsToItsImportGraph(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	all := files(t, os.DirFS(root))
	for _, f := range all {
		for _, fault := range f.faults() {
			t.Errorf("%s: %s", f.path, fault)
		}
	}
	for _, pkg := range pure {
		if !slices.ContainsFunc(all, func(f file) bool { return f.pkg == pkg && !f.test }) {
			t.Errorf("no files of %s were looked at", pkg)
		}
	}
}

// The rules themselves: what each of them lets pass, and what it does not.
func TestTheImportGraph(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path, imports string
		want          []string
	}{
		{"budget/a.go", "math/bits", nil},
		{"budget/a.go", module + "protocol", []string{"may not import " + module + "protocol"}},
		{"budget/a.go", "github.com/cockroachdb/apd/v3", []string{"may not import github.com/cockroachdb/apd/v3"}},
		{"budget/a_test.go", "github.com/cockroachdb/apd/v3", nil},
		{"protocol/a.go", "github.com/oklog/ulid/v2", nil},
		{"protocol/a.go", "net/url", []string{"is pure and may not import net/url"}},
		{"protocol/a.go", "sync/atomic", []string{"is pure and may not import sync/atomic"}},
		{"protocol/a.go", "crypto/rand", []string{"is pure and may not import crypto/rand"}},
		{"lease/a.go", module + "budget", nil},
		{"lease/a.go", module + "protocol", []string{"may not import " + module + "protocol"}},
		{"actors/session/a.go", module + "protocol", nil},
		{"actors/session/a.go", module + "actors/job", []string{"may not import " + module + "actors/job"}},
		{"actors/job/a.go", module + "lease", nil},
		{"actors/job/a.go", module + "actors/session", []string{"may not import " + module + "actors/session"}},
		{"actors/registry/a.go", module + "protocol", nil},
		{"actors/registry/a.go", module + "actors/session", []string{"may not import " + module + "actors/session"}},
		{"actors/job/a.go", "context", []string{"is pure and may not import context"}},
		{"actors/job/a.go", "log/slog", []string{"is pure and may not import log/slog"}},
		{"actors/job/a.go", "math/rand/v2", []string{"is pure and may not import math/rand/v2"}},
		{"actors/job/a_test.go", "os", nil},
		{"actors/a.go", module + "actors/job", nil},
		{"actors/a.go", module + "conformance/wire", []string{"may not import " + module + "conformance/wire"}},
		{"actors/a.go", hollywood + "/actor", []string{
			"only the engine may import " + hollywood + "/actor", "may not import " + hollywood + "/actor",
		}},
		{"actors/a_test.go", hollywood + "/actor", []string{"only the engine may import " + hollywood + "/actor"}},
		{"actors/internal/engine/a.go", hollywood + "/actor", nil},
		{"actors/internal/engine/a.go", module + "protocol", []string{"may not import " + module + "protocol"}},
		{"transport/a.go", module + "protocol", nil},
		{"transport/a.go", module + "actors", []string{"may not import " + module + "actors"}},
		{"agents/demo/a.go", module + "actors", nil},
		{"agents/demo/a.go", module + "actors/job", []string{"may not import " + module + "actors/job"}},
		{"conformance/wire/a.go", "github.com/coder/websocket", nil},
		{"conformance/wire/a.go", module + "conformance/report", nil},
		{"conformance/wire/a.go", module + "protocol", []string{"may not import " + module + "protocol"}},
		{"conformance/wire/a_test.go", module + "protocol", []string{"may not import " + module + "protocol"}},
		{"conformance/a.go", module + "conformance/embedded", []string{"may not import " + module + "conformance/embedded"}},
		{"conformance/a_test.go", module + "conformance/embedded", nil},
		{"conformance/embedded/a.go", module + "actors", nil},
		{"cmd/arcp/a.go", module + "conformance/embedded", nil},
		{"cmd/arcp/a.go", hollywood + "/actor", []string{"only the engine may import " + hollywood + "/actor"}},
		{"internal/transcript/a.go", module + "protocol", []string{"may not import " + module + "protocol"}},
		{"protocols/a.go", "fmt", []string{"the import graph has no rule for this package"}},
	} {
		source := "package a\nimport _ \"" + c.imports + "\"\n"
		if diff := cmp.Diff(c.want, faultsOf(t, c.path, source)); diff != "" {
			t.Errorf("%s imports %s (-want +got):\n%s", c.path, c.imports, diff)
		}
	}
}

func TestPurePackagesHaveNoGoroutinesAndNoClocks(t *testing.T) {
	t.Parallel()
	const source = "package a\nimport \"time\"\nfunc f(at time.Time) time.Time { go f(at); time.AfterFunc(time.Second, nil); return time.Now() }\n"
	want := []string{
		"is pure and may not start a goroutine", "is pure and may not call time.AfterFunc", "is pure and may not call time.Now",
	}
	for _, pkg := range pure {
		if diff := cmp.Diff(want, faultsOf(t, pkg+"/a.go", source)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", pkg, diff)
		}
	}
	for _, path := range []string{"budget/a_test.go", "actors/a.go", "budget/testdata/a.go", "budget/_old/a.go", "tools/a.go"} {
		if got := faultsOf(t, path, source); got != nil {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// faultsOf is what a module of one file does wrong. In it, tools is a module of its own.
func faultsOf(t *testing.T, path, source string) (faults []string) {
	t.Helper()
	root := fstest.MapFS{path: {Data: []byte(source)}, "tools/go.mod": {Data: []byte("module tools\n")}, "go.mod": {}}
	for _, f := range files(t, root) {
		faults = append(faults, f.faults()...)
	}
	return faults
}
