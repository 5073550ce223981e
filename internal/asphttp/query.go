package asphttp

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/najahost/naja/internal/codepage"
)

// ParseQuery reads a query string or an urlencoded form by ASP's rules, which are not those of net/url: pairs end at
// '&' alone (in "a=1;b=2" a has the value "1;b=2"), '+' is a blank, %XX is a byte of the code page, %uXXXX a UTF-16
// unit as escape() writes it, and a '%' that begins neither stays as it is. A name without '=' has the value "". Empty
// pieces between two '&' are nothing. A nil code page is UTF-8.
//
// Past a limit it returns what was read so far and a *LimitError.
func ParseQuery(raw string, cp *codepage.CodePage, limits FormLimits) (*Values, error) {
	v := &Values{raw: raw}
	return v, v.parseQuery(cp, limits)
}

// parseQuery reads raw into v.
func (v *Values) parseQuery(cp *codepage.CodePage, limits FormLimits) error {
	v.expect(limits.clampFields(strings.Count(v.raw, "&") + 1))
	fields := 0
	for rest := v.raw; rest != ""; {
		var pair string
		pair, rest, _ = strings.Cut(rest, "&")
		if pair == "" {
			continue
		}
		if fields++; limits.tooMany(fields) {
			return limits.fieldsError()
		}
		name, value, _ := strings.Cut(pair, "=")
		if limits.tooLong(len(value)) {
			return limits.sizeError()
		}
		v.add(unescape(name, cp), unescape(value, cp))
	}
	return nil
}

// unescape decodes one name or value.
func unescape(s string, cp *codepage.CodePage) string {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return cp.DecodeString(s)
	}
	var out []byte                 // decoded text, once there is a %u
	raw := make([]byte, 0, len(s)) // bytes of the code page since then
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '+':
			raw = append(raw, ' ')
			i++
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			raw = append(raw, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 3
		case c == '%' && isUnit(s[i:]):
			r, n := decodeUnits(s[i:])
			text, _ := cp.Decode(raw)
			out = utf8.AppendRune(append(out, text...), r)
			raw = raw[:0]
			i += n
		default:
			raw = append(raw, c)
			i++
		}
	}
	text, _ := cp.Decode(raw)
	if out == nil {
		return text
	}
	return string(append(out, text...))
}

// isUnit says whether s begins with %uXXXX.
func isUnit(s string) bool {
	return len(s) >= 6 && s[0] == '%' && (s[1] == 'u' || s[1] == 'U') && isHex(s[2]) && isHex(s[3]) && isHex(s[4]) && isHex(s[5])
}

func unitAt(s string) rune {
	return rune(unhex(s[2]))<<12 | rune(unhex(s[3]))<<8 | rune(unhex(s[4]))<<4 | rune(unhex(s[5]))
}

// decodeUnits reads one character of one or two %uXXXX. Half a character is U+FFFD.
func decodeUnits(s string) (r rune, n int) {
	r = unitAt(s)
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if isUnit(s[6:]) {
		if pair := utf16.DecodeRune(r, unitAt(s[6:])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return utf8.RuneError, 6
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	}
	return c - 'A' + 10
}
