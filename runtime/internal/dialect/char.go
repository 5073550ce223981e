package dialect

import (
	"unicode"
	"unicode/utf8"
)

// Characters outside ASCII are white space, a line end, or part of a word.
// That a few of them may not occur in an identifier is the parser's business.

// wordByte reports whether c, an ASCII byte, may continue a word, or may
// begin one when it is no digit.
func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '$'
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func hexDigit(c byte) bool {
	return digit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// wideSpace decodes the character at the start of s, which is not ASCII.
func wideSpace(s string) (space, newline bool, size int) {
	r, size := utf8.DecodeRuneInString(s)
	switch r {
	case '\u2028', '\u2029':
		return true, true, size
	case '\ufeff':
		return true, false, size
	}
	// Like the parser, count U+0085 as white space that ends no line.
	return unicode.IsSpace(r), false, size
}

// lineEnd reports whether a line ends at s[i], an index below len(s).
func lineEnd(s string, i int) bool {
	switch s[i] {
	case '\n', '\r':
		return true
	case 0xe2: // the first byte of U+2028 and U+2029
		return i+2 < len(s) && s[i+1] == 0x80 && s[i+2]&^1 == 0xa8
	}
	return false
}
