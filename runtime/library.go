package runtime

import (
	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// makeLibrary makes the globals that JScript has and the engine lacks.
func (sc *script) makeLibrary(slot int) goja.Value {
	vm := sc.vm
	switch slot {
	case slotEnumerator:
		return sc.function("Enumerator", 7, sc.newEnumerator)
	case slotVBArray:
		return sc.function("VBArray", 1, sc.newVBArray)
	case slotActiveX:
		return sc.function("ActiveXObject", 1, func(call goja.ConstructorCall) *goja.Object {
			return sc.createObject(sc.text(call.Argument(0)))
		})
	case slotGetObject:
		return sc.function("GetObject", 2, func(goja.FunctionCall) goja.Value {
			sc.throw(asp.New(asp.CodeNotAllowed, "GetObject: there are no running COM objects here; use Server.CreateObject"))
			return nil
		})
	case slotScriptEngine:
		return sc.answer("ScriptEngine", "JScript")
	case slotMajor:
		return sc.answer("ScriptEngineMajorVersion", 5)
	case slotMinor:
		return sc.answer("ScriptEngineMinorVersion", 8)
	case slotBuild:
		return sc.answer("ScriptEngineBuildVersion", 0)
	case slotCollect:
		return sc.answer("CollectGarbage", goja.Undefined()) // memory is the host's affair
	case slotSetTimeout:
		return sc.named("setTimeout", func(c goja.FunctionCall) goja.Value { return sc.setTimer(c, false) })
	case slotSetInterval:
		return sc.named("setInterval", func(c goja.FunctionCall) goja.Value { return sc.setTimer(c, true) })
	case slotSetImmediate:
		return sc.named("setImmediate", func(c goja.FunctionCall) goja.Value {
			args := append([]goja.Value{c.Argument(0), vm.ToValue(0)}, rest(c.Arguments, 1)...)
			return sc.setTimer(goja.FunctionCall{Arguments: args}, false)
		})
	case slotClearTimeout:
		return sc.named("clearTimeout", sc.clearTimer)
	case slotCrypto:
		return sc.newHost(cryptoClass, nil)
	case slotRequire:
		return sc.env.Modules.enable(sc)
	}
	return nil
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

// answer makes a function that always gives the same.
func (sc *script) answer(name string, v any) goja.Value {
	return sc.function(name, 0, func(goja.FunctionCall) goja.Value { return sc.vm.ToValue(v) })
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
	o, err := sc.env.Host.CreateObject(sc.waits(), progID)
	if err != nil {
		sc.throw(err)
	}
	return sc.newComponent(o)
}
