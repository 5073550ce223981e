package admin

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/najahost/naja/internal/browsertest"
)

// browseStays keeps what the user opened, chose and stands on while snapshots
// come in, and holds still when it is told to.
func browseStays(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	c.visit("/slow.asp")
	w := browser.Open(t, c.admin, "")
	running := `document.querySelector("section[data-key=requests] td:nth-of-type(3)")`
	w.Until(running)
	w.Click("section[data-key=apartments] summary")
	w.Until(`document.querySelector("section[data-key=apartments] details").open`)
	w.Do(`document.querySelector("[data-do=kill]").focus()`)
	w.Do(`window.stood = document.activeElement`)
	seen := w.Text(running + ".textContent")
	for range 2 {
		w.Until(fmt.Sprintf("%s.textContent !== %q", running, seen))
		seen = w.Text(running + ".textContent")
	}
	w.Is(`document.activeElement === window.stood && document.activeElement.isConnected`, "true")
	w.Is(`document.querySelector("section[data-key=apartments] details").open`, "true")

	// The request ends under the focus: it stays until the user leaves.
	w.Type(browsertest.Enter)
	w.Until(`document.querySelector("#ask").open`)
	w.Click("#ask-do")
	w.Until(`document.querySelector(".result")`)
	w.Do(`document.querySelector("[data-do=kill]")?.focus()`)
	w.Until(`document.querySelector("section[data-key=requests] .aside").textContent.startsWith("0 run")`)
	w.Is(`document.activeElement === document.body`, "false")
	result(t, w, "Done")

	w.Click("#pause")
	w.Is(`document.querySelector("#live-word").textContent`, "Paused")
	c.visit("/slow.asp")
	w.Until(`performance.now() - (window.since ??= performance.now()) > 2200`)
	w.Is(`document.querySelectorAll("section[data-key=requests] tbody tr").length`, "0")
	w.Click("#pause")
	w.Until(`document.querySelectorAll("section[data-key=requests] tbody tr").length === 1`)
}

// browseProxy looks through a proxy that holds streams back until they end.
func browseProxy(t *testing.T, browser *browsertest.Browser) {
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
	w := browser.Open(t, front.URL, "")
	w.Is(`document.querySelector(".overview tbody a").textContent`, "/") // before anything has come
	w.Until(`document.querySelector("#live-word").textContent === "Every few seconds"`)
	c.visit("/slow.asp")
	w.Until(`document.querySelector("section[data-key=requests]").innerText.includes("/slow.asp")`)
}

// browseKeyboard walks without a mouse: every button is reached, in the order
// of the page, and the one reached is to be seen.
func browseKeyboard(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	w := browser.Open(t, c.admin, "")
	w.Until(`document.querySelector("#live-word").textContent === "Live"`)
	w.Type(browsertest.Tab)
	w.Is(`document.activeElement.className`, "skip")
	w.Type(browsertest.Enter)
	w.Until(`document.activeElement.id === "main"`)
	reached := 0
	for range 60 {
		w.Type(browsertest.Tab)
		if w.Text(`document.activeElement.dataset.do ?? ""`) == "hold" {
			break
		}
		if reached++; reached == 60 {
			t.Fatal("Tab doesn't lead to the buttons")
		}
	}
	w.Is(`parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2`, "true")
	w.Type(browsertest.Enter)
	w.Until(`document.querySelector("#ask").open`)
	w.Is(`document.querySelector("#ask").contains(document.activeElement)`, "true")
	w.Type(browsertest.Escape)
	w.Until(`!document.querySelector("#ask").open`)
	w.Is(`document.activeElement.dataset.do`, "hold")
	if status, _ := c.get("/default.asp"); status != 200 {
		t.Errorf("Escape did something: %d", status)
	}
}

// browseLook looks at a busy console in light and dark surroundings, on a
// phone and magnified: nothing is wider than the window, texts stand out,
// everything has a name.
func browseLook(t *testing.T, browser *browsertest.Browser) {
	c := openConsole(t, nil)
	for range 3 {
		c.get("/fails.asp")
		c.get("/default.asp")
	}
	c.visit("/slow.asp")
	c.visit("/lock.asp")
	back := map[string]string{}
	w := browser.Open(t, c.admin, "")
	w.Until(`document.querySelector("section[data-key=lock]")?.innerText.includes("/lock.asp")`)
	c.visit("/wants.asp") // waits for the other's lock
	w.Until(`document.querySelectorAll("section[data-key=requests] tbody tr").length === 3`)
	w.Until(`document.querySelector("section[data-key=errors] td")`)
	if wrong := w.Nameless(); wrong != "" {
		t.Errorf("not to be told apart:\n%s", wrong)
	}
	for _, look := range []browsertest.Look{
		{Name: "light", Width: 1280, Height: 900, Scheme: "light", Still: true},
		{Name: "dark", Width: 1280, Height: 900, Scheme: "dark", Still: true},
		{Name: "phone", Width: 360, Height: 740, Scheme: "light", Still: true},
		{Name: "magnified", Width: 640, Height: 450, Scheme: "dark", Still: true},
	} {
		w.Look(look)
		w.Until(fmt.Sprintf("innerWidth === %d", look.Width))
		if wide := w.TooWide(look.Width); wide != "" {
			t.Errorf("%s: the window scrolls sideways, because of %s", look.Name, wide)
		}
		w.Do(`document.querySelectorAll("details").forEach(e => e.open = true)`)
		if faint := w.TooFaint(); faint != "" {
			t.Errorf("%s: hardly to be read:\n%s", look.Name, faint)
		}
		w.Is(`getComputedStyle(document.querySelector("[data-do=recover]")).transitionDuration`, "0s")
		w.Picture("look-" + look.Name)
		back[look.Name] = w.Text(`getComputedStyle(document.body).backgroundColor`)
	}
	if back["light"] == back["dark"] {
		t.Errorf("light and dark look the same: %s", back["light"])
	}
	w.Click("[data-do=hold]")
	w.Until(`document.querySelector("#ask").open`)
	if wrong := w.Nameless(); wrong != "" {
		t.Errorf("with a question, not to be told apart:\n%s", wrong)
	}
	if faint := w.TooFaint(); faint != "" {
		t.Errorf("with a question, hardly to be read:\n%s", faint)
	}
}
