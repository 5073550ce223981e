package naja_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestNothingOnImport fails on an init function and on a package variable
// that anything could change later: two engines in one process are strangers.
func TestNothingOnImport(t *testing.T) {
	fset := token.NewFileSet()
	for name, in := range parseFolders(t, fset) {
		files := slices.Collect(maps.Values(in.files))
		for _, file := range files {
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s: an init function", fset.Position(f.Pos()))
				}
			}
		}
		for _, problem := range mutable(fset, name, files) {
			t.Error(problem)
		}
	}
}

// mutable lists the places where package variables change. Imports aren't
// resolved, so what a method of another package does isn't seen; a variable
// of package sync's types is refused therefore, except for a constant that is
// made late.
func mutable(fset *token.FileSet, name string, files []*ast.File) (problems []string) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	pkg, _ := config.Check(name, fset, files, info)
	complain := func(target ast.Expr, what string) {
		root := rootOf(target)
		v, ok := info.Uses[root].(*types.Var)
		if ok && v.Parent() == pkg.Scope() {
			problems = append(problems, fmt.Sprintf("%s: package variable %s %s", fset.Position(target.Pos()), root.Name, what))
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, target := range n.Lhs {
					complain(target, "is assigned to")
				}
			case *ast.IncDecStmt:
				complain(n.X, "is changed")
			case *ast.RangeStmt:
				complain(n.Key, "is assigned to")
				complain(n.Value, "is assigned to")
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					complain(n.X, "has its address taken")
				}
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.Ident); ok && slices.Contains([]string{"delete", "clear", "copy"}, f.Name) && len(n.Args) > 0 {
					complain(n.Args[0], "is changed by "+f.Name)
				}
			}
			return true
		})
		problems = append(problems, guarded(fset, file)...)
	}
	return problems
}

// guarded lists package variables made to be changed: locks and their like.
func guarded(fset *token.FileSet, file *ast.File) (problems []string) {
	for _, decl := range file.Decls {
		vars, ok := decl.(*ast.GenDecl)
		if !ok || vars.Tok != token.VAR {
			continue
		}
		ast.Inspect(vars, func(n ast.Node) bool {
			if _, isFunc := n.(*ast.FuncLit); isFunc {
				return false
			}
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if from, ok := sel.X.(*ast.Ident); ok && (from.Name == "sync" || from.Name == "atomic") && sel.Sel.Name != "OnceValue" {
					problems = append(problems, fmt.Sprintf("%s: a package variable of %s.%s", fset.Position(sel.Pos()), from.Name, sel.Sel.Name))
				}
			}
			return true
		})
	}
	return problems
}

// rootOf is the variable that an expression such as a.b[c].d is part of.
func rootOf(e ast.Expr) *ast.Ident {
	for {
		switch at := e.(type) {
		case *ast.Ident:
			return at
		case *ast.SelectorExpr:
			e = at.X
		case *ast.IndexExpr:
			e = at.X
		case *ast.StarExpr:
			e = at.X
		case *ast.ParenExpr:
			e = at.X
		case *ast.SliceExpr:
			e = at.X
		default:
			return nil
		}
	}
}

// TestMutable shows that the check above sees what it is for.
func TestMutable(t *testing.T) {
	const source = `package p
import ("other"; "sync"; "sync/atomic")
var a, b, c, d, e, f, g, h, i other.T
var lock sync.Mutex
var count = new(atomic.Int64)
var fine = sync.OnceValue(func() *sync.Mutex { return new(sync.Mutex) })
func _(x other.T) {
	a = x; b.c[1].d = x; c[0]++; _ = &d; delete(e, x); clear(f)
	for g = range []int{} { }
	for x, h.y = range []int{} { }
	i, i := x, 1
	fine := x; fine = x; _ = &fine
}`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	problems := strings.Join(mutable(fset, "p", []*ast.File{file}), "\n")
	for _, want := range []string{
		"variable a is", "variable b is", "variable c is", "variable d has", "variable e is", "variable f is",
		"variable g is", "variable h is", "sync.Mutex", "atomic.Int64",
	} {
		if !strings.Contains(problems, want) {
			t.Errorf("%q isn't found in\n%s", want, problems)
		}
	}
	if strings.Contains(problems, "fine") || strings.Contains(problems, "variable i") || strings.Contains(problems, "OnceValue") {
		t.Errorf("more is found than there is:\n%s", problems)
	}
}

// TestDocumented fails on an exported name without a comment.
func TestDocumented(t *testing.T) {
	fset := token.NewFileSet()
	for _, in := range parseFolders(t, fset) {
		for _, file := range in.files {
			for _, decl := range file.Decls {
				for _, name := range undocumented(decl) {
					t.Errorf("%s: %s has no comment", fset.Position(name.Pos()), name.Name)
				}
			}
		}
	}
}

func undocumented(decl ast.Decl) (names []*ast.Ident) {
	add := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		if name.IsExported() && !slices.ContainsFunc(docs, func(d *ast.CommentGroup) bool { return d != nil }) {
			names = append(names, name)
		}
	}
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		// What these methods do, their names say everywhere.
		known := slices.Contains([]string{"Error", "String", "Unwrap", "ServeHTTP"}, decl.Name.Name)
		if decl.Recv == nil || !known && ofExported(decl.Recv) {
			add(decl.Name, decl.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				add(spec.Name, decl.Doc, spec.Doc)
			case *ast.ValueSpec:
				if decl.Tok == token.CONST && len(spec.Values) > 0 && spec.Type != nil {
					continue // a value of a type that is described where it stands
				}
				for _, name := range spec.Names {
					add(name, decl.Doc, spec.Doc, spec.Comment)
				}
			}
		}
	}
	return names
}

// ofExported reports whether a method's receiver is an exported type.
func ofExported(recv *ast.FieldList) bool {
	if len(recv.List) == 0 {
		return false
	}
	root := rootOf(recv.List[0].Type)
	return root != nil && root.IsExported()
}

type noImports struct{}

func (noImports) Import(string) (*types.Package, error) {
	return nil, errors.New("imports aren't needed here")
}
