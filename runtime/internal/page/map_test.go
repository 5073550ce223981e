package page

import (
	"math/rand/v2"
	"regexp"
	"sort"
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

func TestLines(t *testing.T) {
	text := "a\nb\r\nc\rd\u2028e\u2029f\u2027g\n"
	l := NewLines(text)
	for _, tt := range []struct {
		line, column int
		want         string // what follows
	}{
		{1, 1, "a\n"}, {2, 1, "b\r\n"}, {3, 1, "c\r"}, {4, 1, "d"}, {5, 1, "e"}, {6, 1, "f"}, {6, 5, "g"}, {7, 1, ""},
		{0, 5, "a\n"}, {8, 1, ""}, {1, 0, "a\n"}, {1, 2, "\nb"}, {2, 99, "\nc"}, {7, 9, ""},
	} {
		got := text[l.Offset(tt.line, tt.column):]
		if !strings.HasPrefix(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%d:%d is before %q, want %q", tt.line, tt.column, got, tt.want)
		}
	}
}

// TestMapThroughIncludes finds each mark (m01 …) of the pages by its place in
// the program.
func TestMapThroughIncludes(t *testing.T) {
	pages := files{
		"page.asp": "<%@ language=jscript %>\r\nfür\r\n<% m01;\r\n\tä(m02) %> <!--#include file=\"inc/a.inc\"-->\r<%= m03\n+ m04 // x %>é" +
			"<%:m05%><% <!--#include file=inc/b.inc--> m06 %><script runat=server>\n m07 </script>",
		"inc/a.inc": "\n\n漢<% if (m08) { %>\n <!--#include file=\"c.inc\"-->x<% } m09 %>",
		"inc/b.inc": "m10;\n// ü\u2028 m11\n",
		"inc/c.inc": "c\r\r\n<%m12%><script runat=server src=d.js></script>",
		"inc/d.js":  "\n\"\u2029\"; m13",
	}
	u := build(t, pages)
	marks := regexp.MustCompile(`m\d\d`)
	found := 0
	for name, text := range pages {
		for _, at := range marks.FindAllStringIndex(text, -1) {
			found++
			mark := text[at[0]:at[1]]
			line, column := countPosition(text, at[0])
			offset := strings.Index(u.Script, mark)
			jsLine, jsColumn := engineLine(u.Script[:offset])
			for _, p := range []Position{u.Map.Position(offset), u.Map.PositionAt(jsLine, jsColumn)} {
				if p.File != name || p.Line != line || p.Column != column || !strings.Contains(p.Source, mark) {
					t.Errorf("%s: %+v, want %s:%d:%d", mark, p, name, line, column)
				}
			}
		}
	}
	if found != 13 {
		t.Errorf("%d marks found", found)
	}
	checkMap(t, u, pages)
}

// engineLine is the engine's line and column of the place behind text.
func engineLine(text string) (line, column int) {
	text = strings.ReplaceAll(text, "\r\n", "_\n")
	text = strings.NewReplacer("\r", "\n", "\u2028", "__\n", "\u2029", "__\n").Replace(text)
	return strings.Count(text, "\n") + 1, len(text) - strings.LastIndex(text, "\n")
}

// TestGenerated checks which place an error in generated text is blamed on.
func TestGenerated(t *testing.T) {
	page := "a\n<%= %>\n <% if (x %>\n<p>\n</p>\n<% } %>\n\n"
	u := build(t, files{"page.asp": page})
	for _, tt := range []struct {
		before string // what the error is at
		line   int
		column int
	}{
		{"W(0)", 1, 1}, {"E((", 2, 1}, {"));", 2, 5}, {"W(2)", 3, 13}, {"W(3)", 6, 8},
	} {
		p := u.Map.Position(strings.Index(u.Script, tt.before))
		if p.Line != tt.line || p.Column != tt.column {
			t.Errorf("%s is at %+v, want %d:%d", tt.before, p, tt.line, tt.column)
		}
	}
	if p := u.Map.Position(len(u.Script)); p.Line != 6 || p.Column != 6 {
		t.Errorf("the end is at %+v", p)
	}
	if a, b := u.Map.Position(-1), u.Map.Position(1<<30); a.Line != 1 || b.Line != 6 {
		t.Errorf("outside the program: %+v, %+v", a, b)
	}
}

// checkMap checks what every map keeps to: its runs are in order and inside of
// program and sources, and copied script is where the map says that it came
// from.
func checkMap(t *testing.T, u *Unit, pages files) {
	t.Helper()
	m := u.Map
	if len(m.runs) == 0 || m.runs[0].out != 0 {
		t.Fatalf("map doesn't begin at the start: %v", m.runs)
	}
	if !sort.SliceIsSorted(m.runs, func(i, j int) bool { return m.runs[i].out < m.runs[j].out }) {
		t.Error("runs are out of order")
	}
	for i, r := range m.runs {
		end := len(u.Script)
		if i+1 < len(m.runs) {
			end = int(m.runs[i+1].out)
		}
		src := m.sources[r.where>>1]
		if int(r.out) > end || end > len(u.Script) || int(r.pos) > len(src.text) {
			t.Fatalf("run %d lies outside: %+v", i, r)
		}
		if src.text != pages[src.name] {
			t.Errorf("source of %s is another text", src.name)
		}
		if r.where&1 == 1 {
			continue
		}
		n := end - int(r.out)
		if int(r.pos)+n > len(src.text) {
			t.Fatalf("run %d lies outside of its source: %+v", i, r)
		}
		from := src.text[r.pos : int(r.pos)+n]
		from = strings.NewReplacer("<!--", "//--", "-->", "//>").Replace(from)
		got := strings.NewReplacer("<!--", "//--", "-->", "//>").Replace(u.Script[r.out:end])
		if got != from {
			t.Errorf("run %d is %q, came from %q", i, got, from)
		}
	}
	for range 20 {
		offset := rand.IntN(len(u.Script) + 1)
		if p := m.Position(offset); p.Line < 1 || p.Column < 1 {
			t.Errorf("offset %d is at %+v", offset, p)
		}
	}
}
