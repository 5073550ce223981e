package variant

import (
	"bytes"
	"math"
	"slices"
)

// Equal says whether two values are of one kind and the same: text by its
// characters, bytes and arrays by their contents and bounds, objects and scripts
// by their identity, numbers bit by bit but for 0 and -0. What a language takes
// for equal (1 and "1", Empty and "") is the language's own.
func Equal(a, b Value) bool {
	return equal(a, b, 0)
}

// maxDepth bounds arrays within arrays: one may hold itself.
const maxDepth = 64

func equal(a, b Value, depth int) bool {
	a, b = a.Deref(), b.Deref()
	if a.Kind() != b.Kind() || depth > maxDepth {
		return false
	}
	switch a.Kind() {
	case KindString:
		return equalText(a, b)
	case KindBytes:
		return bytes.Equal(a.Bytes(), b.Bytes())
	case KindArray:
		x, y := a.Array(), b.Array()
		return x == y || slices.Equal(x.bounds, y.bounds) &&
			slices.EqualFunc(x.elements, y.elements, func(a, b Value) bool { return equal(a, b, depth+1) })
	case KindObject, KindScript:
		return a.ref == b.ref
	case KindSingle, KindDouble, KindDate:
		return a.n == b.n || math.Float64frombits(a.n) == math.Float64frombits(b.n)
	}
	return a.n == b.n
}

// equalText compares UTF-16 units where a text may hold half a character.
func equalText(a, b Value) bool {
	s, t := a.Text(), b.Text()
	if s == nil || t == nil {
		x, _ := a.Str()
		y, _ := b.Str()
		return x == y
	}
	if s.Length() != t.Length() {
		return false
	}
	for i := range s.Length() {
		if s.CharAt(i) != t.CharAt(i) {
			return false
		}
	}
	return true
}
