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
		return vm.ToValue(sc.newEnumerator)
	case slotVBArray:
		return vm.ToValue(sc.newVBArray)
	case slotActiveX:
		return vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
			return sc.createObject(sc.text(call.Argument(0)))
		})
	case slotGetObject:
		return vm.ToValue(func(goja.FunctionCall) goja.Value {
			sc.throw(asp.New(asp.CodeNotAllowed, "GetObject: there are no running COM objects here; use Server.CreateObject"))
			return nil
		})
	case slotScriptEngine:
		return vm.ToValue(func(goja.FunctionCall) goja.Value { return vm.ToValue("JScript") })
	case slotMajor:
		return vm.ToValue(func(goja.FunctionCall) goja.Value { return vm.ToValue(5) })
	case slotMinor:
		return vm.ToValue(func(goja.FunctionCall) goja.Value { return vm.ToValue(8) })
	case slotBuild:
		return vm.ToValue(func(goja.FunctionCall) goja.Value { return vm.ToValue(0) })
	case slotSetTimeout:
		return vm.ToValue(func(c goja.FunctionCall) goja.Value { return sc.setTimer(c, false) })
	case slotSetInterval:
		return vm.ToValue(func(c goja.FunctionCall) goja.Value { return sc.setTimer(c, true) })
	case slotSetImmediate:
		return vm.ToValue(func(c goja.FunctionCall) goja.Value {
			args := append([]goja.Value{c.Argument(0), vm.ToValue(0)}, rest(c.Arguments, 1)...)
			return sc.setTimer(goja.FunctionCall{Arguments: args}, false)
		})
	case slotClearTimeout:
		return vm.ToValue(sc.clearTimer)
	case slotCrypto:
		return sc.newHost(cryptoClass, nil)
	case slotRequire:
		return sc.env.Modules.enable(sc)
	}
	return nil
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
