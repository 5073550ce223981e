package runtime

import (
	"strings"

	"github.com/dop251/goja"
)

// boundedMethods are the methods of Array that take as long as this is said to
// be, and look at nothing while they do.
var boundedMethods = [...]string{
	"indexOf", "lastIndexOf", "includes", "reverse", "fill", "unshift", "shift", "copyWithin", "slice", "forEach", "map",
	"filter", "some", "every", "reduce", "reduceRight", "splice", "concat", "toReversed", "toSorted", "toSpliced", "with",
	"entries", "find", "findIndex", "findLast", "findLastIndex", "sort", "join", "flat", "flatMap", "keys", "values",
}

// likes says that a text may call methods of Array on what is no array.
func likes(text string) bool {
	return (strings.Contains(text, "Array.prototype") || strings.Contains(text, "[].") || strings.Contains(text, ".length =") ||
		strings.Contains(text, ".length=")) && (strings.Contains(text, "call") || strings.Contains(text, "apply") || strings.Contains(text, "bind"))
}

// methodsOf are the methods of Array that a text needs bounds for: those that
// make much of little wherever it names them, the others where it may call
// them on something that only says how long it is.
func methodsOf(text string) features {
	like := likes(text)
	var f features
	for i, name := range boundedMethods {
		always := name == "join" || name == "sort" || name == "reverse" || name == "fill" || name == "flat" || strings.HasPrefix(name, "find")
		if (like || always) && strings.Contains(text, name) {
			f.add(need(firstMethod + feature(i)))
		}
	}
	return f
}

// boundArray bounds the methods that f names.
func (sc *script) boundArray(f features) {
	var proto *goja.Object
	for i, name := range boundedMethods {
		if !f.has(firstMethod + feature(i)) {
			continue
		}
		if proto == nil {
			proto = sc.prototype("Array")
		}
		check := sc.checkLength(name)
		switch name {
		case "join":
			check = sc.checkJoin
		case "flat":
			check = sc.checkFlat
		case "find", "findIndex", "findLast", "findLastIndex":
			check = sc.checkFind
		}
		sc.bound(proto, name, check)
	}
}

// checkLength refuses what says that it is longer than an array may be.
func (sc *script) checkLength(name string) func(*goja.FunctionCall) {
	return func(call *goja.FunctionCall) {
		if obj, ok := call.This.(*goja.Object); ok && sc.lengthOf(obj) > maxElements {
			sc.rangeError("%s: more than %d elements", name, maxElements)
		}
	}
}

// checkJoin also counts the separators, and lets a script be stopped that
// joins arrays of arrays.
func (sc *script) checkJoin(call *goja.FunctionCall) {
	obj, ok := call.This.(*goja.Object)
	if !ok {
		return
	}
	if sc.stopped() {
		sc.rangeError("join: the script was stopped")
	}
	separator := 1
	if v := call.Argument(0); !goja.IsUndefined(v) {
		s := v.ToString()
		setArgument(call, 0, s)
		if text, ok := s.(goja.String); ok {
			separator = text.Length()
		}
	}
	if n := sc.lengthOf(obj); n > maxElements || n*float64(separator) > maxText {
		sc.rangeError("join would make a text of more than %d characters", maxText)
	}
}

// checkFlat bounds how deep flat goes.
func (sc *script) checkFlat(call *goja.FunctionCall) {
	sc.checkLength("flat")(call)
	if count(call, 0) > maxFlat {
		setArgument(call, 0, sc.vm.ToValue(maxFlat))
		if obj, ok := call.This.(*goja.Object); ok && sc.deeper(obj, 0, new(int)) {
			sc.rangeError("flat: more than %d levels", maxFlat)
		}
	}
}

// deeper says that arrays are nested deeper than flat may go, or hold each
// other so often that looking takes too long.
func (sc *script) deeper(list *goja.Object, level int, seen *int) bool {
	if *seen++; level > maxFlat || *seen > maxNodes/4 {
		return true
	}
	if list.ClassName() != "Array" {
		return false
	}
	for _, key := range list.Keys() {
		if inner, ok := list.Get(key).(*goja.Object); ok && inner.ClassName() == "Array" && sc.deeper(inner, level+1, seen) {
			return true
		}
	}
	return false
}

// checkFind hands undefined to functions of the engine where an array has
// nothing.
func (sc *script) checkFind(call *goja.FunctionCall) {
	sc.checkLength("find")(call)
	obj, ok := call.Argument(0).(*goja.Object)
	if !ok || obj.ClassName() != "Function" {
		return
	}
	predicate, ok := goja.AssertFunction(obj)
	if !ok || !strings.HasSuffix(obj.String(), "{ [native code] }") {
		return
	}
	setArgument(call, 0, sc.vm.ToValue(func(c goja.FunctionCall) goja.Value {
		args := make([]goja.Value, len(c.Arguments))
		for i, v := range c.Arguments {
			if args[i] = v; v == nil {
				args[i] = goja.Undefined()
			}
		}
		v, err := predicate(c.This, args...)
		if err != nil {
			panic(err)
		}
		return v
	}))
}
