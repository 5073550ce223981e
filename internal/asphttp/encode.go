package asphttp

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/najahost/naja/internal/codepage"
)

const upperHex = "0123456789ABCDEF"

// HTMLEncode is Server.HTMLEncode: & < > and " become references, the single quote doesn't. For a single-byte code
// page the characters beyond ASCII become numeric references too, so that none is lost; for UTF-8 and the multi-byte
// ones they stay. A nil code page is UTF-8. Text without any of them is returned as it is.
func HTMLEncode(s string, cp *codepage.CodePage) string {
	numeric := cp.SingleByte() && !isASCII(s)
	if !numeric && !strings.ContainsAny(s, `&<>"`) {
		return s
	}
	dst := make([]byte, 0, len(s)+len(s)/4+16)
	for i := 0; i < len(s); {
		if numeric && s[i] >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			dst = append(strconv.AppendInt(append(dst, "&#"...), int64(r), 10), ';')
			i += n
			continue
		}
		switch c := s[i]; c {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '"':
			dst = append(dst, "&quot;"...)
		default:
			dst = append(dst, c)
		}
		i++
	}
	return string(dst)
}

// URLEncode is Server.URLEncode: letters and digits stay, a blank becomes '+', everything else the %XX of its bytes
// in the code page. A nil code page is UTF-8.
func URLEncode(s string, cp *codepage.CodePage) string {
	plain := true
	for i := 0; i < len(s) && plain; i++ {
		plain = isAlnum(s[i])
	}
	if plain {
		return s
	}
	return string(appendURLEncoded(nil, s, cp))
}

func appendURLEncoded(dst []byte, s string, cp *codepage.CodePage) []byte {
	if !cp.IsUTF8() && !isASCII(s) {
		s = string(cp.Encode(nil, s))
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isAlnum(c):
			dst = append(dst, c)
		case c == ' ':
			dst = append(dst, '+')
		default:
			dst = appendEscaped(dst, c)
		}
	}
	return dst
}

// URLPathEncode is Server.URLPathEncode: it makes a path safe to stand in a URL. Letters, digits and the marks a path
// may contain stay, everything else becomes %XX, a blank %20. Characters are written in UTF-8 whatever the page's code
// page is, since a path is read as UTF-8 when it comes back. What follows a '?' is left alone.
func URLPathEncode(s string) string {
	path, query, hasQuery := strings.Cut(s, "?")
	dst := make([]byte, 0, len(s)+16)
	for i := 0; i < len(path); i++ {
		c := path[i]
		if isAlnum(c) || strings.IndexByte("/-_.!~*'():@&=+$,;", c) >= 0 {
			dst = append(dst, c)
		} else {
			dst = appendEscaped(dst, c)
		}
	}
	if hasQuery {
		dst = append(append(dst, '?'), query...)
	}
	return string(dst)
}

// encodeLocation makes a redirect's target safe to stand in a header: what is escaped already stays, as does all
// that a URL may contain; blanks, quotes, angle brackets and everything beyond ASCII are escaped.
func encodeLocation(url string) string {
	dst := make([]byte, 0, len(url)+16)
	for i := 0; i < len(url); i++ {
		c := url[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>`{|}^", c) >= 0 {
			dst = appendEscaped(dst, c)
		} else {
			dst = append(dst, c)
		}
	}
	return string(dst)
}

func appendEscaped(dst []byte, c byte) []byte {
	return append(dst, '%', upperHex[c>>4], upperHex[c&15])
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
