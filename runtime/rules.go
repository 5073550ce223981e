package runtime

import (
	"regexp"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
	"github.com/najahost/naja/runtime/internal/intrinsics"
)

// A rule is one thing that a page means otherwise than the engine takes it,
// and that the engine can't be told at run time. It is resolved when the page
// is compiled, on the syntax tree, so that no character of the page moves. The
// text for eval and Function, and that of a module, the engine wants as text:
// there the same is written into it (evaltext.go). What that gives has to parse
// to the tree that the rule makes, or the text stays as it was.
type rule struct {
	name string
	// down changes a node of a page before those below it are visited.
	down func(r *rewriter, node any)
	// up changes a node behind those below it, or gives what stands for it.
	up func(r *rewriter, node any) ast.Expression
	// text writes into a text what up makes of a node, or down. Where that can't
	// be done it says false, and the node stays what it is.
	text func(t *textEdits, node any) bool
}

// rules are all of them. Of those for one node the first that gives another
// one is the last that is asked.
var rules = [...]rule{
	{name: "a catch block may declare its parameter by var, as the language allows", down: (*rewriter).catchVar},
	{name: "a < b < c compares from the left", down: (*rewriter).fromLeft, text: (*textEdits).fromLeft},
	{name: "typeof of a collection is object, though it is a function underneath", up: (*rewriter).typeOf, text: (*textEdits).typeOf},
	{name: "switch compares a collection's value", up: (*rewriter).plain, text: (*textEdits).plain},
	{name: "a regular expression is the key of ours", up: (*rewriter).literal, text: (*textEdits).literal},
	{name: "the calls by which a page writes are what costs least", up: (*rewriter).write},
	{name: "source for eval and Function goes through the dialect pass", up: (*rewriter).source, text: (*textEdits).source},
	{name: "a method that is called by a value has its bounds", up: (*rewriter).key, text: (*textEdits).key},
	{name: "the length of an Array is bounded", up: (*rewriter).size},
	{name: "an operator on bits takes a number modulo 2^32", up: (*rewriter).bits},
	{name: "powers and shifts of BigInts are bounded", up: (*rewriter).growth},
	{name: "constants that hang on each other are not for the compiler", up: (*rewriter).constants},
	{name: "generators that go on with each other are bounded", up: (*rewriter).delegate},
	{name: "a property may be called as if it were a method", up: (*rewriter).called, text: (*textEdits).called},
	{name: "a member of the host that is read may be more than it seems", up: (*rewriter).read, text: (*textEdits).read},
}

// transform puts the rules into a page's tree, and says what the page needs.
// text is what the page says, parsed what was made of it for the parser.
func transform(tree *ast.Program, text, parsed string, n *names) (features, error) {
	r := &rewriter{names: n, big: usesBigInt(text), reads: newReads(tree, text), order: comparisons{text: parsed}}
	walk(tree, r)
	f := featuresOf(text)
	if r.regexps {
		f.add(need(needMatcher))
	}
	return f, r.wrong
}

// rewriter is the visitor that puts the rules into a tree.
type rewriter struct {
	names *names
	reads *reads
	order comparisons
	big   bool // the page may compute with BigInts
	text  bool // the tree is that of a text: only what was written into it is changed
	stays map[staying]bool

	regexps bool  // there was a regular expression
	wrong   error // the first that is wrong
}

// staying is a node of a text that a rule could not be written for.
type staying struct {
	rule int
	node any
}

func (r *rewriter) enter(node any) bool {
	if r.text {
		return true // textEdits was here
	}
	r.reads.note(node)
	for i := range rules {
		if down := rules[i].down; down != nil {
			down(r, node)
		}
	}
	return true
}

func (r *rewriter) leave(node any) any {
	for i, rule := range rules {
		if rule.up == nil || r.text && (rule.text == nil || r.stays[staying{i, node}]) {
			continue
		}
		if e := rule.up(r, node); e != nil {
			return e
		}
	}
	return nil
}

// call makes the node of name(arg, …more), at arg's place.
func call(name string, arg ast.Expression, more ...ast.Expression) ast.Expression {
	return &ast.CallExpression{
		Callee:           &ast.Identifier{Idx: arg.Idx0(), Name: unistring.String(name)},
		LeftParenthesis:  arg.Idx0(),
		ArgumentList:     append([]ast.Expression{arg}, more...),
		RightParenthesis: arg.Idx1(),
	}
}

// again makes another node of a name.
func again(id *ast.Identifier) *ast.Identifier { return &ast.Identifier{Idx: id.Idx, Name: id.Name} }

// invoked are callee and arguments of a call, or of new, and where the
// parenthesis before them is; nil for another node.
func invoked(node any) (callee ast.Expression, args []ast.Expression, paren file.Idx) {
	switch n := node.(type) {
	case *ast.CallExpression:
		return n.Callee, n.ArgumentList, n.LeftParenthesis
	case *ast.NewExpression:
		return n.Callee, n.ArgumentList, n.LeftParenthesis
	}
	return nil, nil, 0
}

func (r *rewriter) catchVar(node any) {
	if c, ok := node.(*ast.CatchStatement); ok {
		allowCatchVar(c)
	}
}

func (r *rewriter) fromLeft(node any) {
	if n, ok := node.(*ast.BinaryExpression); ok {
		r.order.fromLeft(n)
	}
}

// typeOf keeps typeof's silence about undeclared names: those are asked in
// the ordinary way first, and only a function is looked at again. A text
// begins with a name, in whatever line that stands.
func (r *rewriter) typeOf(node any) ast.Expression {
	e, ok := node.(*ast.UnaryExpression)
	if !ok || e.Operator != token.TYPEOF {
		return nil
	}
	id, ok := e.Operand.(*ast.Identifier)
	if !ok {
		return call(r.names.hidden["typeOf"], e.Operand)
	}
	said := &ast.UnaryExpression{Operator: token.TYPEOF, Idx: e.Idx, Operand: again(id)}
	is := &ast.BinaryExpression{Operator: token.STRICT_EQUAL, Left: e, Right: &ast.StringLiteral{Idx: e.Idx, Value: "function"}, Comparison: true}
	if r.text {
		nothing := &ast.UnaryExpression{Operator: token.VOID, Operand: &ast.NumberLiteral{Value: int64(0)}}
		return call(r.names.hidden["typeOf"], &ast.ConditionalExpression{Test: is, Consequent: again(id), Alternate: nothing}, said)
	}
	return &ast.ConditionalExpression{Test: is, Consequent: call(r.names.hidden["typeOf"], again(id)), Alternate: said}
}

func (r *rewriter) plain(node any) ast.Expression {
	if s, ok := node.(*ast.SwitchStatement); ok {
		s.Discriminant = call(r.names.hidden["plain"], s.Discriminant)
	}
	return nil
}

// literal gives the engine a key in the place of a regular expression.
func (r *rewriter) literal(node any) ast.Expression {
	e, ok := node.(*ast.RegExpLiteral)
	if !ok {
		return nil
	}
	if r.text {
		return call(r.names.hidden["regexp"], &ast.StringLiteral{Idx: e.Idx, Value: unistring.NewFromString(e.Pattern)}, &ast.StringLiteral{Value: unistring.String(e.Flags)})
	}
	r.regexps = true
	key, err := r.names.regexps.literal(e.Pattern, e.Flags)
	if err == nil {
		e.Pattern, e.Flags = key, nativeFlags(e.Flags)
	} else if r.wrong == nil {
		r.wrong = &goja.CompilerSyntaxError{CompilerError: goja.CompilerError{Message: err.Error(), Offset: int(e.Idx) - 1}}
	}
	return nil
}

// write makes the name of text k of text(k), and output.r = e of expr(e).
func (r *rewriter) write(node any) ast.Expression {
	e, ok := node.(*ast.CallExpression)
	if !ok || len(e.ArgumentList) != 1 {
		return nil
	}
	callee, ok := e.Callee.(*ast.Identifier)
	if !ok {
		return nil
	}
	property := outputRaw
	switch callee.Name.String() {
	case r.names.text:
		if n, ok := e.ArgumentList[0].(*ast.NumberLiteral); ok {
			return &ast.Identifier{Idx: callee.Idx, Name: unistring.String(r.names.text + n.Literal)}
		}
		return nil
	case r.names.expr:
	case r.names.encoded:
		property = outputEncoded
	default:
		return nil
	}
	return &ast.AssignExpression{
		Operator: token.ASSIGN,
		Left: &ast.DotExpression{
			Left:       &ast.Identifier{Idx: callee.Idx, Name: unistring.String(r.names.hidden["output"])},
			Identifier: ast.Identifier{Idx: callee.Idx, Name: unistring.String(property)},
		},
		Right: e.ArgumentList[0],
	}
}

// sourceText is which of its arguments a call gives to eval or, as the last one,
// to Function; -1 for none.
func sourceText(callee ast.Expression, args []ast.Expression) int {
	id, ok := callee.(*ast.Identifier)
	if !ok || len(args) == 0 {
		return -1
	}
	if _, spread := args[len(args)-1].(*ast.SpreadElement); spread {
		return -1
	}
	switch id.Name {
	case "eval":
		return 0
	case "Function":
		return len(args) - 1
	}
	return -1
}

func (r *rewriter) source(node any) ast.Expression {
	callee, args, _ := invoked(node)
	if i := sourceText(callee, args); i >= 0 {
		args[i] = call(r.names.hidden["source"], args[i])
	}
	return nil
}

func (r *rewriter) key(node any) ast.Expression {
	if by := calledByValue(node); by != nil {
		by.Member = call(r.names.hidden["key"], by.Member)
	}
	return nil
}

// size checks n of Array(n), of new Array(n) and of a.length = n.
func (r *rewriter) size(node any) ast.Expression {
	if a, ok := node.(*ast.AssignExpression); ok && a.Operator == token.ASSIGN {
		if dot, ok := a.Left.(*ast.DotExpression); ok && dot.Identifier.Name == "length" {
			a.Right = r.sized(a.Right)
		}
	}
	callee, args, _ := invoked(node)
	if id, ok := callee.(*ast.Identifier); ok && id.Name == "Array" && len(args) == 1 {
		args[0] = r.sized(args[0])
	}
	return nil
}

// sized checks a length, unless it is there to be read.
func (r *rewriter) sized(e ast.Expression) ast.Expression {
	switch e := e.(type) {
	case *ast.SpreadElement, *ast.StringLiteral, *ast.ArrayLiteral, *ast.ObjectLiteral:
		return e
	case *ast.NumberLiteral:
		if n, ok := e.Value.(int64); ok && n <= maxElements {
			return e
		}
	}
	return call(r.names.hidden["size"], e)
}

// growth checks the right side of the operators whose result can be far larger
// than both sides, together with the left one, which is what the last call of
// left was given, or a variable.
func (r *rewriter) growth(node any) ast.Expression {
	if !r.big {
		return nil
	}
	switch e := node.(type) {
	case *ast.BinaryExpression:
		if power := e.Operator == token.EXPONENT; power || e.Operator == token.SHIFT_LEFT {
			e.Left = call(r.names.hidden["left"], e.Left)
			e.Right = call(r.names.hidden["right"], e.Right, &ast.BooleanLiteral{Idx: e.Right.Idx0(), Value: power})
		}
	case *ast.AssignExpression:
		power := e.Operator == token.EXPONENT
		if id, ok := e.Left.(*ast.Identifier); ok && (power || e.Operator == token.SHIFT_LEFT) {
			e.Right = call(r.names.hidden["right"], e.Right, &ast.BooleanLiteral{Idx: e.Right.Idx0(), Value: power}, again(id))
		}
	}
	return nil
}

// constants makes a sequence of the innermost of them, which is no constant.
func (r *rewriter) constants(node any) ast.Expression {
	if b := logical(node); b != nil {
		if inner := constantChain(b); inner != nil {
			inner.Left = &ast.SequenceExpression{Sequence: []ast.Expression{&ast.NullLiteral{Idx: inner.Left.Idx0()}, inner.Left}}
		}
	}
	return nil
}

func (r *rewriter) delegate(node any) ast.Expression {
	if y, ok := node.(*ast.YieldExpression); ok && y.Delegate && y.Argument != nil {
		y.Argument = call(r.names.hidden["delegate"], y.Argument)
	}
	return nil
}

// calledProperty are the properties that pages read with parentheses behind
// them, as COM allows with any.
var calledProperty = regexp.MustCompile(`(?i)\b(` + strings.Join(intrinsics.Counted(), "|") + `)\s*\(`)

// propertyCall is the callee of a call that may be the reading of a property;
// nil for any other node.
func propertyCall(node any) *ast.DotExpression {
	e, ok := node.(*ast.CallExpression)
	if !ok || len(e.ArgumentList) > 0 {
		return nil
	}
	dot, ok := e.Callee.(*ast.DotExpression)
	if !ok || !calledProperty.MatchString(dot.Identifier.Name.String()+"(") {
		return nil
	}
	if _, super := dot.Left.(*ast.SuperExpression); super {
		return nil
	}
	return dot
}

func (r *rewriter) called(node any) ast.Expression {
	dot := propertyCall(node)
	if dot == nil {
		return nil
	}
	e := node.(*ast.CallExpression)
	e.Callee = &ast.Identifier{Idx: dot.Idx0(), Name: unistring.String(r.names.hidden["called"])}
	e.ArgumentList = []ast.Expression{dot.Left, &ast.StringLiteral{Idx: dot.Identifier.Idx, Value: dot.Identifier.Name}}
	return nil
}

// reader is the function that gives what a member is for which a page reads
// it; "" when it is just the member (bare.go).
func (r *reads) reader(node any, n *names) string {
	e, ok := node.(*ast.DotExpression)
	switch {
	case !ok:
		return ""
	case r.place[e]&(placeCalled|placeAssigned) == 0 && strings.EqualFold(e.Identifier.Name.String(), "Item"):
		return n.hidden["itemText"]
	case r.bare(e):
		return n.hidden["bare"]
	}
	return ""
}

func (r *rewriter) read(node any) ast.Expression {
	if name := r.reads.reader(node, r.names); name != "" {
		return call(name, node.(ast.Expression))
	}
	return nil
}

// calledByValue is the callee x[name], or x[name].call, of a call whose name
// isn't known before the page runs; nil for any other node. Which method is
// called may be a visitor's choice, as in table[Request("sort")](n).
func calledByValue(node any) *ast.BracketExpression {
	e, ok := node.(*ast.CallExpression)
	if !ok {
		return nil
	}
	callee := required(e.Callee)
	if dot, ok := callee.(*ast.DotExpression); ok {
		switch dot.Identifier.Name {
		case "call", "apply", "bind":
			callee = required(dot.Left)
		}
	}
	by, ok := callee.(*ast.BracketExpression)
	if !ok {
		return nil
	}
	switch by.Member.(type) {
	case *ast.StringLiteral, *ast.NumberLiteral:
		return nil
	}
	return by
}

// required is an expression without the marks of optional chaining around it.
func required(e ast.Expression) ast.Expression {
	for {
		switch o := e.(type) {
		case *ast.OptionalChain:
			e = o.Expression
		case *ast.Optional:
			e = o.Expression
		default:
			return e
		}
	}
}
