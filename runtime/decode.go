package runtime

import (
	"github.com/dop251/goja"
	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/cborvalue"
)

// decoder makes script values of stored bytes: a copy of the request's own.
type decoder struct {
	sc *script
	in cborvalue.Decoder
}

// decode makes the value of raw.
func (sc *script) decode(raw []byte) goja.Value {
	d := decoder{sc: sc}
	d.in.Reset(raw)
	return d.value(d.next())
}

// next is the next token. Bytes that can't be read are a stored value of
// another version, or damage: the page is told, the bytes stay as they are.
func (d *decoder) next() cborvalue.Token {
	tok, err := d.in.Next()
	if err != nil {
		d.sc.throw(asp.Errorf(asp.CodeUnexpected, "reading a stored value: %w", err))
	}
	return tok
}

// value builds what starts with tok. Depth is bounded by the decoder.
func (d *decoder) value(tok cborvalue.Token) goja.Value {
	vm := d.sc.vm
	switch tok.Kind {
	case cborvalue.KindUndefined:
		return goja.Undefined()
	case cborvalue.KindNull:
		return goja.Null()
	case cborvalue.KindBool:
		return vm.ToValue(tok.Bool)
	case cborvalue.KindNumber:
		return vm.ToValue(tok.Num)
	case cborvalue.KindString:
		return vm.ToValue(tok.Str)
	case cborvalue.KindBigInt:
		return vm.ToValue(tok.Big)
	case cborvalue.KindArray:
		items := make([]any, tok.N)
		for i := range items {
			items[i] = d.value(d.next())
		}
		return vm.NewArray(items...)
	case cborvalue.KindObject:
		return d.object(tok.N)
	}
	return d.special(tok)
}

// object builds a plain object. A key of "__proto__" is data like any other.
func (d *decoder) object(n int) goja.Value {
	obj := d.sc.vm.NewObject()
	for range n {
		key := d.next().Str
		v := d.value(d.next())
		if key == "__proto__" {
			obj.DefineDataProperty(key, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
			continue
		}
		obj.Set(key, v)
	}
	return obj
}

// special builds an instance of one of the language's own classes.
func (d *decoder) special(tok cborvalue.Token) goja.Value {
	vm := d.sc.vm
	switch tok.Kind {
	case cborvalue.KindDate:
		return d.make("Date", vm.ToValue(tok.Num))
	case cborvalue.KindRegExp:
		d.sc.extend(need(needMatcher))
		return d.make("RegExp", vm.ToValue(tok.Str), vm.ToValue(tok.Flags()))
	case cborvalue.KindMap:
		m := d.make("Map")
		for range tok.N {
			k := d.value(d.next())
			d.sc.call(m, "set", k, d.value(d.next()))
		}
		return m
	case cborvalue.KindSet:
		s := d.make("Set")
		for range tok.N {
			d.sc.call(s, "add", d.value(d.next()))
		}
		return s
	case cborvalue.KindArrayBuffer:
		return d.buffer(tok.Bytes)
	case cborvalue.KindTypedArray:
		return d.make(typedName(tok.Typed), d.buffer(tok.Bytes))
	case cborvalue.KindDataView:
		return d.make("DataView", d.buffer(tok.Bytes))
	case cborvalue.KindError:
		return d.errorObject(tok)
	}
	d.sc.throw(asp.New(asp.CodeUnexpected, "a stored value has a kind that this version doesn't know: "+tok.Kind.String()))
	return nil
}

func (d *decoder) buffer(b []byte) goja.Value {
	return d.sc.vm.ToValue(d.sc.vm.NewArrayBuffer(append([]byte(nil), b...)))
}

func (d *decoder) errorObject(tok cborvalue.Token) goja.Value {
	class := "Error"
	switch tok.Name() {
	case "TypeError", "RangeError", "SyntaxError", "ReferenceError", "EvalError", "URIError":
		class = tok.Name()
	}
	obj := d.sc.newError(class, tok.Str)
	if tok.Name() != class {
		obj.Set("name", tok.Name())
	}
	obj.Set("stack", tok.Stack())
	return obj
}

// make makes an instance of one of the language's own classes.
func (d *decoder) make(class string, args ...goja.Value) *goja.Object {
	if class == "Date" {
		d.sc.extend(need(needDateText))
	}
	obj, err := d.sc.vm.New(d.sc.vm.Get(class), args...)
	if err != nil {
		panic(err)
	}
	return obj
}

// typedName is the constructor of a typed array.
func typedName(k cborvalue.TypedKind) string {
	names := [...]string{"Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array",
		"Uint32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"}
	if int(k) < len(names) {
		return names[k]
	}
	return ""
}
