package imports_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module    = "github.com/arcp-conformance/arcp/"
	hollywood = "github.com/anthdm/hollywood"
)

// rule is what the packages of one pattern may import besides the standard library. A pattern is a package, one with
// /... for it and all below it, or ... for all.
type rule struct {
	packages  string
	own       []string // packages of the module
	libraries []string // modules
	tests     bool     // whether the rule holds test files too
}

// graph is the import graph: the first rule that fits a package is the package's.
func graph() []rule {
	return []rule{
		{packages: "protocol", libraries: []string{"github.com/oklog/ulid/v2"}},
		{packages: "budget"},
		{packages: "lease", own: []string{"budget"}},
		{packages: "actors/session", own: []string{"protocol"}},
		{packages: "actors/job", own: []string{"protocol", "lease", "budget"}},
		{packages: "actors/registry", own: []string{"protocol"}},
		{packages: "actors/internal/simulation", own: []string{"protocol", "budget", "lease", "actors/session", "actors/job", "actors/registry"}},
		{packages: "actors/internal/engine", libraries: []string{hollywood}},
		{packages: "transport/...", own: []string{"protocol"}, libraries: []string{"github.com/coder/websocket"}},
		{packages: "auth/...", own: []string{"protocol"}},
		{packages: "credentials", own: []string{"protocol", "budget", "internal/wait"}, libraries: []string{"go.etcd.io/bbolt"}},
		{
			packages: "actors",
			own: []string{
				"protocol", "budget", "lease", "actors/session", "actors/job", "actors/registry", "actors/internal/engine",
				"transport", "auth", "credentials", "internal/wait",
			},
			libraries: []string{"golang.org/x/sync", "go.opentelemetry.io/otel"},
		},
		{packages: "agents/...", own: []string{"actors", "protocol", "budget", "lease", "internal/wait"}},
		{packages: "conformance/embedded", own: []string{"..."}, libraries: []string{"..."}},
		{packages: "conformance/...", own: []string{"conformance/..."}, libraries: []string{"..."}, tests: true},
		{packages: "cmd/...", own: []string{"..."}, libraries: []string{"..."}},
		{packages: "internal/upstream", own: []string{"protocol", "budget", "credentials"}},
		{packages: "internal/coverage", own: []string{"conformance", "conformance/register"}},
		{packages: "internal/..."},
	}
}

// pure are the packages that must be the same whenever and wherever they run.
var pure = []string{"protocol", "budget", "lease", "actors/session", "actors/job", "actors/registry"}

// worldly are the packages of the standard library that the pure ones do without.
var worldly = []string{
	"net/...", "os/...", "sync/...", "math/rand/...", "crypto/rand", "context", "log/...", "syscall", "unsafe", "runtime/...", "testing/...",
}

// clocks are the functions of package time that look at a clock or start one.
var clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

func fits(pattern, name string) bool {
	below, all := strings.CutSuffix(pattern, "...")
	return pattern == name || all && (below == "" || name+"/" == below || strings.HasPrefix(name, below))
}

func anyFits(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return fits(pattern, name) })
}

// file is one source file of the module.
type file struct {
	path string
	pkg  string // its directory
	test bool
	ast  *ast.File
}

// files parses all Go files of the module below root, those of nested modules and of testdata left out.
func files(tb testing.TB, root fs.FS) []file {
	tb.Helper()
	var found []file
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && left(root, name):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		found = append(found, file{path: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), ast: parsed})
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

// left says whether the go command leaves a directory out as well.
func left(root fs.FS, dir string) bool {
	base := path.Base(dir)
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err == nil || base == "testdata" || base[0] == '.' || base[0] == '_'
}

// imported lists what a file imports.
func (f file) imported() (names []string) {
	for _, spec := range f.ast.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		names = append(names, name)
	}
	return names
}

// faults lists what a file does that the graph forbids.
func (f file) faults() (faults []string) {
	i := slices.IndexFunc(graph(), func(r rule) bool { return fits(r.packages, f.pkg) })
	if i < 0 {
		return []string{"the import graph has no rule for this package"}
	}
	may := graph()[i]
	for _, name := range f.imported() {
		if fits(hollywood+"/...", name) && f.pkg != "actors/internal/engine" {
			faults = append(faults, "only the engine may import "+name)
		}
		if (!f.test || may.tests) && !may.allows(name, f.test) {
			faults = append(faults, "may not import "+name)
		}
	}
	if !f.test && slices.Contains(pure, f.pkg) {
		faults = append(faults, f.impurities()...)
	}
	return faults
}

// allows says whether an import is within a rule.
func (r rule) allows(name string, test bool) bool {
	own, inside := strings.CutPrefix(name, module)
	switch {
	case !inside && !strings.Contains(strings.Split(name, "/")[0], "."):
		return true // the standard library
	case !inside:
		return slices.ContainsFunc(r.libraries, func(library string) bool {
			return library == "..." || fits(library+"/...", name)
		})
	case own == "conformance/embedded" && r.packages == "conformance/...":
		return test // in tests of the whole, the embedded runtime may stand as the peer
	}
	return anyFits(r.own, own)
}

// impurities lists where a file meets the world: its packages, goroutines and clocks.
func (f file) impurities() (faults []string) {
	for _, name := range f.imported() {
		if anyFits(worldly, name) {
			faults = append(faults, "is pure and may not import "+name)
		}
	}
	ast.Inspect(f.ast, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.GoStmt:
			faults = append(faults, "is pure and may not start a goroutine")
		case *ast.SelectorExpr:
			if x, ok := node.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, node.Sel.Name) {
				faults = append(faults, "is pure and may not call time."+node.Sel.Name)
			}
		}
		return true
	})
	return faults
}
