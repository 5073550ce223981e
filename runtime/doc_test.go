package runtime

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// What doc.go shows exists: the calls of its program, with as many arguments,
// and the files that it names.
func TestTheDocumentShowsWhatThereIs(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var program strings.Builder
	for line := range strings.Lines(string(text)) {
		if code, ok := strings.CutPrefix(line, "//\t"); ok {
			program.WriteString(code)
		}
	}
	shown := map[string]reflect.Type{"compiler": reflect.TypeFor[*Compiler](), "state": reflect.TypeFor[*State]()}
	functions := map[string]reflect.Type{"New": reflect.TypeOf(New), "NewCompiler": reflect.TypeOf(NewCompiler)}
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", "package p\nfunc f() {\n"+program.String()+"}\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		calls++
		name := call.Fun.(*ast.SelectorExpr)
		of, f := name.X.(*ast.Ident).Name, functions[name.Sel.Name]
		if of != "runtime" {
			f = nil
			if m, ok := shown[of].MethodByName(name.Sel.Name); ok {
				f = reflect.ValueOf(m.Func.Interface()).Type()
			}
		}
		inputs := len(call.Args)
		if of != "runtime" {
			inputs++ // the receiver
		}
		if f == nil || f.NumIn() != inputs {
			t.Errorf("%s.%s with %d arguments: there is %v", of, name.Sel.Name, len(call.Args), f)
		}
		return true
	})
	if calls != 4 {
		t.Errorf("%d calls are shown", calls)
	}
	for _, name := range regexp.MustCompile(`\w+\.go\b`).FindAllString(string(text), -1) {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
}
