package runtime

import (
	"fmt"
	"reflect"
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/internal/cborvalue"
)

// argument is a value as what a component takes, of a Go type that the language
// has another form for.
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

var (
	timeType  = reflect.TypeFor[time.Time]()
	bytesType = reflect.TypeFor[[]byte]()
)

// fromRaw gives the Go value of v, which raw encodes.
func fromRaw(v goja.Value, raw []byte, want reflect.Type, out reflect.Value) error {
	if want.Kind() == reflect.Interface || want == timeType || want == bytesType {
		x, err := cborvalue.ToGo(raw)
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
	return explained(cborvalue.Decode(raw, out.Addr().Interface()))
}
