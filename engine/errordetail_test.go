package engine

import (
	"strings"
	"testing"
)

// TestErrorDetail: what is shown of an error, to browsers and to terminals.
func TestErrorDetail(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"wriet.asp":    "1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n<% Response.Wriet('<b>') %>\r\n9\r\n10\r\n11\r\n12\r\n13\r\n14 not seen",
		"page.asp":     "<p>\n<!--#include file=\"inc/a.inc\"-->",
		"inc/a.inc":    "\n\n<!--#include file=\"b.inc\"-->",
		"inc/b.inc":    "<% nope() %>",
		"open.asp":     "<!--#include file=\"inc/open.inc\"-->\n<% if (true) { %>\n<p>",
		"inc/open.inc": "<% var a = '{'; // {\n%>",
		"import.asp":   "<% import fs from 'fs'; %>",
		"browser.asp":  "<% document.write('x') %>",
		"near.asp":     "<% Respnse.Write('x') %>",
		"vb.asp":       "<% Dim x %>",
		"quote.asp":    "<% var x = \"a\n\" %>",
		"round.asp":    "<% Response.Write(\"a\"; %>",
		"square.asp":   "<%\nvar a = [1, 2;\n%>",
		"curly.asp":    "<% var o = {a: [1]; %>",
		"braces.asp":   "<% f({a: 1); %>",
		"group.asp":    "<% if (true) { g(1 } %>",
		"extra.asp":    "<% if (true) { } } %>",
		"extra2.asp":   "<% Response.Write(1)); %>",
		"template.asp": "<% var a = `b\\`; %>\n<p>",
		"comment.asp":  "<p><% // /*\n/* a %>\n<p>",
		"method.asp":   "<% 'a'.toUperCase() %>",
		"method2.asp":  "<% [1].fliter(1) %>",
		"var.asp":      "<% var total = 1; Response.Write(totla) %>",
		"comma.asp":    "<% f(a b) %>",
		"for.asp":      "<% for (;;;) {} %>",
		"long.asp":     "<% /*" + strings.Repeat("x", 1000) + "*/ nope() %>",
	}
	s := serveSite(t, files, inDev)
	for _, test := range []struct {
		target string
		parts  []string // of the text
	}{
		{"/wriet.asp", []string{"did you mean Write?", "\n      3 | 3\n", "\n>     8 | <% Response.Wriet('<b>') %>\n        |                  ^\n", "\n     13 | 13\n", "GET /wriet.asp"}},
		{"/page.asp", []string{"inc/b.inc:1:4\n  included by inc/a.inc:3\n  included by page.asp:2\n"}},
		{"/open.asp", []string{"hint: the { of line 2, column 14 isn't closed"}},
		{"/import.asp", []string{`hint: pages have no import; a module's exports are had by require("./file.js")`}},
		{"/browser.asp", []string{"hint: document is the browser's"}},
		{"/near.asp", []string{"hint: did you mean Response?"}},
		{"/vb.asp", []string{"hint: this looks like VBScript"}},
		{"/quote.asp", []string{"hint: the text that begins here doesn't end in its line"}},
		{"/round.asp", []string{"hint: the ( of line 1, column 18 isn't closed"}},
		{"/square.asp", []string{"hint: the [ of line 2, column 9 isn't closed"}},
		{"/curly.asp", []string{"hint: the { of line 1, column 12 isn't closed"}},
		{"/braces.asp", []string{"hint: the { of line 1, column 6 isn't closed"}},
		{"/group.asp", []string{"hint: the ( of line 1, column 17 isn't closed"}},
		{"/extra.asp", []string{"hint: nothing opens this }"}},
		{"/extra2.asp", []string{"hint: nothing opens this )"}},
		{"/template.asp", []string{"hint: the ` of line 1, column 12 isn't closed"}},
		{"/comment.asp", []string{"hint: the /* of line 2, column 1 isn't closed"}},
		{"/method.asp", []string{"hint: did you mean toUpperCase?"}},
		{"/method2.asp", []string{"hint: did you mean filter?"}},
		{"/var.asp", []string{"hint: did you mean total?"}},
		{"/comma.asp", []string{"Unexpected identifier\n\ncomma.asp"}},
		{"/for.asp", []string{"Unexpected token ;\n\nfor.asp"}},
		{"/long.asp", []string{"…"}},
	} {
		text := s.get(test.target, "Accept: */*")
		page := s.get(test.target, "Accept: text/html,*/*;q=0.8")
		if got := text.Header.Get("Content-Type"); text.Status != 500 || got != "text/plain; charset=utf-8" && got != "text/plain; Charset=utf-8" {
			t.Errorf("%s: %d %q", test.target, text.Status, got)
		}
		if page.Status != 500 || !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") || !strings.Contains(string(page.Body), "prefers-color-scheme: dark") {
			t.Errorf("%s: %d %v", test.target, page.Status, page.Header)
		}
		for _, part := range test.parts {
			if !strings.Contains(string(text.Body), part) {
				t.Errorf("%s: %q lacks %q", test.target, text.Body, part)
			}
		}
		for _, body := range [][]byte{text.Body, page.Body} {
			if strings.Contains(string(body), "not seen") || strings.Contains(string(body), strings.Repeat("x", 400)) {
				t.Errorf("%s shows too much: %q", test.target, body)
			}
		}
	}
	if r := s.get("/wriet.asp", "Accept: text/html"); !strings.Contains(string(r.Body), "Response.Wriet(&#39;&lt;b&gt;&#39;)") {
		t.Errorf("the source isn't encoded: %q", r.Body)
	}
	r := s.post("/wriet.asp?q=1", "user=ada&pass=hush", "Accept: */*")
	wantIn(t, r, 500, "POST /wriet.asp?q=1\nform: user, pass\n")
	if strings.Contains(string(r.Body), "hush") {
		t.Errorf("a value is shown: %q", r.Body)
	}

	// Where errors are shown in production, the line is all of the source.
	shown := serveSite(t, files, func(c *Config) { c.ScriptErrorSentToBrowser = true })
	r = shown.post("/wriet.asp", "user=ada", "Accept: */*")
	wantIn(t, r, 500, "8 | <% Response.Wriet")
	if body := string(r.Body); strings.Contains(body, "7 |") || strings.Contains(body, "user") || strings.Contains(body, "POST") {
		t.Errorf("production shows %q", body)
	}
}

// TestErrorBehindAFlush: who sees errors sees one behind what the page has sent,
// in an answer that ends without its end.
func TestErrorBehindAFlush(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"page.asp":    `<p title='é'><% Response.Flush(); nope("<é>") %>`,
		"latin.asp":   "<%@ CODEPAGE=1252 %><% Response.Flush(); nope(\"\xe9\") %>",
		"events.asp":  `<% Response.ContentType = "text/event-stream"; Response.Flush(); nope() %>`,
		"length.asp":  `<% Response.AddHeader("Content-Length", "20"); Response.Write("begun"); Response.Flush(); nope() %>`,
		"thrown.asp":  `<% Response.Write("begun"); Response.Flush(); throw new Error("no more") %>`,
		"nothing.asp": `<% Response.Status = "204 No Content"; Response.Flush(); nope() %>`,
	}
	dev := serveSite(t, files, inDev)
	const html = "Accept: text/html"
	for _, test := range []struct {
		target, accept string
		parts          []string
	}{
		{"/page.asp", html, []string{"<p title='é'>\n</script>", "nope is not defined\n\npage.asp:1:35", "nope(&#34;&lt;&#233;&gt;&#34;)", "GET /page.asp", "</pre>"}},
		{"/page.asp", "Accept: */*", []string{"<p title='é'>\nMicrosoft JScript runtime error", `nope("<é>")`}},
		{"/latin.asp", html, []string{"nope(&#34;&#233;&#34;)"}},
		{"/thrown.asp", html, []string{"begun\n", "no more"}},
		{"/events.asp", html, nil},
		{"/length.asp", html, []string{"begu"}},
	} {
		r := dev.get(test.target, test.accept)
		if r.Status != 200 || r.Err == nil {
			t.Errorf("%s looks whole: %d %v", test.target, r.Status, r.Err)
		}
		for _, part := range test.parts {
			if !strings.Contains(string(r.Body), part) {
				t.Errorf("%s: %q lacks %q", test.target, r.Body, part)
			}
		}
		if shown := strings.Contains(string(r.Body), "error &#39;") || strings.Contains(string(r.Body), "error '"); shown != (len(test.parts) > 1 || test.target == "/latin.asp") {
			t.Errorf("%s: %q", test.target, r.Body)
		}
	}
	if r := dev.get("/nothing.asp"); r.Status != 204 || len(r.Body) > 0 {
		t.Errorf("204: %d %q", r.Status, r.Body)
	}
	shown := serveSite(t, files, func(c *Config) { c.ScriptErrorSentToBrowser = true })
	if body := string(shown.get("/thrown.asp", html).Body); !strings.Contains(body, "no more") || strings.Contains(body, "GET") {
		t.Errorf("production that shows errors: %q", body)
	}
	if r := serveSite(t, files).get("/thrown.asp", html); string(r.Body) != "begun" || r.Err == nil {
		t.Errorf("production: %q, %v", r.Body, r.Err)
	}
}

// TestBuiltInPagesHaveTheBrowsersColours: 503 as well, which is the sentence
// alone for who doesn't read HTML.
func TestBuiltInPagesHaveTheBrowsersColours(t *testing.T) {
	t.Parallel()
	s := serveSite(t, map[string]string{"a.asp": "<% nope() %>", "form.asp": "<% Request.Form('a') %>"}, func(c *Config) { c.MaxRequestEntity = 10 })
	const browser, scheme = "Accept: text/html", `<meta name="color-scheme" content="light dark">`
	wantIn(t, s.get("/missing.asp", browser), 404, scheme)
	wantIn(t, s.get("/a.asp", browser), 500, scheme)
	wantIn(t, s.post("/form.asp", "a=12345678901234567890", browser), 413, scheme)
	s.memory.limit.Store(1)
	wantIn(t, s.get("/a.asp", browser), 503, scheme)
	want(t, s.get("/a.asp"), 503, "Server Too Busy")
	want(t, s.get("/a.asp", "Accept: */*"), 503, "Server Too Busy")
}
