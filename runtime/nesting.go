package runtime

import (
	"fmt"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/najahost/naja/runtime/internal/dialect"
)

// maxScript bounds one text of script, in bytes: a page with its includes, a
// module, or what eval and Function are given. A larger one costs the engine
// seconds, in which nothing stops it.
const maxScript = 2 << 20

// checkSource refuses a text that the engine's parser or compiler could not
// take without exhausting the stack or running for very long: neither can be
// stopped, and a full stack ends the process.
func checkSource(text string) error {
	if len(text) > maxScript {
		return &dialect.Error{Offset: maxScript, Message: fmt.Sprintf("the script is longer than %d bytes", maxScript)}
	}
	return dialect.CheckNesting(text)
}

// maxConstantChain bounds the logical operators that hang on one constant, for
// the time of the engine's compiler. A page's chain is broken up behind it.
const maxConstantChain = 10

// looksConstant says whether a text may have a chain of so many operators.
func looksConstant(text string) bool {
	return strings.Count(text, "&&")+strings.Count(text, "||")+strings.Count(text, "??") > maxConstantChain
}

// logical is a node that is one of && || ??; nil for any other.
func logical(node any) *ast.BinaryExpression {
	b, ok := node.(*ast.BinaryExpression)
	if !ok {
		return nil
	}
	switch b.Operator {
	case token.LOGICAL_AND, token.LOGICAL_OR, token.COALESCE:
		return b
	}
	return nil
}

// constantChain finds the innermost operator of a chain that begins with a
// constant and is longer than the engine's compiler takes; nil for none.
func constantChain(e *ast.BinaryExpression) *ast.BinaryExpression {
	inner, n := e, 1
	for {
		left := logical(inner.Left)
		if left == nil {
			break
		}
		inner = left
		n++
	}
	if n <= maxConstantChain || !constant(inner.Left) {
		return nil
	}
	return inner
}

// constant says that the engine's compiler may evaluate e.
func constant(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.Identifier, *ast.CallExpression, *ast.DotExpression, *ast.BracketExpression, *ast.SequenceExpression, *ast.ThisExpression:
		return false
	case *ast.UnaryExpression:
		return constant(e.Operand)
	case *ast.BinaryExpression:
		return constant(e.Left) && constant(e.Right)
	}
	return true
}

// slowConstants says that a parsed text has such a chain. It is for texts that
// the engine compiles from their source, where no tree can be changed.
func slowConstants(text string, tree *ast.Program) bool {
	if !looksConstant(text) {
		return false
	}
	found := false
	walk(tree, onEnter(func(node any) {
		b := logical(node)
		found = found || b != nil && constantChain(b) != nil
	}))
	return found
}
