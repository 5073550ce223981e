package component

import (
	"fmt"

	"github.com/najahost/naja/variant"
)

// An Error is what a member fails with: EXCEPINFO of COM's ([MS-OAUT] 2.2.34).
// Pages see Number as e.number, signed, and Description as e.description.
type Error struct {
	Number      variant.HRESULT // E_FAIL where 0
	Source      string          // who says it: "ADODB.Recordset"; the class's name where ""
	Description string
	Err         error // what is behind it, for the log; no page sees it
}

// Errorf is an error with a number.
func Errorf(number variant.HRESULT, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Number: number, Description: err.Error(), Err: err}
}

// Control is the number of an error of a control's own numbers, 0x800A0000 + n:
// ADO's 3021 and VBScript's 13 are such.
func Control(n uint16) variant.HRESULT { return variant.HRESULT(-0x7ff60000 + int32(n)) }

// Error is the description, or the number's text.
func (e *Error) Error() string {
	if e.Description != "" {
		return e.Description
	}
	return e.code().Error()
}

func (e *Error) code() variant.HRESULT {
	if e.Number == 0 {
		return variant.Fail
	}
	return e.Number
}

// Unwrap is its number, and what is behind it.
func (e *Error) Unwrap() []error {
	if e.Err != nil {
		return []error{e.code(), e.Err}
	}
	return []error{e.code()}
}
