package variant

import "slices"

// A Bound is one dimension of an array: SAFEARRAYBOUND ([MS-OAUT] 2.2.30.1).
type Bound struct {
	Lower int // the first index
	Len   int // how many there are; 0 for none
}

// An Array is a SAFEARRAY of variants. It isn't safe for concurrent use.
type Array struct {
	bounds   []Bound
	elements []Value
}

// What an array may have: VBScript's 60 dimensions, and as many elements as fit
// 400 MB. A language that counts memory asks for it before it makes one.
const (
	MaxDimensions = 60
	MaxElements   = 1 << 24
)

// NewArray makes an array of Empty. A bound that is none is BadIndex, too many
// elements are OutOfMemory.
func NewArray(bounds ...Bound) (*Array, error) {
	n := 1
	if len(bounds) == 0 || len(bounds) > MaxDimensions {
		return nil, BadIndex
	}
	for _, b := range bounds {
		if b.Len < 0 {
			return nil, BadIndex
		}
		if b.Len > MaxElements || n*b.Len > MaxElements {
			return nil, OutOfMemory
		}
		n *= b.Len
	}
	return &Array{slices.Clone(bounds), make([]Value, n)}, nil
}

// List is an array of one dimension from 0. The slice belongs to it.
func List(elements ...Value) *Array {
	return &Array{[]Bound{{0, len(elements)}}, elements}
}

// Bounds are the dimensions, the first one first. Nobody changes the slice.
func (a *Array) Bounds() []Bound { return a.bounds }

// Elements are all elements as COM keeps them: the first index moves fastest
// ([MS-OAUT] 2.2.30.10). The slice is the array's own.
func (a *Array) Elements() []Value { return a.elements }

// At is the place of an element; BadIndex where there is none, or where the
// number of indexes isn't that of the dimensions.
func (a *Array) At(index ...int) (*Value, error) {
	if len(index) != len(a.bounds) {
		return nil, BadIndex
	}
	at, step := 0, 1
	for i, b := range a.bounds {
		if index[i] < b.Lower || index[i]-b.Lower >= b.Len {
			return nil, BadIndex
		}
		at += (index[i] - b.Lower) * step
		step *= b.Len
	}
	return &a.elements[at], nil
}

// Clone is a copy with copies of the arrays in it: VBScript's arrays are values.
func (a *Array) Clone() *Array {
	c := &Array{a.bounds, slices.Clone(a.elements)}
	for i, v := range c.elements {
		if inner := v.Array(); inner != nil && inner != a {
			c.elements[i] = OfArray(inner.Clone())
		}
	}
	return c
}

// Resize changes the last dimension and keeps what has a place in the new one:
// ReDim Preserve.
func (a *Array) Resize(n int) error {
	last := len(a.bounds) - 1
	step := 1
	for _, b := range a.bounds[:last] {
		step *= b.Len
	}
	switch {
	case n < 0:
		return BadIndex
	case n > MaxElements || step*n > MaxElements:
		return OutOfMemory
	}
	a.bounds = slices.Clone(a.bounds)
	a.bounds[last].Len = n
	if step*n <= len(a.elements) {
		clear(a.elements[step*n:])
		a.elements = a.elements[:step*n]
		return nil
	}
	a.elements = slices.Grow(a.elements, step*n-len(a.elements))[:step*n]
	return nil
}
