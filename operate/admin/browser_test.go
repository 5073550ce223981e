package admin

import (
	"strings"
	"testing"

	"github.com/najahost/naja/internal/browsertest"
)

// TestBrowser uses the console in Chromium as an administrator does: one
// browser for all, an application and a window for each path. With
// NAJA_SCREENSHOTS=DIR it leaves pictures there of what it saw.
func TestBrowser(t *testing.T) {
	// Sites have no picture for their tab; nobody asked for that.
	browser := browsertest.Start(t, browsertest.Config{Height: 900, Pictures: "console-", Expects: []string{"favicon.ico"}})
	for _, path := range []struct {
		name string
		walk func(*testing.T, *browsertest.Browser)
	}{
		{"sign in", browseSignIn}, {"watch and kill", browseWatch}, {"hold", browseHold}, {"recover", browseRecover},
		{"update", browseUpdate}, {"sessions", browseSessions}, {"errors", browseErrors}, {"markup", browseMarkup}, {"stays", browseStays},
		{"keyboard", browseKeyboard}, {"look", browseLook}, {"proxy", browseProxy},
	} {
		t.Run(path.name, func(t *testing.T) {
			t.Parallel() // mostly they wait for the next second
			path.walk(t, browser)
		})
	}
}

// result waits for what came of an action, checks that it has a text, and puts
// it away.
func result(t *testing.T, w *browsertest.Window, parts ...string) string {
	t.Helper()
	w.Until(`document.querySelector(".result")`)
	text := w.Text(`document.querySelector(".result").innerText`)
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("the result is %q, want %q in it", text, part)
		}
	}
	w.Click(".result [data-do=dismiss]")
	w.Until(`!document.querySelector(".result")`)
	return text
}
