package runtime

import (
	"reflect"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// allowCatchVar makes assignments of var declarations within a catch block
// that have the name of its parameter. The language allows them (ECMA-262,
// B.3.4), the engine's compiler doesn't. The names stay declared: the engine
// keeps a function's list of those apart.
func allowCatchVar(c *ast.CatchStatement) {
	if id, ok := c.Parameter.(*ast.Identifier); ok {
		catchVar{id}.walk(reflect.ValueOf(c.Body).Elem())
	}
}

type catchVar struct{ param *ast.Identifier }

// walk visits the statements below v, those of inner functions left out.
func (c catchVar) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		if with := c.replace(v.Interface()); with != nil && v.CanSet() {
			v.Set(reflect.ValueOf(with))
		}
		c.walk(v.Elem())
	case reflect.Pointer:
		switch v.Interface().(type) {
		case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral, *ast.ClassLiteral, *ast.Identifier:
			return
		}
		if !v.IsNil() {
			c.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				c.walk(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.walk(v.Index(i))
		}
	}
}

// replace gives what stands for a declaration, nil when it stays.
func (c catchVar) replace(node any) any {
	switch n := node.(type) {
	case *ast.VariableStatement:
		if e, ok := c.assignments(n.List); ok {
			if e == nil {
				return &ast.EmptyStatement{Semicolon: n.Var}
			}
			return &ast.ExpressionStatement{Expression: e}
		}
	case *ast.ForLoopInitializerVarDeclList:
		if e, ok := c.assignments(n.List); ok {
			if e == nil {
				e = c.param
			}
			return &ast.ForLoopInitializerExpression{Expression: e}
		}
	case *ast.ForIntoVar:
		if c.named(n.Binding.Target) {
			return &ast.ForIntoExpression{Expression: n.Binding.Target.(*ast.Identifier)}
		}
	}
	return nil
}

func (c catchVar) named(target any) bool {
	id, ok := target.(*ast.Identifier)
	return ok && id.Name == c.param.Name
}

// assignments are the declarations of a list that has the parameter's name as
// one expression, nil when none of them has a value.
func (c catchVar) assignments(list []*ast.Binding) (ast.Expression, bool) {
	found := false
	var all []ast.Expression
	for _, b := range list {
		id, ok := b.Target.(*ast.Identifier)
		if !ok {
			return nil, false
		}
		found = found || c.named(id)
		if b.Initializer != nil {
			all = append(all, &ast.AssignExpression{Operator: token.ASSIGN, Left: id, Right: b.Initializer})
		}
	}
	switch {
	case !found:
		return nil, false
	case len(all) == 0:
		return nil, true
	case len(all) == 1:
		return all[0], true
	}
	return &ast.SequenceExpression{Sequence: all}, true
}
