package dialect

import "strings"

// Unclosed is the offset of the innermost bracket, template literal or comment that
// src never closes; -1 if there is none.
func Unclosed(src string) int {
	w, loose := survey(src)
	switch {
	case loose >= 0:
		return loose
	case len(w.frames) == 1:
		return -1
	}
	return w.top().open
}

// Misplaced is for a ; or a closing bracket at an offset of src that can't stand
// there. It is the offset of the bracket that would have to be closed before; -1
// when nothing opened the one that closes. ok is false where something else is
// wrong.
func Misplaced(src string, at int) (open int, ok bool) {
	if at < 0 || at >= len(src) {
		return 0, false
	}
	w, loose := survey(src[:at])
	if loose >= 0 {
		return 0, false
	}
	f := w.top()
	within := f.kind.bracket()
	switch closes := closing(src[at]); {
	case src[at] == ';':
		return f.open, !f.kind.statements() && f.kind != frameClass && f.kind != frameForHead
	case closes == noBracket || closes == within:
		return 0, false
	case f.kind == frameProgram, f.kind.statements() && closes != curly:
		return -1, true
	default:
		return f.open, true
	}
}

// closing is the kind of bracket that c closes.
func closing(c byte) bracket {
	switch c {
	case ')':
		return round
	case ']':
		return square
	case '}':
		return curly
	}
	return noBracket
}

// survey reads all of src for what stays open. What the text means is not asked.
// loose is where a template literal or a comment begins that has no end, or -1.
func survey(src string) (w *walker, loose int) {
	w = newWalker(src, Names{})
	for {
		behind := w.lexer.pos
		t := w.lexer.next(w.top().operand())
		switch {
		case t.kind == kindEOF:
			return w, looseComment(src, behind)
		case t.kind == kindTemplate && !t.open && !closedTemplate(src[t.start:t.end]):
			return w, t.start
		}
		w.read(t)
		w.err, w.edits, w.targets, w.illegal = nil, w.edits[:0], w.targets[:0], nil
	}
}

// closedTemplate says that the literal ends with the quote that it began with. One
// behind an odd number of backslashes is a character of it.
func closedTemplate(literal string) bool {
	inner, ok := strings.CutSuffix(literal, "`")
	if !ok || inner == "" {
		return false
	}
	return (len(inner)-len(strings.TrimRight(inner, `\`)))%2 == 0
}

// looseComment is where in the blank end of src a comment begins that has no end;
// -1 if none does.
func looseComment(src string, from int) int {
	for at := from; at < len(src); {
		switch rest := src[at:]; {
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return at
			}
			at += end + 4
		case strings.HasPrefix(rest, "//"):
			end := strings.IndexAny(rest, "\r\n")
			if end < 0 {
				return -1
			}
			at += end
		default:
			at++
		}
	}
	return -1
}
