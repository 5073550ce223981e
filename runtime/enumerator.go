package runtime

import (
	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
)

// enumerator is JScript's Enumerator. A collection of the host's is walked over as
// it is when it is asked; what a script can walk over is taken out once.
type enumerator struct {
	begin func() stepper
	next  stepper
	now   goja.Value // nil at the end
}

// A stepper gives the next element, nil when there is none.
type stepper func() goja.Value

// first goes to the first element.
func (e *enumerator) first() {
	e.next = e.begin()
	e.now = e.next()
}

var enumeratorClass = newClass("Enumerator",
	method("atEnd", func(h *host, _ []goja.Value) goja.Value { return h.vm.ToValue(h.self.(*enumerator).now == nil) }),
	method("item", func(h *host, _ []goja.Value) goja.Value { return h.self.(*enumerator).now }), // nil is undefined
	method("moveNext", func(h *host, _ []goja.Value) goja.Value {
		if e := h.self.(*enumerator); e.now != nil {
			e.now = e.next()
		}
		return nil
	}),
	method("moveFirst", func(h *host, _ []goja.Value) goja.Value {
		h.self.(*enumerator).first()
		return nil
	}),
)

// newEnumerator is new Enumerator(collection). Without an argument it is over
// nothing, as in JScript.
func (sc *script) newEnumerator(call goja.ConstructorCall) *goja.Object {
	var items []goja.Value
	e := &enumerator{begin: func() stepper { return walkOf(items) }}
	v := call.Argument(0)
	switch obj, ok := v.(*goja.Object); {
	case goja.IsUndefined(v):
	case !ok:
		sc.throwRuntime("TypeError", jsNotCollection, "Object not a collection")
	case sc.hosts[obj].isCollection():
		e.begin = sc.hosts[obj].walk
	case obj.GetSymbol(goja.SymIterator) != nil && !goja.IsUndefined(obj.GetSymbol(goja.SymIterator)):
		sc.vm.ForOf(obj, func(v goja.Value) bool {
			items = append(items, v)
			return len(items) < maxEnumerated
		})
	default:
		sc.throwRuntime("TypeError", jsNotCollection, "Object not a collection")
	}
	e.first()
	return sc.newHost(enumeratorClass, e)
}

// walkOf walks over a list.
func walkOf(items []goja.Value) stepper {
	i := -1
	return func() goja.Value {
		if i++; i < len(items) {
			return items[i]
		}
		return nil
	}
}

// iterator is a stepper as the language's own iterators are.
func (sc *script) iterator(next stepper) *goja.Object {
	it := sc.vm.NewObject()
	_ = it.Set("next", sc.named("next", func(goja.FunctionCall) goja.Value {
		result := sc.vm.NewObject()
		v := next()
		_ = result.Set("done", v == nil)
		if v == nil {
			next = walkOf(nil)
			v = goja.Undefined()
		}
		_ = result.Set("value", v)
		return result
	}))
	_ = it.SetSymbol(goja.SymIterator, sc.named("[Symbol.iterator]", func(goja.FunctionCall) goja.Value { return it }))
	return it
}

// maxEnumerated bounds what an Enumerator takes out of a script's iterator.
const maxEnumerated = 1 << 20

// jsNotCollection is JScript's 451.
const jsNotCollection int32 = -2146827837

// vbArray is JScript's VBArray over what GetRows and the like return: here a
// plain array, of arrays where there are two dimensions.
var vbArrayClass = newClass("VBArray",
	method("dimensions", func(h *host, _ []goja.Value) goja.Value { return h.vm.ToValue(len(h.bounds())) }),
	method("lbound", func(h *host, args []goja.Value) goja.Value {
		h.bound(args)
		return h.vm.ToValue(0)
	}),
	method("ubound", func(h *host, args []goja.Value) goja.Value { return h.vm.ToValue(h.bound(args) - 1) }),
	method("getItem", func(h *host, args []goja.Value) goja.Value {
		v := h.self.(goja.Value)
		for i := len(args) - 1; i >= 0; i-- {
			obj, ok := v.(*goja.Object)
			if ok {
				v = obj.Get(args[i].String())
			}
			if !ok || v == nil {
				h.noElement()
			}
		}
		return v
	}),
	method("toArray", func(h *host, _ []goja.Value) goja.Value {
		var flat []any
		flatten(h.self.(goja.Value), 0, &flat)
		return h.vm.NewArray(flat...)
	}),
)

// flatten lists the elements column by column, as COM keeps them.
func flatten(v goja.Value, depth int, out *[]any) {
	obj, ok := v.(*goja.Object)
	if !ok || obj.ClassName() != "Array" || depth > 8 {
		*out = append(*out, v)
		return
	}
	for _, k := range obj.Keys() {
		flatten(obj.Get(k), depth+1, out)
	}
}

// bounds are the lengths of an array's dimensions, the first one innermost.
func (h *host) bounds() []int {
	var bounds []int
	v, ok := h.self.(goja.Value).(*goja.Object)
	for ok && v.ClassName() == "Array" && len(bounds) < 8 {
		bounds = append([]int{int(v.Get("length").ToInteger())}, bounds...)
		v, ok = v.Get("0").(*goja.Object)
	}
	return bounds
}

func (h *host) bound(args []goja.Value) int {
	n := 1
	if len(args) > 0 {
		n = int(args[0].ToInteger())
	}
	bounds := h.bounds()
	if n < 1 || n > len(bounds) {
		h.noElement()
	}
	return bounds[n-1]
}

// noElement throws JScript's 9.
func (h *host) noElement() { h.throwRuntime("RangeError", -2146828279, "Subscript out of range") }

func (sc *script) newVBArray(call goja.ConstructorCall) *goja.Object {
	obj, ok := call.Argument(0).(*goja.Object)
	if ok {
		obj = sc.guards.behind(obj) // an array out of Application is only read here
	}
	if !ok || obj.ClassName() != "Array" {
		sc.throw(&asp.Error{Number: -2146823275, Category: asp.CategoryRuntime, Short: "VBArray expected"})
	}
	return sc.newHost(vbArrayClass, goja.Value(obj))
}
