package cborvalue

import (
	"errors"
	"fmt"
)

// The limits that hold where a field says 0.
const (
	DefaultMaxDepth = 64      // containers inside one another
	DefaultMaxSize  = 1 << 20 // bytes of one encoded value
)

// ErrUTF8 is returned for text that is not valid UTF-8. A JavaScript string
// with a lone surrogate has no UTF-8 form; whoever walks it must refuse it.
var ErrUTF8 = errors.New("value: text is not valid UTF-8")

// ErrReservedName is returned by [Encoder.Named] for "Error" and "DataView",
// which mean the built-in objects.
var ErrReservedName = errors.New("value: the name is reserved for a built-in object")

// A LimitError says that a value is too deep or too large.
type LimitError struct {
	What  string // "depth" in containers, or "size" in bytes
	Limit int    // the bound that was passed
}

// Error says which bound was passed.
func (e *LimitError) Error() string {
	if e.What == "depth" {
		return fmt.Sprintf("value: nested deeper than %d levels", e.Limit)
	}
	return fmt.Sprintf("value: larger than %d bytes", e.Limit)
}

// A MismatchError says that a value can't be put into a Go variable: it is of
// another type, or a number that doesn't fit.
type MismatchError struct {
	Type  string // of the variable, as Go has it
	Field string // that it is, of which type: "main.Order.Count"; "" for none
	Err   error  // what the decoder said
}

// Error names the variable.
func (e *MismatchError) Error() string {
	if e.Field != "" {
		return fmt.Sprintf("value: it doesn't fit into %s (%s)", e.Type, e.Field)
	}
	return "value: it doesn't fit into " + e.Type
}

// Unwrap is what the decoder said.
func (e *MismatchError) Unwrap() error { return e.Err }

// A FormatError says that bytes are not what this package wrote: broken,
// cut off, or in a form of CBOR that is never used here.
type FormatError struct {
	Offset int    // where in the bytes, from 0
	Reason string // what is wrong there
}

// Error names the place and what is wrong there.
func (e *FormatError) Error() string {
	return fmt.Sprintf("value: byte %d: %s", e.Offset, e.Reason)
}
