package codepage

import (
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

func itoa(n int) string { return strconv.Itoa(n) }

func decodeTable(t *charmap.Charmap, b []byte) (string, bool) {
	var out strings.Builder
	out.Grow(len(b) + len(b)/2)
	ok := true
	for _, c := range b {
		r := t.DecodeByte(c)
		if r == utf8.RuneError && isControl(rune(c)) {
			r = rune(c)
		}
		ok = ok && r != utf8.RuneError
		out.WriteRune(r)
	}
	return out.String(), ok
}

func encodeTable(t *charmap.Charmap, dst []byte, s string) []byte {
	for _, r := range s {
		b, ok := t.EncodeRune(r)
		switch {
		case ok:
		case isControl(r) && t.DecodeByte(byte(r)) == utf8.RuneError:
			b = byte(r)
		default:
			b = '?'
		}
		dst = append(dst, b)
	}
	return dst
}

// isControl says whether r is one of the controls U+0080 to U+009F. In Windows and in browsers a byte of that range
// without a letter stands for the control of its own number (WHATWG Encoding, indexes of single-byte encodings); the
// tables of x/text leave it out.
func isControl(r rune) bool { return 0x80 <= r && r <= 0x9F }

// decodeASCII is asked only for bytes that are not all ASCII.
func decodeASCII(b []byte) (string, bool) {
	var out strings.Builder
	for _, c := range b {
		if c < utf8.RuneSelf {
			out.WriteByte(c)
		} else {
			out.WriteRune(utf8.RuneError)
		}
	}
	return out.String(), false
}

func encodeUnmapped(dst []byte, s string) []byte {
	for range s {
		dst = append(dst, '?')
	}
	return dst
}

// decodeMulti reads a double-byte encoding. None of them can write U+FFFD, except GB18030, where a page that does
// is merely called undecodable.
func decodeMulti(e encoding.Encoding, b []byte) (string, bool) {
	out, err := e.NewDecoder().Bytes(b)
	s := string(out)
	return s, err == nil && !strings.ContainsRune(s, utf8.RuneError)
}

func encodeMulti(e encoding.Encoding, dst []byte, s string) []byte {
	t := e.NewEncoder().Transformer
	src := []byte(s)
	for len(src) > 0 {
		if cap(dst)-len(dst) < 8 {
			dst = append(dst, make([]byte, 8+len(src))...)[:len(dst)]
		}
		nDst, nSrc, err := t.Transform(dst[len(dst):cap(dst)], src, true)
		dst = dst[:len(dst)+nDst]
		src = src[nSrc:]
		switch {
		case err == nil || errors.Is(err, transform.ErrShortDst):
		default: // a character without bytes here, or bytes that are no UTF-8
			_, n := utf8.DecodeRune(src)
			dst = append(dst, '?')
			src = src[n:]
		}
	}
	return dst
}

func decodeUTF16(b []byte, bigEndian bool) (string, bool) {
	var order binary.ByteOrder = binary.LittleEndian
	if bigEndian {
		order = binary.BigEndian
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	runes := utf16.Decode(units)
	ok := len(b)%2 == 0
	for _, r := range runes {
		ok = ok && r != utf8.RuneError
	}
	if len(b)%2 != 0 {
		runes = append(runes, utf8.RuneError)
	}
	return string(runes), ok
}

func encodeUTF16(dst []byte, s string, bigEndian bool) []byte {
	var units [2]uint16
	for _, r := range s {
		for _, u := range utf16.AppendRune(units[:0], r) {
			if bigEndian {
				dst = binary.BigEndian.AppendUint16(dst, u)
			} else {
				dst = binary.LittleEndian.AppendUint16(dst, u)
			}
		}
	}
	return dst
}
