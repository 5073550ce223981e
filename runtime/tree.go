package runtime

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// A visitor is shown the nodes of a syntax tree: pointers to the structs of
// package ast.
type visitor interface {
	// enter is shown a node before those below it; false leaves them out.
	enter(node any) bool
	// leave is shown it again behind them, and gives what is to stand in its
	// place; nil leaves it there. It isn't asked where enter said false.
	leave(node any) any
}

// onEnter is a visitor that only looks.
type onEnter func(node any)

func (f onEnter) enter(node any) bool {
	f(node)
	return true
}
func (f onEnter) leave(any) any { return nil }

// walk shows a visitor a node, and all nodes below it in the order of the
// text. The tree has some sixty kinds of nodes; reflection visits them all
// alike, and only when something is compiled. A function's list of what it
// declares is left out: it has nothing that its body hasn't.
func walk(node any, v visitor) {
	walker{v, make(map[reflect.Type][]int)}.value(reflect.ValueOf(node))
}

// A walker goes through one tree.
type walker struct {
	visitor
	below map[reflect.Type][]int // the fields in which nodes stand, of the structs that were met
}

func (w walker) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		if with := reflect.ValueOf(w.node(v.Elem())); with.IsValid() && with.Type().AssignableTo(v.Type()) {
			v.Set(with)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			w.node(v)
		}
	case reflect.Struct:
		w.fields(v)
	case reflect.Slice:
		for i := range v.Len() {
			w.value(v.Index(i))
		}
	}
}

func (w walker) node(v reflect.Value) any {
	node := v.Interface()
	if !w.enter(node) {
		return nil
	}
	w.fields(v.Elem())
	return w.leave(node)
}

func (w walker) fields(v reflect.Value) {
	t := v.Type()
	list, met := w.below[t]
	if !met {
		for i := range t.NumField() {
			if f := t.Field(i).Type; hasNodes(f) && f != declarationsType {
				list = append(list, i)
			}
		}
		w.below[t] = list
	}
	for _, i := range list {
		w.value(v.Field(i))
	}
}

var declarationsType = reflect.TypeFor[[]*ast.VariableDeclaration]()

// hasNodes says that nodes stand in what is of a type.
func hasNodes(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Pointer:
		return hasNodes(t.Elem())
	case reflect.Interface, reflect.Struct:
		return strings.HasSuffix(t.PkgPath(), "goja/ast")
	}
	return false
}

// printTree writes what a syntax tree says, without the places: two texts that
// mean the same give the same.
func printTree(tree *ast.Program) string {
	var p treePrinter
	walk(tree, &p)
	return p.String()
}

type treePrinter struct{ strings.Builder }

func (p *treePrinter) enter(node any) bool {
	v := reflect.ValueOf(node).Elem()
	p.WriteString(v.Type().Name() + "(")
	p.own(v)
	return true
}

func (p *treePrinter) leave(any) any {
	p.WriteString(")")
	return nil
}

var placeType = reflect.TypeFor[file.Idx]()

// own writes what a node is besides the nodes below it, and which of these
// there are. The source text of functions and of literals is left out: the
// tree has it already.
func (p *treePrinter) own(v reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case f.Type == placeType, f.Type == declarationsType, f.Name == "File":
		case f.Type.Kind() == reflect.String && (f.Name == "Source" || f.Name == "Literal" && v.Type() != reflect.TypeFor[ast.TemplateElement]()):
		default:
			p.field(v.Field(i))
		}
	}
}

func (p *treePrinter) field(v reflect.Value) {
	switch {
	case !hasNodes(v.Type()):
		fmt.Fprintf(p, "%T %[1]v;", v.Interface())
	case v.Kind() == reflect.Struct:
		p.own(v)
	case v.Kind() == reflect.Slice:
		fmt.Fprintf(p, "%d:", v.Len())
		for i := range v.Len() {
			p.field(v.Index(i))
		}
	case v.IsNil():
		p.WriteString("-")
	default:
		p.WriteString("+")
	}
}
