package runtime

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
	"github.com/najahost/naja/runtime/internal/dialect"
)

// resolveText does to the text for eval and Function what transform does to a
// page, by the same rules. The engine takes such text as text, so what they make
// is written into it where its syntax tree says. A text for which that can't be
// done stays as it is.
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

// resolveEdits are the changes that resolveTree makes. tree is changed.
func resolveEdits(src string, tree *ast.Program, n *names) ([]dialect.Edit, bool) {
	r := &rewriter{names: n, reads: newReads(tree, src), order: comparisons{text: evalPrefix + src + evalSuffix}, text: true, stays: make(map[staying]bool)}
	t := textEdits{rewriter: r, src: src}
	walk(tree, &t)
	if len(t.list) == 0 {
		return nil, true
	}
	if !t.sort() {
		return nil, false
	}
	// Some nodes of the engine's end before their text does: what the text says
	// now has to be what the rules say.
	resolved, err := parse("", evalPrefix+dialect.Apply(src, slices.Clone(t.list)).Text+evalSuffix)
	if err != nil {
		return nil, false
	}
	walk(tree, r)
	return t.list, printTree(resolved) == printTree(tree)
}

// The text of a Function is a function's body; return is no mistake in it.
const (
	evalPrefix = "(function(){"
	evalSuffix = "\n})"
)

// textEdits writes the rules into a source. An opening parenthesis goes behind a
// token that stands before the node, the closing one to the node's end, which
// may lie within parentheses of the source: they balance all the same.
type textEdits struct {
	*rewriter
	src  string
	list []dialect.Edit
}

func (t *textEdits) enter(node any) bool {
	t.reads.note(node)
	for i := range rules {
		if text := rules[i].text; text != nil && !text(t, node) {
			t.stays[staying{i, node}] = true
		}
	}
	return true
}

func (t *textEdits) leave(any) any { return nil }

func (t *textEdits) fromLeft(node any) bool {
	if n, ok := node.(*ast.BinaryExpression); ok {
		for _, left := range t.order.fromLeft(n) {
			t.wrap(t.offset(left.Idx0()), 0, "(", left, ")")
		}
	}
	return true
}

// typeOf asks typeof itself first when its operand is a name, which may be
// undeclared.
func (t *textEdits) typeOf(node any) bool {
	n, ok := node.(*ast.UnaryExpression)
	if !ok || n.Operator != token.TYPEOF {
		return true
	}
	at := t.offset(n.Idx)
	if id, ok := n.Operand.(*ast.Identifier); ok {
		x := id.Name.String()
		t.wrap(at, 0, t.names.hidden["typeOf"]+"(typeof "+x+`==="function"?`+x+":void 0,", id, ")")
		return true
	}
	if !strings.HasPrefix(t.src[at:], "typeof") {
		return false
	}
	t.wrap(at, len("typeof"), t.names.hidden["typeOf"]+"(", n.Operand, ")")
	return true
}

func (t *textEdits) plain(node any) bool {
	n, ok := node.(*ast.SwitchStatement)
	if !ok {
		return true
	}
	at := t.offset(n.Switch) + len("switch")
	gap, _, ok := strings.Cut(t.src[min(at, len(t.src)):], "(")
	if !ok || strings.TrimSpace(gap) != "" {
		return false
	}
	t.wrap(at+len(gap)+1, 0, t.names.hidden["plain"]+"((", n.Discriminant, "))")
	return true
}

func (t *textEdits) literal(node any) bool {
	if n, ok := node.(*ast.RegExpLiteral); ok {
		t.put(t.offset(n.Idx), len(n.Pattern)+len(n.Flags)+2, t.names.hidden["regexp"]+"("+quoteText(n.Pattern)+","+quoteText(n.Flags)+")")
	}
	return true
}

func (t *textEdits) source(node any) bool {
	callee, args, paren := invoked(node)
	i := sourceText(callee, args)
	if i < 0 {
		return true
	}
	at := t.offset(paren) + 1
	if i > 0 {
		at = t.offset(args[i].Idx0())
	}
	t.wrap(at, 0, t.names.hidden["source"]+"(", args[i], ")")
	return true
}

func (t *textEdits) key(node any) bool {
	if by := calledByValue(node); by != nil {
		t.put(t.offset(by.LeftBracket)+1, 0, t.names.hidden["key"]+"((")
		t.put(t.offset(by.RightBracket), 0, "))")
	}
	return true
}

// called makes called(c,"Count") of c.Count(). What stands between the dot and
// its neighbours but blanks is left as it is.
func (t *textEdits) called(node any) bool {
	dot := propertyCall(node)
	if dot == nil {
		return true
	}
	name, paren, at := t.offset(dot.Identifier.Idx), t.offset(node.(*ast.CallExpression).LeftParenthesis), t.offset(endOf(dot.Left))
	end := name + len(dot.Identifier.Name.String())
	if at >= name || end > paren || strings.TrimSpace(t.src[at:name]) != "." || strings.TrimSpace(t.src[end:paren]) != "" {
		return false
	}
	at += strings.IndexByte(t.src[at:name], '.')
	t.put(t.offset(dot.Left.Idx0()), 0, t.names.hidden["called"]+"(")
	t.put(at, 1, ",")
	t.put(name, 0, `"`)
	t.put(end, 0, `"`)
	t.put(paren, 1, " ")
	return true
}

func (t *textEdits) read(node any) bool {
	if name := t.reads.reader(node, t.names); name != "" {
		dot := node.(*ast.DotExpression)
		t.wrap(t.startOf(dot), 0, name+"(", dot, ")")
	}
	return true
}

// put puts text in the place of n bytes.
func (t *textEdits) put(at, n int, text string) {
	t.list = append(t.list, dialect.Edit{Offset: at, Len: n, Text: text})
}

// wrap puts open in the place of n bytes, and end behind the node.
func (t *textEdits) wrap(at, n int, open string, node ast.Expression, end string) {
	t.put(at, n, open)
	t.put(t.offset(endOf(node)), 0, end)
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
