package reflected

import (
	"context"
	"errors"
	"math"
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/cborvalue"
	"github.com/najahost/naja/variant"
)

var (
	errorType   = reflect.TypeFor[error]()
	contextType = reflect.TypeFor[context.Context]()
	closerType  = reflect.TypeFor[component.Closer]()
	bigType     = reflect.TypeFor[big.Int]()
	timeType    = reflect.TypeFor[time.Time]()
	valueType   = reflect.TypeFor[variant.Value]()
)

// invoke calls a method.
func (o *Object) invoke(m reflect.Method, args component.Args) (variant.Value, error) {
	in, err := o.arguments(m.Type, args)
	if err != nil {
		return variant.Empty, asp.Errorf(106, "%s.%s: %w", o.name, m.Name, err)
	}
	out := o.instance.Method(m.Index).Call(in)
	if n := len(out); n > 0 && m.Type.Out(n-1) == errorType {
		if err, _ := out[n-1].Interface().(error); err != nil {
			return variant.Empty, err
		}
		out = out[:n-1]
	}
	if len(out) == 0 {
		return variant.Empty, nil
	}
	return o.result(m.Name, out[0])
}

// arguments converts what the page gave to what the method takes. Missing ones
// are zero values, as optional arguments of COM are.
func (o *Object) arguments(t reflect.Type, args component.Args) ([]reflect.Value, error) {
	var in []reflect.Value
	n := t.NumIn()
	for i := 1; i < n; i++ { // the first is the receiver
		want := t.In(i)
		if i == 1 && want == contextType {
			in = append(in, reflect.ValueOf(o.caller.Waits()))
			continue
		}
		if t.IsVariadic() && i == n-1 {
			for _, a := range args {
				v, err := o.argument(a, want.Elem())
				if err != nil {
					return nil, err
				}
				in = append(in, v)
			}
			return in, nil
		}
		v, err := o.argument(args.At(0), want)
		if err != nil {
			return nil, err
		}
		in, args = append(in, v), args[min(1, len(args)):]
	}
	if len(args) > 0 {
		return nil, errors.New("wrong number of arguments")
	}
	return in, nil
}

// argument converts one value: what Go has a type of its own for at once, the
// rest by the language.
func (o *Object) argument(v variant.Value, want reflect.Type) (reflect.Value, error) {
	out := reflect.New(want).Elem()
	if want == valueType {
		out.Set(reflect.ValueOf(v))
		return out, nil
	}
	if v = v.Deref(); v.IsAbsent() && want.Kind() != reflect.Bool || direct(v, out) {
		return out, nil
	}
	return out, o.caller.Into(v, out)
}

// direct puts a value into a variable that has room for just that.
func direct(v variant.Value, out reflect.Value) bool {
	switch k := v.Kind(); {
	case k == variant.KindString && out.Kind() == reflect.String:
		s, _ := v.Str()
		out.SetString(s)
	case k == variant.KindBoolean && out.Kind() == reflect.Bool:
		out.SetBool(v.Int64() != 0)
	case k == variant.KindDate && out.Type() == timeType:
		t, err := variant.TimeOf(v.Float64(), time.Local)
		if err != nil {
			return false
		}
		out.Set(reflect.ValueOf(t))
	case k == variant.KindByte || k == variant.KindInteger || k == variant.KindLong:
		return whole(v.Int64(), out)
	case k == variant.KindDouble && out.Kind() == reflect.Float64:
		out.SetFloat(v.Float64())
	case k == variant.KindDouble && v.Float64() == math.Trunc(v.Float64()) && math.Abs(v.Float64()) < 1<<53 && !isAny(out):
		return whole(int64(v.Float64()), out)
	case !isAny(out):
		return false
	case k == variant.KindString:
		s, _ := v.Str()
		if strings.ContainsRune(s, '\uFFFD') {
			return false // it may be half a character, which nothing is to be made of
		}
		out.Set(reflect.ValueOf(s))
	case k == variant.KindBoolean:
		out.Set(reflect.ValueOf(v.Int64() != 0))
	default:
		return false
	}
	return true
}

// isAny tells a variable that takes everything.
func isAny(out reflect.Value) bool { return out.Kind() == reflect.Interface && out.NumMethod() == 0 }

// whole puts a whole number into a variable, if it has room for it.
func whole(n int64, out reflect.Value) bool {
	switch {
	case out.CanInt() && !out.OverflowInt(n):
		out.SetInt(n)
	case out.CanUint() && out.Kind() != reflect.Uintptr && n >= 0 && !out.OverflowUint(uint64(n)):
		out.SetUint(uint64(n))
	case out.CanFloat():
		out.SetFloat(float64(n))
	case isAny(out) && n == int64(int(n)):
		out.Set(reflect.ValueOf(int(n)))
	default:
		return false
	}
	return true
}

// result makes what the page gets of what a method returned: plain data by copy,
// a pointer to a struct as another component of the same threading, a slice of
// such pointers as an array of components, and a value of package variant as it
// is.
func (o *Object) result(name string, v reflect.Value) (variant.Value, error) {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	if v.IsValid() && v.Type() == valueType && v.CanInterface() {
		return v.Interface().(variant.Value), nil
	}
	switch v.Kind() {
	case reflect.Invalid:
		return variant.Empty, nil
	case reflect.Bool:
		return variant.Bool(v.Bool()), nil
	case reflect.String:
		return variant.String(v.String()), nil
	case reflect.Float32, reflect.Float64:
		return variant.Double(v.Float()), nil
	case reflect.Pointer:
		if v.IsNil() {
			return variant.Null, nil
		}
		if isComponent(v.Type()) && v.CanInterface() {
			return variant.Object(v.Interface()), nil
		}
	case reflect.Slice:
		if isComponent(v.Type().Elem()) {
			list := make([]variant.Value, v.Len())
			for i := range list {
				list[i], _ = o.result(name, v.Index(i)) // a pointer, which can't fail
			}
			return variant.OfArray(variant.List(list...)), nil
		}
	default:
		if n, exact := exactly(v); exact {
			return variant.Int(n), nil
		}
	}
	raw, err := cborvalue.FromGo(v.Interface())
	if err != nil {
		return variant.Empty, asp.Errorf(106, "%s.%s: its result can't be shown to a page: %s", o.name, name, strings.ReplaceAll(err.Error(), "value: ", ""))
	}
	return o.caller.Copy(raw)
}

// exactly is an integer that a number counts one by one. Others are BigInts, as
// in a struct: a number would be another one, silently.
func exactly(v reflect.Value) (n int64, ok bool) {
	const most = 1 << 53
	switch {
	case v.CanUint():
		return int64(v.Uint()), v.Uint() <= most
	case v.CanInt():
		return v.Int(), v.Int() >= -most && v.Int() <= most
	}
	return 0, false
}

// isComponent tells the types whose values pages see as components.
func isComponent(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct && t.Elem() != timeType && t.Elem() != bigType
}

// walk walks over what Elements gives.
func (o *Object) walk(elements reflect.Method) (component.Enum, error) {
	v, err := o.invoke(elements, nil)
	if err != nil {
		return nil, err
	}
	var list []variant.Value
	if a := v.Array(); a != nil {
		list = a.Elements()
	} else if list, err = o.caller.Each(v); err != nil {
		return nil, err
	}
	return component.Walk(func(i int) (variant.Value, bool) {
		if i >= len(list) {
			return variant.Empty, false
		}
		return list[i], true
	}), nil
}
