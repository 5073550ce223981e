package runtime

import (
	"strconv"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/value"
)

// applicationClass is ASP's Application; calling it reads Contents.
// Increment, CompareAndSet and Update are ours: they need no lock.
var applicationClass = newClass("Application",
	action("Lock", func(h *host, _ []goja.Value) goja.Value {
		held := h.env.Application.Locked()
		h.check(h.env.Application.Lock(h.waits()))
		if !held {
			h.lockPeriod++
		}
		return nil
	}),
	action("Unlock", func(h *host, _ []goja.Value) goja.Value {
		h.check(h.saveApplication())
		held := h.env.Application.Locked()
		h.check(h.env.Application.Unlock(h.waits()))
		if held && !h.env.Application.Locked() {
			h.lockPeriod++
		}
		return nil
	}),
	readOnly("Contents", func(h *host) goja.Value { return h.applicationContents() }),
	readOnly("StaticObjects", func(h *host) goja.Value {
		return h.once(&h.kept.applObjects, func() *goja.Object {
			return h.staticObjects("Application.StaticObjects", ScopeApplication)
		})
	}),
	itself("Item"),
	itself("Value"),
	method("Increment", func(h *host, args []goja.Value) goja.Value {
		n := 1.0
		if len(args) > 1 {
			n = h.plain(args[1]).ToFloat()
		}
		key := h.text(arg(args, 0))
		h.appl.forget(key)
		v, err := h.env.Application.Increment(h.waits(), key, n)
		h.check(err)
		return h.vm.ToValue(v)
	}),
	method("CompareAndSet", func(h *host, args []goja.Value) goja.Value {
		key := h.text(arg(args, 0))
		old, err := h.encodeShared(key, arg(args, 1))
		h.check(err)
		ok, err := h.compareAndSet(key, old, arg(args, 2))
		h.check(err)
		return h.vm.ToValue(ok)
	}),
	method("Update", func(h *host, args []goja.Value) goja.Value {
		return h.update(h.text(arg(args, 0)), arg(args, 1))
	}),
)

// applicationObject makes Application.
func (sc *script) applicationObject() goja.Value {
	if sc.env.Application == nil {
		sc.missing("Application", "this host has none")
	}
	return sc.newCallable(&host{class: applicationClass, item: applicationItem, put: putApplication,
		elements: applicationElements, keys: applicationKeys})
}

var applicationContentsClass = contentsClass("Application.Contents",
	applicationKeys,
	func(h *host, key string) {
		h.appl.forget(key)
		h.check(h.env.Application.Remove(h.waits(), key))
	},
	func(h *host) {
		h.appl = nil
		h.check(h.env.Application.RemoveAll(h.waits()))
	},
)

// applicationContents makes Application.Contents.
func (sc *script) applicationContents() goja.Value {
	return sc.once(&sc.kept.applContents, func() *goja.Object {
		return sc.newCallable(&host{class: applicationContentsClass, item: applicationItem, put: putApplication,
			elements: applicationElements, keys: applicationKeys})
	})
}

func applicationKeys(h *host) []string { return h.env.Application.Keys() }

func applicationElements(h *host) []goja.Value { return h.strings(applicationKeys(h)) }

// applicationItem reads Application("key"). What is read is the latest
// commit; an object is this page's copy of it.
func applicationItem(h *host, args []goja.Value) goja.Value {
	key := h.keyOf(h.env.Application.Keys, arg(args, 0))
	if o, ok := h.env.Application.Object(key); ok {
		return h.live("Application", key, o)
	}
	raw, ok := h.env.Application.Get(key)
	if !ok {
		return goja.Undefined()
	}
	h.check(h.forgetOld())
	h.check(h.replaced(key, raw))
	v := h.take(&h.appl, key, raw)
	if t := h.appl[value.Fold(key)]; t != nil {
		return (&guard{sc: h.script, key: key, period: h.lockPeriod, of: t}).value(v)
	}
	return v
}

// encodeShared is encode, with ASP's code for what Application may not hold.
func (sc *script) encodeShared(key string, v goja.Value) ([]byte, error) {
	raw, err := sc.encode(quoted("Application", key), v)
	if e, ok := err.(*asp.Error); ok {
		e.Code = 197
	}
	return raw, err
}

// putApplication assigns Application("key").
func putApplication(h *host, args []goja.Value, v goja.Value) {
	key := h.keyOf(h.env.Application.Keys, arg(args, 0))
	if o := h.componentOf(v); o != nil {
		h.appl.forget(key)
		h.check(h.env.Application.SetObject(h.waits(), key, o))
		return
	}
	raw, err := h.encodeShared(key, v)
	h.check(err)
	h.check(h.env.Application.Set(h.waits(), key, raw))
	h.appl.forget(key)
}

// compareAndSet stores v when the stored bytes are still old. A missing key
// counts as undefined.
func (sc *script) compareAndSet(key string, old []byte, v goja.Value) (bool, error) {
	raw, err := sc.encodeShared(key, v)
	if err != nil {
		return false, err
	}
	sc.appl.forget(key)
	if len(old) == 1 && old[0] == undefinedByte {
		if _, ok := sc.env.Application.Get(key); !ok {
			old = nil
		}
	}
	return sc.env.Application.CompareAndSet(sc.waits(), key, old, raw)
}

// undefinedByte is the encoding of undefined (package value).
const undefinedByte = 0xf7

// maxUpdates bounds the retries of Application.Update.
const maxUpdates = 1000

// update is Application.Update(key, fn): fn gets the value and returns the
// new one; it runs again when another page was faster.
func (sc *script) update(key string, f goja.Value) goja.Value {
	fn, ok := goja.AssertFunction(f)
	if !ok {
		sc.throwRuntime("TypeError", jsTypeError, "Application.Update needs a function")
	}
	for range maxUpdates {
		raw, ok := sc.env.Application.Get(key)
		current := goja.Undefined()
		if ok {
			current = sc.decode(raw)
		} else {
			raw = nil
		}
		next, err := fn(goja.Undefined(), current)
		if err != nil {
			panic(err)
		}
		done, err := sc.compareAndSetRaw(key, raw, next)
		sc.check(err)
		if done {
			return next
		}
	}
	sc.throw(asp.New(asp.CodeNotAllowed, "Application.Update: the value changed each time it was computed; use Lock"))
	return nil
}

func (sc *script) compareAndSetRaw(key string, old []byte, v goja.Value) (bool, error) {
	raw, err := sc.encodeShared(key, v)
	if err != nil {
		return false, err
	}
	sc.appl.forget(key)
	return sc.env.Application.CompareAndSet(sc.waits(), key, old, raw)
}

// quoted is how messages name an item.
func quoted(of, key string) string { return of + "(" + strconv.Quote(clip(key)) + ")" }
