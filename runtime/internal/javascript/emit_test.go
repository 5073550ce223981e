package javascript

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/language"
	"github.com/najahost/naja/runtime/internal/page"
)

// files is a Loader over texts.
type files map[string]string

func (f files) Load(name string) (string, error) {
	text, ok := f[name]
	if !ok {
		return "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return text, nil
}

// program is a page's program text.
type program struct {
	*page.Unit
	script string
	back   *Map
}

func (p *program) position(offset int) language.Position { return p.Page.Position(p.back.Pos(offset)) }

func buildWith(f files, global bool) (*program, error) {
	u, err := page.Build("page.asp", f, page.Options{Language: "JavaScript", Speaks: func(string) string { return "all" }, MountPath: "/shop", Global: global})
	if err != nil {
		return nil, err
	}
	p := &program{Unit: u}
	p.script, p.back = Write(&u.Page, Names{Text: "W", Value: "E", Encoded: "H"})
	return p, nil
}

func build(t testing.TB, f files) *program {
	t.Helper()
	p, err := buildWith(f, false)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPrograms compares the program texts of testdata/programs.asp with their
// file "want".
func TestPrograms(t *testing.T) {
	paths, _ := filepath.Glob("testdata/program*.asp")
	if len(paths) == 0 {
		t.Fatal("no test files")
	}
	for _, path := range paths {
		for _, c := range asptest.Read(t, path) {
			t.Run(c.Name, func(t *testing.T) {
				want := strings.TrimSuffix(c.Files["want"], "\n")
				delete(c.Files, "want")
				c.Files["page.asp"] = strings.TrimSuffix(c.Files["page.asp"], "\n")
				p, err := buildWith(files(c.Files), strings.Contains(c.Name, "[global]"))
				if err != nil {
					t.Fatalf("%s:%d: %v", path, c.Line, err)
				}
				if got := describe(p); got != want {
					t.Errorf("%s:%d:\n--- got\n%s\n--- want\n%s", path, c.Line, got, want)
				}
				checkMap(t, p)
			})
		}
	}
}

// describe is a program text with its texts behind it.
func describe(p *program) string {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(p.script, "\n"))
	for i, text := range p.Texts {
		fmt.Fprintf(&b, "\n%d %q", i, text)
	}
	return b.String()
}

// checkMap checks what every map keeps to: its runs are in order, all script is
// copied, in order, and leads back to where it stands in the page.
func checkMap(t *testing.T, p *program) {
	t.Helper()
	at := uint32(0)
	for i, r := range p.back.runs {
		if i == 0 && r.out != 0 || r.out < at || int(r.out) > len(p.script) {
			t.Fatalf("run %d is at %d behind %d of %d", i, r.out, at, len(p.script))
		}
		at = r.out
	}
	plain := strings.NewReplacer("<!--", "//--", "-->", "//>")
	next := 0
	for _, b := range p.Page.Blocks {
		for _, piece := range b.Pieces {
			for next < len(p.back.runs) && p.back.runs[next].generated {
				next++
			}
			if next == len(p.back.runs) {
				t.Fatalf("%q isn't copied", piece.Text)
			}
			r := p.back.runs[next]
			next++
			got := p.script[r.out:][:min(len(piece.Text), len(p.script)-int(r.out))]
			if plain.Replace(got) != plain.Replace(piece.Text) {
				t.Errorf("%q became %q", piece.Text, got)
			}
			for _, n := range []int{0, len(piece.Text) - 1} {
				if back := p.back.Pos(int(r.out) + n); back != piece.Pos+language.Pos(n) {
					t.Errorf("byte %d of %q is at %d, want %d", n, got, back, piece.Pos+language.Pos(n))
				}
			}
		}
	}
	for next < len(p.back.runs) && p.back.runs[next].generated {
		next++
	}
	if next < len(p.back.runs) {
		t.Errorf("run %d is of no script: %+v", next, p.back.runs[next])
	}
}

// FuzzWrite writes a page and an include of any text, and checks the map.
func FuzzWrite(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.asp")
	for _, path := range paths {
		for _, c := range asptest.Read(f, path) {
			f.Add(c.Files["page.asp"], c.Files["a.inc"])
		}
	}
	f.Add("<% `<!--#include file=a.inc-->` %>", "<!-- x\n-->")
	f.Fuzz(func(t *testing.T, source, inc string) {
		if p, err := buildWith(files{"page.asp": source, "a.inc": inc, "inc/a.inc": inc, "b": "<!-- b"}, false); err == nil {
			checkMap(t, p)
		}
	})
}

// countPosition finds a place by counting, slowly.
func countPosition(text string, offset int) (line, column int) {
	text = strings.NewReplacer("\r\n", "_\n", "\r", "\n").Replace(text[:offset])
	return strings.Count(text, "\n") + 1, utf8.RuneCountInString(text[strings.LastIndexByte(text, '\n')+1:]) + 1
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
	p := build(t, pages)
	marks := regexp.MustCompile(`m\d\d`)
	found := 0
	for name, text := range pages {
		for _, at := range marks.FindAllStringIndex(text, -1) {
			found++
			mark := text[at[0]:at[1]]
			line, column := countPosition(text, at[0])
			offset := strings.Index(p.script, mark)
			jsLine, jsColumn := engineLine(p.script[:offset])
			for _, at := range []language.Position{p.position(offset), p.position(NewLines(p.script).Offset(jsLine, jsColumn))} {
				if at.File != name || at.Line != line || at.Column != column || !strings.Contains(at.Source, mark) {
					t.Errorf("%s: %+v, want %s:%d:%d", mark, at, name, line, column)
				}
			}
		}
	}
	if found != 13 {
		t.Errorf("%d marks found", found)
	}
	checkMap(t, p)
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
		p := u.position(strings.Index(u.script, tt.before))
		if p.Line != tt.line || p.Column != tt.column {
			t.Errorf("%s is at %+v, want %d:%d", tt.before, p, tt.line, tt.column)
		}
	}
	if p := u.position(len(u.script)); p.Line != 6 || p.Column != 6 {
		t.Errorf("the end is at %+v", p)
	}
	if a, b := u.position(-1), u.position(1<<30); a.Line != 1 || b.Line != 6 {
		t.Errorf("outside the program: %+v, %+v", a, b)
	}
}
