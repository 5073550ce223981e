package runtime

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// allowCatchVar makes assignments of var declarations within a catch block
// that have the name of its parameter. The language allows them (ECMA-262,
// B.3.4), the engine's compiler doesn't. The names stay declared: the engine
// keeps a function's list of those apart.
func allowCatchVar(c *ast.CatchStatement) {
	if id, ok := c.Parameter.(*ast.Identifier); ok {
		walk(c.Body, catchVar{id})
	}
}

type catchVar struct{ param *ast.Identifier }

// enter leaves out what has variables of its own.
func (c catchVar) enter(node any) bool {
	switch node.(type) {
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral, *ast.ClassLiteral:
		return false
	}
	return true
}

// leave gives what stands for a declaration, nil when it stays.
func (c catchVar) leave(node any) any {
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
