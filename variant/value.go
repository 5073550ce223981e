package variant

import "math"

// A Value is one value of COM's. The zero Value is Empty. Values are copied
// freely; what stands behind one (an array, an object) is shared by its copies.
// Two values are compared by [Equal], not by ==.
type Value struct {
	// ref is the Kind of what is whole in n, and otherwise what the value
	// refers to; n is its Kind then.
	ref any
	n   uint64
}

// Kind says what a Value is.
type Kind uint8

// The kinds that are VARIANT types.
const (
	KindEmpty    Kind = 0
	KindNull     Kind = 1
	KindInteger  Kind = 2
	KindLong     Kind = 3
	KindSingle   Kind = 4
	KindDouble   Kind = 5
	KindCurrency Kind = 6
	KindDate     Kind = 7
	KindString   Kind = 8
	KindObject   Kind = 9
	KindError    Kind = 10
	KindBoolean  Kind = 11
	KindByte     Kind = 17
	KindLongLong Kind = 20
)

// The kinds without a number of their own in COM.
const (
	KindNothing Kind = 64 + iota
	KindBytes
	KindArray
	KindRef
	KindScript
)

// Values that are always the same. Missing is an argument that was left out.
var (
	Empty   = Value{}
	Missing = Error(ParamNotFound)
	Null    = Value{ref: KindNull}
	Nothing = Value{ref: KindNothing}
)

// A Text is a string that its language keeps in a form of its own, so that it
// is handed on without being copied. It belongs to the request, as what a
// [Script] is; what keeps text longer keeps the Go string.
type Text interface {
	String() string      // as UTF-8; half a character is U+FFFD
	Length() int         // in UTF-16 units, which COM counts
	CharAt(i int) uint16 // one of them
}

// A Script is a value of the program that calls, for which COM has no type: a
// function, an object or an array of its language. It is kept and given back,
// the same one, by the request that it came from, on its goroutine. Two are the
// same value where they are ==.
type Script interface {
	Text() (string, error) // as the language converts it
	Number() (float64, error)
	Truth() bool
}

// Bool is a Boolean.
func Bool(b bool) Value {
	if b {
		return Value{KindBoolean, 1}
	}
	return Value{KindBoolean, 0}
}

// Byte is a Byte.
func Byte(n uint8) Value { return Value{KindByte, uint64(n)} }

// Integer is an Integer, of 16 bits.
func Integer(n int16) Value { return Value{KindInteger, uint64(int64(n))} }

// Long is a Long, of 32 bits.
func Long(n int32) Value { return Value{KindLong, uint64(int64(n))} }

// LongLong is an integer of 64 bits.
func LongLong(n int64) Value { return Value{KindLongLong, uint64(n)} }

// Int is a Long where n fits, and the Double that is next to it otherwise.
func Int(n int64) Value {
	if n == int64(int32(n)) {
		return Long(int32(n))
	}
	return Double(float64(n))
}

// Single is a Single.
func Single(f float32) Value { return Value{KindSingle, math.Float64bits(float64(f))} }

// Double is a Double.
func Double(f float64) Value { return Value{KindDouble, math.Float64bits(f)} }

// Currency is a Currency of so many ten-thousandths.
func Currency(tenThousandths int64) Value { return Value{KindCurrency, uint64(tenThousandths)} }

// Date is a Date, in days as [FromTime] counts them.
func Date(days float64) Value { return Value{KindDate, math.Float64bits(days)} }

// Error is an Error: what CVErr gives, not a Go error.
func Error(code HRESULT) Value { return Value{KindError, uint64(uint32(code))} }

// String is a String of UTF-8.
func String(s string) Value { return Value{s, uint64(KindString)} }

// OfText is a String that stays in its language's form; nil is Empty.
func OfText(t Text) Value {
	if t == nil {
		return Empty
	}
	return Value{t, uint64(KindString)}
}

// Bytes is an array of Byte. The slice belongs to the value.
func Bytes(b []byte) Value { return Value{b, uint64(KindBytes)} }

// OfArray is an array. Languages whose arrays are values copy it: [Array.Clone].
func OfArray(a *Array) Value {
	if a == nil {
		return Empty
	}
	return Value{a, uint64(KindArray)}
}

// Object is an object of the host or of another language, by its pointer, which
// is its identity: package component says what it can do. nil is Nothing.
func Object(pointer any) Value {
	if pointer == nil {
		return Nothing
	}
	return Value{pointer, uint64(KindObject)}
}

// ByRef is an argument that whoever is called may assign to.
func ByRef(slot *Value) Value { return Value{slot, uint64(KindRef)} }

// OfScript is a value of the calling program; nil is Empty.
func OfScript(s Script) Value {
	if s == nil {
		return Empty
	}
	return Value{s, uint64(KindScript)}
}

// Kind says what the value is.
func (v Value) Kind() Kind {
	if k, ok := v.ref.(Kind); ok {
		return k
	}
	return Kind(v.n)
}

// IsMissing tells an argument that was left out.
func (v Value) IsMissing() bool { return v.Kind() == KindError && HRESULT(v.n) == ParamNotFound }

// IsAbsent tells what stands for no value: Empty, Missing, Null and Nothing.
func (v Value) IsAbsent() bool {
	switch v.Kind() {
	case KindEmpty, KindNull, KindNothing:
		return true
	}
	return v.IsMissing()
}

// Int64 is the whole number in a Byte, Integer, Long or LongLong, the
// ten-thousandths of a Currency, 1 or 0 of a Boolean and the signed code of an Error;
// 0 for anything else.
func (v Value) Int64() int64 {
	switch v.Kind() {
	case KindByte, KindInteger, KindLong, KindLongLong, KindCurrency, KindBoolean:
		return int64(v.n)
	case KindError:
		return int64(int32(v.n))
	}
	return 0
}

// Float64 is the number in a Single or Double and the days of a Date; 0 for
// anything else.
func (v Value) Float64() float64 {
	switch v.Kind() {
	case KindSingle, KindDouble, KindDate:
		return math.Float64frombits(v.n)
	}
	return 0
}

// Str is the text of a String; ok is false for anything else.
func (v Value) Str() (s string, ok bool) {
	switch r := v.ref.(type) {
	case string:
		return r, Kind(v.n) == KindString
	case Text:
		if Kind(v.n) == KindString {
			return r.String(), true
		}
	}
	return "", false
}

// Text is the String's form in its language; nil where it is a Go string or no
// String.
func (v Value) Text() Text {
	if t, ok := v.ref.(Text); ok && Kind(v.n) == KindString {
		return t
	}
	return nil
}

// Bytes are those of an array of Byte, not copied; nil for anything else.
func (v Value) Bytes() []byte {
	b, _ := v.ref.([]byte)
	return b
}

// Array is the array, shared; nil for anything else.
func (v Value) Array() *Array {
	a, _ := v.ref.(*Array)
	return a
}

// Object is the object's pointer; nil for Nothing and anything else.
func (v Value) Object() any {
	if _, scalar := v.ref.(Kind); !scalar && Kind(v.n) == KindObject {
		return v.ref
	}
	return nil
}

// Script is the program's own value; nil for anything else.
func (v Value) Script() Script {
	if s, ok := v.ref.(Script); ok && Kind(v.n) == KindScript {
		return s
	}
	return nil
}

// Slot is where an argument ByRef is assigned to; nil for one ByVal.
func (v Value) Slot() *Value {
	p, _ := v.ref.(*Value)
	return p
}

// Deref is the value behind ByRef, or v itself.
func (v Value) Deref() Value {
	for range maxRefs {
		p := v.Slot()
		if p == nil {
			return v
		}
		v = *p
	}
	return Empty // slots that lead to each other
}

// maxRefs bounds a chain of arguments ByRef that are handed on ByRef.
const maxRefs = 2048

// Own is the value in a form that may be kept longer than the request: a Text
// becomes a Go string. It leaves alone what the value refers to.
func (v Value) Own() Value {
	if t := v.Text(); t != nil {
		return String(t.String())
	}
	return v
}
