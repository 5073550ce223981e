package dialect

import (
	"slices"
	"sort"
	"strings"
)

// Edit is one change of the source: Len bytes at Offset gave way to Text.
type Edit struct {
	Offset int    // byte offset in the original
	Len    int    // bytes of the original removed, 0 for an insertion
	Text   string // what stands there now; never has a line end
}

// Span is a range of bytes of the original, End not included.
type Span struct {
	Start, End int
}

// Result is a rewritten source. It is immutable; any goroutine may use it.
type Result struct {
	// Text is the rewritten source: the original itself when nothing changed.
	Text string
	// Edits lists every change in the order of the source.
	Edits []Edit
	// Targets are the calls that were assigned to, callee to closing
	// parenthesis, in the order in which they end.
	Targets []Span
	// Illegal are the texts and numbers that were assigned to.
	Illegal []Span
	// TopLevelAwait is what [HasTopLevelAwait] says of the original.
	TopLevelAwait bool

	starts []int // starts[i] is where Edits[i].Text begins in Text
	length int   // of the original
}

// Apply makes the result of edits that didn't come from [Rewrite]: changes of
// src that don't overlap and hold no line end. It takes ownership of the slice.
func Apply(src string, edits []Edit) *Result { return newResult(src, edits) }

// newResult applies the edits to src. It takes ownership of the slice.
func newResult(src string, edits []Edit) *Result {
	r := &Result{Text: src, length: len(src)}
	if len(edits) == 0 {
		return r
	}
	// Inner targets are complete before outer ones, so edits come out of
	// order. Of two at one offset the insertion stands first.
	slices.SortStableFunc(edits, func(a, b Edit) int {
		if a.Offset != b.Offset {
			return a.Offset - b.Offset
		}
		return a.Len - b.Len
	})
	grown := 0
	for _, e := range edits {
		grown += len(e.Text) - e.Len
	}
	var out strings.Builder
	out.Grow(len(src) + grown)
	r.starts = make([]int, len(edits))
	at := 0
	for i, e := range edits {
		out.WriteString(src[at:e.Offset])
		r.starts[i] = out.Len()
		out.WriteString(e.Text)
		at = e.Offset + e.Len
	}
	out.WriteString(src[at:])
	r.Text, r.Edits = out.String(), edits
	return r
}

// OriginalOffset maps a byte offset in Text to the original. An offset inside
// inserted text maps to the place of the insertion, one inside a replacement
// to the replaced bytes. Offsets outside Text map to the nearest end. It
// takes O(log n) for n edits and never decreases when out increases.
func (r *Result) OriginalOffset(out int) int {
	if out < 0 {
		return 0
	}
	i := sort.SearchInts(r.starts, out+1) - 1
	if i < 0 {
		return min(out, r.length)
	}
	e, past := r.Edits[i], out-r.starts[i]
	if past < len(e.Text) {
		return e.Offset + min(past, max(e.Len-1, 0))
	}
	return min(e.Offset+e.Len+past-len(e.Text), r.length)
}
