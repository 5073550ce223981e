package page

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// place by counting, slowly: what source.position must agree with.
func countPosition(text string, offset int) (line, column int) {
	line, column = 1, 1
	for i := 0; i < offset; {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n', r == '\r' && !strings.HasPrefix(text[i+1:], "\n"):
			line, column = line+1, 1
		default:
			column++
		}
		i += n
	}
	return line, column
}

func TestSourcePosition(t *testing.T) {
	long := strings.Repeat("añ漢\U0001F600", 3*stride)
	for _, text := range []string{
		"", "a", "a\nb\r\nc\rd\n", "\n\n\r\r\n", "ä\u2028b\nü漢x\r\ny", long, "x\n" + long + "\r\n" + long, strings.Repeat("ab\n", stride),
	} {
		s := newSource("f", text)
		for i := 0; i <= len(text); i += 1 + len(text)/500 {
			if i < len(text) && !utf8.RuneStart(text[i]) || strings.HasPrefix(text[max(0, i-1):], "\r\n") && i > 0 {
				continue
			}
			p := s.position(i)
			if line, column := countPosition(text, i); p.Line != line || p.Column != column {
				t.Fatalf("%.20q at %d: %d:%d, want %d:%d", text, i, p.Line, p.Column, line, column)
			}
		}
	}
	s := newSource("f", "a\r\nbä\r\n")
	if p := s.position(6); p.Source != "bä" || p.Line != 2 || p.Column != 3 {
		t.Errorf("got %+v", p)
	}
	if p := s.position(5); p.Column != 2 {
		t.Errorf("inside a character: got %+v", p)
	}
	if a, b := s.position(-1), s.position(99); a.Line != 1 || a.Column != 1 || b.Line != 3 || b.Column != 1 {
		t.Errorf("outside the text: got %+v, %+v", a, b)
	}
}
