package runtime

import (
	"errors"
	"math"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/internal/ecmaregexp"
)

// find is one match, from a place on; nil without one. What a script that was
// stopped meanwhile gets doesn't matter any more.
func (sc *script) find(e *expression, t ecmaregexp.Text, start int) []int32 {
	found, err := sc.regexp.machine.Match(e.prog, t, start, e.prog.Flags()&ecmaregexp.Sticky != 0)
	return sc.matched(found, err)
}

// matched throws for a match that needs too much.
func (sc *script) matched(found []int32, err error) []int32 {
	if errors.Is(err, ecmaregexp.ErrTooComplex) {
		sc.rangeError("Maximum call stack size exceeded: %v", err)
	}
	return found
}

// execBuiltin is RegExpBuiltinExec of ECMA-262 without its array.
func (sc *script) execBuiltin(obj *goja.Object, e *expression, s goja.String) []int32 {
	at := toLength(obj.Get("lastIndex"))
	moves := e.prog.Flags()&(ecmaregexp.Global|ecmaregexp.Sticky) != 0
	if !moves {
		at = 0
	}
	var found []int32
	if at <= int64(s.Length()) {
		found = sc.find(e, matchText(s), int(at))
	}
	switch {
	case found != nil:
		sc.regexp.last.remember(s, found)
		if moves {
			sc.setLastIndex(obj, int64(found[1]))
		}
	case moves:
		sc.setLastIndex(obj, 0)
	}
	return found
}

// setLastIndex throws when it can't.
func (sc *script) setLastIndex(obj *goja.Object, n int64) {
	if err := obj.Set("lastIndex", n); err != nil {
		panic(err)
	}
}

// toLength is ToLength of ECMA-262.
func toLength(v goja.Value) int64 {
	if v == nil {
		return 0
	}
	if n, ok := v.Export().(int64); ok {
		return max(n, 0)
	}
	f := v.ToNumber().ToFloat()
	if !(f > 0) {
		return 0
	}
	return int64(min(math.Trunc(f), 1<<53-1))
}

// regExpExec is exec.
func (sc *script) regExpExec(call goja.FunctionCall) goja.Value {
	e := sc.receiver("exec", call.This)
	s := sc.toText(call.Argument(0))
	return sc.matchArray(e, s, sc.execBuiltin(call.This.(*goja.Object), e, s))
}

// regExpTest is test, which makes no array where nobody sees one.
func (sc *script) regExpTest(call goja.FunctionCall) goja.Value {
	obj := sc.object("test", call.This)
	s := sc.toText(call.Argument(0))
	if e := sc.builtinExec(obj); e != nil {
		return sc.vm.ToValue(sc.execBuiltin(obj, e, s) != nil)
	}
	return sc.vm.ToValue(!goja.IsNull(sc.execOf(obj, s)))
}

// builtinExec is an object's expression if its exec is ours; else nil.
func (sc *script) builtinExec(obj *goja.Object) *expression {
	if obj.Get("exec") != goja.Value(sc.regexp.exec) {
		return nil
	}
	return sc.expressionOf(obj)
}

// execOf is RegExpExec of ECMA-262: an object's own exec, which gives an
// object or null.
func (sc *script) execOf(obj *goja.Object, s goja.String) goja.Value {
	exec := obj.Get("exec")
	if fn, ok := goja.AssertFunction(exec); ok && exec != goja.Value(sc.regexp.exec) {
		v, err := fn(obj, s)
		if err != nil {
			panic(err)
		}
		if _, ok := v.(*goja.Object); !ok && !goja.IsNull(v) {
			sc.throwRuntime("TypeError", jsTypeError, "object null is not a function")
		}
		return v
	}
	e := sc.receiver("exec", obj)
	return sc.matchArray(e, s, sc.execBuiltin(obj, e, s))
}

// group is the text of a group, undefined if it took no part.
func group(s goja.String, found []int32, i int) goja.Value {
	if found[2*i] < 0 {
		return goja.Undefined()
	}
	return s.Substring(int(found[2*i]), int(found[2*i+1]))
}

// matchArray is what exec gives.
func (sc *script) matchArray(e *expression, s goja.String, found []int32) goja.Value {
	if found == nil {
		return goja.Null()
	}
	items := make([]any, len(found)/2)
	for i := range items {
		items[i] = group(s, found, i)
	}
	array := sc.vm.NewArray(items...)
	array.Set("index", found[0])
	array.Set("input", s)
	array.Set("groups", sc.groupsOf(e, func(i int) any { return items[i] }))
	if e.prog.Flags()&ecmaregexp.HasIndices != 0 {
		array.Set("indices", sc.indices(e, found))
	}
	return array
}

// groupsOf is an object of the groups that have names; undefined when none
// has.
func (sc *script) groupsOf(e *expression, value func(int) any) goja.Value {
	names := e.prog.Names()
	if names == nil {
		return goja.Undefined()
	}
	obj := sc.vm.CreateObject(nil)
	for i, name := range names {
		if name == "" {
			continue
		}
		v := value(i)
		if was := obj.Get(name); was != nil && !goja.IsUndefined(was) && v == any(goja.Undefined()) {
			continue // another group of that name took part
		}
		obj.DefineDataProperty(name, sc.vm.ToValue(v), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
	}
	return obj
}

// indices are the places of groups, for the flag d.
func (sc *script) indices(e *expression, found []int32) goja.Value {
	pairs := make([]any, len(found)/2)
	for i := range pairs {
		if pairs[i] = goja.Undefined(); found[2*i] >= 0 {
			pairs[i] = sc.vm.NewArray(found[2*i], found[2*i+1])
		}
	}
	array := sc.vm.NewArray(pairs...)
	array.Set("groups", sc.groupsOf(e, func(i int) any { return pairs[i] }))
	return array
}

// advance is AdvanceStringIndex of ECMA-262.
func advance(s goja.String, at int64, unicode bool) int64 {
	if unicode && at+1 < int64(s.Length()) && s.CharAt(int(at))&^0x3FF == 0xD800 && s.CharAt(int(at)+1)&^0x3FF == 0xDC00 {
		return at + 2
	}
	return at + 1
}

func fullUnicode(flags string) bool { return strings.ContainsAny(flags, "uv") }

// each finds all matches from the text's begin on, as a global method does
// with an expression whose exec is ours. It forgets lastIndex.
func (sc *script) each(obj *goja.Object, e *expression, s goja.String, do func(found []int32)) {
	sc.setLastIndex(obj, 0)
	t, unicode := matchText(s), e.prog.Flags().FullUnicode()
	for at := int64(0); at <= int64(s.Length()); {
		found := sc.find(e, t, int(at))
		if found == nil {
			return
		}
		sc.regexp.last.remember(s, found)
		if at = int64(found[1]); found[1] == found[0] {
			at = advance(s, at, unicode)
		}
		do(found)
	}
}

// flagsFor are the flags by which a method goes, and the object's expression
// if exec and flags are ours, so that nobody sees how it is asked.
func (sc *script) flagsFor(obj *goja.Object) (*expression, string) {
	e := sc.builtinExec(obj)
	if e != nil && sc.untouched(obj) {
		return e, e.flags
	}
	flags := sc.toText(obj.Get("flags")).String()
	if e != nil && e.flags != flags {
		e = nil
	}
	return e, flags
}

// regExpMatch is the method behind match.
func (sc *script) regExpMatch(call goja.FunctionCall) goja.Value {
	obj := sc.object("[Symbol.match]", call.This)
	s := sc.toText(call.Argument(0))
	e, flags := sc.flagsFor(obj)
	if !strings.Contains(flags, "g") {
		return sc.execOf(obj, s)
	}
	var items []any
	if e != nil {
		sc.each(obj, e, s, func(found []int32) { items = append(items, group(s, found, 0)) })
	} else {
		sc.eachObject(obj, s, flags, func(result *goja.Object) { items = append(items, sc.toText(result.Get("0"))) })
	}
	if items == nil {
		return goja.Null()
	}
	return sc.vm.NewArray(items...)
}

// eachObject is each for an exec of the page's.
func (sc *script) eachObject(obj *goja.Object, s goja.String, flags string, do func(*goja.Object)) {
	sc.setLastIndex(obj, 0)
	for !sc.stopped() {
		result, ok := sc.execOf(obj, s).(*goja.Object)
		if !ok {
			return
		}
		do(result)
		if sc.toText(result.Get("0")).Length() == 0 {
			sc.setLastIndex(obj, advance(s, toLength(obj.Get("lastIndex")), fullUnicode(flags)))
		}
	}
}

// regExpSearch is the method behind search.
func (sc *script) regExpSearch(call goja.FunctionCall) goja.Value {
	obj := sc.object("[Symbol.search]", call.This)
	s := sc.toText(call.Argument(0))
	if e := sc.builtinExec(obj); e != nil {
		found := sc.find(e, matchText(s), 0)
		if found == nil {
			return sc.vm.ToValue(-1)
		}
		sc.regexp.last.remember(s, found)
		return sc.vm.ToValue(found[0])
	}
	was := obj.Get("lastIndex")
	sc.setLastIndex(obj, 0)
	result, ok := sc.execOf(obj, s).(*goja.Object)
	if was != nil {
		if err := obj.Set("lastIndex", was); err != nil {
			panic(err)
		}
	}
	if !ok {
		return sc.vm.ToValue(-1)
	}
	return result.Get("index")
}

// regExpMatchAll is the method behind matchAll: the engine's, whose iterator
// asks for exec. It doesn't know v, which steps as u does.
func (sc *script) regExpMatchAll(original goja.Value) func(goja.FunctionCall) goja.Value {
	behind, _ := goja.AssertFunction(original)
	return func(call goja.FunctionCall) goja.Value {
		obj := sc.object("[Symbol.matchAll]", call.This)
		s := sc.toText(call.Argument(0))
		flags := sc.toText(obj.Get("flags"))
		made, err := sc.vm.New(sc.species(obj), obj, flags)
		if err != nil {
			panic(err)
		}
		at := obj.Get("lastIndex")
		made.Set("lastIndex", toLength(at))
		// What the engine asks of its this: flags, and a constructor that is
		// to make what was made here.
		ready := sc.vm.ToValue(func(goja.ConstructorCall) *goja.Object { return made }).(*goja.Object)
		ready.DefineDataPropertySymbol(goja.SymSpecies, ready, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
		stand := sc.vm.NewObject()
		stand.Set("flags", strings.ReplaceAll(flags.String(), "v", "u"))
		stand.Set("lastIndex", toLength(at))
		stand.Set("constructor", ready)
		v, err := behind(stand, s)
		if err != nil {
			panic(err)
		}
		return v
	}
}

// species is SpeciesConstructor of ECMA-262.
func (sc *script) species(obj *goja.Object) *goja.Object {
	v := obj.Get("constructor")
	if v == nil || goja.IsUndefined(v) {
		return sc.regexp.ctor
	}
	ctor, ok := v.(*goja.Object)
	if !ok {
		sc.throwRuntime("TypeError", jsTypeError, "The .constructor property is not an object")
	}
	v = ctor.GetSymbol(goja.SymSpecies)
	if v == nil || goja.IsUndefined(v) || goja.IsNull(v) {
		return sc.regexp.ctor
	}
	if _, ok := goja.AssertConstructor(v); !ok {
		sc.throwRuntime("TypeError", jsTypeError, "object.constructor[Symbol.species] is not a constructor")
	}
	return v.(*goja.Object)
}

// textOfRegExp is match, matchAll or search of a text, which make a regular
// expression of what is none.
func (sc *script) textOfRegExp(name, flags string, symbol *goja.Symbol) {
	sc.bound(sc.prototype("String"), name, func(call *goja.FunctionCall) {
		v := call.Argument(0)
		if obj, ok := v.(*goja.Object); ok {
			if name == "matchAll" {
				sc.needsGlobal(obj)
			}
			if by := obj.GetSymbol(symbol); by != nil && !goja.IsUndefined(by) && !goja.IsNull(by) {
				return
			}
		}
		if call.This == nil || goja.IsUndefined(call.This) || goja.IsNull(call.This) {
			return
		}
		if sc.regexp == nil {
			return
		}
		made, err := sc.vm.New(sc.regexp.ctor, v, sc.vm.ToValue(flags))
		if err != nil {
			panic(err)
		}
		setArgument(call, 0, made)
	})
}

// needsGlobal refuses a regular expression without g, in V8's words.
func (sc *script) needsGlobal(obj *goja.Object) {
	if e := sc.expressionOf(obj); e != nil && !strings.Contains(sc.flagsOf(obj), "g") {
		sc.throwRuntime("TypeError", jsTypeError, "String.prototype.matchAll called with a non-global RegExp argument")
	}
}
