package admin

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browseStays keeps what the user opened, chose and stands on while snapshots
// come in, and holds still when it is told to.
func browseStays(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	c.visit("/slow.asp")
	w := openWindow(t, browser, c.admin, "")
	running := `document.querySelector("section[data-key=requests] td:nth-of-type(3)")`
	w.until(running)
	w.click("section[data-key=apartments] summary")
	w.until(`document.querySelector("section[data-key=apartments] details").open`)
	eval[any](w, `document.querySelector("[data-do=kill]").focus()`)
	eval[any](w, `window.stood = document.activeElement`)
	seen := eval[string](w, running+".textContent")
	for range 2 {
		w.until(fmt.Sprintf("%s.textContent !== %q", running, seen))
		seen = eval[string](w, running+".textContent")
	}
	w.is(`document.activeElement === window.stood && document.activeElement.isConnected`, "true")
	w.is(`document.querySelector("section[data-key=apartments] details").open`, "true")

	// The request ends under the focus: it stays until the user leaves.
	w.run(chromedp.KeyEvent(kb.Enter))
	w.until(`document.querySelector("#ask").open`)
	w.click("#ask-do")
	w.until(`document.querySelector(".result")`)
	eval[any](w, `document.querySelector("[data-do=kill]")?.focus()`)
	w.until(`document.querySelector("section[data-key=requests] .aside").textContent.startsWith("0 run")`)
	w.is(`document.activeElement === document.body`, "false")
	w.result("Done")

	w.click("#pause")
	w.is(`document.querySelector("#live-word").textContent`, "Paused")
	c.visit("/slow.asp")
	w.until(`performance.now() - (window.since ??= performance.now()) > 2200`)
	w.is(`document.querySelectorAll("section[data-key=requests] tbody tr").length`, "0")
	w.click("#pause")
	w.until(`document.querySelectorAll("section[data-key=requests] tbody tr").length === 1`)
}

// browseProxy looks through a proxy that holds streams back until they end.
func browseProxy(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	target, err := url.Parse(c.admin)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Transport: c.client.Transport, Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/events" && r.FormValue("once") == "" {
			<-r.Context().Done()
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	defer front.Close()
	defer front.CloseClientConnections()
	w := openWindow(t, browser, front.URL, "")
	w.is(`document.querySelector(".overview tbody a").textContent`, "/") // before anything has come
	w.until(`document.querySelector("#live-word").textContent === "Every few seconds"`)
	c.visit("/slow.asp")
	w.until(`document.querySelector("section[data-key=requests]").innerText.includes("/slow.asp")`)
}

// browseKeyboard walks without a mouse: every button is reached, in the order
// of the page, and the one reached is to be seen.
func browseKeyboard(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	w := openWindow(t, browser, c.admin, "")
	w.until(`document.querySelector("#live-word").textContent === "Live"`)
	w.run(chromedp.KeyEvent(kb.Tab))
	w.is(`document.activeElement.className`, "skip")
	w.run(chromedp.KeyEvent(kb.Enter))
	w.until(`document.activeElement.id === "main"`)
	reached := 0
	for range 60 {
		w.run(chromedp.KeyEvent(kb.Tab))
		if eval[string](w, `document.activeElement.dataset.do ?? ""`) == "hold" {
			break
		}
		if reached++; reached == 60 {
			t.Fatal("Tab doesn't lead to the buttons")
		}
	}
	w.is(`parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2`, "true")
	w.run(chromedp.KeyEvent(kb.Enter))
	w.until(`document.querySelector("#ask").open`)
	w.is(`document.querySelector("#ask").contains(document.activeElement)`, "true")
	w.run(chromedp.KeyEvent(kb.Escape))
	w.until(`!document.querySelector("#ask").open`)
	w.is(`document.activeElement.dataset.do`, "hold")
	if status, _ := c.get("/default.asp"); status != 200 {
		t.Errorf("Escape did something: %d", status)
	}
}

// Surroundings are those in which the console must be readable.
type surroundings struct {
	name          string
	width, height int64
	scheme        string
}

// browseLook looks at a busy console in light and dark surroundings, on a
// phone and magnified: nothing is wider than the window, texts stand out,
// everything has a name.
func browseLook(t *testing.T, browser context.Context) {
	c := openConsole(t, nil)
	for range 3 {
		c.get("/fails.asp")
		c.get("/default.asp")
	}
	c.visit("/slow.asp")
	c.visit("/lock.asp")
	back := map[string]string{}
	w := openWindow(t, browser, c.admin, "")
	w.until(`document.querySelector("section[data-key=lock]")?.innerText.includes("/lock.asp")`)
	c.visit("/wants.asp") // waits for the other's lock
	w.until(`document.querySelectorAll("section[data-key=requests] tbody tr").length === 3`)
	w.until(`document.querySelector("section[data-key=errors] td")`)
	w.is(nameless, "")
	for _, look := range []surroundings{
		{"light", 1280, 900, "light"}, {"dark", 1280, 900, "dark"}, {"phone", 360, 740, "light"}, {"magnified", 640, 450, "dark"},
	} {
		w.run(chromedp.EmulateViewport(look.width, look.height), emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: look.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}))
		w.until(fmt.Sprintf("innerWidth === %d", look.width))
		if wide := eval[string](w, fmt.Sprintf(tooWide, look.width)); wide != "" {
			t.Errorf("%s: the window scrolls sideways, because of %s", look.name, wide)
		}
		eval[any](w, `document.querySelectorAll("details").forEach(e => e.open = true)`)
		if faint := eval[string](w, tooFaint); faint != "" {
			t.Errorf("%s: hardly to be read:\n%s", look.name, faint)
		}
		w.is(`getComputedStyle(document.querySelector("[data-do=recover]")).transitionDuration`, "0s")
		w.picture("look-" + look.name)
		back[look.name] = eval[string](w, `getComputedStyle(document.body).backgroundColor`)
	}
	if back["light"] == back["dark"] {
		t.Errorf("light and dark look the same: %s", back["light"])
	}
	w.click("[data-do=hold]")
	w.until(`document.querySelector("#ask").open`)
	w.is(nameless, "")
	w.is(tooFaint, "")
}

// nameless lists what somebody who doesn't see the page couldn't tell apart:
// controls without a name, tables without a caption or scopes, headings that
// skip a level, regions without a name, the same id twice.
const nameless = `(() => {
	const wrong = [], show = e => e.outerHTML.slice(0, 120);
	const seen = [...document.querySelectorAll("body *")].filter(e => e.checkVisibility());
	const text = e => (e.getAttribute("aria-label") ?? (e.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean)
		.map(id => document.getElementById(id)?.textContent ?? "").join(" ")) || (e.labels?.[0] ?? e).textContent;
	for (const e of seen) {
		if (e.matches("button, a[href], input, select, summary, [role=img], [role=region], nav, section, dialog") && !text(e).trim()) wrong.push("no name: " + show(e));
		if (e.matches("table") && !e.caption?.textContent.trim()) wrong.push("no caption: " + show(e));
		if (e.matches("th") && !e.scope) wrong.push("no scope: " + show(e));
		if (e.matches("th") && !e.textContent.trim()) wrong.push("an empty head: " + show(e));
		if (e.matches("img") && !e.hasAttribute("alt")) wrong.push("no alt: " + show(e));
		if (e.matches("[tabindex]") && e.tabIndex > 0) wrong.push("an order of its own: " + show(e));
	}
	let level = 0;
	for (const e of seen.filter(e => e.matches("h1, h2, h3, h4, h5") && !e.closest("dialog"))) {
		const next = Number(e.tagName[1]);
		if (next > level + 1) wrong.push("a level left out: " + show(e));
		level = next;
	}
	if (seen.filter(e => e.tagName === "H1").length !== 1) wrong.push("not one title");
	for (const landmark of ["header", "main", "footer", "nav"]) {
		if (!document.querySelector(landmark)) wrong.push("no " + landmark);
	}
	const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
	wrong.push(...ids.filter((id, i) => ids.indexOf(id) !== i).map(id => "twice: " + id));
	if (document.querySelector("[role=status]")?.getAttribute("aria-live") !== "polite") wrong.push("results aren't said");
	if (document.documentElement.lang !== "en") wrong.push("no language");
	return wrong.join("\n");
})()`

// tooWide names what sticks out of a window of some width, if that can be
// scrolled.
const tooWide = `document.scrollingElement.scrollWidth <= %[1]d ? "" :
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %[1]d + 1)
		.slice(0, 5).map(e => e.tagName + "." + e.className).join() || "something"`

// tooFaint lists texts whose colour stands out too little from what is behind
// them: less than 4.5 : 1, or 3 : 1 for large text; and marks, lines of charts
// and edges of controls that do by less than 3 : 1.
const tooFaint = `(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
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
	const check = (e, colour, ground, least, what) => {
		const [a, b] = [light(rgba(colour)), light(ground)].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < least) faint.set(e.tagName + "." + (e.getAttribute("class") ?? ""), ratio.toFixed(2) + " " + what);
	};
	for (const e of document.querySelectorAll("body *")) {
		if (!e.checkVisibility()) continue;
		const style = getComputedStyle(e), size = parseFloat(style.fontSize);
		if (e.matches("button, input")) check(e, style.borderTopColor, behind(e.parentElement), style.backgroundColor === style.borderTopColor ? 1 : 3, "edge");
		if (e.matches(".chart .line")) check(e, style.stroke, behind(e.closest(".card, tr, table")), 3, "line");
		if (e.matches(".mark")) check(e, style.borderLeftColor, behind(e.parentElement), 3, "mark");
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
		check(e, style.color, behind(e), size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5, e.textContent.trim().slice(0, 30));
	}
	return [...faint].map(pair => pair.join(": ")).join("\n");
})()`
