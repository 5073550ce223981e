package runtime

import (
	"regexp"
	"strings"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"
)

// Text becomes program by eval, called by this name or another, and by the
// constructors of functions. eval by its own name stays the engine's: only so
// it sees the variables around it, and its text is sent through rewriteSource
// where it is called. Everywhere else stands a function that does that and
// then evaluates in the global scope, as the language says of an eval by
// another name.

// makeEval makes that function.
func (sc *script) makeEval() goja.Value {
	original := sc.vm.Get("eval")
	behind, ok := goja.AssertFunction(original)
	if !ok {
		return original
	}
	sc.engineEval = original.(*goja.Object)
	fn := sc.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		v, err := behind(goja.Undefined(), sc.rewriteSource(call))
		if err != nil {
			panic(err)
		}
		return v
	}).(*goja.Object)
	imitate(fn, sc.engineEval)
	return fn
}

// otherEval is the function by which eval goes where it isn't called by name.
func (sc *script) otherEval() goja.Value { return sc.vm.Get(sc.prog.names.otherEval) }

// evalOf is what a member named eval is, the engine's exchanged.
func (sc *script) evalOf(call goja.FunctionCall) goja.Value {
	other := sc.otherEval()
	if v := call.Argument(0); sc.engineEval == nil || v != sc.engineEval {
		return v
	}
	return other
}

// evalCall is object.eval(…).
func (sc *script) evalCall(call goja.FunctionCall) goja.Value {
	owner := call.Argument(0)
	member := owner.ToObject(sc.vm).Get("eval")
	other := sc.otherEval()
	if member != nil && sc.engineEval != nil && member == goja.Value(sc.engineEval) {
		member, owner = other, goja.Undefined()
	}
	fn, ok := goja.AssertFunction(member)
	if !ok {
		sc.throwRuntime("TypeError", jsNoMember, "Object has no member 'eval'")
	}
	v, err := fn(owner, rest(call.Arguments, 1)...)
	if err != nil {
		panic(err)
	}
	return v
}

// boundEval puts that function in eval's place, for scripts that reach it by a
// name that is made while they run.
func (sc *script) boundEval() {
	if fn, ok := sc.otherEval().(*goja.Object); ok {
		sc.vm.GlobalObject().DefineDataProperty("eval", fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}

// evalMember makes a call of a member eval one of evalCall.
func (t transformer) evalMember(e *ast.CallExpression) ast.Expression {
	dot, ok := e.Callee.(*ast.DotExpression)
	if !ok || dot.Identifier.Name != "eval" {
		return nil
	}
	if _, super := dot.Left.(*ast.SuperExpression); super {
		return nil
	}
	return &ast.CallExpression{
		Callee:          &ast.Identifier{Idx: dot.Idx0(), Name: unistring.String(t.names.evalCall)},
		LeftParenthesis: e.LeftParenthesis, ArgumentList: append([]ast.Expression{dot.Left}, e.ArgumentList...),
		RightParenthesis: e.RightParenthesis,
	}
}

// plainParameters are those of a function that hold no code.
var plainParameters = regexp.MustCompile(`^[\w\s$,]*$`)

// boundFunctions puts before the constructors of functions what looks at their
// text: Function, and those that only a function's constructor leads to.
func (sc *script) boundFunctions() {
	kinds, err := sc.vm.RunProgram(sc.prog.names.kinds)
	if err != nil {
		return
	}
	for _, key := range kinds.ToObject(sc.vm).Keys() {
		fn := kinds.ToObject(sc.vm).Get(key).(*goja.Object)
		proto := fn.Prototype()
		ctor, ok := proto.Get("constructor").(*goja.Object)
		if !ok {
			continue
		}
		bounded := sc.vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
			return sc.construct(ctor, sc.functionSource(call.Arguments), call.NewTarget)
		}).(*goja.Object)
		imitate(bounded, ctor)
		bounded.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
		bounded.SetPrototype(ctor)
		if ctor == sc.builtin("Function") {
			sc.vm.GlobalObject().DefineDataProperty("Function", bounded, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
			proto.DefineDataProperty("constructor", bounded, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		} else {
			proto.DefineDataProperty("constructor", bounded, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		}
	}
}

// functionSource looks at the texts of a function's parameters and body.
func (sc *script) functionSource(args []goja.Value) []goja.Value {
	out := make([]goja.Value, len(args))
	for i, v := range args {
		out[i] = v.ToString()
		if i == len(args)-1 {
			out[i] = sc.rewriteSource(goja.FunctionCall{Arguments: out[i : i+1]})
		} else if s := out[i].String(); !plainParameters.MatchString(s) {
			if err := checkSource(s); err != nil {
				sc.throwRuntime("SyntaxError", jsSyntax, "%v", err)
			}
			sc.extend(allBounds | needEvalBounds) // a default is code, too
		}
	}
	return out
}

// unescaped is a text with the escapes resolved by which it may spell a name,
// after the text itself; the text alone where there are none.
func unescaped(text string) string {
	if !strings.Contains(text, `\u`) && !strings.Contains(text, `\x`) {
		return text
	}
	return text + "\n" + nameEscape.ReplaceAllStringFunc(text, func(escape string) string {
		digits := strings.Trim(escape[2:], "{}")
		var r rune
		for _, d := range digits {
			r = r<<4 + hexDigit(d)
		}
		return string(r)
	})
}

var nameEscape = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]{1,6}\}|\\x[0-9a-fA-F]{2}`)

func hexDigit(d rune) rune {
	switch {
	case d <= '9':
		return d - '0'
	case d <= 'F':
		return d - 'A' + 10
	}
	return d - 'a' + 10
}
