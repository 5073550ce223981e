package runtime

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dop251/goja"
	"github.com/najahost/naja/internal/cborvalue"
)

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
		if kind, ok := cborvalue.ParseTypedKind(tag.String()); ok {
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

// className is the name of an instance's constructor, for messages.
func className(obj *goja.Object) string {
	if c, ok := obj.Get("constructor").(*goja.Object); ok {
		return clip(textOf(c.Get("name")))
	}
	return "unknown"
}
