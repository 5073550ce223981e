// Package codepage decodes and encodes text in the Windows code pages that ASP pages name by number.
//
// A [CodePage] is immutable and safe for any goroutine. A nil *CodePage is UTF-8, so that the zero value of a
// configuration is the modern one.
package codepage

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// CodePage is one way to write text as bytes. Exactly one of table and multi is set for the older encodings;
// UTF-8, ASCII and the two UTF-16 have neither.
type CodePage struct {
	number   int
	charset  string
	htmlType string // "text/html; charset=…": made once, used by nearly every response
	table    *charmap.Charmap
	multi    encoding.Encoding
}

// UTF8 is code page 65001, the default.
var UTF8 = newCodePage(utf8Number, "utf-8", nil, nil)

const (
	utf8Number    = 65001
	asciiNumber   = 20127
	utf16LENumber = 1200
	utf16BENumber = 1201
)

func newCodePage(number int, charset string, table *charmap.Charmap, multi encoding.Encoding) *CodePage {
	return &CodePage{number: number, charset: charset, htmlType: "text/html; charset=" + charset, table: table, multi: multi}
}

func (c *CodePage) orUTF8() *CodePage {
	if c == nil {
		return UTF8
	}
	return c
}

// Number is the Windows number: 65001, 1252, 932.
func (c *CodePage) Number() int { return c.orUTF8().number }

// Charset is the name a browser understands: "utf-8", "windows-1252", "shift_jis".
func (c *CodePage) Charset() string { return c.orUTF8().charset }

// HTMLContentType is "text/html; charset=" and the charset's name.
func (c *CodePage) HTMLContentType() string { return c.orUTF8().htmlType }

// IsUTF8 says whether Go strings are written as they are.
func (c *CodePage) IsUTF8() bool { return c.orUTF8().number == utf8Number }

// SingleByte says whether every character is one byte. Server.HTMLEncode writes characters beyond ASCII as numbers
// for these.
func (c *CodePage) SingleByte() bool {
	c = c.orUTF8()
	return c.table != nil || c.number == asciiNumber
}

// ASCIICompatible says whether ASCII text is written as the same bytes. UTF-16 is not: files may be written in it,
// responses may not.
func (c *CodePage) ASCIICompatible() bool {
	n := c.orUTF8().number
	return n != utf16LENumber && n != utf16BENumber
}

// String names the code page for messages: "1252 (windows-1252)".
func (c *CodePage) String() string {
	c = c.orUTF8()
	return itoa(c.number) + " (" + c.charset + ")"
}

// Decode reads b. ok is false when some bytes are no text in this code page; each such place is U+FFFD in the result.
func (c *CodePage) Decode(b []byte) (s string, ok bool) {
	c = c.orUTF8()
	if c.ASCIICompatible() && isASCII(b) {
		return string(b), true
	}
	switch {
	case c.number == utf8Number:
		if utf8.Valid(b) {
			return string(b), true
		}
		return strings.ToValidUTF8(string(b), "\uFFFD"), false
	case c.table != nil:
		return decodeTable(c.table, b)
	case c.multi != nil:
		return decodeMulti(c.multi, b)
	case c.number == asciiNumber:
		return decodeASCII(b)
	}
	return decodeUTF16(b, c.number == utf16BENumber)
}

// DecodeString is Decode for bytes that stand in a string, as those of a URL do. Text that needs no change is
// returned as it is, without a copy.
func (c *CodePage) DecodeString(s string) string {
	if c.ASCIICompatible() && isASCII(s) || c.IsUTF8() && utf8.ValidString(s) {
		return s
	}
	out, _ := c.Decode([]byte(s))
	return out
}

// Encode appends s to dst. A character the code page doesn't have becomes '?', in every code page: unlike a numeric
// reference that is harmless in HTML, in scripts and in headers alike. Server.HTMLEncode is the way to references.
func (c *CodePage) Encode(dst []byte, s string) []byte {
	c = c.orUTF8()
	switch {
	case c.number == utf8Number:
		return append(dst, s...)
	case !c.ASCIICompatible():
		return encodeUTF16(dst, s, c.number == utf16BENumber)
	}
	for {
		n := asciiPrefix(s)
		dst = append(dst, s[:n]...)
		if s = s[n:]; s == "" {
			return dst
		}
		n = otherPrefix(s)
		switch {
		case c.table != nil:
			dst = encodeTable(c.table, dst, s[:n])
		case c.multi != nil:
			dst = encodeMulti(c.multi, dst, s[:n])
		default:
			dst = encodeUnmapped(dst, s[:n])
		}
		s = s[n:]
	}
}

func isASCII[T string | []byte](s T) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// asciiPrefix counts the leading ASCII bytes of s.
func asciiPrefix(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return i
		}
	}
	return len(s)
}

// otherPrefix counts the leading bytes of s that are not ASCII.
func otherPrefix(s string) int {
	for i := 0; i < len(s); i++ {
		if s[i] < utf8.RuneSelf {
			return i
		}
	}
	return len(s)
}
