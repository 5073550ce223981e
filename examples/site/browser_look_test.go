package site_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browseKeyboard uses the site without a mouse.
func browseKeyboard(t *testing.T, browser context.Context) {
	w := openWindow(t, browser, serve(t, nil).URL, "cart.asp")
	w.run(chromedp.KeyEvent(kb.Tab))
	w.is(`document.activeElement.className`, "skip")
	w.until(`document.activeElement.getBoundingClientRect().top >= 0`)
	w.picture("keyboard-skip")
	w.run(chromedp.KeyEvent(kb.Enter))
	w.until(`location.hash === "#main"`)
	w.run(chromedp.KeyEvent(kb.Tab))
	w.is(`document.activeElement.getAttribute("aria-label")`, "Add Charmer's flute")
	w.is(`parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2`, "true")
	w.picture("keyboard-focus")
	eval[bool](w, "window.leaving = true")
	w.run(chromedp.KeyEvent(kb.Enter))
	w.until(`!window.leaving && document.readyState === "complete"`)
	w.is(`document.querySelector("tfoot .number").textContent`, "24.50 €")

	// Without the skip link Tab walks over the menu, in the order of the page.
	w.open("")
	w.run(chromedp.KeyEvent(kb.Tab))
	for range 4 {
		w.run(chromedp.KeyEvent(kb.Tab))
	}
	w.is(`document.activeElement.textContent`, "Guestbook")
	w.run(chromedp.KeyEvent(kb.Enter))
	w.until(`location.pathname === "/guestbook.asp"`)
}

// A look is the surroundings in which every page must be readable.
type look struct {
	name          string
	width, height int64
	phone         bool
	scheme        string
}

func (l look) actions() []chromedp.Action {
	var opts []chromedp.EmulateViewportOption
	if l.phone {
		opts = append(opts, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	return []chromedp.Action{
		chromedp.EmulateViewport(l.width, l.height, opts...),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}}),
	}
}

// browseLook visits every page in light and dark surroundings, on a phone and
// magnified: nothing is wider than the window, and text stands out.
func browseLook(t *testing.T, browser context.Context) {
	site := serve(t, nil).URL
	w := openWindow(t, browser, site, "")
	pages := strings.Split(eval[string](w, `[...document.querySelectorAll("nav a")].map(a => a.getAttribute("href").slice(1)).join()`), ",")
	if len(pages) < 12 {
		t.Fatalf("the menu has only %q", pages)
	}
	pages = append(pages, "error.asp", "notfound.asp", "parts/report.asp?how=buffered")
	back := map[string]string{}
	for _, look := range []look{
		{"light", 1280, 800, false, "light"}, {"dark", 1280, 800, false, "dark"},
		{"phone", 360, 740, true, "light"}, {"magnified", 640, 400, false, "dark"}, // 1280 pixels at 200 %
	} {
		w := openWindow(t, browser, site, "")
		w.expect("/inc/broken.inc", "/parts/fail.asp") // the frames of errors.asp
		w.run(look.actions()...)
		for _, page := range pages {
			if look.name != "phone" && strings.HasPrefix(page, "parts/") {
				continue // it takes its time; once is enough
			}
			w.open(page)
			if titles := eval[int](w, `document.querySelectorAll("h1").length`); titles != 1 {
				t.Errorf("%s has %d titles", page, titles)
			}
			if wide := eval[string](w, fmt.Sprintf(tooWide, look.width)); wide != "" {
				t.Errorf("%s, %s: the window scrolls sideways, because of %s", page, look.name, wide)
			}
			if faint := eval[string](w, tooFaint); faint != "" {
				t.Errorf("%s, %s: hardly to be read:\n%s", page, look.name, faint)
			}
			w.picture("page-" + strings.NewReplacer("/", "-", "?", "-").Replace(page) + "-" + look.name)
		}
		back[look.name] = eval[string](w, `getComputedStyle(document.body).backgroundColor`)
	}
	if back["light"] == back["dark"] {
		t.Errorf("light and dark look the same: %s", back["light"])
	}
}

// tooWide names what sticks out of a window of some width, if that can be
// scrolled.
const tooWide = `document.scrollingElement.scrollWidth <= %[1]d ? "" :
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %[1]d + 1)
		.slice(0, 5).map(e => e.tagName + "." + e.className).join() || "something"`

// tooFaint lists texts whose colour stands out too little from what is behind
// them: less than 4.5 : 1, or 3 : 1 for large text.
const tooFaint = `(() => {
	const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
	const rgba = colour => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = colour;
		canvas.fillRect(0, 0, 1, 1);
		return [...canvas.getImageData(0, 0, 1, 1).data];
	};
	const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
		.map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = e => {
		for (; e; e = e.parentElement) {
			const colour = rgba(getComputedStyle(e).backgroundColor);
			if (colour[3] === 255) return colour;
		}
		return [255, 255, 255];
	};
	const faint = new Map();
	for (const e of document.querySelectorAll("body *")) {
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility()) continue;
		const style = getComputedStyle(e), size = parseFloat(style.fontSize);
		const [a, b] = [light(rgba(style.color)), light(behind(e))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < (size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5)) {
			faint.set(e.tagName + "." + e.className, ratio.toFixed(2) + " " + e.textContent.trim().slice(0, 30));
		}
	}
	return [...faint].map(pair => pair.join(": ")).join("\n");
})()`
