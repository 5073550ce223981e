package runtime

import (
	"strings"
	"unicode"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
	"github.com/najahost/naja/runtime/internal/intrinsics"
)

// What newcomers write and doesn't mean what they think. An item of Request is an
// object, there or not, in naja as in IIS; it becomes its text where a text is
// wanted, which none of these places does. Two neighbours aren't meant: switch
// takes an item's value, and Request("name") is undefined where nothing has the
// name, so that its truth and what stands behind an || of it say what they seem to.
const (
	neverIdentical = "an item of Request is an object, and never identical to a text: compare with == or take String(…) of it"
	alwaysThere    = "an item of Request is an object, and true whether the visitor sent it or not: ask for its .Count, or take String(…) of it"
	noDefault      = "an item of Request is an object, there or not, so that what stands behind this operator is never used: ask for its .Count first"
	alwaysObject   = `typeof of an item of Request is "object" whether the visitor sent it or not: ask for its .Count`
	propertyEscape = `\p{…} stands for a property of characters with the flag u or v alone; without it this is the letter p`
)

// habit looks at one node for them.
func (in *inspector) habit(node any) {
	switch n := node.(type) {
	case *ast.BinaryExpression:
		in.binary(n)
	case *ast.UnaryExpression:
		if n.Operator == token.NOT {
			in.condition(n.Operand)
		}
	case *ast.ConditionalExpression:
		in.condition(n.Test)
	case *ast.IfStatement:
		in.condition(n.Test)
	case *ast.WhileStatement:
		in.condition(n.Test)
	case *ast.CaseStatement:
		in.identical(n.Test, nil)
	case *ast.RegExpLiteral:
		if !strings.ContainsAny(n.Flags, "uv") && escapesProperty(n.Pattern) {
			in.habitAt(n.Idx, propertyEscape)
		}
	}
}

func (in *inspector) binary(n *ast.BinaryExpression) {
	switch n.Operator {
	case token.STRICT_EQUAL, token.STRICT_NOT_EQUAL:
		in.identical(n.Left, n.Right)
		in.identical(n.Right, n.Left)
		in.typeOf(n.Left, n.Right)
		in.typeOf(n.Right, n.Left)
	case token.EQUAL, token.NOT_EQUAL:
		in.typeOf(n.Left, n.Right)
		in.typeOf(n.Right, n.Left)
	case token.LOGICAL_OR, token.COALESCE:
		in.note(n.Left, noDefault)
	case token.LOGICAL_AND:
		in.condition(n.Left)
	}
}

// identical is a comparison by identity with another expression.
func (in *inspector) identical(e, with ast.Expression) {
	in.note(e, neverIdentical)
	if in.looked(e) && !isUndefined(with) {
		in.habitAt(e.Idx0(), neverIdentical)
	}
}

// isUndefined says that an expression is undefined as pages spell it.
func isUndefined(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.Identifier:
		return e.Name == "undefined"
	case *ast.UnaryExpression:
		return e.Operator == token.VOID
	}
	return false
}

// condition is an expression of which only its truth counts. What stands behind
// an && of it is another; behind an || it isn't reached.
func (in *inspector) condition(e ast.Expression) {
	if b, ok := e.(*ast.BinaryExpression); ok && b.Operator == token.LOGICAL_AND {
		in.condition(b.Right)
		return
	}
	in.note(e, alwaysThere)
}

// typeOf is a comparison with typeof of an item.
func (in *inspector) typeOf(e, with ast.Expression) {
	u, ok := e.(*ast.UnaryExpression)
	if s, literal := with.(*ast.StringLiteral); !ok || u.Operator != token.TYPEOF || !literal || s.Value == "object" {
		return
	}
	in.note(u.Operand, alwaysObject)
}

// note tells of an expression that is an item of Request's.
func (in *inspector) note(e ast.Expression, message string) {
	if e != nil && intrinsics.IsText(in.classOf(e)) {
		in.habitAt(e.Idx0(), message)
	}
}

// looked says that an expression is Request("name"), which looks through the
// collections: an item where one has the name, undefined where none has, and a text
// where it is a server variable's.
func (in *inspector) looked(e ast.Expression) bool {
	call, ok := e.(*ast.CallExpression)
	if !ok || len(call.ArgumentList) != 1 || in.classOf(call.Callee) != intrinsics.Global("Request") {
		return false
	}
	name, literal := call.ArgumentList[0].(*ast.StringLiteral)
	return literal && strings.ContainsFunc(name.Value.String(), unicode.IsLower)
}

func (in *inspector) habitAt(idx file.Idx, message string) {
	in.report.Habits = append(in.report.Habits, Habit{in.place(idx), message})
}

// escapesProperty says that a pattern has \p{ or \P{ in it.
func escapesProperty(pattern string) bool {
	for i := 0; i+2 < len(pattern); i++ {
		if pattern[i] != '\\' {
			continue
		}
		i++
		if (pattern[i] == 'p' || pattern[i] == 'P') && i+1 < len(pattern) && pattern[i+1] == '{' {
			return true
		}
	}
	return false
}
