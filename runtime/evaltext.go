package runtime

import (
	"cmp"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
	"github.com/najahost/naja/runtime/internal/dialect"
)

// resolveText does to the text for eval and Function what transform does to a
// page. The engine takes such text as text, so the calls are written into it
// where its syntax tree says. A text for which that can't be done stays as it
// is.
func resolveText(src string, n *names) string {
	tree, err := parse("", evalPrefix+src+evalSuffix)
	if err != nil {
		return src
	}
	out, _ := resolveTree(src, tree, n)
	return out
}

// resolveTree is resolveText where the text's syntax tree is known. It says
// whether all could be done.
func resolveTree(src string, tree *ast.Program, n *names) (string, bool) {
	if !resolvable.MatchString(src) && !calledProperty.MatchString(src) {
		return src, true
	}
	edits, ok := resolveEdits(src, tree, n)
	if !ok || len(edits) == 0 {
		return src, ok
	}
	return dialect.Apply(src, edits).Text, true
}

// resolvable is what a text has that needs a look: all of it but called
// properties.
var resolvable = regexp.MustCompile(`typeof|switch|eval|Function|instanceof|\bin\b|[\[<>./]`)

// resolveEdits are the changes that resolveTree makes.
func resolveEdits(src string, tree *ast.Program, n *names) ([]dialect.Edit, bool) {
	t := textEdits{src: src, names: n, reads: newReads(tree, src), order: comparisons{text: evalPrefix + src + evalSuffix}}
	walkTree(reflect.ValueOf(tree.Body), t.visit)
	if len(t.list) == 0 {
		return nil, true
	}
	if !t.sort() {
		return nil, false
	}
	// Some nodes of the engine's end before their text does.
	resolved, err := parse("", evalPrefix+dialect.Apply(src, slices.Clone(t.list)).Text+evalSuffix)
	if err != nil || printTree(resolved, n) != printTree(tree, n) {
		return nil, false
	}
	return t.list, true
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
	list  []dialect.Edit
	reads *reads
	order comparisons
}

func (t *textEdits) visit(node any) {
	t.reads.note(node)
	switch n := node.(type) {
	case *ast.DotExpression:
		if t.reads.bare(n) {
			t.wrap(t.startOf(n), 0, t.names.bare+"(", n, ")")
		}
	case *ast.RegExpLiteral:
		at, size := t.offset(n.Idx), len(n.Pattern)+len(n.Flags)+2
		t.list = append(t.list, dialect.Edit{Offset: at, Len: size, Text: t.names.regexp + "(" + quoteText(n.Pattern) + "," + quoteText(n.Flags) + ")"})
	case *ast.UnaryExpression:
		if n.Operator == token.TYPEOF {
			t.typeOf(n)
		}
	case *ast.BinaryExpression:
		for _, left := range t.order.fromLeft(n) {
			t.wrap(t.offset(left.Idx0()), 0, "(", left, ")")
		}
	case *ast.SwitchStatement:
		at := t.offset(n.Switch) + len("switch")
		if gap, _, ok := strings.Cut(t.src[min(at, len(t.src)):], "("); ok && strings.TrimSpace(gap) == "" {
			t.wrap(at+len(gap)+1, 0, t.names.plain+"((", n.Discriminant, "))")
		}
	case *ast.CallExpression:
		if by := calledByValue(n); by != nil {
			t.list = append(t.list, dialect.Edit{Offset: t.offset(by.LeftBracket) + 1, Text: t.names.key + "(("},
				dialect.Edit{Offset: t.offset(by.RightBracket), Text: "))"})
		}
		t.called(n)
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

// source wraps the text that a call hands to eval or, as its last argument, to
// Function.
func (t *textEdits) source(callee ast.Expression, paren file.Idx, args []ast.Expression) {
	id, ok := callee.(*ast.Identifier)
	if !ok || len(args) == 0 {
		return
	}
	last := args[len(args)-1]
	if _, spread := last.(*ast.SpreadElement); spread {
		return
	}
	switch {
	case id.Name == "eval", id.Name == "Function" && len(args) == 1:
		t.wrap(t.offset(paren)+1, 0, t.names.source+"(", args[0], ")")
	case id.Name == "Function":
		t.wrap(t.offset(last.Idx0()), 0, t.names.source+"(", last, ")")
	}
}

// called is transformer.called: c.Count() becomes called(c,"Count"). What
// stands between the dot and its neighbours but blanks is left as it is.
func (t *textEdits) called(n *ast.CallExpression) {
	dot, ok := n.Callee.(*ast.DotExpression)
	if !ok || len(n.ArgumentList) > 0 || !calledProperty.MatchString(dot.Identifier.Name.String()+"(") {
		return
	}
	if _, super := dot.Left.(*ast.SuperExpression); super {
		return
	}
	name, paren, at := t.offset(dot.Identifier.Idx), t.offset(n.LeftParenthesis), t.offset(endOf(dot.Left))
	end := name + len(dot.Identifier.Name.String())
	if at >= name || end > paren || strings.TrimSpace(t.src[at:name]) != "." || strings.TrimSpace(t.src[end:paren]) != "" {
		return
	}
	at += strings.IndexByte(t.src[at:name], '.')
	t.list = append(t.list, dialect.Edit{Offset: t.offset(dot.Left.Idx0()), Text: t.names.called + "("},
		dialect.Edit{Offset: at, Len: 1, Text: ","}, dialect.Edit{Offset: name, Text: `"`}, dialect.Edit{Offset: end, Text: `"`},
		dialect.Edit{Offset: paren, Len: 1, Text: " "})
}

// wrap puts open in the place of n bytes, and end behind the node.
func (t *textEdits) wrap(at, n int, open string, node ast.Expression, end string) {
	t.list = append(t.list, dialect.Edit{Offset: at, Len: n, Text: open}, dialect.Edit{Offset: t.offset(endOf(node)), Text: end})
}

// startOf is where a member's text begins: before the parentheses around what
// it is a member of, which the engine doesn't count.
func (t *textEdits) startOf(n *ast.DotExpression) int {
	start, end := t.offset(n.Left.Idx0()), t.offset(n.Identifier.Idx)
	for strings.Count(t.src[start:end], ")") > strings.Count(t.src[start:end], "(") {
		before := strings.LastIndexByte(t.src[:start], '(')
		if before < 0 {
			break
		}
		start = before
	}
	return start
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

// sort puts the edits in the order of the text, and says whether they can be
// made: the tree may have lied about a place.
func (t *textEdits) sort() bool {
	slices.SortStableFunc(t.list, func(a, b dialect.Edit) int { return cmp.Or(a.Offset-b.Offset, a.Len-b.Len) })
	at := 0
	for _, e := range t.list {
		if e.Offset < at {
			return false
		}
		at = e.Offset + e.Len
	}
	return at <= len(t.src)
}

// quoteText is a text as a literal of JavaScript.
func quoteText(s string) string {
	quoted, _ := json.Marshal(s) // never fails for a text
	return string(quoted)
}
