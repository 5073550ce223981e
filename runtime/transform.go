package runtime

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// transform resolves at compile time what the engine can't be told at run
// time, on the syntax tree, so that no character of the page moves:
//
//   - typeof x is "object" for a collection, which is a function underneath;
//   - switch (x) compares a collection's value;
//   - source given to eval and Function goes through the dialect pass;
//   - catch (e) { var e } declares e, as the language allows;
//   - a < b < c compares from the left (comparison.go);
//   - c.Count() reads a property that was called as if it were a method;
//   - item.Item is the item's text;
//   - a method of the host's that is read is called (bare.go);
//   - a regular expression becomes the key of ours (regexp.go);
//   - the calls by which a page writes become what costs least (write.go).
//
// text is what the page says, parsed what was made of it for the parser.
func transform(tree *ast.Program, text, parsed string, n *names) (features, error) {
	t := transformer{literals: &literals{},
		names: n, big: usesBigInt(text), reads: newReads(tree, text), order: &comparisons{text: parsed}}
	for i := range tree.Body {
		t.walk(reflect.ValueOf(&tree.Body[i]).Elem())
	}
	f := featuresOf(text)
	if t.literals.any {
		f.add(need(needMatcher))
	}
	return f, t.literals.err
}

// calledProperty are the properties that pages read with parentheses behind
// them, as COM allows with any.
var calledProperty = regexp.MustCompile(`(?i)\b(Count|HasKeys|TotalBytes|IsClientConnected|SessionID)\s*\(`)

type transformer struct {
	names *names
	big   bool // the page may compute with BigInts
	reads *reads
	order *comparisons

	literals *literals
}

// literals is what was seen of regular expressions: any, and the first that is
// wrong.
type literals struct {
	any bool
	err error
}

var expressionType = reflect.TypeFor[ast.Expression]()

// walk visits every node below v and replaces expressions in place. The tree
// has some sixty kinds of nodes; reflection visits them all alike, and only
// when a page is compiled.
func (t transformer) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		t.walk(v.Elem())
		if v.CanSet() && v.Type() == expressionType {
			if e := t.replace(v.Interface().(ast.Expression)); e != nil {
				v.Set(reflect.ValueOf(e))
			}
		}
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		t.reads.note(v.Interface())
		if c, ok := v.Interface().(*ast.CatchStatement); ok {
			allowCatchVar(c)
		}
		if b, ok := v.Interface().(*ast.BinaryExpression); ok {
			t.order.fromLeft(b)
		}
		if s, ok := v.Interface().(*ast.SwitchStatement); ok {
			defer func() { s.Discriminant = t.call(t.names.plain, s.Discriminant) }()
		}
		if _, ok := v.Interface().(*ast.Identifier); !ok {
			t.walk(v.Elem())
		}
	case reflect.Struct:
		if !strings.HasSuffix(v.Type().PkgPath(), "goja/ast") {
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Name != "DeclarationList" {
				t.walk(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			t.walk(v.Index(i))
		}
	}
}

// replace gives what stands for e, nil when e stays.
func (t transformer) replace(e ast.Expression) ast.Expression {
	switch e := e.(type) {
	case *ast.UnaryExpression:
		if e.Operator == token.TYPEOF {
			return t.typeOf(e)
		}
		t.bits(e)
	case *ast.RegExpLiteral:
		t.literal(e)
	case *ast.CallExpression:
		if id, ok := e.Callee.(*ast.Identifier); ok && len(e.ArgumentList) == 1 {
			if w := t.write(id, e.ArgumentList[0]); w != nil {
				return w
			}
		}
		t.wrapSource(e.Callee, e.ArgumentList)
		t.boundSize(e.Callee, e.ArgumentList)
		if by := calledByValue(e); by != nil {
			by.Member = t.call(t.names.key, by.Member)
		}
		return t.called(e)
	case *ast.NewExpression:
		t.wrapSource(e.Callee, e.ArgumentList)
		t.boundSize(e.Callee, e.ArgumentList)
	case *ast.DotExpression:
		if t.reads.place[e]&(placeCalled|placeAssigned) == 0 && strings.EqualFold(e.Identifier.Name.String(), "Item") {
			return t.call(t.names.itemText, e)
		}
		if t.reads.bare(e) {
			return t.call(t.names.bare, e)
		}
	default:
		t.bits(e)
		t.bound(e)
	}
	return nil
}

// write makes the name of text k of text(k), and output.r = e of expr(e).
func (t transformer) write(callee *ast.Identifier, arg ast.Expression) ast.Expression {
	property := outputRaw
	switch callee.Name.String() {
	case t.names.text:
		if n, ok := arg.(*ast.NumberLiteral); ok {
			return &ast.Identifier{Idx: callee.Idx, Name: unistring.String(t.names.text + n.Literal)}
		}
		return nil
	case t.names.expr:
	case t.names.encoded:
		property = outputEncoded
	default:
		return nil
	}
	return &ast.AssignExpression{
		Operator: token.ASSIGN,
		Left: &ast.DotExpression{
			Left:       &ast.Identifier{Idx: callee.Idx, Name: unistring.String(t.names.output)},
			Identifier: ast.Identifier{Idx: callee.Idx, Name: unistring.String(property)},
		},
		Right: arg,
	}
}

// typeOf keeps typeof's silence about undeclared names: those are asked in
// the ordinary way first, and only a function is looked at again.
func (t transformer) typeOf(e *ast.UnaryExpression) ast.Expression {
	id, ok := e.Operand.(*ast.Identifier)
	if !ok {
		return t.call(t.names.typeOf, e.Operand)
	}
	return &ast.ConditionalExpression{
		Test: &ast.BinaryExpression{
			Operator: token.STRICT_EQUAL, Left: e,
			Right: &ast.StringLiteral{Idx: e.Idx, Value: unistring.String("function")},
		},
		Consequent: t.call(t.names.typeOf, &ast.Identifier{Idx: id.Idx, Name: id.Name}),
		Alternate:  &ast.UnaryExpression{Operator: token.TYPEOF, Idx: e.Idx, Operand: &ast.Identifier{Idx: id.Idx, Name: id.Name}},
	}
}

// called makes a call of a property into a reading of it where that is what it
// turns out to be.
func (t transformer) called(e *ast.CallExpression) ast.Expression {
	dot, ok := e.Callee.(*ast.DotExpression)
	if !ok || len(e.ArgumentList) > 0 || !calledProperty.MatchString(dot.Identifier.Name.String()+"(") {
		return nil
	}
	if _, super := dot.Left.(*ast.SuperExpression); super {
		return nil
	}
	return &ast.CallExpression{
		Callee:           &ast.Identifier{Idx: dot.Idx0(), Name: unistring.String(t.names.called)},
		LeftParenthesis:  e.LeftParenthesis,
		ArgumentList:     []ast.Expression{dot.Left, &ast.StringLiteral{Idx: dot.Identifier.Idx, Value: dot.Identifier.Name}},
		RightParenthesis: e.RightParenthesis,
	}
}

// wrapSource sends the source text of eval(text) and Function(…, text)
// through the dialect pass.
func (t transformer) wrapSource(callee ast.Expression, args []ast.Expression) {
	id, ok := callee.(*ast.Identifier)
	if !ok || len(args) == 0 {
		return
	}
	if _, spread := args[len(args)-1].(*ast.SpreadElement); spread {
		return
	}
	switch id.Name {
	case "eval":
		args[0] = t.call(t.names.source, args[0])
	case "Function":
		args[len(args)-1] = t.call(t.names.source, args[len(args)-1])
	}
}

// call makes the node of name(arg), at arg's place.
func (t transformer) call(name string, arg ast.Expression) ast.Expression {
	return &ast.CallExpression{
		Callee:           &ast.Identifier{Idx: arg.Idx0(), Name: unistring.String(name)},
		LeftParenthesis:  arg.Idx0(),
		ArgumentList:     []ast.Expression{arg},
		RightParenthesis: arg.Idx1(),
	}
}

// literal gives the engine a key in the place of a regular expression.
func (t transformer) literal(e *ast.RegExpLiteral) {
	t.literals.any = true
	key, err := t.names.regexps.literal(e.Pattern, e.Flags)
	if err != nil {
		if t.literals.err == nil {
			t.literals.err = &goja.CompilerSyntaxError{CompilerError: goja.CompilerError{Message: err.Error(), Offset: int(e.Idx) - 1}}
		}
		return
	}
	e.Pattern, e.Flags = key, nativeFlags(e.Flags)
}
