package runtime

import (
	"math"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// The engine takes 32 bits of a number by way of a 64-bit integer: from 2^63 up
// 1e21 | 0 is what the processor makes of that, 0 on one kind and -1 on
// another. ECMA-262 (7.1.6) takes the number modulo 2^32, which is exact for
// doubles, so that is what an operand becomes that may be so large:
// x % 4294967296. Pages that compute with BigInts, which can't be divided by
// it, keep the engine's.

const word32 = 1 << 32

// bits puts the operands of an operator right.
func (r *rewriter) bits(node any) ast.Expression {
	if r.big {
		return nil
	}
	switch e := node.(type) {
	case *ast.BinaryExpression:
		if onBits(e.Operator) {
			e.Left, e.Right = within32(e.Left), within32(e.Right)
		}
	case *ast.UnaryExpression:
		if e.Operator == token.BITWISE_NOT {
			e.Operand = within32(e.Operand)
		}
	case *ast.AssignExpression:
		if !onBits(e.Operator) {
			return nil
		}
		e.Right = within32(e.Right)
		if again := simplePlace(e.Left); again != nil {
			e.Right = &ast.BinaryExpression{Operator: e.Operator, Left: within32(again), Right: e.Right}
			e.Operator = token.ASSIGN
		}
	}
	return nil
}

// onBits tells the operators that take 32 bits of their operands.
func onBits(op token.Token) bool {
	switch op {
	case token.AND, token.OR, token.EXCLUSIVE_OR, token.SHIFT_LEFT, token.SHIFT_RIGHT, token.UNSIGNED_SHIFT_RIGHT:
		return true
	}
	return false
}

// within32 is an operand as the engine reads it rightly.
func within32(e ast.Expression) ast.Expression {
	if bounded(e) {
		return e
	}
	return &ast.BinaryExpression{Operator: token.REMAINDER, Left: e,
		Right: &ast.NumberLiteral{Idx: e.Idx1(), Literal: "4294967296", Value: int64(word32)}}
}

// bounded says that an expression can't be a number from 2^63 up.
func bounded(e ast.Expression) bool {
	const huge = 1 << 63
	switch e := e.(type) {
	case *ast.NumberLiteral:
		f, float := e.Value.(float64)
		_, whole := e.Value.(int64)
		return whole || float && math.Abs(f) < huge
	case *ast.BooleanLiteral, *ast.NullLiteral, *ast.SpreadElement:
		return true
	case *ast.UnaryExpression:
		switch e.Operator {
		case token.BITWISE_NOT, token.NOT, token.INCREMENT, token.DECREMENT:
			return e.Operator == token.BITWISE_NOT || e.Operator == token.NOT
		case token.MINUS, token.PLUS:
			return bounded(e.Operand)
		}
	case *ast.BinaryExpression:
		switch e.Operator {
		case token.REMAINDER:
			n, ok := e.Right.(*ast.NumberLiteral)
			return ok && bounded(n)
		case token.LESS, token.LESS_OR_EQUAL, token.GREATER, token.GREATER_OR_EQUAL, token.EQUAL, token.STRICT_EQUAL:
			return true
		}
		return onBits(e.Operator)
	case *ast.CallExpression:
		dot, ok := e.Callee.(*ast.DotExpression)
		return ok && dot.Identifier.Name == "charCodeAt"
	case *ast.DotExpression:
		return e.Identifier.Name == "length"
	case *ast.ConditionalExpression:
		return bounded(e.Consequent) && bounded(e.Alternate)
	}
	return false
}

// simplePlace is what a compound assignment assigns to, once more for reading
// it; nil where reading it twice could be seen.
func simplePlace(e ast.Expression) ast.Expression {
	switch e := e.(type) {
	case *ast.Identifier:
		return &ast.Identifier{Idx: e.Idx, Name: e.Name}
	case *ast.DotExpression:
		if object := simpleObject(e.Left); object != nil {
			return &ast.DotExpression{Left: object, Identifier: e.Identifier}
		}
	case *ast.BracketExpression:
		object := simpleObject(e.Left)
		if object == nil {
			return nil
		}
		again := &ast.BracketExpression{Left: object, LeftBracket: e.LeftBracket, RightBracket: e.RightBracket}
		switch key := e.Member.(type) {
		case *ast.NumberLiteral:
			again.Member = &ast.NumberLiteral{Idx: key.Idx, Literal: key.Literal, Value: key.Value}
		case *ast.StringLiteral:
			again.Member = &ast.StringLiteral{Idx: key.Idx, Literal: key.Literal, Value: key.Value}
		case *ast.Identifier:
			again.Member = &ast.Identifier{Idx: key.Idx, Name: key.Name}
		default:
			return nil
		}
		return again
	}
	return nil
}

func simpleObject(e ast.Expression) ast.Expression {
	switch e := e.(type) {
	case *ast.Identifier:
		return &ast.Identifier{Idx: e.Idx, Name: e.Name}
	case *ast.ThisExpression:
		return &ast.ThisExpression{Idx: e.Idx}
	}
	return nil
}
