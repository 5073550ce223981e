package runtime

import (
	"reflect"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
)

// resolveText does to the text for eval and Function what transform does to a
// page. The engine takes such text as text, so the calls are written into it
// where its syntax tree says. A text for which that can't be done stays as it
// is.
func resolveText(src string, n *names) string {
	if !strings.Contains(src, "typeof") && !strings.Contains(src, "switch") && !strings.Contains(src, "eval") && !strings.Contains(src, "Function") {
		return src
	}
	tree, err := parse("", evalPrefix+src+evalSuffix)
	if err != nil {
		return src
	}
	t := textEdits{src: src, names: n}
	walkTree(reflect.ValueOf(tree.Body), t.visit)
	out := t.apply()
	if out == src {
		return src
	}
	// Some nodes of the engine's end before their text does.
	resolved, err := parse("", evalPrefix+out+evalSuffix)
	if err != nil || printTree(resolved, n) != printTree(tree, n) {
		return src
	}
	return out
}

// The text of a Function is a function's body; return is no mistake in it.
const (
	evalPrefix = "(function(){"
	evalSuffix = "\n})"
)

// textEdits are changes of a source. An opening parenthesis goes behind a
// token that stands before the node, the closing one to the node's end, which
// may lie within parentheses of the source: they balance all the same.
type textEdits struct {
	src   string
	names *names
	list  []textEdit
}

// textEdit puts text in the place of n bytes.
type textEdit struct {
	at, n int
	text  string
}

func (t *textEdits) visit(node any) {
	switch n := node.(type) {
	case *ast.UnaryExpression:
		if n.Operator == token.TYPEOF {
			t.typeOf(n)
		}
	case *ast.SwitchStatement:
		at := t.offset(n.Switch) + len("switch")
		if gap, _, ok := strings.Cut(t.src[min(at, len(t.src)):], "("); ok && strings.TrimSpace(gap) == "" {
			t.wrap(at+len(gap)+1, 0, t.names.plain+"((", n.Discriminant, "))")
		}
	case *ast.CallExpression:
		t.source(n.Callee, n.LeftParenthesis, n.ArgumentList)
	case *ast.NewExpression:
		t.source(n.Callee, n.LeftParenthesis, n.ArgumentList)
	}
}

// typeOf asks typeof itself first when its operand is a name, which may be
// undeclared.
func (t *textEdits) typeOf(n *ast.UnaryExpression) {
	at := t.offset(n.Idx)
	if id, ok := n.Operand.(*ast.Identifier); ok {
		x := id.Name.String()
		t.wrap(at, 0, t.names.typeOf+"(typeof "+x+`==="function"?`+x+":void 0,", id, ")")
	} else if strings.HasPrefix(t.src[at:], "typeof") {
		t.wrap(at, len("typeof"), t.names.typeOf+"(", n.Operand, ")")
	}
}

// source wraps the text that a call hands to eval or, as its only argument, to
// Function.
func (t *textEdits) source(callee ast.Expression, paren file.Idx, args []ast.Expression) {
	id, ok := callee.(*ast.Identifier)
	if ok && (id.Name == "eval" && len(args) > 0 || id.Name == "Function" && len(args) == 1) {
		t.wrap(t.offset(paren)+1, 0, t.names.source+"(", args[0], ")")
	}
}

// wrap puts open in the place of n bytes, and end behind the node.
func (t *textEdits) wrap(at, n int, open string, node ast.Expression, end string) {
	t.list = append(t.list, textEdit{at, n, open}, textEdit{t.offset(endOf(node)), 0, end})
}

// endOf is where a node ends. The engine doesn't count the empty parentheses
// of new X(), nor a name's characters outside ASCII as what they are.
func endOf(e ast.Expression) file.Idx {
	switch e := e.(type) {
	case *ast.Identifier:
		return e.Idx + file.Idx(len(e.Name.String()))
	case *ast.DotExpression:
		return endOf(&e.Identifier)
	case *ast.NewExpression:
		return max(e.RightParenthesis+1, e.Idx1())
	case *ast.UnaryExpression:
		if !e.Postfix {
			return endOf(e.Operand)
		}
	case *ast.BinaryExpression:
		return endOf(e.Right)
	case *ast.AssignExpression:
		return endOf(e.Right)
	case *ast.ConditionalExpression:
		return endOf(e.Alternate)
	case *ast.SequenceExpression:
		return endOf(e.Sequence[len(e.Sequence)-1])
	}
	return e.Idx1()
}

func (t *textEdits) offset(idx file.Idx) int {
	return min(max(int(idx)-1-len(evalPrefix), 0), len(t.src))
}

func (t *textEdits) apply() string {
	slices.SortStableFunc(t.list, func(a, b textEdit) int { return a.at - b.at })
	var b strings.Builder
	at := 0
	for _, e := range t.list {
		if e.at < at {
			return t.src // the tree lied about a place
		}
		b.WriteString(t.src[at:e.at])
		b.WriteString(e.text)
		at = e.at + e.n
	}
	return b.String() + t.src[at:]
}
