package runtime

import (
	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
)

// A page gets the bounds of the functions that its text names. Which method is
// called may also be a visitor's choice, as in table[Request("sort")](n): there
// the name is looked at before the call. A page that puts a name together to
// hide it is not looked for; docs/hardening.md says whom the bounds are for.

// calledByValue is the callee x[name], or x[name].call, of a call whose name isn't known before
// the page runs; nil for any other call.
func calledByValue(e *ast.CallExpression) *ast.BracketExpression {
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

// longestName is that of the methods that have a bound, and a little more.
const longestName = 32

// key is the name by which a method is called, for which what its text would
// need is set up. An object is made a text once, here.
func (sc *script) key(call goja.FunctionCall) goja.Value {
	v := call.Argument(0)
	if obj, ok := v.(*goja.Object); ok && obj.ClassName() != "Symbol" {
		v = obj.ToString()
	}
	name, ok := v.(goja.String)
	if !ok || name.Length() > longestName {
		return v
	}
	if text := name.String(); !sc.looked[text] {
		if sc.looked == nil {
			sc.looked = make(map[string]bool)
		}
		if len(sc.looked) < maxLooked {
			sc.looked[text] = true
		}
		sc.extend(featuresOf("Array." + text + "(); Array.prototype." + text + ".call()"))
	}
	return v
}

// maxLooked bounds the names that a script remembers having looked at.
const maxLooked = 1000
