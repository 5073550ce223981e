package variant

import "fmt"

// An HRESULT is COM's result of a call that failed ([MS-ERREF] 2.1), and a Go
// error. Scripts see it as a signed number.
type HRESULT int32

// The results that conversions and members give; [MS-ERREF] 2.1.1 and, for those
// that begin with 0x8002, [MS-OAUT] 2.2.8 name them.
const (
	NotImplemented HRESULT = -0x7fffbfff // E_NOTIMPL, 0x80004001
	Fail           HRESULT = -0x7fffbffb // E_FAIL, 0x80004005
	Unexpected     HRESULT = -0x7fff0001 // E_UNEXPECTED, 0x8000FFFF
	AccessDenied   HRESULT = -0x7ff8fffb // E_ACCESSDENIED, 0x80070005
	OutOfMemory    HRESULT = -0x7ff8fff2 // E_OUTOFMEMORY, 0x8007000E
	InvalidArg     HRESULT = -0x7ff8ffa9 // E_INVALIDARG, 0x80070057

	NoMember       HRESULT = -0x7ffdfffd // DISP_E_MEMBERNOTFOUND, 0x80020003
	ParamNotFound  HRESULT = -0x7ffdfffc // DISP_E_PARAMNOTFOUND, 0x80020004
	TypeMismatch   HRESULT = -0x7ffdfffb // DISP_E_TYPEMISMATCH, 0x80020005
	UnknownName    HRESULT = -0x7ffdfffa // DISP_E_UNKNOWNNAME, 0x80020006
	Overflow       HRESULT = -0x7ffdfff6 // DISP_E_OVERFLOW, 0x8002000A
	BadIndex       HRESULT = -0x7ffdfff5 // DISP_E_BADINDEX, 0x8002000B
	BadParamCount  HRESULT = -0x7ffdfff2 // DISP_E_BADPARAMCOUNT, 0x8002000E
	ParamNotOption HRESULT = -0x7ffdfff1 // DISP_E_PARAMNOTOPTIONAL, 0x8002000F
	DivisionByZero HRESULT = -0x7ffdffee // DISP_E_DIVBYZERO, 0x80020012
)

// Error is the result's text, or its number where it has none here.
func (r HRESULT) Error() string {
	switch r {
	case NotImplemented:
		return "not implemented"
	case Fail:
		return "unspecified error"
	case Unexpected:
		return "unexpected error"
	case AccessDenied:
		return "access denied"
	case OutOfMemory:
		return "out of memory"
	case InvalidArg:
		return "invalid argument"
	case NoMember, UnknownName:
		return "object doesn't support this property or method"
	case ParamNotFound, ParamNotOption:
		return "argument not optional"
	case TypeMismatch:
		return "type mismatch"
	case Overflow:
		return "overflow"
	case BadIndex:
		return "subscript out of range"
	case BadParamCount:
		return "wrong number of arguments"
	case DivisionByZero:
		return "division by zero"
	}
	return fmt.Sprintf("error 0x%08X", uint32(r))
}
