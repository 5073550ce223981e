package variant

// Bits of VarType beside the kind: [MS-OAUT] 2.2.7.
const (
	TypeVariant = 12
	TypeArray   = 0x2000
	TypeByRef   = 0x4000
)

// VarType is the number that VBScript's VarType gives. A Script is an object;
// of an argument ByRef it is that of the value.
func (v Value) VarType() int {
	v = v.Deref()
	switch k := v.Kind(); k {
	case KindNothing, KindScript:
		return int(KindObject)
	case KindBytes:
		return TypeArray | int(KindByte)
	case KindArray:
		return TypeArray | TypeVariant
	default:
		return int(k)
	}
}

// TypeName is the name that VBScript's TypeName gives; "Object" for an object
// without a method TypeName() string.
func (v Value) TypeName() string {
	v = v.Deref()
	switch v.Kind() {
	case KindEmpty:
		return "Empty"
	case KindNull:
		return "Null"
	case KindNothing:
		return "Nothing"
	case KindInteger:
		return "Integer"
	case KindLong:
		return "Long"
	case KindLongLong:
		return "LongLong"
	case KindSingle:
		return "Single"
	case KindDouble:
		return "Double"
	case KindCurrency:
		return "Currency"
	case KindDate:
		return "Date"
	case KindString:
		return "String"
	case KindError:
		return "Error"
	case KindBoolean:
		return "Boolean"
	case KindByte:
		return "Byte"
	case KindBytes:
		return "Byte()"
	case KindArray:
		return "Variant()"
	}
	if named, ok := v.ref.(interface{ TypeName() string }); ok {
		return named.TypeName()
	}
	return "Object"
}
