package dialect

// Comparisons finds the right operands of < <= > >= instanceof and in: by the
// offset at which one begins, without its opening parentheses, how many
// brackets are open where its operator stands. It takes time linear in the
// length of src, and reads what no parser would as well as it can.
func Comparisons(src string) map[int]int {
	w := newWalker(src, Names{})
	operands := map[int]int{}
	depth := -1 // of the operator that an operand is awaited for
	for {
		open := len(w.frames)
		t := w.lexer.next(w.top().operand())
		if t.kind == kindEOF {
			return operands
		}
		w.read(t)
		w.err, w.edits, w.targets, w.illegal = nil, w.edits[:0], w.targets[:0], nil // what the text means is not asked here
		switch text := src[t.start:t.end]; {
		case comparison(text):
			depth = open
		case depth >= 0 && text != "(":
			operands[t.start] = depth
			depth = -1
		}
	}
}

// comparison says whether a token is an operator that compares, equality aside.
func comparison(token string) bool {
	switch token {
	case "<", "<=", ">", ">=", "instanceof", "in":
		return true
	}
	return false
}
