package page

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asptest"
)

// files is a Loader over texts.
type files map[string]string

func (f files) Load(name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", errors.New("no valid path: " + name)
	}
	text, ok := f[name]
	if !ok {
		return "", &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return text, nil
}

var testOptions = Options{Speaks: speaks, Language: "JavaScript", MountPath: "/shop"}

// speaks knows two languages.
func speaks(name string) string {
	switch strings.ToLower(strings.Trim(name, " .0123456789")) {
	case "javascript", "jscript":
		return "javascript"
	case "other":
		return "other"
	}
	return ""
}

// build builds page.asp, which has to be without mistakes.
func build(t testing.TB, f files) *Unit {
	t.Helper()
	u, err := Build("page.asp", f, testOptions)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// caseOptions reads the options of a case from its name: "… [no parents]".
func caseOptions(name string) Options {
	opt := testOptions
	opt.DisableParentPaths = strings.Contains(name, "[no parents]")
	opt.Global = strings.Contains(name, "[global]")
	return opt
}

// TestErrors builds the pages of testdata/*.asp that are wrong, and compares
// the error with the mark on the page's line. A case without a mark is a page
// that is right.
func TestErrors(t *testing.T) {
	paths, _ := filepath.Glob("testdata/error*.asp")
	if len(paths) == 0 {
		t.Fatal("no test files")
	}
	for _, path := range paths {
		for _, c := range asptest.Read(t, path) {
			t.Run(c.Name, func(t *testing.T) {
				_, err := Build("page.asp", files(c.Files), caseOptions(c.Name))
				if msg := compareError(c, err); msg != "" {
					t.Errorf("%s:%d: %s", path, c.Line, msg)
				}
			})
		}
	}
}

func compareError(c asptest.Case, err error) string {
	if len(c.Wants) == 0 {
		if err != nil {
			return "unexpected error: " + err.Error()
		}
		return ""
	}
	w := c.Wants[0]
	e, ok := errors.AsType[*asp.Error](err)
	if !ok {
		return fmt.Sprintf("got %v, want ASP %s", err, w.Code)
	}
	if e.ASPCode() != "ASP "+w.Code || e.File != w.File || e.Line != w.Line || w.Column != 0 && e.Column != w.Column {
		return fmt.Sprintf("got %v, want %s at %s:%d:%d", e, w.Code, w.File, w.Line, w.Column)
	}
	if !w.Pattern.MatchString(e.Error()) {
		return fmt.Sprintf("got %v, which doesn't match %v", e, w.Pattern)
	}
	line := strings.Split(c.Files[w.File], "\n")[w.Line-1]
	if e.Source != strings.TrimRight(line, "\r") {
		return fmt.Sprintf("source is %q, want %q", e.Source, line)
	}
	return ""
}

func TestUnit(t *testing.T) {
	page := `<%@ Language="JScript" CodePage=1252 %><% @EnableSessionState=ReadOnly LCID='1031'%>` +
		`<!--METADATA TYPE="typelib" UUID="1-2" VERSION=2.8 -->` +
		`<object runat=server id=dict progid="Scripting.Dictionary" scope=Application></object>` +
		"\n<!--#include file=a.inc--><!--#include file=a.inc--><script runat=server src=/shop/lib/b.js> x </script>"
	column := func(text string) int { return strings.Index(page, text) + 1 }
	u := build(t, files{
		"page.asp": page,
		"a.inc":    `<% a() %>`,
		"lib/b.js": `b()`,
	})
	d := u.Directives
	if d.Language != "JScript" || d.CodePage != 1252 || d.LCID != 1031 || d.EnableSessionState != SessionReadOnly {
		t.Errorf("directives are %+v", d)
	}
	if d.CodePageAt.Column != column("CodePage") || d.LCIDAt.Column != column("LCID") {
		t.Errorf("places are %v, %v", d.CodePageAt, d.LCIDAt)
	}
	if got := strings.Join(u.Files, " "); got != "page.asp a.inc lib/b.js" {
		t.Errorf("files are %s", got)
	}
	if len(u.TypeLibs) != 1 || u.TypeLibs[0].UUID != "1-2" || u.TypeLibs[0].Version != "2.8" {
		t.Errorf("type libraries are %+v", u.TypeLibs)
	}
	if len(u.Objects) != 1 {
		t.Fatalf("objects are %+v", u.Objects)
	}
	if o := u.Objects[0]; o.ID != "dict" || o.ProgID != "Scripting.Dictionary" || o.Scope != "application" || o.Column != column("<object") {
		t.Errorf("object is %+v", o)
	}
	if len(u.Page.Warnings) != 1 || u.Page.Warnings[0].Line != 2 || !strings.Contains(u.Page.Warnings[0].Message, "SRC") {
		t.Errorf("warnings are %+v", u.Page.Warnings)
	}
}

// TestLanguages: a script that names another language than the page's is wrong,
// wherever the page says its own.
func TestLanguages(t *testing.T) {
	for source, want := range map[string]string{
		`<%@language=other%><% x %><script runat=server language=OTHER>y</script>`: "other: x y",
		`<script runat=server language=other>y</script><%@language=other%>`:        "other: y",
		`<script runat=server language=jscript>y</script>`:                         "javascript: y",
		`<script runat=server language=other>y</script>`:                           "ASP 0129 column 31",
		`<%@language=other%><script runat=server language=jscript src=a></script>`: "ASP 0129 column 50",
		`<script runat=server language=nix>y</script>`:                             "ASP 0129 column 31",
		`<%@language=nix%>`: "ASP 0129 column 13",
	} {
		u, err := Build("page.asp", files{"page.asp": source, "a": "z"}, testOptions)
		got := u.Language + ":"
		if e, ok := errors.AsType[*asp.Error](err); ok {
			got = fmt.Sprintf("%s column %d", e.ASPCode(), e.Column)
		}
		for _, b := range u.Page.Blocks {
			for _, piece := range b.Pieces {
				got += " " + strings.TrimSpace(piece.Text)
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

// TestFilesAfterError checks that a caller can wait for a missing file.
func TestFilesAfterError(t *testing.T) {
	u, err := Build("page.asp", files{"page.asp": `<!--#include file=a.inc-->`}, testOptions)
	if err == nil || strings.Join(u.Files, " ") != "page.asp a.inc" {
		t.Errorf("files %v, error %v", u.Files, err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		t.Error("a missing include looks like a missing page")
	}
	if _, err = Build("nowhere.asp", files{}, testOptions); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing page gives %v", err)
	}
}

// brokenLoader fails in its own way for one file.
type brokenLoader struct {
	files
	err error
}

func (l brokenLoader) Load(name string) (string, error) {
	if name == "broken.inc" {
		return "", l.err
	}
	return l.files.Load(name)
}

func TestLoaderErrors(t *testing.T) {
	pages := files{"page.asp": "\n  <!--#include file=broken.inc-->"}
	denied := errors.New("denied")
	_, err := Build("page.asp", brokenLoader{pages, denied}, testOptions)
	if e, ok := errors.AsType[*asp.Error](err); !ok || e.Code != 126 || !errors.Is(err, denied) {
		t.Errorf("got %v", err)
	}
	_, err = Build("page.asp", brokenLoader{pages, asp.New(239, "")}, testOptions)
	if e, ok := errors.AsType[*asp.Error](err); !ok || e.Code != 239 || e.Line != 2 || e.Column != 21 {
		t.Errorf("got %v", err)
	}
	_, err = Build("broken.inc", brokenLoader{pages, asp.New(239, "")}, testOptions)
	if e, ok := errors.AsType[*asp.Error](err); !ok || e.Code != 239 || e.File != "broken.inc" {
		t.Errorf("got %v", err)
	}
}
