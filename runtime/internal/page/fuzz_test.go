package page

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/language"
)

// addCases seeds a fuzz test with the pages of testdata.
func addCases(f *testing.F, add func(asptest.Case)) {
	paths, _ := filepath.Glob("testdata/*.asp")
	for _, path := range paths {
		for _, c := range asptest.Read(f, path) {
			add(c)
		}
	}
}

// FuzzParse checks that segments join to the text again, that the lexer stops,
// and that it looks at each character a bounded number of times.
func FuzzParse(f *testing.F) {
	addCases(f, func(c asptest.Case) {
		for _, text := range c.Files {
			f.Add(text)
		}
	})
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse(text, "page.asp")
		var b strings.Builder
		for _, s := range file.Segments {
			if s.Pos != b.Len() || s.End <= s.Pos {
				t.Fatalf("gap or empty segment: %+v behind %d", s, b.Len())
			}
			b.WriteString(text[s.Pos:s.End])
			for _, a := range s.Attrs {
				if a.Pos < s.Pos || a.Pos+len(a.Name) > s.End || a.ValuePos != 0 && (a.ValuePos < a.Pos || a.ValuePos+len(a.Value) > s.End) {
					t.Fatalf("attribute outside of %+v: %+v", s, a)
				}
			}
		}
		if joined := b.String(); err == nil && joined != text || !strings.HasPrefix(text, joined) {
			t.Errorf("joined to %q", joined)
		}
		if e, ok := errors.AsType[*asp.Error](err); err != nil && (!ok || e.Line < 1 || e.Column < 1) {
			t.Errorf("error without a place: %v", err)
		}
		l := newLexer(text, inText)
		for _, ok := l.next(); ok; _, ok = l.next() {
		}
		if l.work > 8*len(text)+100 {
			t.Errorf("%d steps for %d bytes", l.work, len(text))
		}
	})
}

// FuzzBuild builds a page and an include of any text, and checks the blocks and
// that no text and no script is lost.
func FuzzBuild(f *testing.F) {
	addCases(f, func(c asptest.Case) {
		inc := ""
		for name, text := range c.Files {
			if name != "page.asp" {
				inc = text
			}
		}
		f.Add(c.Files["page.asp"], inc)
	})
	f.Add(`<!--#include file="a.inc"-->`, "x")
	f.Add("<% `<!--#include file=a.inc-->` %>", "<!-- x\n-->")
	f.Fuzz(func(t *testing.T, page, inc string) {
		pages := files{"page.asp": page, "a.inc": inc, "inc/a.inc": inc, "b": "<!-- b"}
		opt := testOptions
		opt.MaxSize = 1 << 20
		u, err := Build("page.asp", pages, opt)
		if err != nil {
			if e, ok := errors.AsType[*asp.Error](err); !ok || e.Line < 1 || e.Column < 1 {
				t.Errorf("error without a place: %v", err)
			}
			return
		}
		checkBlocks(t, u, pages)
		if file, _ := Parse(page, "page.asp"); !hasIncludes(file) {
			checkComplete(t, u, file)
		}
	})
}

// checkBlocks checks that what the blocks say of places is so.
func checkBlocks(t *testing.T, u *Unit, pages files) {
	t.Helper()
	texts := 0
	for _, b := range u.Page.Blocks {
		if b.Kind == language.Text {
			if b.Text != texts || len(b.Pieces) > 0 {
				t.Errorf("text %d is %+v", texts, b)
			}
			texts++
		}
		for _, p := range b.Pieces {
			at := u.Page.Position(p.Pos)
			line, column := countPosition(pages[at.File], offsetOf(u, p.Pos))
			if !strings.HasPrefix(pages[at.File][offsetOf(u, p.Pos):], p.Text) || at.Line != line || at.Column != column {
				t.Errorf("%q is at %+v, want %d:%d", p.Text, at, line, column)
			}
		}
	}
	if texts != len(u.Texts) || texts != u.Page.Texts {
		t.Errorf("%d of %d texts are sent", texts, len(u.Texts))
	}
}

// offsetOf is a place's offset in its file.
func offsetOf(u *Unit, at language.Pos) int {
	offset := 0
	for _, s := range u.Page.Places.(places) {
		if s.base <= int(at) {
			offset = int(at) - s.base
		}
	}
	return offset
}

func hasIncludes(f *File) bool {
	for _, s := range f.Segments {
		if a, _ := attr(s.Attrs, "src"); s.Kind == Include || s.Kind == ScriptOpen && a.Name != "" {
			return true
		}
	}
	return false
}

// checkComplete compares what a page without includes sends, and how much
// script it has, with its segments.
func checkComplete(t *testing.T, u *Unit, f *File) {
	t.Helper()
	var text, sent strings.Builder
	code := 0
	for _, s := range f.Segments {
		switch s.Kind {
		case Text:
			text.WriteString(f.Text[s.Pos:s.End])
		case Code:
			code += s.End - s.Pos
		}
	}
	for _, part := range u.Texts {
		sent.Write(part)
	}
	if sent.String() != text.String() {
		t.Errorf("sends %q, want %q", sent.String(), text.String())
	}
	copied := 0
	for _, b := range u.Page.Blocks {
		for _, piece := range b.Pieces {
			copied += len(piece.Text)
		}
	}
	if copied != code {
		t.Errorf("%d bytes of script copied, want %d", copied, code)
	}
}
