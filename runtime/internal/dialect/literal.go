package dialect

import "strings"

// This file reads the tokens whose inside has rules of its own. What ends too
// early ends at the line end or the end of the source, so that the rest of a
// broken source is still read; the parser reports the trouble.

// word reads an identifier, a keyword or the name after #.
func (l *lexer) word() {
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case wordByte(c):
			l.pos++
		case c == '\\':
			l.pos++
			if strings.HasPrefix(l.src[l.pos:], "u{") {
				l.codePoint()
			}
		case c >= 0x80:
			space, _, size := wideSpace(l.src[l.pos:])
			if space {
				return
			}
			l.pos += size
		default:
			return
		}
	}
}

// codePoint reads u{…} of an escape in a word.
func (l *lexer) codePoint() {
	l.pos += 2
	for hexDigit(l.at(0)) {
		l.pos++
	}
	if l.at(0) == '}' {
		l.pos++
	}
}

// number reads a numeric literal of any base with its BigInt suffix.
func (l *lexer) number() {
	switch {
	case l.at(0) == '0' && strings.IndexByte("xXoObB", l.at(1)) >= 0 && l.at(1) != 0:
		for wordByte(l.at(0)) {
			l.pos++
		}
		return
	case l.at(0) == '0' && digit(l.at(1)) && l.octal():
		return
	}
	l.digits()
	if l.at(0) == '.' {
		l.pos++
		l.digits()
	}
	if c := l.at(0); c == 'e' || c == 'E' {
		n := 1
		if s := l.at(1); s == '+' || s == '-' {
			n = 2
		}
		if digit(l.at(n)) {
			l.pos += n
			l.digits()
		}
	}
	if l.at(0) == 'n' {
		l.pos++
	}
}

// octal reads a number like 017, which takes no fraction: 017.x is a member.
// It reads nothing when an 8 or a 9 makes the number a decimal one.
func (l *lexer) octal() bool {
	n := 0
	for digit(l.at(n)) {
		if l.at(n) > '7' {
			return false
		}
		n++
	}
	l.pos += n
	return true
}

// decimal hides the zeros before a number like 08. It is 8 in sloppy code
// (ECMA-262 12.9.3, NonOctalDecimalIntegerLiteral), and nothing to the parser.
func (w *walker) decimal(t token) {
	text := w.src[t.start:t.end]
	zeros := len(text) - len(strings.TrimLeft(text, "0"))
	end := zeros
	for end < len(text) && digit(text[end]) {
		end++
	}
	if zeros > 0 && strings.ContainsAny(text[zeros:end], "89") {
		w.edits = append(w.edits, Edit{Offset: t.start, Len: zeros, Text: strings.Repeat(" ", zeros)})
	}
}

func (l *lexer) digits() {
	for c := l.at(0); digit(c) || c == '_'; c = l.at(0) {
		l.pos++
	}
}

// str reads a string literal in the given quotes. A backslash hides the
// character after it, a line end included.
func (l *lexer) str(quote byte) {
	for l.pos++; l.pos < len(l.src); l.pos++ {
		switch l.src[l.pos] {
		case quote:
			l.pos++
			return
		case '\\':
			if l.at(1) == '\r' && l.at(2) == '\n' {
				l.pos++
			}
			l.pos++
		case '\n', '\r':
			return
		}
	}
	l.pos = len(l.src) // a backslash was the last byte
}

// template reads the characters of a template literal and reports whether
// they end with ${ rather than with the backquote.
func (l *lexer) template() (open bool) {
	for ; l.pos < len(l.src); l.pos++ {
		switch l.src[l.pos] {
		case '`':
			l.pos++
			return false
		case '\\':
			l.pos++
		case '$':
			if l.at(1) == '{' {
				l.pos += 2
				return true
			}
		}
	}
	l.pos = len(l.src)
	return false
}

// regexp reads a regular expression literal and its flags. A slash in a class
// such as [/] does not end it. A word right after it that can only be an
// operator is not taken for flags.
func (l *lexer) regexp() {
	class := false
	for l.pos++; l.pos < len(l.src) && !lineEnd(l.src, l.pos); l.pos++ {
		switch l.src[l.pos] {
		case '\\':
			if l.pos+1 < len(l.src) && !lineEnd(l.src, l.pos+1) {
				l.pos++
			}
		case '[':
			class = true
		case ']':
			class = false
		case '/':
			if class {
				continue
			}
			l.pos++
			if classify(l.peekWord(l.pos)) != wordInfix {
				l.word()
			}
			return
		}
	}
}
