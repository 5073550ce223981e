package runtime

import (
	"context"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/value"
)

// A component's Go methods and fields become members by reflection, once for
// each type: methods are methods, or one property when they are called Name
// and SetName without more arguments; exported fields are properties. Item
// makes the component callable, SetItem assignable, Elements lets an
// Enumerator walk it. A property Value is what the component is as text, in
// arithmetic and where it is stored, as with the fields of a recordset.

var (
	errorType   = reflect.TypeFor[error]()
	contextType = reflect.TypeFor[context.Context]()
	bigType     = reflect.TypeFor[big.Int]()
	timeType    = reflect.TypeFor[time.Time]()
	bytesType   = reflect.TypeFor[[]byte]()
)

// newComponent makes the object by which a script sees a component.
func (sc *script) newComponent(o *Object) *goja.Object {
	if table, ok := o.Instance.(component.Object); ok {
		return sc.hosted(table, o)
	}
	if h := sc.hostOf(sc.knownComponent(o)); h != nil {
		return h.object
	}
	h := &host{class: sc.componentClass(o), live: o}
	v := reflect.ValueOf(o.Instance)
	if m := v.MethodByName("Item"); m.IsValid() {
		h.item = func(h *host, args []goja.Value) goja.Value { return h.invoke(o, "Item", m, args) }
	}
	if m := h.class.exact["Value"]; m != nil && m.call == nil {
		h.primitive = m.get
	}
	if m := v.MethodByName("SetItem"); m.IsValid() {
		before := m.Type().NumIn() - 1 // of the value: a missing one is undefined
		if m.Type().NumIn() > 0 && m.Type().In(0) == contextType {
			before--
		}
		h.put = func(h *host, args []goja.Value, v goja.Value) {
			all := append([]goja.Value(nil), args...)
			for !m.Type().IsVariadic() && len(all) < before {
				all = append(all, goja.Undefined())
			}
			h.invoke(o, "SetItem", m, append(all, v))
		}
	}
	if m := v.MethodByName("Elements"); m.IsValid() {
		h.elements = func(h *host) []goja.Value {
			var out []goja.Value
			h.vm.ForOf(h.invoke(o, "Elements", m, nil), func(v goja.Value) bool {
				out = append(out, v)
				return true
			})
			return out
		}
	}
	if h.item != nil || h.elements != nil {
		if h.item == nil {
			h.item = func(h *host, _ []goja.Value) goja.Value { h.throw(asp.New(185, h.class.name)); return nil }
		}
		return sc.knows(h, sc.newCallable(h))
	}
	return sc.knows(h, sc.newObject(h))
}

// componentClass is the member table of a component's type, made once for
// all pages of a compiler.
func (sc *script) componentClass(o *Object) *class {
	t := reflect.TypeOf(o.Instance)
	if c, ok := sc.prog.names.classes.Load(t); ok {
		return c.(*class)
	}
	var members []member
	for i := range t.NumMethod() {
		name := t.Method(i).Name
		if name == "SetItem" || name == "Elements" {
			continue
		}
		if setter, ok := t.MethodByName("Set" + name); ok && isProperty(t.Method(i), setter) {
			members = append(members, property(name, func(h *host) goja.Value { return h.invokeNamed(name, nil) },
				func(h *host, v goja.Value) { h.invokeNamed("Set"+name, []goja.Value{v}) }))
			continue
		}
		if getter, ok := t.MethodByName(strings.TrimPrefix(name, "Set")); ok && isProperty(getter, t.Method(i)) {
			continue
		}
		call := method(name, func(h *host, args []goja.Value) goja.Value { return h.invokeNamed(name, args) })
		call.bare = needsNothing(t.Method(i).Type)
		members = append(members, call)
	}
	if s := t; s.Kind() == reflect.Pointer && s.Elem().Kind() == reflect.Struct {
		for _, f := range value.Fields(s.Elem()) {
			if !slices.ContainsFunc(members, func(m member) bool { return strings.EqualFold(m.name, f.Name) }) {
				members = append(members, fieldMember(f))
			}
		}
	}
	name := o.ProgID
	if name == "" {
		name = t.String()
	}
	c, _ := sc.prog.names.classes.LoadOrStore(t, newClass(name, members...))
	return c.(*class)
}

// needsNothing says that a method can be called without an argument, besides
// the context that it may ask for. The first input is the receiver.
func needsNothing(m reflect.Type) bool {
	needed := m.NumIn() - 1
	if needed > 0 && m.In(1) == contextType {
		needed--
	}
	if m.IsVariadic() {
		needed--
	}
	return needed == 0
}

// isProperty tells a pair Name, SetName that reads and writes one value.
func isProperty(get, set reflect.Method) bool {
	inputs := func(t reflect.Type) int { // besides the receiver and a context
		if t.NumIn() > 1 && t.In(1) == contextType {
			return t.NumIn() - 2
		}
		return t.NumIn() - 1
	}
	reads := get.Type.NumOut() > 0 && get.Type.Out(0) != errorType
	return reads && get.Name != set.Name && inputs(get.Type) == 0 && inputs(set.Type) == 1 && !set.Type.IsVariadic()
}

// invokeNamed calls a method of the component behind h.
func (h *host) invokeNamed(name string, args []goja.Value) goja.Value {
	o := h.live
	return h.invoke(o, name, reflect.ValueOf(o.Instance).MethodByName(name), args)
}

// fieldMember makes a property of an exported field, called as where the struct
// is given by value.
func fieldMember(f reflect.StructField) member {
	name := f.Name
	field := func(h *host) (reflect.Value, error) {
		v, err := reflect.ValueOf(h.live.Instance).Elem().FieldByIndexErr(f.Index)
		if err != nil { // in an embedded struct that isn't there
			err = asp.New(asp.CodeNotAllowed, fmt.Sprintf("%s.%s is in a part of it that is nil", h.class.name, name))
		}
		return v, err
	}
	return property(name,
		func(h *host) goja.Value {
			v, err := field(h)
			if err != nil {
				return goja.Undefined()
			}
			return h.result(h.live, name, v)
		},
		func(h *host, v goja.Value) {
			to, err := field(h)
			h.check(err)
			in, err := h.argument(v, f.Type)
			if err != nil {
				h.throw(asp.Errorf(106, "%s.%s: %w", h.class.name, name, err))
			}
			to.Set(in)
		})
}

// invoke calls a component's method. A panic in it is ASP 0115 of this page.
func (sc *script) invoke(o *Object, name string, m reflect.Value, args []goja.Value) goja.Value {
	in, err := sc.arguments(m.Type(), args)
	if err != nil {
		sc.throw(asp.Errorf(106, "%s.%s: %w", o.ProgID, name, err))
	}
	out := sc.guarded(o, name, func() []reflect.Value { return m.Call(in) })
	if n := len(out); n > 0 && m.Type().Out(n-1) == errorType {
		if err, _ := out[n-1].Interface().(error); err != nil {
			sc.throw(err)
		}
		out = out[:n-1]
	}
	if len(out) == 0 {
		return goja.Undefined()
	}
	return sc.result(o, name, out[0])
}

// guarded turns a panic of the component into an error the page can catch.
func (sc *script) guarded(o *Object, name string, call func() []reflect.Value) []reflect.Value {
	var out []reflect.Value
	var failed any
	func() {
		defer sc.calling.Store(sc.calling.Swap(o))
		defer func() { failed = recover() }()
		out = call()
	}()
	if failed != nil {
		e := asp.New(115, fmt.Sprintf("%s.%s", o.ProgID, name))
		e.Err = &PanicError{Value: failed}
		sc.throw(e)
	}
	return out
}
