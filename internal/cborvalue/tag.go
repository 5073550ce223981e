package cborvalue

import "strconv"

// The CBOR tags of stored values. 1, 2, 3 are RFC 8949's, 64 to 87 RFC 8746's;
// 27, 258, 259 and 21066 are registered with IANA by specification.
const (
	tagEpoch  = 1     // date as seconds since 1970
	tagPosBig = 2     // BigInt n >= 0
	tagNegBig = 3     // BigInt -1-n
	tagObject = 27    // [type name, arguments...]: Error, DataView, registered classes
	tagSet    = 258   // array of distinct items
	tagMap    = 259   // map with keys of any kind
	tagRegExp = 21066 // [source, flags] of an ECMAScript RegExp
)

// nameError and nameDataView are the type names under tag 27 that are not a
// registered class. [Encoder.Named] refuses them.
const (
	nameError    = "Error"
	nameDataView = "DataView"
)

// A Kind says what a [Token] is.
type Kind uint8

// The kinds of tokens. A container is followed by its contents, without an
// end token: N items (KindArray, KindSet), N pairs of KindKey and a value
// (KindObject), N pairs of two values (KindMap), one value (KindNamed).
const (
	KindUndefined   Kind = iota
	KindNull             // null
	KindBool             // Bool
	KindNumber           // Num
	KindString           // Str
	KindBigInt           // Big
	KindDate             // Num: milliseconds since 1970, NaN for an Invalid Date
	KindArray            // N items follow
	KindObject           // N pairs of KindKey and value follow
	KindKey              // Str: an object's key; its value follows
	KindMap              // N pairs of key and value follow
	KindSet              // N items follow
	KindArrayBuffer      // Bytes
	KindTypedArray       // Typed, Bytes (little-endian)
	KindDataView         // Bytes
	KindRegExp           // Str: source; Flags()
	KindError            // Str: message; Name(), Stack()
	KindNamed            // Str: registered name; its state follows
	KindUnknown          // Bytes: a whole item with a tag that this version doesn't know
)

var kindNames = [...]string{
	"undefined", "null", "boolean", "number", "string", "BigInt", "Date",
	"array", "object", "key", "Map", "Set", "ArrayBuffer", "typed array",
	"DataView", "RegExp", "Error", "class instance", "unknown value",
}

// String is the kind's name as a message to a page's author would say it.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}

// A TypedKind is the element type of a typed array.
type TypedKind uint8

// The element types of typed arrays.
const (
	Int8 TypedKind = iota
	Uint8
	Uint8Clamped
	Int16
	Uint16
	Int32
	Uint32
	Float32
	Float64
	BigInt64
	BigUint64
	typedKinds // their number
)

var typedNames = [typedKinds]string{
	"Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array",
	"Int32Array", "Uint32Array", "Float32Array", "Float64Array",
	"BigInt64Array", "BigUint64Array",
}

// typedTags are RFC 8746's tags of the little-endian forms.
var typedTags = [typedKinds]uint16{72, 64, 68, 77, 69, 78, 70, 85, 86, 79, 71}

var typedSizes = [typedKinds]int{1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8}

// String is the name of the JavaScript constructor, such as "Int8Array".
func (k TypedKind) String() string {
	if k < typedKinds {
		return typedNames[k]
	}
	return "TypedKind(" + strconv.Itoa(int(k)) + ")"
}

// Size is the number of bytes of one element, 0 for an unknown kind.
func (k TypedKind) Size() int {
	if k < typedKinds {
		return typedSizes[k]
	}
	return 0
}

// ParseTypedKind is the kind with the given JavaScript constructor name.
func ParseTypedKind(name string) (TypedKind, bool) {
	for i, n := range typedNames {
		if n == name {
			return TypedKind(i), true
		}
	}
	return 0, false
}

// typedKindOf is the kind that an RFC 8746 tag names, if it is one of ours.
func typedKindOf(tag uint64) (TypedKind, bool) {
	for i, t := range typedTags {
		if uint64(t) == tag {
			return TypedKind(i), true
		}
	}
	return 0, false
}
