package runtime

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/value"
)

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
		if o := h.live; o != nil && o.Instance != nil && reflect.TypeOf(o.Instance).AssignableTo(want) {
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
	}
	if goja.IsUndefined(v) || goja.IsNull(v) {
		return out, nil
	}
	if isNumber(want.Kind()) {
		return out, sc.numeric(v, out)
	}
	raw, err := sc.encode("the argument", v)
	if err != nil {
		return out, err
	}
	return out, fromRaw(v, raw, want, out)
}

// fromRaw gives the Go value of v, which raw encodes.
func fromRaw(v goja.Value, raw []byte, want reflect.Type, out reflect.Value) error {
	if want.Kind() == reflect.Interface || want == timeType || want == bytesType {
		x, err := value.ToGo(raw)
		if err != nil || x == nil {
			return err
		}
		got := reflect.ValueOf(x)
		if !got.Type().AssignableTo(want) {
			return fmt.Errorf("%s can't be used as %s", sortOf(v), want)
		}
		out.Set(got)
		return nil
	}
	return explained(value.Decode(raw, out.Addr().Interface()))
}

// result makes what the script gets of what a method returned: plain data by
// copy, a pointer to a struct as another component of the same threading, a
// slice of such pointers as an array of components.
func (sc *script) result(o *Object, name string, v reflect.Value) goja.Value {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Invalid:
		return goja.Undefined()
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int8, reflect.Int16, reflect.Int32, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return sc.vm.ToValue(basic(v))
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uintptr:
		if n, exact := exactly(v); exact {
			return sc.vm.ToValue(n)
		}
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
				list[i] = sc.result(o, name, v.Index(i))
			}
			return sc.vm.NewArray(list...)
		}
	}
	raw, err := value.FromGo(v.Interface())
	if err != nil {
		sc.throw(asp.Errorf(106, "%s.%s: its result can't be shown to a page: %s", o.ProgID, name, strings.ReplaceAll(err.Error(), "value: ", "")))
	}
	return sc.decode(raw)
}

// exactly is an integer that a number counts one by one. Others are BigInts, as
// in a struct: a number would be another one, silently.
func exactly(v reflect.Value) (n int64, ok bool) {
	const most = 1 << 53
	if v.CanUint() {
		return int64(v.Uint()), v.Uint() <= most
	}
	return v.Int(), v.Int() >= -most && v.Int() <= most
}

// isComponent tells the types whose values pages see as components.
func isComponent(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && t.Elem() != timeType && t.Elem() != bigType
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
