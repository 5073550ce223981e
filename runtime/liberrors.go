package runtime

import (
	"math"
	"strings"

	"github.com/dop251/goja"
)

// extendErrors gives errors JScript's number and description: Error takes
// (number, description), and the engine's own errors have the numbers that
// pages compare with (e.number & 0xFFFF).
func (sc *script) extendErrors() {
	ctor, ok := sc.vm.Get("Error").(*goja.Object)
	if !ok {
		return
	}
	proto := ctor.Get("prototype").(*goja.Object)
	sc.accessor(proto, "description", func(this *goja.Object) goja.Value {
		message := this.Get("message")
		if message != nil && sc.unknown.of(message.String()) {
			description, _ := sc.unknown.said()
			return sc.vm.ToValue(description)
		}
		return message
	})
	sc.accessor(proto, "number", func(this *goja.Object) goja.Value {
		return sc.vm.ToValue(scriptNumber(textOf(this.Get("name")), textOf(this.Get("message"))))
	})
	for _, name := range [...]string{"Error", "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError"} {
		sc.wrapError(name)
	}
}

// accessor defines a property that reads by get until it is assigned.
func (sc *script) accessor(proto *goja.Object, name string, get func(this *goja.Object) goja.Value) {
	getter := sc.named("get "+name, func(call goja.FunctionCall) goja.Value {
		this, ok := call.This.(*goja.Object)
		if !ok {
			return goja.Undefined()
		}
		return get(this)
	})
	setter := sc.named("set "+name, func(call goja.FunctionCall) goja.Value {
		if this, ok := call.This.(*goja.Object); ok {
			this.DefineDataProperty(name, call.Argument(0), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		}
		return goja.Undefined()
	})
	proto.DefineAccessorProperty(name, getter, setter, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// wrapError makes a constructor take (number, description). One number alone
// is the message, as in JavaScript, and the number.
func (sc *script) wrapError(name string) {
	ctor, ok := sc.vm.Get(name).(*goja.Object)
	if !ok {
		return
	}
	build := func(args []goja.Value, target *goja.Object) *goja.Object {
		n, isNumber := number32(arg(args, 0))
		description, both := arg(args, 1).(goja.String) // else it is { cause: … }, if anything
		if !isNumber && !both {
			return sc.construct(ctor, args, target)
		}
		text := args[0]
		if both {
			text = description
		}
		e := sc.construct(ctor, []goja.Value{text}, target)
		e.DefineDataProperty("number", sc.vm.ToValue(n), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		return e
	}
	wrapped := sc.vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		return build(call.Arguments, call.NewTarget)
	}).(*goja.Object)
	proto := ctor.Get("prototype").(*goja.Object)
	imitate(wrapped, ctor)
	wrapped.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	wrapped.SetPrototype(ctor)
	sc.vm.GlobalObject().DefineDataProperty(name, wrapped, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	proto.DefineDataProperty("constructor", wrapped, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// construct is new ctor(…args) for a class that may extend ctor.
func (sc *script) construct(ctor *goja.Object, args []goja.Value, target *goja.Object) *goja.Object {
	make, ok := goja.AssertConstructor(ctor)
	if !ok {
		return sc.newError("TypeError", "not a constructor")
	}
	obj, err := make(target, args...)
	if err != nil {
		panic(err)
	}
	return obj
}

// number32 is a number as the 32 bits that COM keeps of it.
func number32(v goja.Value) (int64, bool) {
	switch n := v.Export().(type) {
	case int64:
		return n, true
	case float64:
		if !math.IsNaN(n) && !math.IsInf(n, 0) {
			return int64(n), true
		}
	}
	return 0, false
}

// scriptNumber is e.number of an error that nobody gave a number: 0 for the
// page's own, and for the engine's what numberOf says.
func scriptNumber(name, message string) int32 {
	if n := numberOf(name, message); n != jsThrown {
		return n
	}
	return 0
}

// numberOf is the number that JScript gives to an error of the language. What
// the engine calls by one name, JScript told apart.
func numberOf(name, message string) int32 {
	for _, e := range engineErrors {
		if e.name == name && strings.Contains(message, e.text) {
			return e.number
		}
	}
	return jsThrown
}

// engineErrors are the engine's errors by the words of its messages, those
// that are told by their name alone last.
var engineErrors = []struct {
	name, text string
	number     int32
}{
	{"TypeError", "has no member", jsNoMember},
	{"TypeError", "Value is not an object", -2146823286}, // 5002, function expected
	{"TypeError", "instanceof check", -2146823286},
	{"TypeError", "not a constructor", -2146827843},     // 445, object doesn't support this action
	{"TypeError", "Value is not a number", -2146823287}, // 5001
	{"TypeError", "Method Date.", -2146823282},          // 5006, Date object expected
	{"TypeError", "Method Boolean.", -2146823278},       // 5010
	{"TypeError", "Method RegExp.", -2146823272},        // 5016
	{"TypeError", "", jsTypeError},
	{"ReferenceError", "", jsUndefined},
	{"SyntaxError", "Unterminated character class", -2146823269}, // 5019, expected ']'
	{"SyntaxError", "Unterminated group", -2146823268},           // 5020, expected ')'
	{"SyntaxError", "regular expression", -2146823271},           // 5017
	{"SyntaxError", "", jsSyntax},
	{"RangeError", "Invalid array length", -2146823259}, // 5029
	{"RangeError", "toPrecision", -2146823261},          // 5027
	{"RangeError", "precision", -2146823262},            // 5026, digits out of range
	{"RangeError", "", -2146828283},                     // 5, invalid procedure call or argument
	{"URIError", "", -2146823263},                       // 5025, the URI to be decoded is not valid
}
