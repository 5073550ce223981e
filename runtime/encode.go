package runtime

import (
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/cborvalue"
)

// encoder walks a script value into bytes. It refuses what can't be copied,
// with the path to it, before anything is stored. goja's own Export isn't
// used: it loses values silently, and what it makes of a cycle kills the
// process in any encoder.
type encoder struct {
	sc   *script
	out  cborvalue.Encoder
	path []string       // from the value to where the walk is
	open []*goja.Object // the containers the walk is in
}

// storeError says why a value can't be stored.
type storeError struct {
	path   string
	reason string
	code   int
}

func (e *storeError) Error() string { return e.path + ": " + e.reason }

// encode gives the bytes of v, which is stored as what (`Session("cart")`).
func (sc *script) encode(what string, v goja.Value) ([]byte, error) {
	e := &encoder{sc: sc, path: []string{what}}
	e.out.MaxSize = sc.env.MaxValueSize
	if err := e.value(v); err != nil {
		return nil, e.explain(err)
	}
	raw, err := e.out.Finish()
	if err != nil {
		return nil, e.explain(err)
	}
	return raw, nil
}

// explain puts the path before an error of the bytes' package, and gives all
// of them ASP's code.
func (e *encoder) explain(err error) error {
	se, ok := errors.AsType[*storeError](err)
	if !ok {
		se = &storeError{path: clip(strings.Join(e.path, "")), reason: strings.TrimPrefix(err.Error(), "value: ")}
	}
	code := se.code
	if code == 0 {
		code = 199
	}
	ae := asp.New(code, "")
	ae.Description = se.Error()
	return ae
}

func (e *encoder) refuse(format string, args ...any) error {
	return &storeError{path: strings.Join(e.path, ""), reason: fmt.Sprintf(format, args...)}
}

// value walks one value.
func (e *encoder) value(v goja.Value) error {
	switch {
	case v == nil || goja.IsUndefined(v):
		return e.out.Undefined()
	case goja.IsNull(v):
		return e.out.Null()
	}
	switch v := v.(type) {
	case *goja.Object:
		return e.object(v)
	case *goja.Symbol:
		return e.refuse("a symbol cannot be stored: it belongs to one script engine")
	case goja.String:
		return e.text(v)
	}
	switch x := v.Export().(type) {
	case bool:
		return e.out.Bool(x)
	case int64:
		return e.out.Number(float64(x))
	case float64:
		return e.out.Number(x)
	case *big.Int:
		return e.out.BigInt(x)
	}
	return e.refuse("a %s cannot be stored", v.ExportType())
}

// text writes a string. JavaScript's strings may hold half a character, which
// has no bytes.
func (e *encoder) text(v goja.String) error {
	s := v.String()
	if strings.ContainsRune(s, '\uFFFD') && loneSurrogate(v) {
		return e.refuse("the string holds half of a surrogate pair, which cannot be stored")
	}
	return e.out.String(s)
}

func loneSurrogate(s goja.String) bool {
	for i := 0; i < s.Length(); i++ {
		c := s.CharAt(i)
		switch {
		case c >= 0xD800 && c < 0xDC00:
			if i+1 >= s.Length() || s.CharAt(i+1) < 0xDC00 || s.CharAt(i+1) > 0xDFFF {
				return true
			}
			i++
		case c >= 0xDC00 && c < 0xE000:
			return true
		}
	}
	return false
}

var (
	proxyType  = reflect.TypeFor[goja.Proxy]()
	bufferType = reflect.TypeFor[goja.ArrayBuffer]()
	mapType    = reflect.TypeFor[[][2]any]()
	setType    = reflect.TypeFor[[]any]()
)

// kindOf is an object's class. The engine calls a Map and a Set "Object", and
// what it would export them as tells them apart.
func kindOf(obj *goja.Object) string {
	class := obj.ClassName()
	if class == "Object" {
		switch obj.ExportType() {
		case mapType:
			return "Map"
		case setType:
			return "Set"
		}
	}
	return class
}

// object walks one object by what it is.
func (e *encoder) object(obj *goja.Object) error {
	obj = e.sc.guards.behind(obj)
	if h := e.sc.hosts[obj]; h != nil {
		if h.primitive == nil {
			return e.refuse("%s cannot be stored", h.class.name)
		}
		return e.value(h.primitive(h))
	}
	if obj.ExportType() == proxyType {
		return e.refuse("a Proxy cannot be stored: it belongs to one script engine")
	}
	if obj.ExportType() == bufferType {
		return e.out.ArrayBuffer(obj.Export().(goja.ArrayBuffer).Bytes())
	}
	switch obj.ClassName() {
	case "Number":
		return e.out.Number(obj.ToFloat())
	case "Boolean":
		return e.value(e.sc.call(obj, "valueOf"))
	case "String":
		return e.text(obj.ToString().(goja.String))
	case "Date":
		return e.out.Date(e.sc.call(obj, "getTime").ToFloat())
	case "RegExp":
		return e.out.RegExp(obj.Get("source").String(), obj.Get("flags").String())
	case "Error":
		return e.out.Error(textOf(obj.Get("name")), textOf(obj.Get("message")), textOf(obj.Get("stack")))
	}
	return e.container(obj)
}

// call calls one of the language's own methods on obj.
func (sc *script) call(obj *goja.Object, name string, args ...goja.Value) goja.Value {
	fn, ok := goja.AssertFunction(obj.Get(name))
	if !ok {
		sc.throwRuntime("TypeError", jsTypeError, "%s is not a function", name)
	}
	v, err := fn(obj, args...)
	if err != nil {
		panic(err)
	}
	return v
}

func textOf(v goja.Value) string {
	if v == nil || goja.IsUndefined(v) {
		return ""
	}
	return v.String()
}
