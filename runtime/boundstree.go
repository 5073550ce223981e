package runtime

import (
	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// Some of the engine's bounds can only be kept where the page's text is known:
// operators are no functions, and a constructor of Array in the engine's place
// would make every array of the page slower.

// bound rewrites what needs a check before it.
func (t transformer) bound(e ast.Expression) {
	switch e := e.(type) {
	case *ast.BinaryExpression:
		if _, ok := logical(e); ok {
			if inner := constantChain(e); inner != nil { // a sequence is no constant
				inner.Left = &ast.SequenceExpression{Sequence: []ast.Expression{&ast.NullLiteral{Idx: inner.Left.Idx0()}, inner.Left}}
			}
		} else if t.big && growing(e.Operator) {
			e.Left, e.Right = t.call(t.names.left, e.Left), t.operand(e.Operator, e.Right)
		}
	case *ast.AssignExpression:
		if id, ok := e.Left.(*ast.Identifier); ok && t.big && growing(e.Operator) {
			e.Right = t.operand(e.Operator, e.Right, id)
		}
		if dot, ok := e.Left.(*ast.DotExpression); ok && e.Operator == token.ASSIGN && dot.Identifier.Name == "length" {
			e.Right = t.sized(e.Right)
		}
	case *ast.YieldExpression:
		if e.Delegate && e.Argument != nil {
			e.Argument = t.call(t.names.delegate, e.Argument)
		}
	}
}

// growing are the operators whose result can be far larger than both sides.
func growing(op token.Token) bool { return op == token.EXPONENT || op == token.SHIFT_LEFT }

// operand is the checked right side of a growing operator, whose left side is
// what the last call of left was given, or left.
func (t transformer) operand(op token.Token, right ast.Expression, left ...*ast.Identifier) ast.Expression {
	call := t.call(t.names.right, right).(*ast.CallExpression)
	call.ArgumentList = append(call.ArgumentList, &ast.BooleanLiteral{Idx: right.Idx0(), Value: op == token.EXPONENT})
	for _, id := range left {
		call.ArgumentList = append(call.ArgumentList, &ast.Identifier{Idx: id.Idx, Name: id.Name})
	}
	return call
}

// boundSize checks n of Array(n) and new Array(n).
func (t transformer) boundSize(callee ast.Expression, args []ast.Expression) {
	if id, ok := callee.(*ast.Identifier); ok && id.Name == "Array" && len(args) == 1 {
		args[0] = t.sized(args[0])
	}
}

// sized checks a length, unless it is there to be read.
func (t transformer) sized(e ast.Expression) ast.Expression {
	switch e := e.(type) {
	case *ast.SpreadElement, *ast.StringLiteral, *ast.ArrayLiteral, *ast.ObjectLiteral:
		return e
	case *ast.NumberLiteral:
		if n, ok := e.Value.(int64); ok && n <= maxElements {
			return e
		}
	}
	return t.call(t.names.size, e)
}

// leftOperand keeps the left side of a growing operator for its right side.
func (sc *script) leftOperand(call goja.FunctionCall) goja.Value {
	v := call.Argument(0)
	if len(sc.operands) >= maxCallDepth { // left by exceptions between the two
		sc.operands = sc.operands[:0]
	}
	sc.operands = append(sc.operands, v)
	return v
}

// rightOperand checks both sides of a growing operator.
func (sc *script) rightOperand(call goja.FunctionCall) goja.Value {
	right := call.Argument(0)
	left := call.Argument(2)
	if n := len(sc.operands); len(call.Arguments) < 3 && n > 0 {
		left, sc.operands = sc.operands[n-1], sc.operands[:n-1]
	}
	sc.bigOperands(call.Argument(1).ToBoolean(), left, right)
	return right
}
