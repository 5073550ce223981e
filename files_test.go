package naja_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// opened lists, by file, the calls by which the packages that pages and
// clients reach touch the files of the machine. All the files of a site
// come through the one os.Root of engine/internal/site, whatever asks: a URL, an
// include, Execute, Transfer, require, an error page. The rest is the
// temporary file of a large body, and a site's own answer of who stands in front
// of an engine that is held or isn't there: its name is a status's.
const opened = `
internal/asphttp/body.go    os.Remove
internal/asphttp/spool.go   os.CreateTemp os.Remove
engine/internal/site/site.go os.OpenRoot
internal/answer/own.go      os.OpenRoot
`

// reached are the folders that names from pages and clients get to.
const reached = `^(engine(/.*)?|runtime(/.*)?|asp|session|appstate|store|value|component|variant|language|internal/(asphttp|sessions|shared|turn|codepage|answer|collation|ecmaregexp|linked))$`

// touching are the calls of os and path/filepath that do.
const touching = `^(os\.(Open|OpenFile|OpenRoot|OpenInRoot|ReadFile|WriteFile|ReadDir|DirFS|Create|CreateTemp|Mkdir\w*|Stat|Lstat|Readlink|Remove\w*|Rename|Link|Symlink|Ch\w+|Truncate|CopyFS)` +
	`|filepath\.(Walk|WalkDir|Glob|EvalSymlinks)|syscall\.(Open|Stat|Unlink|Mkfifo)|http\.(Dir|ServeFile|FileServer|ServeFileFS))$`

func TestFilesComeThroughOneRoot(t *testing.T) {
	found := map[string][]string{}
	folders, calls := regexp.MustCompile(reached), regexp.MustCompile(touching)
	for name, in := range parseFolders(t, token.NewFileSet()) {
		if !folders.MatchString(name) {
			continue
		}
		for file, tree := range in.files {
			ast.Inspect(tree, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if call := fmt.Sprint(sel.X, ".", sel.Sel); calls.MatchString(call) && !slices.Contains(found[file], call) {
						found[file] = append(found[file], call)
					}
				}
				return true
			})
		}
	}
	if len(found) == 0 {
		t.Fatal("nothing was found at all")
	}
	for line := range strings.Lines(strings.TrimSpace(opened)) {
		words := strings.Fields(line)
		slices.Sort(found[words[0]])
		if got := found[words[0]]; !slices.Equal(got, words[1:]) {
			t.Errorf("%s calls %v, not %v", words[0], got, words[1:])
		}
		delete(found, words[0])
	}
	for file, list := range found {
		t.Errorf("%s calls %v: files are opened by engine/internal/site/site.go", file, list)
	}
}
