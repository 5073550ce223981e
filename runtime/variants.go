package runtime

import (
	"math/big"
	"reflect"
	"time"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

var (
	intType   = reflect.TypeFor[int64]()
	floatType = reflect.TypeFor[float64]()
)

// fromScript is a script's value as a member is given it. JScript's undefined is
// COM's Empty and its null is Null; what COM has no type for stays the script's.
func (sc *script) fromScript(v goja.Value) variant.Value {
	switch x := v.(type) {
	case nil:
		return variant.Empty
	case goja.String:
		return variant.OfText(x)
	case *goja.Object:
		if id := sc.handedOver(x); id != nil {
			return variant.Object(id)
		}
		return variant.OfScript(scriptValue{sc, x})
	case *goja.Symbol:
		return variant.OfScript(scriptValue{sc, x})
	}
	switch v.ExportType() {
	case nil:
		if goja.IsNull(v) {
			return variant.Null
		}
		return variant.Empty
	case boolType:
		return variant.Bool(v.ToBoolean())
	case intType:
		return sc.through.number(variant.Int(v.ToInteger()), v)
	case floatType:
		return sc.through.number(variant.Double(v.ToFloat()), v)
	}
	if n, ok := v.Export().(*big.Int); ok && n.IsInt64() {
		return variant.LongLong(n.Int64())
	}
	return variant.OfScript(scriptValue{sc, v})
}

// through is the last number that the script gave: most go through the host and
// come back, and each new one is garbage.
type through struct {
	as    variant.Value
	value goja.Value
}

func (t *through) number(as variant.Value, v goja.Value) variant.Value {
	t.as, t.value = as, v
	return as
}

// toScript is the script's value of what a member gives.
func (sc *script) toScript(v variant.Value) goja.Value {
	switch v = v.Deref(); v.Kind() {
	case variant.KindEmpty:
		return goja.Undefined()
	case variant.KindNull, variant.KindNothing:
		return goja.Null()
	case variant.KindBoolean:
		return sc.vm.ToValue(v.Int64() != 0)
	case variant.KindLong, variant.KindDouble:
		if v == sc.through.as {
			return sc.through.value
		}
		if v.Kind() == variant.KindDouble {
			return sc.vm.ToValue(v.Float64())
		}
		return sc.vm.ToValue(v.Int64())
	case variant.KindByte, variant.KindInteger:
		return sc.vm.ToValue(v.Int64())
	case variant.KindLongLong:
		return sc.vm.ToValue(big.NewInt(v.Int64()))
	case variant.KindSingle:
		return sc.vm.ToValue(v.Float64())
	case variant.KindCurrency:
		f, _ := v.ToFloat()
		return sc.vm.ToValue(f)
	case variant.KindDate:
		t, err := variant.TimeOf(v.Float64(), time.Local)
		sc.check(err)
		return sc.date(t)
	case variant.KindString:
		if own, ok := v.Text().(goja.Value); ok {
			return own
		}
		s, _ := v.Str()
		return sc.vm.ToValue(s)
	case variant.KindError:
		if v.IsMissing() {
			return goja.Undefined()
		}
		return sc.vm.ToValue(v.Int64())
	}
	return sc.objectOf(v)
}

// objectOf is the script's value of what stands behind a value.
func (sc *script) objectOf(v variant.Value) goja.Value {
	switch v.Kind() {
	case variant.KindBytes:
		d := decoder{sc: sc}
		return d.make("Uint8Array", d.buffer(v.Bytes()))
	case variant.KindArray:
		return sc.arrayOf(v.Array())
	case variant.KindScript:
		own, ok := v.Script().(scriptValue)
		if !ok || own.sc != sc {
			sc.throw(asp.New(asp.CodeNotAllowed, "a value of another page's script can't be used here"))
		}
		return own.v
	}
	switch o := v.Object().(type) {
	case *Object:
		return sc.newComponent(o)
	case component.Object:
		if sc.from != nil {
			return sc.hosted(o, sc.part(o.Class().Name, o))
		}
		return sc.hosted(o, nil)
	default:
		if obj := sc.knownAs(o); obj != nil {
			return obj
		}
		return sc.newComponent(sc.part(typeName(reflect.TypeOf(o)), o))
	}
}

// arrayOf is an array of the language's, of arrays where there are more
// dimensions: the last one outermost, as COM keeps them.
func (sc *script) arrayOf(a *variant.Array) goja.Value {
	bounds, elements := a.Bounds(), a.Elements()
	items := make([]any, len(elements))
	for i, e := range elements {
		items[i] = sc.toScript(e)
	}
	for _, b := range bounds[:len(bounds)-1] {
		rows := make([]any, 0, len(items)/max(b.Len, 1))
		for ; len(items) > 0; items = items[b.Len:] {
			rows = append(rows, sc.vm.NewArray(items[:b.Len:b.Len]...))
		}
		items = rows
	}
	return sc.vm.NewArray(items...)
}

// handedOver is the pointer of an object of the host's that the script gives back
// to it: the host may hand it out again. nil for any other object.
func (sc *script) handedOver(obj *goja.Object) any {
	h := sc.hosts[obj]
	if h == nil {
		return nil
	}
	id := h.identity()
	if id != nil && sc.knownAs(id) == nil {
		sc.known[id], sc.fresh = obj, true
	}
	return id
}

// identity is the pointer by which others know the object; nil of one that only
// the script has.
func (h *host) identity() any { return identityOf(h.of, h.live) }

func identityOf(o component.Object, live *Object) any {
	switch {
	case live != nil && sameByPointer(live.Instance):
		return live.Instance
	case live != nil || o == nil:
		return nil
	}
	return o
}

// sameByPointer says that a component is itself by its address: there are no two
// of one size 0.
func sameByPointer(instance any) bool {
	t := reflect.TypeOf(instance)
	return t != nil && t.Kind() == reflect.Pointer && t.Elem().Size() > 0
}

// A scriptValue is a value that COM has no type for, on its way through the host.
type scriptValue struct {
	sc *script
	v  goja.Value
}

// Text, Number and Truth are the language's own conversions.
func (s scriptValue) Text() (text string, err error) {
	err = s.sc.try(func() { text = s.sc.text(s.v) })
	return text, err
}

// Number converts to a number.
func (s scriptValue) Number() (n float64, err error) {
	err = s.sc.try(func() { n = s.v.ToNumber().ToFloat() })
	return n, err
}

// Truth converts to a Boolean.
func (s scriptValue) Truth() bool { return s.v.ToBoolean() }

// Time is the moment of a Date.
func (s scriptValue) Time() (time.Time, bool) {
	obj, ok := s.v.(*goja.Object)
	if !ok || obj.ClassName() != "Date" {
		return time.Time{}, false
	}
	t := s.sc.time(obj)
	return t, !t.IsZero()
}

// try runs what may run code of the script, and gives what that throws as an
// error, which check throws again.
func (sc *script) try(f func()) error {
	if ex := sc.vm.Try(f); ex != nil {
		return ex
	}
	return nil
}
