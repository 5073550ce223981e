package runtime

import (
	"math/big"
	"strings"

	"github.com/dop251/goja"
)

// typedArrays are the classes that stand on a buffer, with the bytes of an
// element.
var typedArrays = [...]struct {
	name string
	size float64
}{
	{"ArrayBuffer", 1}, {"Int8Array", 1}, {"Uint8Array", 1}, {"Uint8ClampedArray", 1}, {"Int16Array", 2}, {"Uint16Array", 2},
	{"Int32Array", 4}, {"Uint32Array", 4}, {"Float32Array", 4}, {"Float64Array", 8}, {"BigInt64Array", 8}, {"BigUint64Array", 8},
}

// boundBuffers bounds the bytes of each buffer.
func (sc *script) boundBuffers() {
	for _, t := range typedArrays {
		sc.boundClass(t.name, func(args []goja.Value) {
			n := arg(args, 0)
			var length float64
			if obj, ok := n.(*goja.Object); ok {
				if obj.ClassName() == "ArrayBuffer" {
					return
				}
				length = sc.lengthOf(obj)
			} else if _, symbol := n.(*goja.Symbol); !symbol {
				length = n.ToFloat()
			}
			if length*t.size > maxBuffer {
				sc.rangeError("Invalid %s length: more than %d bytes", t.name, maxBuffer)
			}
		})
	}
	if ctor := sc.builtin("Uint8Array"); ctor != nil {
		if base := ctor.Prototype().Prototype(); base != nil { // %TypedArray%, behind the class that is bounded
			sc.bound(base, "from", func(call *goja.FunctionCall) {
				if list, ok := call.Argument(0).(*goja.Object); ok && sc.lengthOf(list) > maxElements {
					sc.rangeError("from: more than %d elements", maxElements)
				}
				if s, ok := call.Argument(0).(goja.String); ok { // of which the engine takes none
					if s.Length() > maxElements {
						sc.rangeError("from: more than %d elements", maxElements)
					}
					setArgument(call, 0, sc.characters(s.String()))
				}
			})
		}
	}
}

// characters are an array of a text's.
func (sc *script) characters(s string) goja.Value {
	list := make([]any, 0, len(s))
	for _, r := range s {
		list = append(list, string(r))
	}
	return sc.vm.NewArray(list...)
}

// boundClass puts a check before a constructor, in its place.
func (sc *script) boundClass(name string, check func(args []goja.Value)) {
	ctor := sc.builtin(name)
	if ctor == nil {
		return
	}
	proto, ok := ctor.Get("prototype").(*goja.Object)
	if !ok {
		return
	}
	bounded := sc.vm.ToValue(func(call goja.ConstructorCall) *goja.Object {
		check(call.Arguments)
		return sc.construct(ctor, call.Arguments, call.NewTarget)
	}).(*goja.Object)
	imitate(bounded, ctor)
	bounded.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	bounded.SetPrototype(ctor)
	sc.vm.GlobalObject().DefineDataProperty(name, bounded, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	proto.DefineDataProperty("constructor", bounded, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// boundFrom bounds Array.from of what only says how long it is.
func (sc *script) boundFrom() {
	if array := sc.builtin("Array"); array != nil {
		sc.bound(array, "from", func(call *goja.FunctionCall) {
			if list, ok := call.Argument(0).(*goja.Object); ok && sc.lengthOf(list) > maxElements {
				sc.rangeError("from: more than %d elements", maxElements)
			}
		})
	}
}

// usesBigInt says that a text may compute with BigInts: by that name, or by a
// literal, whose n stands behind a digit of whatever base and at a word's end.
func usesBigInt(text string) bool {
	if strings.Contains(text, "BigInt") {
		return true
	}
	for at := 0; ; at++ {
		i := strings.IndexByte(text[at:], 'n')
		if i < 0 {
			return false
		}
		at += i
		if at > 0 && isDigitOfAny(text[at-1]) && (at+1 == len(text) || !isWordByte(text[at+1])) {
			return true
		}
	}
}

func isDigitOfAny(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' || c == '_'
}

func isWordByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

// boundBigInt bounds the texts that BigInt reads.
func (sc *script) boundBigInt() {
	ctor := sc.builtin("BigInt")
	if ctor == nil {
		return
	}
	parse, ok := goja.AssertFunction(ctor)
	if !ok {
		return
	}
	proto := ctor.Get("prototype").(*goja.Object)
	bounded := sc.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		v := call.Argument(0)
		if obj, ok := v.(*goja.Object); ok {
			v = sc.primitiveOf(obj)
		}
		if s, ok := v.(goja.String); ok && s.Length() > maxBigDigits {
			sc.rangeError("BigInt: more than %d digits", maxBigDigits)
		}
		out, err := parse(call.This, v)
		if err != nil {
			panic(err)
		}
		return out
	}).(*goja.Object)
	imitate(bounded, ctor)
	bounded.DefineDataProperty("prototype", proto, goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	bounded.SetPrototype(ctor)
	sc.vm.GlobalObject().DefineDataProperty("BigInt", bounded, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	proto.DefineDataProperty("constructor", bounded, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// primitiveOf is an object's text, or itself where it has none of use.
func (sc *script) primitiveOf(obj *goja.Object) goja.Value {
	if sc.hosts[obj] != nil {
		return sc.plain(obj)
	}
	return obj
}

// bigOperands checks the two sides of ** or <<.
func (sc *script) bigOperands(power bool, x, y goja.Value) {
	a, okA := x.Export().(*big.Int)
	b, okB := y.Export().(*big.Int)
	if !okA || !okB || b.Sign() <= 0 {
		return
	}
	bits := a.BitLen()
	switch {
	case !b.IsInt64(), power && bits > 1 && float64(bits)*float64(b.Int64()) > maxBigBits,
		!power && bits > 0 && float64(bits)+float64(b.Int64()) > maxBigBits:
		if power && bits <= 1 {
			return // 0n and 1n
		}
		sc.rangeError("Maximum BigInt size exceeded: more than %d bits", maxBigBits)
	}
}
