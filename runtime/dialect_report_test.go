package runtime

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asptest"
)

// TestDialectReport inspects pages; a case's file report has a line for all
// that is to be found, in order.
func TestDialectReport(t *testing.T) {
	eachDialectCase(t, "report", func(t *testing.T, c asptest.Case) {
		want := c.Files["report"]
		delete(c.Files, "report")
		s := newDialectSite(c)
		var got []string
		prog, errs := s.compiler.Check("page.asp", s.files, false)
		for _, err := range errs {
			e := err.(*asp.Error)
			got = append(got, fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.ASPCode()))
		}
		if prog != nil {
			got = append(got, reportLines(s.compiler.Report(prog))...)
		}
		if text := strings.Join(got, "\n"); text != strings.TrimSpace(want) {
			t.Errorf("--- got\n%s\n--- want\n%s", text, want)
		}
	})
}

func reportLines(r Report) []string {
	var lines []string
	at := func(p Place, format string, args ...any) {
		lines = append(lines, fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Column)+fmt.Sprintf(format, args...))
	}
	for _, p := range r.Rewrites {
		at(p, "rewritten")
	}
	for _, u := range r.WrongCase {
		at(u.Place, "%s is %s", u.Name, u.Instead)
	}
	for _, u := range r.NoCall {
		at(u.Place, "%s wants %s", u.Name, u.Instead)
	}
	for _, h := range r.Habits {
		said, _, _ := strings.Cut(h.Message, " whether")
		for _, end := range []string{", so that", " to a text", " of characters"} {
			said, _, _ = strings.Cut(said, end)
		}
		at(h.Place, "%s", said)
	}
	for _, u := range r.ProgIDs {
		at(u.Place, "makes %s", u.Name)
	}
	for _, p := range r.Computed {
		at(p, "makes something")
	}
	for _, name := range r.Undecoded {
		lines = append(lines, name+" isn't in its code page")
	}
	if r.CodePage != 0 {
		lines = append(lines, fmt.Sprint("code page ", r.CodePage))
	}
	if r.Await {
		lines = append(lines, "awaits")
	}
	return slices.Concat(lines, r.TypeLibs)
}

// TestDialectReportOfUndecodableFiles inspects a page that isn't in the code
// page that it names.
func TestDialectReportOfUndecodableFiles(t *testing.T) {
	c := NewCompiler(CompilerConfig{})
	prog, errs := c.Check("page.asp", sources{
		"page.asp": "<%@ CodePage=949 %>\xb0\xa1\xff\xff<!--#include file=\"utf8.inc\"--><!--#include file=\"other.inc\"-->",
		"utf8.inc": "<%@ CodePage=65001 %>\xe9",
	}, false)
	if prog != nil || len(errs) == 0 {
		t.Fatalf("a page with two code pages and a missing include: %v", errs)
	}
	prog, errs = c.Check("page.asp", sources{
		"page.asp":  "<%@ CodePage=949 %>\xb0\xa1<!--#include file=\"other.inc\"-->",
		"other.inc": "\xff\xff",
	}, false)
	if prog == nil || len(errs) > 0 {
		t.Fatal(errs)
	}
	if got := c.Report(prog).Undecoded; !slices.Equal(got, []string{"other.inc"}) {
		t.Errorf("not in their code page: %q", got)
	}
	if w := prog.Warnings(); len(w) != 1 || w[0].File != "other.inc" || !strings.Contains(w[0].Message, "949") {
		t.Errorf("warnings: %v", w)
	}
}

// TestDialectWarnsOfIllegalAssignments checks a page whose mistake shows only
// when it is reached.
func TestDialectWarnsOfIllegalAssignments(t *testing.T) {
	prog, errs := NewCompiler(CompilerConfig{}).Check("page.asp", sources{
		"page.asp": "<% var s = 'a'\n  'b' += 'c' %>",
	}, false)
	if prog == nil || len(errs) > 0 {
		t.Fatal(errs)
	}
	want := Warning{Message: "a text or a number is assigned to, which fails when it is reached"}
	want.File, want.Line, want.Column = "page.asp", 2, 3
	if w := prog.Warnings(); len(w) != 1 || w[0].File != want.File || w[0].Line != want.Line || w[0].Column != want.Column || w[0].Message != want.Message {
		t.Errorf("warnings: %v, want %v", w, want)
	}
}
