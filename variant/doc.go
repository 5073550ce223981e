// Package variant is COM's VARIANT: the values by which the objects of the host
// and the language of a page speak with each other, whatever language that is.
// It imports nothing of this module.
//
//	Go                   a language's name    COM, [MS-OAUT] 2.2.7
//	Value{}              Empty                VT_EMPTY
//	Missing              an argument left out VT_ERROR, DISP_E_PARAMNOTFOUND
//	Null                 Null                 VT_NULL
//	Nothing              Nothing              VT_DISPATCH without an object
//	Bool                 Boolean              VT_BOOL
//	Byte, Integer, Long  the same             VT_UI1, VT_I2, VT_I4
//	LongLong             none in VBScript     VT_I8
//	Single, Double       the same             VT_R4, VT_R8
//	Currency             Currency             VT_CY, ten-thousandths, exact
//	Date                 Date                 VT_DATE, days since 1899-12-30
//	Error                Error                VT_ERROR
//	String, OfText       String               VT_BSTR
//	Bytes                Byte()               VT_ARRAY of VT_UI1
//	OfArray              Variant()            VT_ARRAY of VT_VARIANT
//	Object               Object               VT_DISPATCH
//	ByRef                an argument ByRef    VT_BYREF of VT_VARIANT
//	OfScript             a value of the page's own language that COM has no type for
//
// A [Value] is three words. Numbers, dates and the like are in it and make no
// garbage; text, arrays and objects are behind it.
//
// Conversions are those of COM's VariantChangeType with the text of LCID 1033;
// what fails is an [HRESULT]. A language with a locale of its own makes text of
// numbers and dates by itself.
package variant
