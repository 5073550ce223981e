package runtime

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
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
	timeType    = reflect.TypeFor[time.Time]()
	bytesType   = reflect.TypeFor[[]byte]()
)

// newComponent makes the object by which a script sees a component.
func (sc *script) newComponent(o *Object) *goja.Object {
	h := &host{class: sc.componentClass(o), self: o}
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
		return sc.newCallable(h)
	}
	return sc.newObject(h)
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
		members = append(members, method(name, func(h *host, args []goja.Value) goja.Value { return h.invokeNamed(name, args) }))
	}
	if s := t; s.Kind() == reflect.Pointer && s.Elem().Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(s.Elem()) {
			if f.IsExported() && !f.Anonymous {
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
	o := h.self.(*Object)
	return h.invoke(o, name, reflect.ValueOf(o.Instance).MethodByName(name), args)
}

// fieldMember makes a property of an exported field.
func fieldMember(f reflect.StructField) member {
	field := func(h *host) reflect.Value {
		return reflect.ValueOf(h.self.(*Object).Instance).Elem().FieldByIndex(f.Index)
	}
	return property(f.Name,
		func(h *host) goja.Value { return h.result(h.self.(*Object), field(h)) },
		func(h *host, v goja.Value) {
			in, err := h.argument(v, f.Type)
			h.check(err)
			field(h).Set(in)
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
	return sc.result(o, out[0])
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

// arguments converts what the script gave to what the method takes. Missing
// ones are zero values, as optional arguments of COM are.
func (sc *script) arguments(t reflect.Type, args []goja.Value) ([]reflect.Value, error) {
	var in []reflect.Value
	n := t.NumIn()
	for i := range n {
		want := t.In(i)
		if i == 0 && want == contextType {
			in = append(in, reflect.ValueOf(sc.waits()))
			continue
		}
		if t.IsVariadic() && i == n-1 {
			for _, a := range args {
				v, err := sc.argument(a, want.Elem())
				if err != nil {
					return nil, err
				}
				in = append(in, v)
			}
			return in, nil
		}
		v, err := sc.argument(arg(args, 0), want)
		if err != nil {
			return nil, err
		}
		in, args = append(in, v), rest(args, 1)
	}
	if len(args) > 0 {
		return nil, fmt.Errorf("wrong number of arguments")
	}
	return in, nil
}

// argument converts one value.
func (sc *script) argument(v goja.Value, want reflect.Type) (reflect.Value, error) {
	if h := sc.hostOf(v); h != nil {
		if o, ok := h.self.(*Object); ok && o.Instance != nil && reflect.TypeOf(o.Instance).AssignableTo(want) {
			return reflect.ValueOf(o.Instance), nil
		}
	}
	v = sc.plain(v)
	out := reflect.New(want).Elem()
	switch want.Kind() {
	case reflect.String:
		if !goja.IsUndefined(v) && !goja.IsNull(v) {
			out.SetString(v.String())
		}
		return out, nil
	case reflect.Bool:
		out.SetBool(v.ToBoolean())
		return out, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return integer(v, out)
	case reflect.Float32, reflect.Float64:
		out.SetFloat(v.ToFloat())
		return out, nil
	}
	if goja.IsUndefined(v) || goja.IsNull(v) {
		return out, nil
	}
	raw, err := sc.encode("the argument", v)
	if err != nil {
		return out, err
	}
	return out, sc.fromRaw(raw, want, out)
}

// fromRaw gives the Go value of an encoded one.
func (sc *script) fromRaw(raw []byte, want reflect.Type, out reflect.Value) error {
	if want.Kind() == reflect.Interface || want == timeType || want == bytesType {
		x, err := value.ToGo(raw)
		if err != nil || x == nil {
			return err
		}
		v := reflect.ValueOf(x)
		if !v.Type().AssignableTo(want) {
			return fmt.Errorf("a %s can't be used as %s", v.Type(), want)
		}
		out.Set(v)
		return nil
	}
	return value.Decode(raw, out.Addr().Interface())
}

func integer(v goja.Value, out reflect.Value) (reflect.Value, error) {
	f := v.ToFloat()
	if math.IsNaN(f) {
		f = 0
	}
	n := int64(f)
	if out.OverflowInt(n) {
		return out, fmt.Errorf("%v is out of range", f)
	}
	out.SetInt(n)
	return out, nil
}

// result makes what the script gets of what a method returned: plain data by
// copy, a pointer to a struct as another component of the same threading, a
// slice of such pointers as an array of components.
func (sc *script) result(o *Object, v reflect.Value) goja.Value {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Invalid:
		return goja.Undefined()
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return sc.vm.ToValue(basic(v))
	case reflect.Pointer:
		if v.IsNil() {
			return goja.Null()
		}
		if isComponent(v.Type()) && v.CanInterface() {
			return sc.newComponent(&Object{ProgID: typeName(v.Type()), Threading: o.Threading, Instance: v.Interface(), Home: o.Home})
		}
	case reflect.Slice:
		if isComponent(v.Type().Elem()) {
			list := make([]any, v.Len())
			for i := range list {
				list[i] = sc.result(o, v.Index(i))
			}
			return sc.vm.NewArray(list...)
		}
	}
	raw, err := value.FromGo(v.Interface())
	sc.check(err)
	return sc.decode(raw)
}

// isComponent tells the types whose values pages see as components.
func isComponent(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && t.Elem() != timeType
}

// basic is the plain form of a value whose type has a name of its own.
func basic(v reflect.Value) any {
	switch {
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return v.Uint()
	case v.CanFloat():
		return v.Float()
	case v.Kind() == reflect.Bool:
		return v.Bool()
	}
	return v.String()
}

func typeName(t reflect.Type) string { return strings.TrimPrefix(t.String(), "*") }
