package runtime

import (
	"math"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/dop251/goja"
)

// What the engine gets wrong of numbers and the texts of them, put right for
// the programs that name it. findings/ has some of it.

// radixCall is a call of toString with an argument, or by a way that hides it.
var radixCall = regexp.MustCompile(`toString\s*(?:\(\s*[^)\s]|\.|"|')`)

// extendRadix gives numbers their sign and digits in any base: the engine writes
// all digits of the double where ECMA-262 (21.1.3.6) asks for as few as mean it, and
// for zeros behind them.
func (sc *script) extendRadix() {
	proto := sc.prototype("Number")
	original := proto.Get("toString")
	behind, ok := goja.AssertFunction(original)
	if !ok {
		return
	}
	fn := sc.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		if f, radix, ok := plainRadix(call); ok {
			return sc.vm.ToValue(radixText(f, radix))
		}
		v, err := behind(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	}).(*goja.Object)
	imitate(fn, original.(*goja.Object))
	proto.DefineDataProperty("toString", fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// plainRadix tells the calls that the engine may answer wrongly: of a fraction,
// whose sign it loses between 0 and -1, or a number of more than 53 bits.
func plainRadix(call goja.FunctionCall) (f float64, radix int, ok bool) {
	if len(call.Arguments) == 0 || call.This == nil {
		return 0, 0, false
	}
	this, base := call.This, call.Arguments[0]
	if _, object := base.(*goja.Object); object || goja.IsUndefined(base) {
		return 0, 0, false
	}
	if obj, boxed := this.(*goja.Object); boxed {
		if obj.ClassName() != "Number" {
			return 0, 0, false
		}
	} else if !isNumberValue(this) {
		return 0, 0, false
	}
	if _, symbol := base.(*goja.Symbol); symbol {
		return 0, 0, false
	}
	f, radix = this.ToFloat(), int(base.ToInteger())
	if radix < 2 || radix > 36 || radix == 10 || math.IsNaN(f) || math.IsInf(f, 0) {
		return 0, 0, false
	}
	return f, radix, f != math.Trunc(f) || math.Abs(f) >= 1<<53
}

func isNumberValue(v goja.Value) bool {
	switch v.Export().(type) {
	case int64, float64:
		return true
	}
	return false
}

const digits36 = "0123456789abcdefghijklmnopqrstuvwxyz"

// radixText writes a finite number in a base: of the fraction as many digits as
// tell it from the next double, the last one rounded, and of what is left of a
// number over 2^53 zeros. These are V8's digits.
func radixText(f float64, radix int) string {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	whole, fraction := math.Modf(f)
	half := math.Max(0.5*(math.Nextafter(f, math.Inf(1))-f), math.SmallestNonzeroFloat64)
	tail, carry := fractionDigits(fraction, half, float64(radix))
	if carry {
		whole++
	}
	text := sign + wholeDigits(whole, float64(radix))
	if len(tail) > 0 {
		text += "." + string(tail)
	}
	return text
}

// wholeDigits are the digits before the point.
func wholeDigits(whole, radix float64) string {
	var backwards []byte
	for whole/radix >= 1<<53 {
		whole /= radix
		backwards = append(backwards, '0')
	}
	for whole > 0 || len(backwards) == 0 {
		digit := math.Mod(whole, radix)
		backwards = append(backwards, digits36[int(digit)])
		whole = (whole - digit) / radix
	}
	slices.Reverse(backwards)
	return string(backwards)
}

// fractionDigits are the digits behind the point; carry says that rounding
// made them one.
func fractionDigits(fraction, half, radix float64) (digits []byte, carry bool) {
	if fraction < half {
		return nil, false
	}
	for {
		fraction, half = fraction*radix, half*radix
		digit := math.Trunc(fraction)
		digits = append(digits, digits36[int(digit)])
		fraction -= digit
		if (fraction > 0.5 || fraction == 0.5 && int(digit)&1 == 1) && fraction+half > 1 {
			return roundUp(digits, int(radix))
		}
		if fraction < half {
			return digits, false
		}
	}
}

// roundUp adds one to the last digit, and to those before it that it passes.
func roundUp(digits []byte, radix int) ([]byte, bool) {
	for i := len(digits) - 1; i >= 0; i-- {
		if d := strings.IndexByte(digits36, digits[i]); d+1 < radix {
			digits[i] = digits36[d+1]
			return digits[:i+1], false
		}
	}
	return nil, true
}

// prefixInText is what a text of base 2, 8 or 16 begins with.
var prefixInText = regexp.MustCompile(`["'` + "`" + `]\s*0[xXoObB]`)

// extendNumber makes Number of a BigInt the nearest double (ECMA-262 21.1.1.1);
// the engine takes its low 64 bits. A text of 64 bits and more in base 2, 8 or
// 16 is a number, too.
func (sc *script) extendNumber() {
	ctor := sc.builtin("Number")
	if ctor == nil {
		return
	}
	behind, ok := goja.AssertFunction(ctor)
	if !ok {
		return
	}
	proxy := sc.vm.ToValue(sc.vm.NewProxy(ctor, &goja.ProxyTrapConfig{
		Apply: func(_ *goja.Object, this goja.Value, args []goja.Value) goja.Value {
			v, err := behind(this, sc.exactNumber(args)...)
			if err != nil {
				panic(err)
			}
			return v
		},
		Construct: func(target *goja.Object, args []goja.Value, newTarget *goja.Object) *goja.Object {
			return sc.construct(target, sc.exactNumber(args), newTarget)
		},
	})).(*goja.Object)
	sc.replaceClass("Number", proxy)
}

// replaceClass puts a class in the place of one of the engine's that it stands
// for.
func (sc *script) replaceClass(name string, class *goja.Object) {
	sc.vm.GlobalObject().DefineDataProperty(name, class, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	sc.prototype(name).DefineDataProperty("constructor", class, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	// The engine knows no instanceof of a proxy (ECMA-262 20.2.3.6).
	class.DefineDataPropertySymbol(goja.SymHasInstance, sc.function("[Symbol.hasInstance]", 1, sc.hasInstance), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// hasInstance is OrdinaryHasInstance of ECMA-262.
func (sc *script) hasInstance(call goja.FunctionCall) goja.Value {
	class, ok := call.This.(*goja.Object)
	obj, is := call.Argument(0).(*goja.Object)
	if !ok || !is {
		return sc.vm.ToValue(false)
	}
	proto := class.Get("prototype")
	for obj = obj.Prototype(); obj != nil; obj = obj.Prototype() {
		if obj.SameAs(proto) {
			return sc.vm.ToValue(true)
		}
	}
	return sc.vm.ToValue(false)
}

// exactNumber gives the engine a number where it would make another one.
func (sc *script) exactNumber(args []goja.Value) []goja.Value {
	if len(args) == 0 {
		return args
	}
	v := args[0]
	if obj, ok := v.(*goja.Object); ok && obj.ClassName() == "BigInt" {
		v = sc.call(obj, "valueOf")
	}
	switch x := v.Export().(type) {
	case *big.Int:
		f, _ := new(big.Float).SetInt(x).Float64()
		return []goja.Value{sc.vm.ToValue(f)}
	case string:
		if n, ok := prefixed(strings.Trim(x, blanks)); ok {
			return []goja.Value{sc.vm.ToValue(n)}
		}
	}
	return args
}

// blanks are what ECMA-262 takes for white space or a line's end around a
// number.
const blanks = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

// prefixed reads 0x…, 0o… and 0b… of any length.
func prefixed(s string) (float64, bool) {
	if len(s) < 3 || s[0] != '0' || strings.IndexByte("xXoObB", s[1]) < 0 || strings.Contains(s, "_") {
		return 0, false
	}
	base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[s[1]|0x20]
	if strings.ContainsAny(s[2:3], "+-") {
		return math.NaN(), true
	}
	n, ok := new(big.Int).SetString(s[2:], base)
	if !ok || n.BitLen() < 63 {
		return 0, false // the engine reads it
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	return f, true
}

// extendIncludes makes 0 and -0 one value for includes, as SameValueZero of
// ECMA-262 says; the engine misses a -0 in an array.
func (sc *script) extendIncludes() {
	proto := sc.prototype("Array")
	original := proto.Get("includes")
	behind, ok := goja.AssertFunction(original)
	if !ok {
		return
	}
	fn := sc.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		if n := call.Argument(0); isNumberValue(n) && n.ToFloat() == 0 {
			if find, ok := goja.AssertFunction(proto.Get("indexOf")); ok {
				at, err := find(call.This, call.Arguments...)
				if err != nil {
					panic(err)
				}
				return sc.vm.ToValue(at.ToInteger() >= 0)
			}
		}
		v, err := behind(call.This, call.Arguments...)
		if err != nil {
			panic(err)
		}
		return v
	}).(*goja.Object)
	imitate(fn, original.(*goja.Object))
	proto.DefineDataProperty("includes", fn, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// extendWellFormed gives texts isWellFormed and toWellFormed (ECMA-262
// 22.1.3.10): half a character of UTF-16 is what a text may hold and a page in
// UTF-8 can't.
func (sc *script) extendWellFormed() {
	proto := sc.prototype("String")
	units := func(c goja.FunctionCall) ([]uint16, bool) {
		if goja.IsUndefined(c.This) || goja.IsNull(c.This) {
			sc.throwRuntime("TypeError", jsTypeError, "String.prototype.isWellFormed called on null or undefined")
		}
		s, ok := c.This.(goja.String)
		if !ok {
			s = sc.vm.ToValue(c.This.String()).(goja.String)
		}
		return mended(s)
	}
	define := func(name string, fn func(goja.FunctionCall) goja.Value) {
		proto.DefineDataProperty(name, sc.function(name, 0, fn), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	define("isWellFormed", func(c goja.FunctionCall) goja.Value {
		_, well := units(c)
		return sc.vm.ToValue(well)
	})
	define("toWellFormed", func(c goja.FunctionCall) goja.Value {
		list, _ := units(c)
		return goja.StringFromUTF16(list)
	})
}

// mended are the units of a text with U+FFFD for each half of a character, and
// whether there was none.
func mended(s goja.String) (list []uint16, well bool) {
	n := s.Length()
	list, well = make([]uint16, n), true
	for i := range n {
		list[i] = s.CharAt(i)
	}
	for i := 0; i < n; i++ {
		switch u := list[i]; {
		case u < 0xD800 || u > 0xDFFF:
		case u < 0xDC00 && i+1 < n && list[i+1] >= 0xDC00 && list[i+1] <= 0xDFFF:
			i++
		default:
			list[i], well = 0xFFFD, false
		}
	}
	return list, well
}

// extendBits puts the functions right that take 16 or 32 bits of a number: from
// 2^63 up the engine takes what the processor makes of it (bits.go).
func (sc *script) extendBits() {
	all := func(owner *goja.Object, name string) {
		if owner != nil {
			sc.bound(owner, name, func(call *goja.FunctionCall) {
				for i, v := range call.Arguments {
					if f := v.ToNumber(); math.Abs(f.ToFloat()) >= 1<<63 {
						setArgument(call, i, sc.vm.ToValue(math.Mod(f.ToFloat(), 1<<32)))
					} else {
						setArgument(call, i, f)
					}
				}
			})
		}
	}
	all(sc.builtin("Math"), "imul")
	all(sc.builtin("Math"), "clz32")
	all(sc.builtin("String"), "fromCharCode")
}

// extendIsNaN makes a text the number for isNaN and isFinite that it is elsewhere:
// the engine leaves blanks outside of ASCII around it here.
func (sc *script) extendIsNaN() {
	for _, name := range [...]string{"isNaN", "isFinite"} {
		sc.bound(sc.vm.GlobalObject(), name, func(call *goja.FunctionCall) {
			if s, ok := call.Argument(0).(goja.String); ok {
				setArgument(call, 0, sc.exactNumber([]goja.Value{s})[0].ToNumber())
			}
		})
	}
}
