// Package naja_test holds the house's rules as text, and fails when the code
// leaves them. Don't change a text to make a build pass: change it when the
// house itself is to change, and ARCHITECTURE.md with it.
package naja_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/najahost/naja"

// lattice is the house from the roof down: each folder, the folders of this
// module that it may import, and the modules of others. Imports go down only:
// what a folder imports stands below it. A module stands in one folder alone, and
// of golang.org/x/text, which is many libraries, each of them;
// the examples use modules as any program would.
const lattice = `
cmd/naja                 : component/files component/mail component/scripting component cmd/naja/internal/config cmd/naja/internal/forwarded cmd/naja/internal/handover cmd/naja/internal/systemd operate/host/watch operate/admin operate/host operate/isolate interop/scs interop/gorilla engine runtime asp session store/memory store/moving store/remote store/sqlite store internal/answer internal/cborvalue internal/nearest internal/outlet internal/setting : golang.org/x/term
cmd/naja/internal/config : operate/host operate/isolate engine internal/nearest internal/setting : github.com/BurntSushi/toml golang.org/x/net
cmd/naja/internal/forwarded :                                            : github.com/pires/go-proxyproto
cmd/naja/internal/systemd :                                              : github.com/coreos/go-systemd/v22
cmd/naja/internal/handover :                                             :
examples/embed           : interop/scs engine                            : github.com/alexedwards/scs/v2
examples/site            : engine                                        :

bench                    : bench/internal/load bench/internal/server bench/internal/report bench/internal/figures operate/isolate : github.com/schollz/progressbar/v3
bench/internal/load      : bench/internal/server bench/internal/wire bench/internal/figures : fortio.org/fortio fortio.org/log
bench/internal/server    : operate/isolate engine store/memory           :
bench/internal/report    : bench/internal/figures                        : github.com/go-analyze/charts
bench/internal/wire      :                                               :
bench/internal/figures   :                                               :

operate/admin            : operate/host engine store internal/answer                     : github.com/prometheus/client_golang golang.org/x/crypto
operate/host/watch       :                                               : github.com/fsnotify/fsnotify
operate/host             : engine internal/answer internal/setting internal/linked       :
operate/isolate          : operate/isolate/internal/frame engine store/remote store internal/answer internal/setting :
operate/isolate/internal/frame : internal/packet                         :

interop/scs              : interop/internal/bridge session internal/turn store/memory store internal/cborvalue : github.com/alexedwards/scs/v2
interop/gorilla          : interop/internal/bridge session internal/turn store internal/cborvalue   : github.com/gorilla/sessions github.com/gorilla/securecookie
interop/internal/bridge  : internal/sessions session internal/turn store internal/cborvalue                     :

engine                   : engine/internal/pages engine/internal/site engine/internal/apartment engine/internal/wire runtime component internal/sessions session internal/turn internal/shared appstate store/memory store internal/asphttp asp internal/cborvalue internal/codepage internal/setting internal/linked internal/answer :

engine/internal/pages    : engine/internal/site runtime asp              :
engine/internal/site     : asp internal/answer                           :
engine/internal/apartment : internal/linked                              :
engine/internal/wire     : internal/linked                               :

internal/sessions        : session internal/turn store internal/cborvalue             :
session                  : internal/turn store                           :
internal/turn            : internal/linked                               :
internal/shared          : appstate store internal/cborvalue internal/linked :
appstate                 :                                               :

store/remote             : store internal/packet                         :
store/sqlite             : store                                         : modernc.org/sqlite
store/memory             : store internal/packet                         :
store/moving             : store                                         :
store                    :                                               :

runtime                  : runtime/internal/javascript runtime/internal/page language runtime/internal/typelib runtime/internal/dialect runtime/internal/intrinsics runtime/internal/reflected component variant internal/asphttp asp internal/cborvalue internal/codepage internal/nearest internal/ecmaregexp internal/collation : github.com/dop251/goja github.com/dop251/goja_nodejs
runtime/internal/javascript : language                                   :
runtime/internal/page    : language asp internal/codepage                :
runtime/internal/dialect : asp                                           :

runtime/internal/reflected : component variant asp internal/cborvalue                 :
runtime/internal/typelib :                                               :
runtime/internal/intrinsics : component variant internal/asphttp asp internal/codepage :

language                 : variant                                       :
component/mail           : component variant internal/codepage           : github.com/wneessen/go-mail
component/scripting      : component/files component variant internal/codepage internal/ecmaregexp :
component/files          :                                               :
component                : variant                                       :
internal/asphttp         : asp internal/codepage                         :
asp                      : internal/codepage                             :
value                    : internal/cborvalue                             :
internal/cborvalue       :                                               : github.com/fxamacker/cbor/v2
variant                  :                                               :
internal/codepage        :                                               : golang.org/x/text/encoding golang.org/x/text/transform
internal/collation       :                                               : golang.org/x/text/collate golang.org/x/text/language golang.org/x/text/unicode
internal/packet          :                                               :
internal/ecmaregexp      :                                               :
internal/nearest         :                                               :
internal/setting         :                                               :
internal/linked          :                                               :
internal/outlet          :                                               :
internal/answer          :                                               :
`

// testLattice is what tests may import besides what their folder may; "*" is
// every folder. The folders at its end are for tests only: what is no test
// doesn't import them.
const testLattice = `
*                        : internal/asptest                 : go.uber.org/goleak
operate/isolate          : store/sqlite store/memory session asp :
operate/isolate/internal/frame : engine                     :
engine                   : store/sqlite internal/browsertest :
engine/internal/site     : internal/setting                 :
cmd/naja                 :                                  : github.com/rogpeppe/go-internal
examples/site            : internal/browsertest             :
operate/admin            : internal/browsertest             :
bench                    : engine                           :
bench/internal/server    : bench/internal/wire              :
store/memory             : store/storetest internal/cborvalue            :
store/remote             : store/storetest store/memory     :
store/moving             : store/storetest store/memory     :
store/sqlite             : store/storetest                  :
internal/sessions        : store/memory                     :
interop/internal/bridge  : store/memory                     :
interop/scs              : engine store/memory store/sqlite :
interop/gorilla          : engine store/memory store/sqlite :
internal/shared          : store/memory                     :
runtime                  : internal/ecmaregexp/samples      :
component/mail           : engine                           : github.com/emersion/go-smtp github.com/emersion/go-sasl
component/scripting      : engine                           :
runtime/internal/javascript : runtime/internal/page asp         :
runtime/internal/dialect :                                  : github.com/dop251/goja
internal/ecmaregexp      : internal/ecmaregexp/samples      : github.com/dlclark/regexp2/v2
.                        : engine                           :

engine/neighbours        : engine internal/browsertest                  :
engine/neighbours/caddy  :                                               : github.com/caddyserver/caddy/v2
interop                  : engine session store interop/scs interop/gorilla store/memory store/sqlite : github.com/alexedwards/scs/v2 github.com/gorilla/sessions
interop/stores           : engine session interop/scs interop/gorilla : github.com/alexedwards/scs github.com/boj/redistore github.com/go-sql-driver/mysql github.com/gomodule/redigo github.com/gorilla/sessions github.com/jackc/pgx/v5 github.com/redis/go-redis/v9 github.com/wader/gormstore/v2 gorm.io modernc.org/sqlite
store/storetest          : internal/shared store internal/cborvalue             :
internal/asptest         :                                  :
internal/ecmaregexp/samples :                               :
internal/browsertest     :                                  : github.com/chromedp/chromedp github.com/chromedp/cdproto
`

// embedded lists the modules that a program gets by importing engine.
const embedded = `
github.com/dop251/goja
github.com/dop251/goja_nodejs
github.com/dlclark/regexp2/v2
github.com/go-sourcemap/sourcemap
github.com/google/pprof
github.com/fxamacker/cbor/v2
github.com/x448/float16
golang.org/x/text
`

// goroutines counts the places that start one, by file. Each has an owner
// whose Close or Shutdown waits for it.
const goroutines = `
cmd/naja/signals.go 1
cmd/naja/server.go 4
cmd/naja/estate.go 2
cmd/naja/restart.go 4
cmd/naja/succeed.go 1
cmd/naja/internal/handover/handover_unix.go 1
cmd/naja/watchdog.go 2
cmd/naja/mounts.go 1
cmd/naja/desk.go 1
cmd/naja/drain.go 1
bench/internal/load/crowd.go    1
bench/internal/load/slow.go     2
bench/internal/server/meter.go  1
bench/internal/server/server.go 1
operate/admin/events.go 1
operate/host/application.go 2
operate/host/watch/watch.go 1
operate/isolate/channel.go 1
operate/isolate/replacing.go 1
operate/isolate/ending.go 3
operate/isolate/inworker_unix.go 2
operate/isolate/supervisor.go 1
operate/isolate/watch.go 3
operate/isolate/program.go 1
operate/isolate/worker.go 9
operate/isolate/internal/frame/client.go   1
operate/isolate/internal/frame/exchange.go 1
operate/isolate/internal/frame/server.go   2
component/mail/deliver.go 1
engine/check.go 1
engine/internal/apartment/pool.go 1
engine/internal/pages/cache.go 1
engine/lifecycle.go 2
engine/shutdown.go 1
internal/sessions/endhold.go 1
internal/sessions/ender.go   2
internal/sessions/find.go    1
internal/sessions/leases.go  2
internal/sessions/status.go  1
interop/internal/bridge/holding.go 1
internal/shared/lease.go  1
internal/outlet/outlet.go 1
internal/shared/state.go  1
store/moving/stores.go 1
store/remote/client.go 1
store/remote/server.go 2
store/sqlite/db.go 3
`

// A rule is one line of a lattice.
type rule struct {
	folders, modules []string
}

// rules reads a lattice; order lists its folders.
func rules(t *testing.T, text string) (all map[string]rule, order []string) {
	t.Helper()
	all = map[string]rule{}
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		parts := strings.Split(line, " :")
		if len(parts) != 3 {
			t.Fatalf("%q isn't 'folder : folders : modules'", line)
		}
		folder := strings.TrimSpace(parts[0])
		all[folder] = rule{strings.Fields(parts[1]), strings.Fields(parts[2])}
		order = append(order, folder)
	}
	return all, order
}

// A folder is the Go files of one folder, whatever system they are for.
type folder struct {
	files, tests map[string]*ast.File // by slash path from the module's root
}

func parseFolders(t *testing.T, fset *token.FileSet) map[string]*folder {
	t.Helper()
	all := map[string]*folder{}
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() && name != "." && (base == "testdata" || base[0] == '.' || base[0] == '_') {
			return filepath.SkipDir
		}
		if entry.IsDir() || path.Ext(base) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return err
		}
		slashed := filepath.ToSlash(name)
		in := all[path.Dir(slashed)]
		if in == nil {
			in = &folder{map[string]*ast.File{}, map[string]*ast.File{}}
			all[path.Dir(slashed)] = in
		}
		if strings.HasSuffix(base, "_test.go") {
			in.tests[slashed] = file
		} else {
			in.files[slashed] = file
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// imports lists what files import of this module's folders and of others'
// modules; the standard library is free.
func imports(files map[string]*ast.File) (own, foreign []string) {
	for _, file := range files {
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			first, _, _ := strings.Cut(name, "/")
			switch inside, ok := strings.CutPrefix(name, module+"/"); {
			case ok:
				own = append(own, inside)
			case strings.Contains(first, "."):
				foreign = append(foreign, name)
			}
		}
	}
	return own, foreign
}

// TestLattice fails on an import that the lattice doesn't have.
func TestLattice(t *testing.T) {
	house, order := rules(t, lattice)
	tests, _ := rules(t, testLattice)
	requireDown(t, house, order)
	for name, in := range parseFolders(t, token.NewFileSet()) {
		base, ok := house[name]
		forTests, testOnly := tests[name]
		switch {
		case !ok && testOnly:
			base = forTests
		case !ok:
			t.Errorf("%s isn't in the lattice of arch_test.go: say there what it may import", name)
			continue
		}
		require(t, name, in.files, base)
		require(t, name+" (tests)", in.tests, rule{
			slices.Concat(base.folders, forTests.folders, tests["*"].folders, []string{name}),
			slices.Concat(base.modules, forTests.modules, tests["*"].modules),
		})
	}
}

func require(t *testing.T, name string, files map[string]*ast.File, allowed rule) {
	own, foreign := imports(files)
	for _, imported := range own {
		if !slices.Contains(allowed.folders, imported) {
			t.Errorf("%s imports %s: the lattice has no such arrow", name, imported)
		}
	}
	for _, imported := range foreign {
		if !slices.ContainsFunc(allowed.modules, func(m string) bool {
			return imported == m || strings.HasPrefix(imported, m+"/")
		}) {
			t.Errorf("%s imports %s: the lattice doesn't let it use that module", name, imported)
		}
	}
}

// requireDown fails if the lattice itself isn't one: an arrow that doesn't go
// down, a module in two folders.
func requireDown(t *testing.T, house map[string]rule, order []string) {
	users := map[string]string{}
	for i, name := range order {
		for _, below := range house[name].folders {
			if !slices.Contains(order[i+1:], below) {
				t.Errorf("the lattice lets %s import %s, which isn't below it", name, below)
			}
		}
		if strings.HasPrefix(name, "examples/") {
			continue
		}
		for _, m := range house[name].modules {
			if other, taken := users[m]; taken {
				t.Errorf("the lattice lets both %s and %s use %s", other, name, m)
			}
			users[m] = name
		}
	}
}

// TestEmbedderBuild fails when a program that embeds the engine would get a
// module that only the command, the console or a test needs, or a package
// that does something on import.
func TestEmbedderBuild(t *testing.T) {
	format := "{{.ImportPath}} {{with .Module}}{{.Path}}{{end}}"
	list := exec.Command("go", "list", "-deps", "-f", format, "./engine")
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	allowed := append(strings.Fields(embedded), module)
	forbidden := []string{"testing", "expvar", "net/http/pprof"}
	for line := range strings.Lines(string(out)) {
		name, from, _ := strings.Cut(strings.TrimSpace(line), " ")
		if from != "" && !slices.Contains(allowed, from) {
			t.Errorf("an embedder's build contains %s of %s", name, from)
		}
		if slices.Contains(forbidden, name) {
			t.Errorf("an embedder's build contains %s", name)
		}
	}
}

// TestGoroutines fails when the places that start goroutines aren't those of
// the list: `go` statements, WaitGroup.Go and AfterFunc.
func TestGoroutines(t *testing.T) {
	found := map[string]int{}
	house, _ := rules(t, lattice)
	for dir, in := range parseFolders(t, token.NewFileSet()) {
		if _, ok := house[dir]; !ok {
			continue // for tests only
		}
		for name, file := range in.files {
			ast.Inspect(file, func(n ast.Node) bool {
				if startsGoroutine(n) {
					found[name]++
				}
				return true
			})
		}
	}
	listed := map[string]int{}
	for line := range strings.Lines(goroutines) {
		if fields := strings.Fields(line); len(fields) == 2 {
			if listed[fields[0]] != 0 {
				t.Errorf("arch_test.go lists %s twice", fields[0])
			}
			listed[fields[0]], _ = strconv.Atoi(fields[1])
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		if found[name] != listed[name] {
			t.Errorf("%s starts goroutines in %d places, arch_test.go lists %d: who waits for them?", name, found[name], listed[name])
		}
	}
	for name := range listed {
		if found[name] == 0 {
			t.Errorf("arch_test.go lists %s, which starts no goroutine", name)
		}
	}
	explained := filesOfTheTable(t)
	for name := range found {
		if !slices.Contains(explained, name) {
			t.Errorf("%s starts goroutines and isn't in ARCHITECTURE.md's table of them", name)
		}
	}
	for _, name := range explained {
		if found[name] == 0 {
			t.Errorf("ARCHITECTURE.md's table of goroutines has %s, which starts none", name)
		}
	}
}

// filesOfTheTable are the files that ARCHITECTURE.md's table of goroutines
// names in its first column, by their whole path.
func filesOfTheTable(t *testing.T) (files []string) {
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Who owns which goroutine\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); len(cells) > 3 {
			files = append(files, regexp.MustCompile(`[\w/]+\.go`).FindAllString(cells[1], -1)...)
		}
	}
	if len(files) == 0 {
		t.Fatal("ARCHITECTURE.md has no table of goroutines")
	}
	return files
}

func startsGoroutine(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		return true
	case *ast.CallExpr:
		called, ok := n.Fun.(*ast.SelectorExpr)
		return ok && (called.Sel.Name == "Go" && len(n.Args) == 1 || called.Sel.Name == "AfterFunc")
	}
	return false
}

// mostFiles is in how many files of its folder a type may have methods. More is a
// bag that is carried through a hall.
const mostFiles = 8

// scattered are the types that have them in more files, and in how many at most.
// The list only shrinks, and so do its numbers.
const scattered = `
internal/asphttp.Request 11
internal/asphttp.Response 10
engine.Engine 17
operate/admin.Console 9
operate/isolate.Supervisor 15
operate/isolate.worker 9
runtime.script 50
runtime/internal/dialect.walker 9
`

// TestMethodsStandTogether fails when the methods of a type fill a folder.
func TestMethodsStandTogether(t *testing.T) {
	listed := map[string]int{}
	for line := range strings.Lines(strings.TrimSpace(scattered)) {
		fields := strings.Fields(line)
		listed[fields[0]], _ = strconv.Atoi(fields[1])
	}
	house, _ := rules(t, lattice)
	for dir, in := range parseFolders(t, token.NewFileSet()) {
		if _, ok := house[dir]; !ok {
			continue // for tests only
		}
		files := map[string]int{}
		for _, file := range in.files {
			has := map[string]bool{}
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv != nil {
					has[receiver(f)] = true
				}
			}
			for name := range has {
				files[dir+"."+name]++
			}
		}
		for name, n := range files {
			if most := max(mostFiles, listed[name]); n > most {
				t.Errorf("%s has methods in %d files, %d are the most", name, n, most)
			}
			if most := listed[name]; most > 0 {
				delete(listed, name)
				if n <= mostFiles {
					t.Errorf("arch_test.go lists %s with %d files: with %d it may leave the list", name, most, n)
				}
			}
		}
	}
	for name := range listed {
		t.Errorf("arch_test.go lists %s, which has no methods", name)
	}
}

// receiver is the name of a method's type.
func receiver(f *ast.FuncDecl) string {
	of := f.Recv.List[0].Type
	for {
		switch e := of.(type) {
		case *ast.StarExpr:
			of = e.X
		case *ast.IndexExpr:
			of = e.X
		case *ast.IndexListExpr:
			of = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}
