package runtime

import (
	"strconv"

	"github.com/dop251/goja"
)

// traps makes a callable host of a proxy. typeof is corrected at compile time
// (rules.go); everything else that tells a function from an object is
// answered here as an object would.
func (h *host) traps() *goja.ProxyTrapConfig {
	return &goja.ProxyTrapConfig{
		Apply: func(_ *goja.Object, _ goja.Value, args []goja.Value) goja.Value {
			h.mark()
			if h.replaces(args) {
				return h.primitive(h)
			}
			if v := h.item(h, args); v != nil {
				return v
			}
			return goja.Undefined()
		},
		Get: func(_ *goja.Object, key string, _ goja.Value) goja.Value {
			return h.member(key)
		},
		GetIdx: func(_ *goja.Object, i int, _ goja.Value) goja.Value { return h.member(strconv.Itoa(i)) },
		GetSym: h.getSym,
		Set: func(_ *goja.Object, key string, v, _ goja.Value) bool {
			return h.Set(key, v)
		},
		SetIdx: func(_ *goja.Object, i int, _, _ goja.Value) bool {
			h.throwRuntime("TypeError", jsNoMember, "an item is assigned by a call, %s(%d)", h.class.name, i)
			return false
		},
		Has:            func(_ *goja.Object, key string) bool { return h.Has(key) },
		DeleteProperty: func(*goja.Object, string) bool { return false },
		DefineProperty: func(*goja.Object, string, goja.PropertyDescriptor) bool { return false },
		OwnKeys: func(*goja.Object) *goja.Object {
			names := h.Keys()
			values := make([]any, len(names))
			for i, n := range names {
				values[i] = n
			}
			return h.vm.NewArray(values...)
		},
		GetOwnPropertyDescriptor: func(_ *goja.Object, key string) goja.PropertyDescriptor {
			for _, n := range h.Keys() {
				if n == key {
					return goja.PropertyDescriptor{Value: h.vm.ToValue(key), Configurable: goja.FLAG_TRUE, Enumerable: goja.FLAG_TRUE, Writable: goja.FLAG_TRUE}
				}
			}
			return goja.PropertyDescriptor{}
		},
		GetPrototypeOf: func(*goja.Object) *goja.Object { return h.objectPrototype() },
		SetPrototypeOf: func(*goja.Object, *goja.Object) bool { return false },
	}
}

// member is a member's value, Object.prototype's, or nil.
func (h *host) member(key string) goja.Value {
	if v := h.Get(key); v != nil {
		return v
	}
	return h.objectPrototype().Get(key)
}

// replaces tells a call by String's replace, which calls what it takes for a
// function: match, groups, position and text. No collection of ASP's has
// three arguments.
func (h *host) replaces(args []goja.Value) bool {
	return len(args) >= 3 && h.primitive != nil && h.live == nil
}

// getSym answers the symbols by which the language converts and walks an
// object.
func (h *host) getSym(_ *goja.Object, sym *goja.Symbol, _ goja.Value) goja.Value {
	switch sym {
	case goja.SymToPrimitive:
		if h.primitive == nil {
			return goja.Undefined()
		}
		return h.toPrimitive()
	case goja.SymIterator:
		if !h.isCollection() {
			return goja.Undefined()
		}
		return h.named("[Symbol.iterator]", func(goja.FunctionCall) goja.Value { return h.iterator(h.walk()) })
	case goja.SymToStringTag:
		return h.vm.ToValue("Object")
	}
	return goja.Undefined()
}

// toPrimitive is the method by which the language converts objects of the host:
// one for all, for a page may convert a thousand.
func (sc *script) toPrimitive() goja.Value {
	if sc.converter == nil {
		sc.converter = sc.named("[Symbol.toPrimitive]", func(call goja.FunctionCall) goja.Value {
			h := sc.hostOf(call.This)
			if h == nil || h.primitive == nil {
				sc.throwRuntime("TypeError", jsTypeError, "Object has no value")
			}
			v := h.primitive(h)
			if obj, ok := v.(*goja.Object); ok { // a component's date
				return obj.ToString()
			}
			return v
		})
	}
	return sc.converter
}

// objectPrototype is what hosts inherit from, whatever the page did to the
// global that names it.
func (sc *script) objectPrototype() *goja.Object { return sc.vm.NewObject().Prototype() }
