package runtime

import (
	"errors"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/internal/ecmaregexp"
)

// matcher is what a script needs for its regular expressions.
type matcher struct {
	machine ecmaregexp.Machine
	source  goja.Callable // the engine's getter, which gives keys
	compile goja.Callable // and the engine's method that changes an object's
	engine  *goja.Object  // the engine's constructor
	ctor    *goja.Object  // the one before it
	proto   *goja.Object
	exec    *goja.Object
	made    []*expression // what has no key of the compiler's
	byText  map[string]int
	byKey   map[string]*expression
	known   [8]known // objects that were looked at last
	next    int      // of known
	last    lastMatch
}

// known is an object and what it matches.
type known struct {
	obj *goja.Object
	e   *expression
}

var errHalted = errors.New("the script was stopped")

// setUpRegExp puts our functions into the place of the engine's.
func (sc *script) setUpRegExp() {
	ctor := sc.builtin("RegExp")
	if ctor == nil {
		return
	}
	proto := ctor.Get("prototype").(*goja.Object)
	m := &matcher{engine: ctor, proto: proto, byText: make(map[string]int), byKey: make(map[string]*expression)}
	m.machine.Poll = func() error {
		if sc.stopped() {
			return errHalted
		}
		return nil
	}
	sc.regexp = m
	m.source = sc.getter(proto, "source")
	m.compile, _ = goja.AssertFunction(proto.Get("compile"))
	sc.constructorOfRegExp()
	for _, f := range [...]struct {
		name   string
		length int
		call   func(goja.FunctionCall) goja.Value
	}{{"exec", 1, sc.regExpExec}, {"test", 1, sc.regExpTest}, {"compile", 2, sc.regExpCompile}} {
		_ = proto.Set(f.name, sc.function(f.name, f.length, f.call)) // by Set: it is what tells the engine that they aren't its own
	}
	m.exec = proto.Get("exec").(*goja.Object)
	sc.gettersOfRegExp("source", "flags")
	for _, do := range sc.waiting {
		do()
	}
	sc.waiting = nil
}

// gettersOfRegExp defines properties that are read from a regular expression.
func (sc *script) gettersOfRegExp(names ...string) {
	for _, name := range names {
		get := sc.function("get "+name, 0, func(call goja.FunctionCall) goja.Value { return sc.regExpGet(name, call.This) })
		sc.regexp.proto.DefineAccessorProperty(name, get, goja.Undefined(), goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}

// The methods behind those of texts. Without ours the engine's do the same by
// exec, which takes longer; so a program has those that its text names.
func (sc *script) setUpMatch() {
	sc.behind(goja.SymMatch, "match", 1, sc.regExpMatch)
	sc.textOfRegExp("match", "", goja.SymMatch)
}

func (sc *script) setUpMatchAll() {
	if sc.extend(need(needMatcher)); sc.regexp == nil {
		return
	}
	sc.behind(goja.SymMatchAll, "matchAll", 1, sc.regExpMatchAll(sc.regexp.proto.GetSymbol(goja.SymMatchAll)))
	sc.textOfRegExp("matchAll", "g", goja.SymMatchAll)
}

func (sc *script) setUpSearch() {
	sc.behind(goja.SymSearch, "search", 1, sc.regExpSearch)
	sc.textOfRegExp("search", "", goja.SymSearch)
}

// replace and split are for texts alone in many programs: theirs wait for the
// first regular expression.
func (sc *script) setUpReplace() {
	sc.withMatcher(func() { sc.behind(goja.SymReplace, "replace", 2, sc.regExpReplace) })
}

func (sc *script) setUpSplit() {
	sc.withMatcher(func() { sc.behind(goja.SymSplit, "split", 2, sc.regExpSplit) })
}

// withMatcher does something once there are regular expressions.
func (sc *script) withMatcher(do func()) {
	if sc.regexp != nil {
		do()
	} else {
		sc.waiting = append(sc.waiting, do)
	}
}

func (sc *script) setUpFlags() {
	if sc.extend(need(needMatcher)); sc.regexp == nil {
		return
	}
	sc.gettersOfRegExp("hasIndices", "unicodeSets")
}

// behind puts a method in the place of the engine's.
func (sc *script) behind(symbol *goja.Symbol, name string, length int, call func(goja.FunctionCall) goja.Value) {
	sc.extend(need(needMatcher))
	if sc.regexp == nil {
		return // the page has a RegExp of its own
	}
	fn := sc.function("[Symbol."+name+"]", length, call)
	sc.regexp.proto.DefineDataPropertySymbol(symbol, fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// getter is the function by which a property is read.
func (sc *script) getter(obj *goja.Object, name string) goja.Callable {
	get, _ := goja.AssertFunction(sc.builtin("Object").Get("getOwnPropertyDescriptor"))
	descriptor, err := get(goja.Undefined(), obj, sc.vm.ToValue(name))
	if err != nil {
		panic(err)
	}
	fn, _ := goja.AssertFunction(descriptor.ToObject(sc.vm).Get("get"))
	return fn
}

// expressionOf is what an object matches; nil when it is no regular
// expression.
func (sc *script) expressionOf(v goja.Value) *expression {
	obj, ok := v.(*goja.Object)
	if !ok || sc.regexp == nil {
		return nil
	}
	m := sc.regexp
	for i := range m.known {
		if m.known[i].obj == obj {
			return m.known[i].e
		}
	}
	if obj.ClassName() != "RegExp" {
		return nil
	}
	key, err := m.source(obj)
	if err != nil {
		return nil
	}
	e := m.byKey[key.String()]
	if e == nil {
		if e = sc.expressionAt(key.String()); e == nil {
			e = sc.foreign(obj, key)
		} else {
			m.byKey[key.String()] = e
		}
	}
	m.know(obj, e)
	return e
}

func (sc *script) expressionAt(key string) *expression {
	if e := sc.prog.names.regexps.at(key); e != nil {
		return e
	}
	number, ok := strings.CutPrefix(key, sc.prog.names.regexps.prefix+"M")
	n, err := strconv.Atoi(number)
	if !ok || err != nil {
		return nil
	}
	return sc.regexp.made[n]
}

// foreign is the expression of an object that the engine made by itself, of a
// literal in a text that couldn't be looked through.
func (sc *script) foreign(obj *goja.Object, source goja.Value) *expression {
	flags := ""
	for _, f := range [...]struct{ name, letter string }{{"global", "g"}, {"ignoreCase", "i"}, {"multiline", "m"},
		{"dotAll", "s"}, {"unicode", "u"}, {"sticky", "y"}} {
		if obj.Get(f.name).ToBoolean() {
			flags += f.letter
		}
	}
	return sc.expression(sc.toText(source), flags)
}

func (m *matcher) know(obj *goja.Object, e *expression) {
	for i := range m.known {
		if m.known[i].obj == obj { // compile gave it another
			m.known[i].e = e
			return
		}
	}
	m.known[m.next] = known{obj, e}
	m.next = (m.next + 1) % len(m.known)
}

// expression compiles for the script, or throws.
func (sc *script) expression(raw goja.String, flags string) *expression {
	e, err := sc.prog.names.regexps.make(raw, flags)
	if err != nil {
		sc.throwRuntime("SyntaxError", numberOf("SyntaxError", err.Error()), "%s", err.Error())
	}
	return e
}

// expressionKey is the key of an expression that the script made.
func (sc *script) expressionKey(e *expression) goja.Value {
	m := sc.regexp
	text := e.flags + "/" + e.raw.String()
	n, ok := m.byText[text]
	if !ok || !m.made[n].raw.SameAs(e.raw) {
		n = len(m.made)
		m.byText[text], m.made = n, append(m.made, e)
	}
	return sc.vm.ToValue(sc.prog.names.regexps.prefix + "M" + strconv.Itoa(n))
}

// constructorOfRegExp makes RegExp. The engine doesn't tell a constructor of
// ours whether it was called with new; RegExp(r) makes a copy, as new does.
func (sc *script) constructorOfRegExp() {
	m := sc.regexp
	m.ctor = sc.vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		pattern, flags := call.Argument(0), call.Argument(1)
		e := sc.expressionFor(pattern, flags, sc.isRegExp(pattern))
		target := call.NewTarget
		if target == m.ctor {
			target = nil
		}
		obj := sc.construct(m.engine, []goja.Value{sc.expressionKey(e), sc.vm.ToValue(nativeFlags(e.flags))}, target)
		m.know(obj, e)
		return obj
	}).(*goja.Object)
	imitate(m.ctor, m.engine)
	m.ctor.DefineDataProperty("prototype", m.proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	m.ctor.SetPrototype(m.engine)
	sc.vm.GlobalObject().DefineDataProperty("RegExp", m.ctor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	m.proto.DefineDataProperty("constructor", m.ctor, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// isRegExp is IsRegExp of ECMA-262.
func (sc *script) isRegExp(v goja.Value) bool {
	obj, ok := v.(*goja.Object)
	if !ok {
		return false
	}
	if match := obj.GetSymbol(goja.SymMatch); match != nil && !goja.IsUndefined(match) {
		return match.ToBoolean()
	}
	return sc.expressionOf(obj) != nil
}

// expressionFor is what RegExp(pattern, flags) makes; is says that pattern
// looks like a regular expression.
func (sc *script) expressionFor(pattern, flags goja.Value, is bool) *expression {
	letters := func() string {
		if goja.IsUndefined(flags) {
			return ""
		}
		return sc.toText(flags).String()
	}
	if e := sc.expressionOf(pattern); e != nil {
		if goja.IsUndefined(flags) {
			return e
		}
		return sc.expression(e.raw, letters())
	}
	if is {
		obj := pattern.(*goja.Object)
		pattern = obj.Get("source")
		if goja.IsUndefined(flags) {
			flags = obj.Get("flags")
		}
	}
	raw := sc.vm.ToValue("").(goja.String)
	if pattern != nil && !goja.IsUndefined(pattern) {
		raw = sc.toText(pattern)
	}
	return sc.expression(raw, letters())
}

// toText is ToString.
func (sc *script) toText(v goja.Value) goja.String {
	if v == nil {
		v = goja.Undefined()
	}
	if s, ok := v.(goja.String); ok {
		return s
	}
	if s, ok := v.ToString().(goja.String); ok {
		return s
	}
	return sc.vm.ToValue(v.String()).(goja.String)
}

// regExpCompile is compile(pattern, flags), of Annex B.
func (sc *script) regExpCompile(call goja.FunctionCall) goja.Value {
	sc.receiver("compile", call.This)
	pattern, flags := call.Argument(0), call.Argument(1)
	if sc.expressionOf(pattern) != nil && !goja.IsUndefined(flags) {
		sc.throwRuntime("TypeError", jsTypeError, "Invalid flags")
	}
	e := sc.expressionFor(pattern, flags, false)
	if _, err := sc.regexp.compile(call.This, sc.expressionKey(e), sc.vm.ToValue(nativeFlags(e.flags))); err != nil {
		panic(err)
	}
	sc.regexp.know(call.This.(*goja.Object), e)
	return call.This
}

// receiver is the expression of a method's this, or a TypeError.
func (sc *script) receiver(method string, this goja.Value) *expression {
	e := sc.expressionOf(this)
	if e == nil {
		sc.throwRuntime("TypeError", numberOf("TypeError", "Method RegExp."), "Method RegExp.prototype.%s called on incompatible receiver %s", method, sc.shown(this))
	}
	return e
}

// shown is a value in the text of an error.
func (sc *script) shown(v goja.Value) string {
	if obj, ok := v.(*goja.Object); ok {
		return "[object " + obj.ClassName() + "]"
	}
	return v.String()
}

// object is the this of a method that takes any object.
func (sc *script) object(method string, this goja.Value) *goja.Object {
	obj, ok := this.(*goja.Object)
	if !ok {
		sc.throwRuntime("TypeError", numberOf("TypeError", "Method RegExp."), "Method RegExp.prototype.%s called on incompatible receiver %s", method, sc.shown(this))
	}
	return obj
}

// regExpGet are the getters.
func (sc *script) regExpGet(name string, this goja.Value) goja.Value {
	obj := sc.object(name, this)
	if name == "flags" {
		return sc.vm.ToValue(sc.flagsOf(obj))
	}
	e := sc.expressionOf(obj)
	switch {
	case e == nil && obj != sc.regexp.proto:
		sc.receiver(name, this)
	case e == nil && name == "source":
		return sc.vm.ToValue("(?:)")
	case e == nil:
		return goja.Undefined()
	case name == "source":
		return e.source
	case name == "hasIndices":
		return sc.vm.ToValue(strings.Contains(e.flags, "d"))
	}
	return sc.vm.ToValue(strings.Contains(e.flags, "v"))
}

// untouched: the object has lastIndex and nothing else of its own.
func (sc *script) untouched(obj *goja.Object) bool {
	return obj.Prototype() == sc.regexp.proto && len(obj.GetOwnPropertyNames()) == 1
}

// flagsOf asks an object for each flag, as the language says; a regular
// expression with nothing of its own would only repeat what it is.
func (sc *script) flagsOf(obj *goja.Object) string {
	e := sc.expressionOf(obj)
	if e != nil && sc.untouched(obj) {
		return e.flags
	}
	flags := ""
	for _, f := range [...]struct{ name, letter string }{{"hasIndices", "d"}, {"global", "g"}, {"ignoreCase", "i"}, {"multiline", "m"},
		{"dotAll", "s"}, {"unicode", "u"}, {"unicodeSets", "v"}, {"sticky", "y"}} {
		v := obj.Get(f.name)
		if v == nil { // a getter that nobody named
			v = sc.vm.ToValue(e != nil && strings.Contains(e.flags, f.letter))
		}
		if v.ToBoolean() {
			flags += f.letter
		}
	}
	return flags
}

// literalRegExp makes the object of a literal in a text for eval.
func (sc *script) literalRegExp(call goja.FunctionCall) goja.Value {
	sc.extend(need(needMatcher))
	v, err := sc.vm.New(sc.regexp.ctor, call.Argument(0), call.Argument(1))
	if err != nil {
		panic(err)
	}
	return v
}
