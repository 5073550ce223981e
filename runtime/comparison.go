package runtime

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
	"github.com/najahost/naja/runtime/internal/dialect"
)

// The engine's parser groups comparisons in a row from the right: it takes
// a < b < c for a < (b < c). The language says from the left (ECMA-262, 13.10).
// A tree doesn't tell parentheses; the text does, and is asked only where a
// comparison stands at the right of another.

// comparisons puts right the comparisons of one text.
type comparisons struct {
	text  string
	depth map[int]int // see [dialect.Comparisons]; nil until it is asked
}

// fromLeft regroups n, and the comparisons at its right that its parentheses
// don't hold together. It gives those that are now the left of another, the
// outermost last.
func (c *comparisons) fromLeft(n *ast.BinaryExpression) []*ast.BinaryExpression {
	var lefts []*ast.BinaryExpression
	for compares(n.Operator) {
		right, ok := n.Right.(*ast.BinaryExpression)
		if !ok || !compares(right.Operator) || c.grouped(right) {
			break
		}
		first, middle, last := n.Left, right.Left, right.Right
		outer, inner := *right, *n
		inner.Left, inner.Right = first, middle
		*right = inner
		outer.Left, outer.Right = right, last
		*n = outer
		lefts = append(lefts, right)
	}
	return lefts
}

// grouped says that a comparison at the right of another stands in parentheses.
func (c *comparisons) grouped(e *ast.BinaryExpression) bool {
	if c.depth == nil {
		c.depth = dialect.Comparisons(c.text)
	}
	offset := func(at file.Idx) int { return int(at) - 1 }
	outer, known := c.depth[offset(e.Left.Idx0())]
	inner, both := c.depth[offset(e.Right.Idx0())]
	return !known || !both || inner > outer
}

// compares says whether an operator is one that the parser groups so.
func compares(op token.Token) bool {
	switch op {
	case token.LESS, token.LESS_OR_EQUAL, token.GREATER, token.GREATER_OR_EQUAL, token.INSTANCEOF, token.IN:
		return true
	}
	return false
}
