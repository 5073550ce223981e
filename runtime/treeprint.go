package runtime

import (
	"fmt"
	"math/big"
	"reflect"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// treePrint writes what a syntax tree says, without the places. A call that
// resolveText has put in is written as what it stands for, so that the tree of
// its result prints like that of the source.
type treePrint struct {
	strings.Builder
	names *names
}

func printTree(tree *ast.Program, n *names) string {
	p := treePrint{names: n}
	p.value(reflect.ValueOf(tree.Body))
	return p.String()
}

var (
	placeType  = reflect.TypeFor[file.Idx]()
	bigIntType = reflect.TypeFor[*big.Int]()
	regExpType = reflect.TypeFor[ast.RegExpLiteral]()
)

func (p *treePrint) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			p.WriteString("-")
			return
		}
		if v.Type() == bigIntType {
			fmt.Fprint(p, v.Interface())
			return
		}
		if call, ok := v.Interface().(*ast.CallExpression); ok {
			if inner, unary, ok := p.resolved(call); ok {
				p.WriteString(unary)
				p.value(reflect.ValueOf(inner))
				return
			}
		}
		if call, ok := v.Interface().(*ast.CallExpression); ok {
			if literal := p.literal(call); literal != nil {
				p.value(reflect.ValueOf(literal))
				return
			}
			if property := p.called(call); property != nil {
				p.value(reflect.ValueOf(property))
				return
			}
		}
		if u, ok := v.Interface().(*ast.UnaryExpression); ok && !u.Postfix {
			p.WriteString(u.Operator.String() + " ")
			p.value(reflect.ValueOf(u.Operand))
			return
		}
		p.value(v.Elem())
	case reflect.Struct:
		p.node(v)
	case reflect.Slice:
		p.WriteString("[")
		for i := range v.Len() {
			p.value(v.Index(i))
			p.WriteString(",")
		}
		p.WriteString("]")
	default:
		if v.CanInterface() && v.Type() != placeType {
			fmt.Fprintf(p, "%#v", v.Interface())
		}
	}
}

// node writes a node's fields. The source text of a function is left out: it
// is written in the tree already, as are its declarations.
func (p *treePrint) node(v reflect.Value) {
	t := v.Type()
	if !strings.HasSuffix(t.PkgPath(), "goja/ast") {
		return
	}
	p.WriteString(t.Name() + "(")
	for i := range v.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Type == placeType || f.Name == "Source" && f.Type.Kind() == reflect.String || f.Name == "DeclarationList" || f.Name == "Literal" && t == regExpType {
			continue
		}
		p.value(v.Field(i))
		p.WriteString(";")
	}
	p.WriteString(")")
}

// literal gives the regular expression that a call makes. Its text stands
// there twice in the engine's tree, not always right.
func (p *treePrint) literal(call *ast.CallExpression) *ast.RegExpLiteral {
	id, ok := call.Callee.(*ast.Identifier)
	if !ok || id.Name.String() != p.names.regexp || len(call.ArgumentList) != 2 {
		return nil
	}
	return &ast.RegExpLiteral{Pattern: call.ArgumentList[0].(*ast.StringLiteral).Value.String(), Flags: call.ArgumentList[1].(*ast.StringLiteral).Value.String()}
}

// called gives the call object.key() that called(object,"key") stands for.
func (p *treePrint) called(call *ast.CallExpression) *ast.CallExpression {
	id, ok := call.Callee.(*ast.Identifier)
	if !ok || id.Name.String() != p.names.called || len(call.ArgumentList) != 2 {
		return nil
	}
	key, ok := call.ArgumentList[1].(*ast.StringLiteral)
	if !ok {
		return nil
	}
	return &ast.CallExpression{Callee: &ast.DotExpression{Left: call.ArgumentList[0], Identifier: ast.Identifier{Name: key.Value}}}
}

// resolved gives what a call of a helper stands for: typeof of its argument,
// or its last argument alone.
func (p *treePrint) resolved(call *ast.CallExpression) (inner ast.Expression, unary string, ok bool) {
	id, ok := call.Callee.(*ast.Identifier)
	if !ok || len(call.ArgumentList) == 0 {
		return nil, "", false
	}
	last := call.ArgumentList[len(call.ArgumentList)-1]
	switch id.Name.String() {
	case p.names.typeOf:
		if len(call.ArgumentList) == 1 {
			return last, "typeof ", true
		}
		return last, "", true
	case p.names.plain, p.names.source, p.names.key, p.names.bare:
		return last, "", len(call.ArgumentList) == 1
	}
	return nil, "", false
}
