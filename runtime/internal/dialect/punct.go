package dialect

import "strings"

// punct reads the longest punctuator that begins with c.
func (l *lexer) punct(c byte) punct {
	switch c {
	case '(':
		return l.take(1, punctLParen)
	case ')':
		return l.take(1, punctRParen)
	case '[':
		return l.take(1, punctLBracket)
	case ']':
		return l.take(1, punctRBracket)
	case '{':
		return l.take(1, punctLBrace)
	case '}':
		return l.take(1, punctRBrace)
	case ',':
		return l.take(1, punctComma)
	case ';':
		return l.take(1, punctSemicolon)
	case ':':
		return l.take(1, punctColon)
	case '@':
		return l.take(1, punctAt)
	case '.':
		if l.at(1) == '.' && l.at(2) == '.' {
			return l.take(3, punctEllipsis)
		}
		return l.take(1, punctDot)
	case '?':
		return l.question()
	case '=', '!', '~':
		return l.equals(c)
	}
	return l.operator(c)
}

func (l *lexer) take(n int, p punct) punct {
	l.pos += n
	return p
}

func (l *lexer) question() punct {
	switch {
	case l.at(1) == '.' && !digit(l.at(2)):
		return l.take(2, punctOptional)
	case l.at(1) != '?':
		return l.take(1, punctQuestion)
	case l.at(2) == '=':
		return l.take(3, punctAssign)
	}
	return l.take(2, punctBinary)
}

// equals reads = == === => ! != !== ~.
func (l *lexer) equals(c byte) punct {
	switch {
	case c == '=' && l.at(1) == '>':
		return l.take(2, punctArrow)
	case c != '~' && l.at(1) == '=' && l.at(2) == '=':
		return l.take(3, punctBinary)
	case c != '~' && l.at(1) == '=':
		return l.take(2, punctBinary)
	case c == '=':
		return l.take(1, punctAssign)
	}
	return l.take(1, punctNot)
}

// operator reads + - * / % & | ^ < > with what may follow them: a repeated
// character and an equals sign.
func (l *lexer) operator(c byte) punct {
	if strings.IndexByte("+-*/%&|^<>", c) < 0 {
		return l.take(1, punctUnknown)
	}
	n := 1
	for n < repeats(c) && l.at(n) == c {
		n++
	}
	compare := (c == '<' || c == '>') && n == 1
	switch {
	case n == 2 && (c == '+' || c == '-'):
		return l.take(n, punctIncDec)
	case l.at(n) == '=' && compare:
		return l.take(n+1, punctBinary)
	case l.at(n) == '=':
		return l.take(n+1, punctAssign)
	case n == 1 && (c == '+' || c == '-'):
		return l.take(n, punctSign)
	case n == 1 && c == '*':
		return l.take(n, punctStar)
	}
	return l.take(n, punctBinary)
}

// repeats is how often c may stand in an operator.
func repeats(c byte) int {
	switch c {
	case '>':
		return 3
	case '/', '%', '^':
		return 1
	}
	return 2
}
