package naja_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/printer"
	"go/token"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// update has TestPublicFace write what it finds: go test . -run Public -update.
var update = flag.Bool("update", false, "write api.txt")

// TestPublicFace compares what a program can name with api.txt, a line for each
// name, as Go's own api folder has them: it changes on purpose only. What it
// loses breaks a program; what it gains is promised from then on.
func TestPublicFace(t *testing.T) {
	const golden = "api.txt"
	fset := token.NewFileSet()
	found := map[string]bool{}
	for name, in := range parseFolders(t, fset) {
		if !isPublic(name, in) {
			continue
		}
		for _, file := range in.files {
			for _, decl := range file.Decls {
				for _, line := range publicLines(fset, decl) {
					found[name+": "+line] = true
				}
			}
		}
	}
	got := slices.Sorted(maps.Keys(found))
	if *update {
		if err := os.WriteFile(golden, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		want[strings.TrimSuffix(line, "\n")] = true
	}
	for _, line := range got {
		if !want[line] {
			t.Errorf("new: %s", line)
		}
	}
	for _, line := range slices.Sorted(maps.Keys(want)) {
		if !found[line] {
			t.Errorf("gone: %s", line)
		}
	}
	if t.Failed() {
		t.Log("if that is meant: go test . -run TestPublicFace -update, and a line in CHANGELOG.md")
	}
}

// isPublic says whether a program can import a folder. What is for naja's own
// tests is no promise, a store's tests aside.
func isPublic(name string, in *folder) bool {
	for _, private := range []string{"internal", "cmd", "bench", "examples"} {
		if slices.Contains(strings.Split(name, "/"), private) {
			return false
		}
	}
	return len(in.files) > 0
}

// publicLines has a line for each name of a declaration that a program can use.
func publicLines(fset *token.FileSet, decl ast.Decl) (lines []string) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() || d.Recv != nil && !ofExported(d.Recv) {
			return nil
		}
		signature := strings.TrimPrefix(printed(fset, unnamed(d.Type)), "func")
		if d.Recv == nil {
			return []string{"func " + d.Name.Name + signature}
		}
		return []string{"method (" + printed(fset, d.Recv.List[0].Type) + ") " + d.Name.Name + signature}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					lines = append(lines, publicType(fset, s)...)
				}
			case *ast.ValueSpec:
				for _, name := range s.Names {
					if name.IsExported() {
						lines = append(lines, d.Tok.String()+" "+name.Name)
					}
				}
			}
		}
	}
	return lines
}

// publicType has a line for a type, and one for each of its fields or methods.
func publicType(fset *token.FileSet, s *ast.TypeSpec) []string {
	kind, members := "struct", (*ast.FieldList)(nil)
	switch u := s.Type.(type) {
	case *ast.StructType:
		members = u.Fields
	case *ast.InterfaceType:
		kind, members = "interface", u.Methods
	default:
		if s.Assign.IsValid() {
			return []string{"type " + s.Name.Name + " = " + printed(fset, s.Type)}
		}
		return []string{"type " + s.Name.Name + " " + printed(fset, s.Type)}
	}
	head := "type " + s.Name.Name + " " + kind
	lines := []string{head}
	for _, m := range members.List {
		if len(m.Names) == 0 {
			lines = append(lines, head+", embedded "+printed(fset, m.Type))
		}
		for _, name := range m.Names {
			if f, ok := m.Type.(*ast.FuncType); ok && kind == "interface" {
				lines = append(lines, head+", "+name.Name+strings.TrimPrefix(printed(fset, unnamed(f)), "func"))
			} else if name.IsExported() {
				lines = append(lines, head+", "+name.Name+" "+printed(fset, m.Type))
			}
		}
	}
	return lines
}

// unnamed is a signature without the names of parameters, which are no promise.
func unnamed(f *ast.FuncType) *ast.FuncType {
	without := func(list *ast.FieldList) *ast.FieldList {
		if list == nil {
			return nil
		}
		out := &ast.FieldList{}
		for _, field := range list.List {
			for range max(1, len(field.Names)) {
				out.List = append(out.List, &ast.Field{Type: field.Type})
			}
		}
		return out
	}
	return &ast.FuncType{TypeParams: f.TypeParams, Params: without(f.Params), Results: without(f.Results)}
}

// printed is an expression on one line.
func printed(fset *token.FileSet, node ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, fset, node); err != nil {
		return fmt.Sprint(err)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
