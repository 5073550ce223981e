package runtime

import (
	"reflect"
	"slices"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// A page gets the bounds, and the parts of JScript's library, that its text
// names. A name may also be made while the page runs, as in "x"["rep" + "eat"]:
// every key in brackets that may be text is looked at before it is used, and
// what it names is set up then. So do the functions that take a name and give
// what has it.

// nameFeatures are the features by the name of the property or global that
// leads to them.
func nameFeatures(name string) features {
	switch name {
	case "repeat", "padStart", "padEnd":
		return needTextBounds
	case "replace", "replaceAll":
		return needReplaceBounds
	case "JSON", "parse", "stringify":
		return needJSONBounds
	case "apply", "construct":
		return needCallBounds
	case "Reflect":
		return needCallBounds | needReflectBounds
	case "get", "getOwnPropertyDescriptor", "getOwnPropertyDescriptors", "defineProperty", "defineProperties":
		return needReflectBounds
	case "from":
		return needFromBounds | needBufferBounds
	case "BigInt":
		return needBigIntBounds
	case "Proxy":
		return needProxyBounds
	case "constructor", "Function":
		return needFunctionBounds
	case "eval":
		return needEvalBounds
	case "number", "description":
		return needErrors
	case "getYear", "setYear", "toGMTString", "getVarDate":
		return needDates
	case "toLocaleString", "toLocaleDateString", "toLocaleTimeString":
		return needLocale
	case "RegExp":
		return needRegExp
	}
	for _, t := range typedArrays {
		if t.name == name {
			return needBufferBounds
		}
	}
	if i := slices.Index(boundedMethods[:], name); i >= 0 {
		return 1 << (firstMethod + i)
	}
	if slices.ContainsFunc(htmlMethods[:], func(m htmlMethodTag) bool { return m.name == name }) {
		return needHTML
	}
	return 0
}

// longestName bounds what is compared with the names above.
const longestName = 32

// keyed sets up what a property's name leads to.
func (sc *script) keyed(v goja.Value) {
	switch k := v.(type) {
	case goja.String:
		if n := k.Length(); n > 2 && n < longestName {
			if f := nameFeatures(k.String()); f != 0 {
				sc.extend(f)
			}
		}
	case *goja.Symbol:
		if k == goja.SymReplace {
			sc.extend(needSymbolBounds)
		}
	}
}

// key is a key in brackets, looked at. An object is read once, here.
func (sc *script) key(call goja.FunctionCall) goja.Value {
	v := sc.propertyKey(call.Argument(0))
	sc.keyed(v)
	return v
}

// propertyKey makes an object the text that stands for it as a key.
func (sc *script) propertyKey(v goja.Value) goja.Value {
	if obj, ok := v.(*goja.Object); ok && obj.ClassName() != "Symbol" {
		return obj.ToString()
	}
	return v
}

// numeric says that an expression can be no text.
func numeric(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.NumberLiteral:
		return true
	case *ast.UnaryExpression:
		switch e.Operator {
		case token.MINUS, token.PLUS, token.BITWISE_NOT, token.INCREMENT, token.DECREMENT:
			return true
		}
	case *ast.BinaryExpression:
		switch e.Operator {
		case token.PLUS:
			return numeric(e.Left) && numeric(e.Right)
		case token.MINUS, token.MULTIPLY, token.SLASH, token.REMAINDER, token.AND, token.OR, token.EXCLUSIVE_OR,
			token.SHIFT_LEFT, token.SHIFT_RIGHT, token.UNSIGNED_SHIFT_RIGHT:
			return true
		}
	}
	return false
}

// checkedKey is a key in brackets, with the call that looks at it when the
// page runs where it may be text. A name that is a number costs no call.
func (t transformer) checkedKey(e ast.Expression) ast.Expression {
	if numeric(e) {
		return e
	}
	if s, ok := e.(*ast.StringLiteral); ok {
		t.seen.needs |= nameFeatures(s.Value.String())
		return e
	}
	id, ok := e.(*ast.Identifier)
	if !ok {
		return t.call(t.names.key, e)
	}
	return &ast.ConditionalExpression{
		Test: &ast.BinaryExpression{
			Operator: token.STRICT_EQUAL, Left: &ast.UnaryExpression{Operator: token.TYPEOF, Idx: id.Idx, Operand: id},
			Right: &ast.StringLiteral{Idx: id.Idx, Value: unistring.String("number")},
		},
		Consequent: &ast.Identifier{Idx: id.Idx, Name: id.Name},
		Alternate:  t.call(t.names.key, &ast.Identifier{Idx: id.Idx, Name: id.Name}),
	}
}

// seen is what the transformer has learned of a page on its way.
type seen struct {
	callees map[ast.Expression]bool // stand where they are called
	targets map[ast.Expression]bool // stand where they are assigned to, or compared
	written map[ast.Expression]bool // stand where they are assigned to
	eval    bool                    // the page names eval and doesn't declare it
	needs   features
}

func newSeen() *seen {
	return &seen{
		callees: make(map[ast.Expression]bool), targets: make(map[ast.Expression]bool), written: make(map[ast.Expression]bool),
	}
}

// note takes in a node before what is below it is visited.
func (s *seen) note(node any) {
	switch n := node.(type) {
	case *ast.CallExpression:
		s.callees[n.Callee] = true
	case *ast.NewExpression:
		s.callees[n.Callee] = true
	case *ast.AssignExpression:
		if n.Operator == token.ASSIGN {
			s.targets[n.Left], s.written[n.Left] = true, true
		}
	case *ast.BinaryExpression:
		switch n.Operator {
		case token.EQUAL, token.STRICT_EQUAL, token.NOT_EQUAL, token.STRICT_NOT_EQUAL, token.INSTANCEOF:
			s.targets[n.Left], s.targets[n.Right] = true, true
		}
	case *ast.ObjectPattern:
		for _, p := range n.Properties {
			switch p := p.(type) {
			case *ast.PropertyShort:
				s.needs |= nameFeatures(p.Name.Name.String())
			case *ast.PropertyKeyed:
				if key, ok := p.Key.(*ast.StringLiteral); ok {
					s.needs |= nameFeatures(key.Value.String())
				}
			}
		}
	case *ast.PropertyShort:
		if n.Name.Name == "eval" && s.eval {
			s.needs |= needEvalBounds
		}
	}
}

// dot looks at a.name where name is what a bound is put on, and is read and
// not called: then what is called later has another name.
func (s *seen) dot(e *ast.DotExpression) {
	name := e.Identifier.Name.String()
	switch name {
	case "from":
		s.needs |= nameFeatures(name)
	case "constructor":
		if !s.targets[e] {
			s.needs |= needFunctionBounds
		}
	case "eval":
	default:
		if !s.callees[e] && !s.targets[e] && slices.Contains(boundedMethods[:], name) {
			s.needs |= nameFeatures(name)
		}
	}
}

// function looks at Function where it isn't called: it may be, by another
// name.
func (s *seen) function(id *ast.Identifier) {
	if id.Name == "Function" && !s.callees[id] && !s.targets[id] {
		s.needs |= needFunctionBounds
	}
}

// textNeeds are the features of a text for eval or Function that only its
// syntax tree shows.
func textNeeds(tree *ast.Program) features {
	s := newSeen()
	s.eval = true
	walkTree(reflect.ValueOf(tree.Body), func(node any) {
		s.note(node)
		switch n := node.(type) {
		case *ast.DotExpression:
			if s.dot(n); n.Identifier.Name == "eval" {
				s.needs |= needEvalBounds
			}
		case *ast.Identifier:
			s.function(n)
		case *ast.ObjectPattern:
			for _, p := range n.Properties {
				if k, ok := p.(*ast.PropertyKeyed); ok && k.Computed {
					s.needs |= allBounds
				}
			}
		case *ast.CallExpression:
			s.code(n.Callee, n.ArgumentList)
		case *ast.NewExpression:
			s.code(n.Callee, n.ArgumentList)
		}
	})
	return s.needs
}

// code looks at a call of Function with parameters, whose defaults are code.
func (s *seen) code(callee ast.Expression, args []ast.Expression) {
	if id, ok := callee.(*ast.Identifier); ok && id.Name == "Function" && len(args) > 1 {
		s.needs |= needFunctionBounds
	}
}

// patternKeys looks at the keys in brackets of { [key]: name } = value.
func (t transformer) patternKeys(p *ast.ObjectPattern) {
	for _, prop := range p.Properties {
		if k, ok := prop.(*ast.PropertyKeyed); ok && k.Computed {
			k.Key = t.checkedKey(k.Key)
		}
	}
}

// boundReflect looks at the names that the functions are given which give what
// has a name, or change how it can be found.
func (sc *script) boundReflect() {
	second := func(call *goja.FunctionCall) {
		if len(call.Arguments) > 1 {
			v := sc.propertyKey(call.Arguments[1])
			setArgument(call, 1, v)
			sc.keyed(v)
		}
	}
	every := func(call *goja.FunctionCall) { sc.extend(allBounds | needEvalBounds) }
	if object := sc.builtin("Object"); object != nil {
		sc.bound(object, "getOwnPropertyDescriptor", second)
		sc.bound(object, "defineProperty", second)
		sc.bound(object, "getOwnPropertyDescriptors", every)
		sc.bound(object, "defineProperties", func(call *goja.FunctionCall) {
			if props, ok := call.Argument(1).(*goja.Object); ok && sc.hosts[props] == nil {
				for _, name := range props.GetOwnPropertyNames() {
					sc.keyed(sc.vm.ToValue(name))
				}
			}
		})
	}
	if r := sc.builtin("Reflect"); r != nil {
		for _, name := range [...]string{"get", "getOwnPropertyDescriptor", "defineProperty"} {
			sc.bound(r, name, second)
		}
	}
}

// boundSymbol bounds the method behind replace, which can be called by its
// symbol.
func (sc *script) boundSymbol() {
	proto := sc.prototype("RegExp")
	original := proto.GetSymbol(goja.SymReplace)
	behind, ok := goja.AssertFunction(original)
	if !ok {
		return
	}
	check := sc.replacement("replace", func(call *goja.FunctionCall) goja.String {
		s := call.Argument(0).ToString()
		setArgument(call, 0, s)
		return s.(goja.String)
	})
	fn := sc.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		check(&call)
		v, err := behind(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	}).(*goja.Object)
	imitate(fn, original.(*goja.Object))
	proto.DefineDataPropertySymbol(goja.SymReplace, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// declaresEval says that a page has an eval of its own.
func declaresEval(tree *ast.Program) bool {
	found := false
	walkTree(reflect.ValueOf(tree.Body), func(node any) {
		switch n := node.(type) {
		case *ast.Binding:
			id, ok := n.Target.(*ast.Identifier)
			found = found || ok && id.Name == "eval"
		case *ast.FunctionLiteral:
			found = found || n.Name != nil && n.Name.Name == "eval"
		case *ast.AssignExpression:
			id, ok := n.Left.(*ast.Identifier)
			found = found || ok && id.Name == "eval"
		}
	})
	return found
}
