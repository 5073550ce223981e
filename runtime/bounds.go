package runtime

import (
	goruntime "runtime"
	"strings"
	"sync"

	"github.com/dop251/goja"
)

// The bounds of the engine's own functions. Each of them asks for all its
// memory, or runs all its time, in one native call that nothing can stop; a
// call that would pass a bound throws a RangeError instead. docs/hardening.md
// has the list, and what no bound here holds.
const (
	maxText       = 1 << 25    // characters that repeat, padStart, padEnd, join and replace may make
	maxBuffer     = 64 << 20   // bytes of an ArrayBuffer or typed array
	maxElements   = 10_000_000 // elements of new Array(n), a.length = n, and of what array methods walk
	maxArguments  = 1 << 18    // arguments of apply, Reflect.apply, Reflect.construct
	maxFlat       = 64         // levels of flat
	maxParse      = 512        // levels of JSON.parse
	maxStringify  = 2000       // levels of JSON.stringify
	maxNodes      = 2_000_000  // values of one JSON.stringify
	maxBigDigits  = 100_000    // digits of BigInt(text)
	maxBigBits    = 1 << 20    // bits of a power or shift of BigInts
	maxDelegation = 8_000      // frames of the Go stack under a yield*, some fifteen for each level
)

// rangeError throws what a page can catch.
func (sc *script) rangeError(format string, args ...any) {
	sc.throwRuntime("RangeError", jsInvalidCall, format, args...)
}

// jsInvalidCall is JScript's 5, invalid procedure call or argument.
const jsInvalidCall int32 = -2146828283

// bound puts a check before a function of the engine, in its place. check may
// throw, and may change the call: what it has read it puts there, so that the
// function behind it sees the same.
func (sc *script) bound(owner *goja.Object, name string, check func(call *goja.FunctionCall)) {
	if checked := sc.checked(owner.Get(name), check); checked != nil {
		owner.DefineDataProperty(name, checked, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}

// checked is a function of the engine behind a check; nil when the original is
// none, for the page has its own.
func (sc *script) checked(original goja.Value, check func(call *goja.FunctionCall)) *goja.Object {
	behind, ok := goja.AssertFunction(original)
	if !ok {
		return nil
	}
	checked := sc.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		check(&call)
		v, err := behind(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	}).(*goja.Object)
	imitate(checked, original.(*goja.Object))
	return checked
}

// builtin finds an object of the engine by its global name; nil when the page
// put something else there.
func (sc *script) builtin(name string) *goja.Object {
	obj, _ := sc.vm.Get(name).(*goja.Object)
	return obj
}

// prototype finds a built-in class's prototype.
func (sc *script) prototype(name string) *goja.Object {
	if ctor := sc.builtin(name); ctor != nil {
		if proto, ok := ctor.Get("prototype").(*goja.Object); ok {
			return proto
		}
	}
	return sc.vm.NewObject()
}

// setArgument changes an argument that may not have been given.
func setArgument(call *goja.FunctionCall, i int, v goja.Value) {
	args := append(make([]goja.Value, 0, max(len(call.Arguments), i+1)), call.Arguments...)
	for len(args) <= i {
		args = append(args, goja.Undefined())
	}
	args[i] = v
	call.Arguments = args
}

// thisText makes a call's this the text that it stands for; nil when it stands
// for none.
func thisText(call *goja.FunctionCall) goja.String {
	if call.This == nil || goja.IsUndefined(call.This) || goja.IsNull(call.This) {
		return nil
	}
	s, ok := call.This.(goja.String)
	if !ok {
		if s, ok = call.This.ToString().(goja.String); !ok {
			return nil
		}
		call.This = s
	}
	return s
}

// count makes an argument the number that it stands for.
func count(call *goja.FunctionCall, i int) float64 {
	v := call.Argument(i)
	if goja.IsUndefined(v) {
		return 0
	}
	n := v.ToNumber()
	setArgument(call, i, n)
	return n.ToFloat()
}

// boundText bounds the texts that String's methods make.
func (sc *script) boundText() {
	proto := sc.prototype("String")
	sc.bound(proto, "repeat", func(call *goja.FunctionCall) {
		s := thisText(call)
		if n := count(call, 0); s != nil && n > 1 && n*float64(s.Length()) > maxText {
			sc.rangeError("Invalid count value: repeat would make a text of more than %d characters", maxText)
		}
	})
	for _, name := range [...]string{"padStart", "padEnd"} {
		sc.bound(proto, name, func(call *goja.FunctionCall) {
			if count(call, 0) > maxText {
				sc.rangeError("%s would make a text of more than %d characters", name, maxText)
			}
		})
	}
}

// boundReplace bounds what replace and replaceAll make of a text by another
// one: their length is counted where it can become too large.
func (sc *script) boundReplace() {
	proto := sc.prototype("String")
	for _, name := range [...]string{"replace", "replaceAll"} {
		sc.bound(proto, name, sc.replacement(name, thisText))
	}
}

// replacement is the check of a function that replaces in the text of a call.
func (sc *script) replacement(name string, textOf func(*goja.FunctionCall) goja.String) func(*goja.FunctionCall) {
	return func(call *goja.FunctionCall) {
		if sc.expressionOf(call.Argument(0)) != nil {
			return // ours counts by itself
		}
		by, ok := call.Argument(1).(goja.String)
		s := textOf(call)
		if !ok || s == nil {
			return
		}
		template := by.String()
		if !strings.Contains(template, "$") && (s.Length()+1)*by.Length() <= maxText || s.Length()+by.Length() < 1000 {
			return
		}
		total, units := s.Length(), sync.OnceValue(func() []uint16 { return utf16Of(s.String()) })
		setArgument(call, 1, sc.vm.ToValue(func(match goja.FunctionCall) goja.Value {
			out := expand(template, units, match.Arguments)
			if total += len(out); total > maxText {
				sc.rangeError("%s would make a text of more than %d characters", name, maxText)
			}
			return sc.vm.ToValue(out)
		}))
	}
}

// boundCalls bounds the arguments that apply and Reflect take from an object.
func (sc *script) boundCalls() {
	check := func(name string, i int) func(*goja.FunctionCall) {
		return func(call *goja.FunctionCall) {
			if list, ok := call.Argument(i).(*goja.Object); ok && sc.lengthOf(list) > maxArguments {
				sc.rangeError("%s: more than %d arguments", name, maxArguments)
			}
		}
	}
	sc.bound(sc.prototype("Function"), "apply", check("apply", 1))
	if reflect := sc.builtin("Reflect"); reflect != nil {
		sc.bound(reflect, "apply", check("Reflect.apply", 2))
		sc.bound(reflect, "construct", check("Reflect.construct", 1))
	}
}

// lengthOf is what an object says of its length.
func (sc *script) lengthOf(obj *goja.Object) float64 {
	if sc.hosts[obj] != nil {
		return 0 // a collection, which doesn't pretend
	}
	if v := obj.Get("length"); v != nil {
		return v.ToFloat()
	}
	return 0
}

// boundProxy takes the Proxy away, with which a page could end the process.
func (sc *script) boundProxy() {
	if !sc.prog.names.allowProxy {
		_ = sc.vm.GlobalObject().Delete("Proxy")
	}
}

// size is a checked length, for new Array(n) and a.length = n.
func (sc *script) size(call goja.FunctionCall) goja.Value {
	v := call.Argument(0)
	if _, ok := v.(goja.String); ok {
		return v
	}
	if _, ok := v.(*goja.Object); !ok && v.ToFloat() > maxElements && v.ToFloat() < 1<<32 {
		sc.rangeError("Invalid array length: more than %d elements", maxElements)
	}
	return v
}

// delegate is what a yield* goes on with. Its levels take of the Go stack,
// which is the process's, so they are bounded here. Looking how deep it is
// takes as long as it is deep, so that only one in a few does: those between go a
// few levels deeper at most.
func (sc *script) delegate(call goja.FunctionCall) goja.Value {
	sc.delegated++
	if sc.delegated%16 != 0 {
		return call.Argument(0)
	}
	var pc [1]uintptr
	if goruntime.Callers(maxDelegation, pc[:]) > 0 {
		sc.rangeError("generators yield* each other too deeply")
	}
	return call.Argument(0)
}

// leftOperand keeps the left side of a growing operator for its right side.
func (sc *script) leftOperand(call goja.FunctionCall) goja.Value {
	v := call.Argument(0)
	if len(sc.operands) >= maxCallDepth { // left by exceptions between the two
		sc.operands = sc.operands[:0]
	}
	sc.operands = append(sc.operands, v)
	return v
}

// rightOperand checks both sides of a growing operator.
func (sc *script) rightOperand(call goja.FunctionCall) goja.Value {
	right := call.Argument(0)
	left := call.Argument(2)
	if n := len(sc.operands); len(call.Arguments) < 3 && n > 0 {
		left, sc.operands = sc.operands[n-1], sc.operands[:n-1]
	}
	sc.bigOperands(call.Argument(1).ToBoolean(), left, right)
	return right
}

// A page gets the bounds of the functions that its text names. Where the name is
// a value it is looked at before the call; one that a page puts together to hide
// it is not looked for: docs/hardening.md says whom the bounds are for.

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
