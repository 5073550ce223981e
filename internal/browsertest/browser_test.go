package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWindow holds the mouse and the looks against pages that are made to
// mislead them.
func TestWindow(t *testing.T) {
	browser := Start(t, Config{Expects: []string{"favicon.ico"}})
	for _, test := range []struct {
		name, body string
		use        func(*testing.T, *Window)
	}{
		{"covered", covered, once},
		{"busy", busy, once},
		{"moves", moves, once},
		{"next page", `<form method="post"><button>next</button></form><p>posted %d times</p>`, leaves},
		{"console", `<script>console.error("ouch")</script>`, complains},
		{"looks", faint, reads},
	} {
		t.Run(test.name, func(t *testing.T) {
			posts := 0
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					posts++
				}
				rw.Header().Set("Content-Type", "text/html; charset=utf-8")
				fmt.Fprint(rw, "<!doctype html><title>t</title>"+strings.Replace(test.body, "%d", fmt.Sprint(posts), 1))
			}))
			defer server.Close()
			defer server.CloseClientConnections()
			test.use(t, browser.Open(t, server.URL, ""))
		})
	}
}

// The pages count presses of their button in window.presses, and what was
// pressed too early or beside it in window.wrong.
const (
	covered = `<button onclick="presses++">b</button><div style="position: fixed; inset: 0" onclick="wrong++"></div>
		<script>presses = wrong = 0; setTimeout(() => document.querySelector("div").remove(), 300)</script>`
	busy = `<button aria-busy="true" onclick="this.ariaBusy === 'true' ? wrong++ : presses++">b</button>
		<script>presses = wrong = 0; setTimeout(() => { document.querySelector("button").ariaBusy = null }, 300)</script>`

	// The mouse is on its way when the page moves: it comes up beside the button.
	moves = `<button onclick="presses++">b</button><script>presses = wrong = 0;
		addEventListener("mousedown", () => { document.querySelector("button").style.marginTop = "300px" }, {once: true})</script>`

	faint = `<p style="color: #999">hardly</p><button style="border: 1px solid #ddd; background: #fff; color: #000">edge</button>
		<b style="color: #000">well</b><div style="width: 2000px; height: 1px" class="wide"></div>`
)

func once(_ *testing.T, w *Window) {
	w.Click("button")
	w.Is("presses", "1")
	w.Is("wrong", "0")
}

// leaves goes to a page with the same button: that isn't pressed again.
func leaves(_ *testing.T, w *Window) {
	for _, want := range []string{"posted 1 times", "posted 2 times"} {
		w.Leave("button")
		w.Is(`document.querySelector("p").textContent`, want)
	}
}

func complains(t *testing.T, w *Window) {
	w.Until("true")
	if heard := w.Heard(); len(heard) != 1 || !strings.Contains(heard[0], "ouch") {
		t.Errorf("heard %q", heard)
	}
	w.Expect("again")
	w.Do(`console.warn("and again")`)
	if heard := w.Heard(); len(heard) != 0 {
		t.Errorf("heard %q, which was expected", heard)
	}
}

func reads(t *testing.T, w *Window) {
	w.Look(Look{Width: 640, Height: 400, Scheme: "dark"})
	w.Is(`matchMedia("(prefers-color-scheme: dark)").matches`, "true")
	if wide := w.TooWide(640); !strings.Contains(wide, "wide") {
		t.Errorf("too wide is %q", wide)
	}
	lines := w.TooFaint()
	if !strings.Contains(lines, "hardly") || !strings.Contains(lines, "edge") || strings.Contains(lines, "well") {
		t.Errorf("too faint is %q", lines)
	}
	if wrong := w.Nameless(); !strings.Contains(wrong, "no main") || !strings.Contains(wrong, "not one title") {
		t.Errorf("nameless is %q", wrong)
	}
}
