package runtime

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asphttp"
	"github.com/najahost/naja/internal/codepage"
)

// codePageTexts is a text for each code page that pages are written in: with
// characters that no other has at the same bytes.
var codePageTexts = map[int]string{
	874: "ไทย", 932: "日本語テスト", 936: "简体中文", 949: "한국어", 950: "繁體中文",
	1250: "Žluťoučký", 1251: "Русский", 1252: "Größe €“”", 1253: "Ελληνικά", 1254: "İstanbul ğ", 1255: "עברית", 1256: "العربية", 1257: "Rīga ų", 1258: "ăđơư",
	20866: "Привет", 21866: "Привіт ґ", 28591: "Ünïcode ÿ", 28592: "Łódź", 28593: "Ħħ", 28594: "ĸŊ", 28595: "Ђурђица", 28596: "عربي", 28597: "Ωμέγα", 28598: "שלום",
	28599: "ışık", 28603: "Ģirts", 28605: "Œuvre €", 65001: "é漢😀",
}

// inCodePage is text in a code page's bytes.
func inCodePage(t *testing.T, number int, text string) []byte {
	t.Helper()
	cp, ok := codepage.Lookup(number)
	if !ok {
		t.Fatalf("no code page %d", number)
	}
	b := cp.Encode(nil, text)
	if back, _ := cp.Decode(b); back != text {
		t.Fatalf("code page %d can't hold %q: %q", number, text, back)
	}
	return b
}

// runFiles runs page.asp of files whose bytes are given, as the engine does:
// what it is asked and what it says are in its code page.
func runFiles(t *testing.T, files map[string][]byte, fallback int, target string) (body []byte, contentType string, err error) {
	t.Helper()
	prog, err := NewCompiler(CompilerConfig{CodePage: fallback}).Compile("page.asp", byteFiles(files))
	if err != nil {
		return nil, "", err
	}
	number := prog.Directives().CodePage
	if number == 0 {
		number = max(fallback, 0)
	}
	cp, _ := codepage.Lookup(number)
	r := httptest.NewRequest("GET", target, nil)
	req := asphttp.NewRequest(r, nil, asphttp.RequestConfig{CodePage: cp})
	res := asphttp.NewResponse(asphttp.ResponseConfig{Buffering: true, CodePage: cp})
	err = New(context.Background(), &Env{Request: req, Response: res}).Run(prog)
	_, _, h := res.Prepare()
	return res.Body(), h.Get("Content-Type"), err
}

type byteFiles map[string][]byte

// ReadFile is [Files].
func (f byteFiles) ReadFile(name string) ([]byte, error) {
	s := sources{}
	for n, b := range f {
		s[n] = string(b)
	}
	return s.ReadFile(name)
}

// TestEachCodePage writes a page in a code page, in its text, in its script,
// in an include without a directive and in its query, and wants the same bytes
// back.
func TestEachCodePage(t *testing.T) {
	for number, text := range codePageTexts {
		raw := inCodePage(t, number, text)
		cp, _ := codepage.Lookup(number)
		page := "<%@ CodePage=" + itoa(number) + ` %><!--#include file="a.inc"-->|` + text + `|<% var s = "` + text + `" %><%= s %>|<%= s.length %>|<%= Request.QueryString("q") == s %>`
		files := map[string][]byte{"page.asp": inCodePage(t, number, page), "a.inc": inCodePage(t, number, "("+text+")")}
		var query strings.Builder
		for _, b := range raw {
			query.WriteString("%" + strings.ToUpper(string("0123456789abcdef"[b>>4])+string("0123456789abcdef"[b&15])))
		}
		body, contentType, err := runFiles(t, files, 0, "/page.asp?q="+query.String())
		want := "(" + string(raw) + ")|" + string(raw) + "|" + string(raw) + "|" + itoa(len(utf16.Encode([]rune(text)))) + "|True"
		if err != nil || string(body) != want || contentType != "text/html; charset="+cp.Charset() {
			t.Errorf("code page %d: %q %s, %v\nwant %q", number, body, contentType, err, want)
		}
		// The same as the application's code page, without any directive.
		files["page.asp"] = inCodePage(t, number, `<!--#include file="a.inc"-->|`+text)
		body, _, err = runFiles(t, files, number, "/page.asp")
		if want := "(" + string(raw) + ")|" + string(raw); err != nil || string(body) != want {
			t.Errorf("code page %d as the default: %q, %v\nwant %q", number, body, err, want)
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// utf16Bytes is text in UTF-16 with its mark.
func utf16Bytes(text string, little bool) []byte {
	b := []byte{0xFE, 0xFF}
	if little {
		b = []byte{0xFF, 0xFE}
	}
	for _, u := range utf16.Encode([]rune(text)) {
		if little {
			b = append(b, byte(u), byte(u>>8))
		} else {
			b = append(b, byte(u>>8), byte(u))
		}
	}
	return b
}

// TestMixedFiles: each file of a page is decoded by itself, and lines and
// columns count characters whatever they were written in.
func TestMixedFiles(t *testing.T) {
	bom := "\xEF\xBB\xBF"
	for name, tt := range map[string]struct {
		files    map[string][]byte
		fallback int
		want     string // the body, or the error's place
	}{
		"a mark of UTF-8 is no text":              {map[string][]byte{"page.asp": []byte(bom + "é")}, 0, "é"},
		"a mark counts more than the default":     {map[string][]byte{"page.asp": []byte(bom + "é")}, 1252, "\xe9"},
		"a mark counts more than the directive":   {map[string][]byte{"page.asp": []byte(bom + "<%@ CodePage=1252 %>é")}, 0, "\xe9"},
		"UTF-16, little":                          {map[string][]byte{"page.asp": utf16Bytes("é漢<%= '😀' %>", true)}, 0, "é漢😀"},
		"UTF-16, big":                             {map[string][]byte{"page.asp": utf16Bytes("é漢<%= '😀' %>", false)}, 0, "é漢😀"},
		"marks of includes are no text":           {map[string][]byte{"page.asp": []byte(bom + `a<!--#include file="a.inc"-->b`), "a.inc": []byte(bom + "é")}, 0, "aéb"},
		"an include in another encoding":          {map[string][]byte{"page.asp": []byte(`漢<!--#include file="a.inc"-->`), "a.inc": []byte("<%@ CodePage=65001 %>é"), "b.inc": nil}, 0, "漢é"},
		"an include in UTF-16":                    {map[string][]byte{"page.asp": []byte(`漢<!--#include file="a.inc"-->`), "a.inc": utf16Bytes("é<%= 1 %>", true)}, 0, "漢é1"},
		"what isn't UTF-8 is windows-1252":        {map[string][]byte{"page.asp": []byte("caf\xe9 \x80")}, 0, "café €"},
		"an include that isn't UTF-8":             {map[string][]byte{"page.asp": []byte(`é<!--#include file="a.inc"-->`), "a.inc": []byte("\xe9")}, 0, "éé"},
		"the code page of a first include counts": {map[string][]byte{"page.asp": []byte("<!--#include file=\"a.inc\"-->"), "a.inc": []byte("<%@ CodePage=1251 %>\xc6")}, 0, "\xc6"},
		"unmappable characters":                   {map[string][]byte{"page.asp": []byte("<%@ CodePage=1252 %><%= '\\u6f22' %>")}, 0, "?"},
		"an error in UTF-8":                       {map[string][]byte{"page.asp": []byte("é漢😀<%= nope %>")}, 0, "page.asp:1:8"},
		"an error in 932":                         {map[string][]byte{"page.asp": append([]byte("<%@ CodePage=932 %>\n"), inCodePage(t, 932, "日本<%= nope %>")...)}, 0, "page.asp:2:7"},
		"an error in UTF-16":                      {map[string][]byte{"page.asp": utf16Bytes("x\né<%= nope %>", true)}, 0, "page.asp:2:6"},
		"an error in an include":                  {map[string][]byte{"page.asp": []byte(`漢<!--#include file="a.inc"-->`), "a.inc": append([]byte("\n"), []byte("\xe9\xe9<%= nope %>")...)}, 0, "a.inc:2:7"},
	} {
		body, _, err := runFiles(t, tt.files, tt.fallback, "/page.asp")
		got := string(body)
		if err != nil {
			e, _ := err.(*asp.Error)
			if e == nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			got = e.File + ":" + itoa(e.Line) + ":" + itoa(e.Column)
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q (%v)", name, got, tt.want, err)
		}
	}
}

// TestResponseCodePage changes how what follows is written; the header names
// the one in force when it is sent.
func TestResponseCodePage(t *testing.T) {
	page := `<%= "é" %><% Response.CodePage = 1252 %>é<%= "é€" %><% Response.BinaryWrite(new Uint8Array([233])) %><% Response.CodePage = 932 %><%= "漢é" %>`
	body, contentType, err := runFiles(t, map[string][]byte{"page.asp": []byte(page)}, 0, "/page.asp")
	want := "é" + "\xe9\xe9\x80\xe9" + "\x8a\xbf?"
	if err != nil || !bytes.Equal(body, []byte(want)) || contentType != "text/html; charset=shift_jis" {
		t.Errorf("got %q %s, %v; want %q", body, contentType, err, want)
	}
}

// TestLineEnds: CR alone ends a line, too, as do the two of Unicode in script.
func TestLineEnds(t *testing.T) {
	for text, place := range map[string]string{
		"<p>\r<% var a;\r\n  nope() %>":                  "3:3",
		"<p>\n\r<% nope() %>":                            "3:4",
		"\r\r\r<%= nope %>":                              "4:5",
		"<% var a = 1;\u2028var b;\u2029 nope() %>":      "1:23",
		"<% /* a\r\nb\rc\n */ nope() %>":                 "4:5",
		"<% var s = `a\r\nb`; nope() %>":                 "2:5",
		"a\r\n<!-- b\r\n--><%\r\n\r\n\tif (nope) { } %>": "5:6",
	} {
		_, _, err := runFiles(t, map[string][]byte{"page.asp": []byte(text)}, 0, "/page.asp")
		e, ok := err.(*asp.Error)
		if !ok || itoa(e.Line)+":"+itoa(e.Column) != place {
			t.Errorf("%q: %v, want %s", text, err, place)
		}
	}
}
