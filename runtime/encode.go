package runtime

import (
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/value"
)

// encoder walks a script value into bytes. It refuses what can't be copied,
// with the path to it, before anything is stored. goja's own Export isn't
// used: it loses values silently, and what it makes of a cycle kills the
// process in any encoder.
type encoder struct {
	sc   *script
	out  value.Encoder
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

// container walks what holds other values, once it is sure that it isn't
// inside itself.
func (e *encoder) container(obj *goja.Object) error {
	for _, o := range e.open {
		if o == obj {
			return e.refuse("the value contains itself, which cannot be stored")
		}
	}
	e.open = append(e.open, obj)
	defer func() { e.open = e.open[:len(e.open)-1] }()
	class := kindOf(obj)
	if err := e.instance(class, obj); err != nil {
		return err
	}
	switch class {
	case "Array":
		return e.array(obj)
	case "Map":
		return e.mapping(obj)
	case "Set":
		return e.set(obj)
	case "Object":
		return e.plain(obj)
	case "Function", "AsyncFunction", "GeneratorFunction", "Generator", "Promise":
		return e.refuse("a %s cannot be stored: it belongs to one script engine", strings.ToLower(class))
	default:
		if _, ok := goja.AssertFunction(obj); ok {
			return e.refuse("a function cannot be stored: it belongs to one script engine")
		}
		return e.refuse("a %s cannot be stored", class)
	}
}

// instance refuses an instance of a page's class that extends one of the
// language's: its methods would be lost.
func (e *encoder) instance(class string, obj *goja.Object) error {
	proto := obj.Prototype()
	switch class {
	case "Array":
		if proto == e.sc.vm.NewArray().Prototype() {
			return nil
		}
	case "Map", "Set":
		if proto == e.sc.guards.classes[class] && proto != nil {
			return nil
		}
		if c, ok := e.sc.vm.Get(class).(*goja.Object); ok && c.Get("prototype") == proto {
			return nil
		}
	default:
		return nil
	}
	return e.refuse("an instance of a class cannot be stored (%s): store its data as a plain object", className(obj))
}

// plain walks an object literal; instances of classes are refused, as their
// methods would be lost.
func (e *encoder) plain(obj *goja.Object) error {
	if _, ok := goja.AssertFunction(obj); ok {
		return e.refuse("a function cannot be stored: it belongs to one script engine")
	}
	if tag := obj.GetSymbol(goja.SymToStringTag); tag != nil {
		if kind, ok := value.ParseTypedKind(tag.String()); ok {
			return e.out.TypedArray(kind, e.bytes(obj))
		}
		if tag.String() == "DataView" {
			return e.out.DataView(e.bytes(obj))
		}
		if s := tag.String(); s != "Object" {
			return e.refuse("a %s cannot be stored: it belongs to one script engine", s)
		}
	}
	if proto := obj.Prototype(); proto != nil && proto != e.sc.objectPrototype() {
		return e.refuse("an instance of a class cannot be stored (%s): store its data as a plain object", className(obj))
	}
	keys := obj.Keys()
	if err := e.out.BeginObject(len(keys)); err != nil {
		return err
	}
	for _, k := range keys {
		if err := e.out.Key(k); err != nil {
			return err
		}
		if err := e.part("."+k, obj.Get(k)); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) array(obj *goja.Object) error {
	n := int(obj.Get("length").ToInteger())
	if err := e.out.BeginArray(n); err != nil {
		return err
	}
	for i := range n {
		s := strconv.Itoa(i)
		if err := e.part("["+s+"]", obj.Get(s)); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) mapping(obj *goja.Object) error {
	var pairs [][2]goja.Value
	e.sc.vm.ForOf(obj, func(pair goja.Value) bool {
		p := pair.ToObject(e.sc.vm)
		pairs = append(pairs, [2]goja.Value{p.Get("0"), p.Get("1")})
		return true
	})
	if err := e.out.BeginMap(len(pairs)); err != nil {
		return err
	}
	for i, p := range pairs {
		if err := e.part(fmt.Sprintf(".key(%d)", i), p[0]); err != nil {
			return err
		}
		if err := e.part(fmt.Sprintf(".value(%d)", i), p[1]); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) set(obj *goja.Object) error {
	var items []goja.Value
	e.sc.vm.ForOf(obj, func(v goja.Value) bool {
		items = append(items, v)
		return true
	})
	if err := e.out.BeginSet(len(items)); err != nil {
		return err
	}
	for i, v := range items {
		if err := e.part(fmt.Sprintf(".item(%d)", i), v); err != nil {
			return err
		}
	}
	return nil
}

// part walks one part and keeps the path on the way.
func (e *encoder) part(step string, v goja.Value) error {
	e.path = append(e.path, step)
	if err := e.value(v); err != nil {
		return err // with the path as it is
	}
	e.path = e.path[:len(e.path)-1]
	return nil
}

// bytes are the bytes that a typed array or DataView shows.
func (e *encoder) bytes(obj *goja.Object) []byte {
	v := obj.Get("buffer")
	if v == nil {
		return nil // something else that calls itself one
	}
	buf, ok := v.Export().(goja.ArrayBuffer)
	if !ok {
		return nil
	}
	b := buf.Bytes()
	from := bound(obj.Get("byteOffset"), len(b))
	return b[from : from+bound(obj.Get("byteLength"), len(b)-from)]
}

// bound is a number between 0 and most.
func bound(v goja.Value, most int) int {
	if v == nil {
		return 0
	}
	return max(0, int(min(v.ToInteger(), int64(most))))
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

// className is the name of an instance's constructor, for messages.
func className(obj *goja.Object) string {
	if c, ok := obj.Get("constructor").(*goja.Object); ok {
		return clip(textOf(c.Get("name")))
	}
	return "unknown"
}
