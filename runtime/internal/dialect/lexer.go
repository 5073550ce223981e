package dialect

import "strings"

// lexer cuts a source into tokens. It cannot decide alone whether a slash
// begins a regular expression or divides, nor whether a closing brace goes on
// with a template literal: the walker, which knows, asks for the one or the
// other. It visits each byte a bounded number of times and always advances.
type lexer struct {
	src     string
	pos     int
	newline bool // a line ended since the last token, or none came yet
	work    int  // bytes looked at, for the test that keeps this linear

	// comment is called for each HTML-like comment mark, which the caller
	// may have to hide from the parser.
	comment func(start, end int)
}

// next returns the next token. operand says that an operand may begin here,
// so that a slash begins a regular expression.
func (l *lexer) next(operand bool) token {
	began := l.pos
	l.blank(operand)
	t := token{kind: kindPunct, newline: l.newline, start: l.pos}
	l.newline = false
	if l.pos >= len(l.src) {
		t.kind, t.end = kindEOF, l.pos
		return t
	}
	switch c := l.src[l.pos]; {
	case digit(c) || c == '.' && digit(l.at(1)):
		t.kind = kindNumber
		l.number()
	case wordByte(c) || c >= 0x80 || c == '\\':
		t.kind = kindWord
		l.word()
		t.word = classify(l.src[t.start:l.pos])
	case c == '"' || c == '\'':
		t.kind = kindString
		l.str(c)
	case c == '`':
		t.kind = kindTemplate
		l.pos++
		t.open = l.template()
	case c == '/' && operand:
		t.kind = kindRegExp
		l.regexp()
	case c == '#' && l.at(1) != 0:
		t.kind = kindPrivate
		l.pos++
		l.word()
	default:
		t.punct = l.punct(c)
	}
	t.end = l.pos
	l.work += l.pos - began
	return t
}

// at returns the byte n places ahead, or 0 past the end.
func (l *lexer) at(n int) byte {
	if l.pos+n < len(l.src) {
		return l.src[l.pos+n]
	}
	return 0
}

// blank skips white space and comments and notes line ends.
func (l *lexer) blank(operand bool) {
	if l.pos == 0 {
		l.newline = true
		if strings.HasPrefix(l.src, "#!") {
			l.line()
		}
	}
	for l.pos < len(l.src) {
		switch c := l.src[l.pos]; {
		case c == ' ' || c == '\t' || c == '\v' || c == '\f':
			l.pos++
		case c == '\n' || c == '\r':
			l.newline = true
			l.pos++
		case c == '/' && l.at(1) == '/':
			l.line()
		case c == '/' && l.at(1) == '*':
			l.block()
		case c == '<' && (l.newline || operand) && strings.HasPrefix(l.src[l.pos:], "<!--"):
			l.html(4)
		case c == '-' && l.newline && strings.HasPrefix(l.src[l.pos:], "-->"):
			l.html(3)
		case c >= 0x80:
			space, newline, size := wideSpace(l.src[l.pos:])
			if !space {
				return
			}
			l.newline = l.newline || newline
			l.pos += size
		default:
			return
		}
	}
}

// html skips an HTML-like comment, which ends where its line does.
func (l *lexer) html(mark int) {
	if l.comment != nil {
		l.comment(l.pos, l.pos+mark)
	}
	l.line()
}

// line skips the rest of the line, but not its end.
func (l *lexer) line() {
	for l.pos < len(l.src) && !lineEnd(l.src, l.pos) {
		l.pos++
	}
}

// block skips a comment in /* */. One with a line end in it counts as a line end.
func (l *lexer) block() {
	body := l.src[l.pos+2:]
	if n := strings.Index(body, "*/"); n >= 0 {
		body = body[:n]
		l.pos += n + 4
	} else {
		l.pos = len(l.src)
	}
	for i := 0; i < len(body) && !l.newline; i++ {
		l.newline = lineEnd(body, i)
	}
}

// peek returns the offset of the next token and whether a line ends before
// it, without advancing. Comments in HTML style are not looked for.
func (l *lexer) peek() (offset int, newline bool) {
	ahead := lexer{src: l.src, pos: l.pos}
	ahead.blank(false)
	l.work += ahead.pos - l.pos
	return ahead.pos, ahead.newline
}

// peekWord returns the word at the given offset, or "".
func (l *lexer) peekWord(offset int) string {
	ahead := lexer{src: l.src, pos: offset}
	if c := ahead.at(0); digit(c) || c != '\\' && c < 0x80 && !wordByte(c) {
		return ""
	}
	ahead.word()
	l.work += ahead.pos - offset
	return ahead.src[offset:ahead.pos]
}
