package runtime

import (
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// globals is the prototype of a script's global object. It makes a global of the
// host when a page first names it, so that a clean state costs nothing that isn't
// used, and it hands out the functions by which compiled pages write.
type globals struct {
	script *script
	made   [globalSlots]goja.Value // in the order of hiddenFunctions, then of hostGlobals
}

// globalSlots is room for both tables: where it isn't enough, the next line
// doesn't compile.
const globalSlots = 42

var _ [globalSlots - len(hiddenFunctions) - len(hostGlobals)]struct{}

// A hidden function is what a compiled page calls without naming it: the rules
// write its name, which no page can spell (rules.go).
type hiddenFunction struct {
	name string // to our own code
	make func(*script) goja.Value
}

// hiddenFunctions are all of them. The letter that a function's name in a program
// ends in is its place in the table.
var hiddenFunctions = [...]hiddenFunction{
	{"output", func(sc *script) goja.Value { return sc.vm.NewDynamicObject(&pageOutput{sc}) }}, // of <%= %> and <%: %>
	hidden("ref", (*script).ref),              // assignment to a call
	hidden("refMember", (*script).refMember),  // assignment to a call of a member
	hidden("illegal", (*script).illegal),      // assignment to a literal
	hidden("typeOf", (*script).typeOf),        // typeof, for collections
	hidden("source", (*script).rewriteSource), // source text given to eval and Function
	hidden("plain", func(sc *script, c goja.FunctionCall) goja.Value { return sc.plain(c.Argument(0)) }), // a collection's value, for switch
	hidden("uses", (*script).uses),            // what a module needs of JScript's library
	hidden("called", (*script).called),        // a property read with an empty pair of parentheses
	hidden("size", (*script).size),            // a length, checked
	hidden("left", (*script).leftOperand),     // an operand of a power or shift
	hidden("right", (*script).rightOperand),   // the other one, checked
	hidden("delegate", (*script).delegate),    // what a yield* goes on with
	hidden("key", (*script).key),              // the name of a method that is called by a value
	hidden("itemText", (*script).itemText),    // a member Item that isn't called
	hidden("bare", (*script).calledBare),      // a member that is read and may be a method
	hidden("regexp", (*script).literalRegExp), // a regular expression in a text for eval
}

func hidden(name string, fn func(*script, goja.FunctionCall) goja.Value) hiddenFunction {
	return hiddenFunction{name, func(sc *script) goja.Value {
		return sc.vm.ToValue(func(call goja.FunctionCall) goja.Value { return fn(sc, call) })
	}}
}

// A hostGlobal is a name that every page has of the host.
type hostGlobal struct {
	name string
	make func(*script) goja.Value
	is   func(*script) bool // says whether a script has it; nil: each has
}

// hostGlobals are all of them.
var hostGlobals = [...]hostGlobal{
	{"Response", (*script).responseObject, nil},
	{"Request", (*script).requestObject, nil},
	{"Server", (*script).serverObject, nil},
	{"Session", (*script).sessionObject, nil},
	{"Application", (*script).applicationObject, nil},
	{"ObjectContext", func(sc *script) goja.Value { return sc.newHost(objectContextClass, nil) }, nil},
	{"console", func(sc *script) goja.Value { return sc.newHost(consoleClass, nil) }, nil},
	{"crypto", func(sc *script) goja.Value { return sc.newHost(cryptoClass, nil) }, nil},
	{"require", func(sc *script) goja.Value { return sc.env.Modules.enable(sc) }, func(sc *script) bool { return sc.env.Modules != nil }},

	{"setTimeout", timed("setTimeout", (*script).setTimeout), nil},
	{"setInterval", timed("setInterval", (*script).setInterval), nil},
	{"setImmediate", timed("setImmediate", (*script).setImmediate), nil},
	{"clearTimeout", timed("clearTimeout", (*script).clearTimer), nil},
	{"clearInterval", timed("clearInterval", (*script).clearTimer), nil},

	// What JScript has and the engine lacks.
	{"Enumerator", func(sc *script) goja.Value { return sc.function("Enumerator", 7, sc.newEnumerator) }, nil},
	{"VBArray", func(sc *script) goja.Value { return sc.function("VBArray", 1, sc.newVBArray) }, nil},
	{"ActiveXObject", func(sc *script) goja.Value { return sc.function("ActiveXObject", 1, sc.newActiveX) }, nil},
	{"GetObject", func(sc *script) goja.Value { return sc.function("GetObject", 2, sc.getObject) }, nil},
	{"ScriptEngine", answer("ScriptEngine", "JScript"), nil},
	{"ScriptEngineMajorVersion", answer("ScriptEngineMajorVersion", 5), nil},
	{"ScriptEngineMinorVersion", answer("ScriptEngineMinorVersion", 8), nil},
	{"ScriptEngineBuildVersion", answer("ScriptEngineBuildVersion", 0), nil},
	{"CollectGarbage", answer("CollectGarbage", goja.Undefined()), nil}, // memory is the host's affair
}

// timed makes a function of the timers.
func timed(name string, fn func(*script, goja.FunctionCall) goja.Value) func(*script) goja.Value {
	return func(sc *script) goja.Value {
		return sc.named(name, func(call goja.FunctionCall) goja.Value { return fn(sc, call) })
	}
}

// answer makes a function that always gives the same.
func answer(name string, v any) func(*script) goja.Value {
	return func(sc *script) goja.Value {
		return sc.function(name, 0, func(goja.FunctionCall) goja.Value { return sc.vm.ToValue(v) })
	}
}

// slot finds a global's place in made; -1 for a name that isn't the host's.
func (g *globals) slot(key string) int {
	n := g.script.prog.names
	if key[0] == '$' {
		if len(key) != len(n.prefix)+1 || !strings.HasPrefix(key, n.prefix) {
			return -1
		}
		if i := int(key[len(key)-1]) - 'a'; i < len(hiddenFunctions) {
			return i
		}
		return -1
	}
	if i, ok := n.globals[key]; ok && (hostGlobals[i].is == nil || hostGlobals[i].is(g.script)) {
		return len(hiddenFunctions) + i
	}
	return -1
}

// Get makes or finds a global of the host; nil sends the engine on to
// Object.prototype.
func (g *globals) Get(key string) goja.Value {
	if key == "" {
		return nil
	}
	if key[0] == '$' {
		if number, ok := strings.CutPrefix(key, g.script.prog.names.text); ok {
			return g.script.writeText(number)
		}
	}
	i := g.slot(key)
	if i < 0 {
		return g.script.declared(key)
	}
	if g.made[i] == nil {
		if i < len(hiddenFunctions) {
			g.made[i] = hiddenFunctions[i].make(g.script)
		} else {
			g.made[i] = hostGlobals[i-len(hiddenFunctions)].make(g.script)
		}
	}
	return g.made[i]
}

// Has tells whether Get has something, without making it.
func (g *globals) Has(key string) bool {
	return key != "" && (g.slot(key) >= 0 || g.script.isDeclared(key))
}

// Set and Delete are never asked: an assignment to a global makes a property
// of the global object itself, which shadows this one.
func (g *globals) Set(string, goja.Value) bool { return false }

// Delete refuses.
func (g *globals) Delete(string) bool { return false }

// Keys hides the host's names from for…in over the global object.
func (g *globals) Keys() []string { return nil }

// missing throws for an intrinsic that this event or page doesn't have.
func (sc *script) missing(name, why string) {
	sc.throw(asp.New(asp.CodeNotAllowed, name+" can't be used here: "+why))
}

// named gives a function the name that pages know it by. The engine names it
// after our own code, which is nobody's business.
func (sc *script) named(name string, fn any) *goja.Object {
	f := sc.vm.ToValue(fn).(*goja.Object)
	f.DefineDataProperty("name", sc.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return f
}

// function makes a function of the library, with the name and the number of
// parameters that JScript's has.
func (sc *script) function(name string, length int, fn any) *goja.Object {
	f := sc.named(name, fn)
	f.DefineDataProperty("length", sc.vm.ToValue(length), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return f
}

// imitate gives a function that stands before one of the engine's the other's
// name and length.
func imitate(fn, original *goja.Object) {
	for _, name := range [...]string{"name", "length"} {
		fn.DefineDataProperty(name, original.Get(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
}

// createObject is Server.CreateObject and new ActiveXObject.
func (sc *script) createObject(progID string) *goja.Object {
	v, err := caller{sc}.CreateObject(progID)
	sc.check(err)
	return sc.toScript(v).(*goja.Object)
}

func (sc *script) newActiveX(call goja.ConstructorCall) *goja.Object {
	return sc.createObject(sc.text(call.Argument(0)))
}

func (sc *script) getObject(goja.FunctionCall) goja.Value {
	sc.throw(asp.New(asp.CodeNotAllowed, "GetObject: there are no running COM objects here; use Server.CreateObject"))
	return nil
}
