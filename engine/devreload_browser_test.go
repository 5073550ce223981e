package engine

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/browsertest"
)

// TestReloadInBrowser: Chromium clicks about in a site that is being written,
// with many tabs, and sees what changes.
func TestReloadInBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t, browsertest.Config{Expects: []string{"favicon.ico"}})
	for _, path := range []struct {
		name string
		walk func(*testing.T, *browsertest.Browser, *written)
	}{
		{"clicks and tabs", clickAndOpen}, {"changes", changeAnswers}, {"a form", changeAfterForm}, {"a page that failed half way", changeBroken},
	} {
		t.Run(path.name, func(t *testing.T) { path.walk(t, browser, newWritten(t)) })
	}
}

// A written is a site that somebody writes.
type written struct {
	*served
	root, url string
}

func newWritten(t *testing.T) *written {
	t.Helper()
	w := &written{root: t.TempDir()}
	w.served = newServed(t, Config{Root: w.root}, inDev)
	w.url = "http://" + asptest.Serve(t, &http.Server{Handler: w.Engine})
	return w
}

func (w *written) write(name, text string) {
	w.t.Helper()
	asptest.WriteFile(w.t, filepath.Join(w.root, name), text)
}

const itself = `document.querySelector("p").textContent`

// clickAndOpen goes through more pages, and opens more tabs, than a browser has
// connections for a host.
func clickAndOpen(t *testing.T, browser *browsertest.Browser, site *written) {
	for i := range 13 {
		site.write(fmt.Sprintf("p%d.asp", i), fmt.Sprintf(`<title>t</title><body><p>page %d</p><a href="p%d.asp">next</a><script src="a.js"></script></body>`, i, i+1))
	}
	site.write("a.js", `window.old = true`)
	w := browser.Open(t, site.url, "p0.asp")
	for i := range 12 {
		w.Leave("a")
		w.Is(itself, fmt.Sprint("page ", i+1))
	}
	for i := range 3 { // to pages that the browser kept as they were
		w.Do("history.back()")
		w.Until(fmt.Sprintf("%s === 'page %d'", itself, 11-i))
	}
	tabs := []*browsertest.Window{w}
	for range 8 {
		tabs = append(tabs, w.Another(site.url, "p9.asp"))
	}
	site.write("a.js", `window.old = false`)
	for _, tab := range tabs {
		tab.Until("window.old === false")
	}
}

// changeAnswers edits what has been answered in several ways.
func changeAnswers(t *testing.T, browser *browsertest.Browser, site *written) {
	site.write("frame.asp", "<p>inner</p>")
	tests := []struct{ name, before, after string }{
		{"bare.asp", "<title>t</title><p>old", "<title>t</title><p>new"},
		{"file.html", "<title>t</title><p>old", "<title>t</title><p>new"},
		{"flushed.asp", "<title>t</title><p>old<% Response.Flush() %> text", "<title>t</title><p>new"},
		{"tagged.asp", `<% Response.AddHeader("ETag", '"1"'); if (String(Request.ServerVariables("HTTP_IF_NONE_MATCH")) == '"1"') { Response.Status = "304 Not Modified"; Response.End(); } %><p>old`,
			`<% Response.AddHeader("ETag", '"1"'); if (String(Request.ServerVariables("HTTP_IF_NONE_MATCH")) == '"1"') { Response.Status = "304 Not Modified"; Response.End(); } %><p>new`},
		{"policy.asp", `<% Response.AddHeader("Content-Security-Policy", "default-src 'none'; script-src 'self'") %><p>old`,
			`<% Response.AddHeader("Content-Security-Policy", "default-src 'none'; script-src 'self'") %><p>new`},
		{"nonce.asp", `<% Response.AddHeader("Content-Security-Policy", "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'") %><p>old`,
			`<% Response.AddHeader("Content-Security-Policy", "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'") %><p>new`},
		{"frames.asp", `<html><head><title>old</title></head><frameset cols="*"><frame src="frame.asp"></frameset></html>`,
			`<html><head><title>new</title></head><frameset cols="*"><frame src="frame.asp"></frameset></html>`},
		{"broken.asp", "<title>t</title><% = = %><p>old", "<title>t</title><p>new"},
		{"missing.asp", "", "<title>t</title><p>new"},
	}
	windows := make([]*browsertest.Window, len(tests))
	for i, test := range tests {
		if test.before != "" {
			site.write(test.name, test.before)
		}
		windows[i] = browser.Window(t, site.url)
		windows[i].Expect("404", "500", "Content Security Policy")
	}
	for i, test := range tests {
		windows[i].Open(test.name)
	}
	for _, test := range tests {
		site.write(test.name, test.after)
	}
	for _, w := range windows {
		w.Until(`document.title === "new" || ` + itself + `.startsWith("new")`)
	}
}

// changeAfterForm sends a form, once.
func changeAfterForm(t *testing.T, browser *browsertest.Browser, site *written) {
	page := `<%% if (Request.Form.Count) Application("sent") = (Application("sent") || 0) + 1; %%><title>t</title>
		<p>%s, sent <%%= Application("sent") || 0 %%></p><form method="post" action="#here"><button name="a" value="1">send</button></form>`
	site.write("form.asp", fmt.Sprintf(page, "old"))
	w := browser.Open(t, site.url, "form.asp")
	w.Leave("button")
	w.Is(itself, "old, sent 1")
	site.write("form.asp", fmt.Sprintf(page, "new"))
	w.Until(itself + `=== "new, sent 1"`)
}

// changeBroken mends a page that failed behind what it had sent.
func changeBroken(t *testing.T, browser *browsertest.Browser, site *written) {
	site.write("half.asp", "<title>t</title><p>old</p><% Response.Flush(); nope() %>")
	w := browser.Open(t, site.url, "half.asp")
	w.Until(`document.querySelector("pre")?.innerText.includes("nope is not defined")`)
	w.Is(itself, "old")
	site.write("half.asp", "<title>t</title><p>new")
	w.Until(itself + `.startsWith("new")`)
}
