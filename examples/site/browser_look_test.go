package site_test

import (
	"strings"
	"testing"

	"github.com/najahost/naja/internal/browsertest"
)

// browseKeyboard uses the site without a mouse.
func browseKeyboard(t *testing.T, browser *browsertest.Browser) {
	w := browser.Open(t, serve(t, nil).URL, "cart.asp")
	w.Type(browsertest.Tab)
	w.Is(`document.activeElement.className`, "skip")
	w.Until(`document.activeElement.getBoundingClientRect().top >= 0`)
	w.Picture("keyboard-skip")
	w.Type(browsertest.Enter)
	w.Until(`location.hash === "#main"`)
	w.Type(browsertest.Tab)
	w.Is(`document.activeElement.getAttribute("aria-label")`, "Add Charmer's flute")
	w.Is(`parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2`, "true")
	w.Picture("keyboard-focus")
	w.Do("window.leaving = true")
	w.Type(browsertest.Enter)
	w.Until(`!window.leaving && document.readyState === "complete"`)
	w.Is(`document.querySelector("tfoot .number").textContent`, "24.50 €")

	// Without the skip link Tab walks over the menu, in the order of the page.
	w.Open("")
	w.Type(browsertest.Tab)
	for range 4 {
		w.Type(browsertest.Tab)
	}
	w.Is(`document.activeElement.textContent`, "Guestbook")
	w.Type(browsertest.Enter)
	w.Until(`location.pathname === "/guestbook.asp"`)
}

// browseLook visits every page in light and dark surroundings, on a phone and
// magnified: nothing is wider than the window, and text stands out.
func browseLook(t *testing.T, browser *browsertest.Browser) {
	site := serve(t, nil).URL
	w := browser.Open(t, site, "")
	pages := strings.Split(w.Text(`[...document.querySelectorAll("nav a")].map(a => a.getAttribute("href").slice(1)).join()`), ",")
	if len(pages) < 12 {
		t.Fatalf("the menu has only %q", pages)
	}
	pages = append(pages, "error.asp", "notfound.asp", "parts/report.asp?how=buffered")
	back := map[string]string{}
	for _, look := range []browsertest.Look{
		{Name: "light", Width: 1280, Height: 800, Scheme: "light"},
		{Name: "dark", Width: 1280, Height: 800, Scheme: "dark"},
		{Name: "phone", Width: 360, Height: 740, Phone: true, Scheme: "light"},
		{Name: "magnified", Width: 640, Height: 400, Scheme: "dark"}, // 1280 pixels at 200 %
	} {
		w := browser.Open(t, site, "")
		w.Expect("/inc/broken.inc", "/parts/fail.asp") // the frames of errors.asp
		w.Look(look)
		for _, page := range pages {
			if look.Name != "phone" && strings.HasPrefix(page, "parts/") {
				continue // it takes its time; once is enough
			}
			w.Open(page)
			if titles := w.Number(`document.querySelectorAll("h1").length`); titles != 1 {
				t.Errorf("%s has %d titles", page, titles)
			}
			if wide := w.TooWide(look.Width); wide != "" {
				t.Errorf("%s, %s: the window scrolls sideways, because of %s", page, look.Name, wide)
			}
			if faint := w.TooFaint(); faint != "" {
				t.Errorf("%s, %s: hardly to be read:\n%s", page, look.Name, faint)
			}
			w.Picture("page-" + strings.NewReplacer("/", "-", "?", "-").Replace(page) + "-" + look.Name)
		}
		back[look.Name] = w.Text(`getComputedStyle(document.body).backgroundColor`)
	}
	if back["light"] == back["dark"] {
		t.Errorf("light and dark look the same: %s", back["light"])
	}
}
