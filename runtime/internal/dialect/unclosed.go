package dialect

// Unclosed is the offset of the innermost bracket that src never closes, of a
// template literal the place of its ${; -1 if there is none.
func Unclosed(src string) int {
	w := newWalker(src, Names{})
	for {
		t := w.lexer.next(w.top().operand())
		if t.kind == kindEOF {
			break
		}
		w.read(t)
		w.err, w.edits, w.targets, w.illegal = nil, w.edits[:0], w.targets[:0], nil // what the text means is not asked here
	}
	if len(w.frames) == 1 {
		return -1
	}
	return w.top().open
}
