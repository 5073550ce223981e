package runtime

import (
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

// patternKeys looks at the keys in brackets of { [key]: name } = value.
func (t transformer) patternKeys(p *ast.ObjectPattern) {
	for _, prop := range p.Properties {
		if k, ok := prop.(*ast.PropertyKeyed); ok && k.Computed {
			k.Key = t.checkedKey(k.Key)
		}
	}
}
