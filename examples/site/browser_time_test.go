package site_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/internal/browsertest"
)

// browseTurns presses both buttons in two windows of one visitor, and reads
// what the chart shows of all requests.
func browseTurns(t *testing.T, browser *browsertest.Browser) {
	site := serve(t, nil).URL
	one := browser.Open(t, site, "turns.asp")
	two := one.Another(site, "turns.asp")

	one.Click("[data-kind=session]")
	two.Click("[data-kind=session]")
	one.Until(`document.querySelectorAll("#chart > .open").length === 6`)
	one.Picture("turns-waiting")
	one.Until(`document.querySelectorAll("#chart > :not(.open)").length === 6`)
	one.Picture("turns-session")
	two.Until(`document.querySelectorAll("#chart > :not(.open)").length === 6`)
	for i, waited := range waits(t, one) {
		// The last to be sent may have come up to a moment after the first.
		if least := time.Duration(i)*time.Second - 700*time.Millisecond; waited < least {
			t.Errorf("request %d of one session waited %v, others should have run %d s before it", i+1, waited, i)
		}
	}
	if n := two.Number(`document.querySelectorAll("#chart .other").length`); n != 3 {
		t.Errorf("the second window shows %d requests of the first, want 3", n)
	}

	one.Click("[data-kind=free]")
	one.Until(`document.querySelectorAll("#chart > :not(.open)").length === 3`)
	one.Picture("turns-free")
	if waits := waits(t, one); len(waits) != 3 || waits[2] > 900*time.Millisecond {
		t.Errorf("requests without a session waited: %v", waits)
	}
}

// waits reads how long the requests of the chart waited, the shortest first.
func waits(t *testing.T, w *browsertest.Window) []time.Duration {
	t.Helper()
	var all []time.Duration
	text := w.Text(`[...document.querySelectorAll("#chart span:first-child")].map(s => s.textContent).join("\n")`)
	for _, m := range regexp.MustCompile(`waited ([\d.]+) s, ran ([\d.]+) s`).FindAllStringSubmatch(text, -1) {
		waited, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, time.Duration(waited*float64(time.Second)))
	}
	if n := w.Number(`document.querySelectorAll("#chart > div").length`); n != len(all) {
		t.Fatalf("%d requests, but the chart says\n%s", n, text)
	}
	slices.Sort(all)
	return all
}

// browseReport watches the bars of both reports while they are on their way.
func browseReport(t *testing.T, browser *browsertest.Browser) {
	w := browser.Open(t, serve(t, nil).URL, "report.asp")
	w.Do(`window.seen = {flushed: [], buffered: []}, new MutationObserver(() => {
		for (const how in seen) {
			const value = document.querySelector("[aria-labelledby=" + how + "] progress").value;
			if (seen[how].at(-1) !== value) seen[how].push(value);
		}
	}).observe(document.getElementById("reports"), {subtree: true, childList: true, attributes: true, characterData: true}), true`)
	w.Click("#start button")
	w.Until(`seen.flushed.at(-1) > 4 && seen.flushed.at(-1) < 20`)
	w.Is(`document.querySelector("[aria-labelledby=buffered] progress").value`, "0")
	w.Picture("report-half")
	w.Until(`!document.querySelector("#start button").disabled`)
	w.Picture("report-done")

	if steps := w.Number(`seen.flushed.length`); steps < 10 {
		t.Errorf("the flushed report's bar moved %d times only", steps)
	}
	w.Is(`seen.flushed.every((value, i) => i === 0 || value > seen.flushed[i - 1])`, "true")
	w.Is(`seen.buffered.filter(value => value > 0).join()`, "20")
	figure := func(how, what string) string {
		return w.Text(`document.querySelector("[aria-labelledby=` + how + `] [data-is=` + what + `]").textContent`)
	}
	if length := figure("flushed", "length"); length != "none: in chunks" {
		t.Errorf("flushed: Content-Length is %s", length)
	}
	if length := figure("buffered", "length"); !strings.HasSuffix(figure("buffered", "pieces"), "("+length+" bytes)") {
		t.Errorf("buffered: Content-Length %s, %s", length, figure("buffered", "pieces"))
	}
}

// browseClock lets the clock tick, stops it and starts it again.
func browseClock(t *testing.T, browser *browsertest.Browser) {
	w := browser.Open(t, serve(t, nil).URL, "clock.asp")
	w.Until(`/^\d\d:\d\d:\d\d$/.test(document.getElementById("time").textContent) && document.getElementById("state").textContent === "open"`)
	first := w.Text(`document.getElementById("time").textContent`)
	w.Until(`document.getElementById("events").textContent >= 3`)
	if now := w.Text(`document.getElementById("time").textContent`); now == first {
		t.Errorf("the clock stands at %s", now)
	}
	w.Picture("clock-runs")
	w.Click("#control button")
	w.Is(`document.getElementById("state").textContent`, "closed by you")
	w.Click("#control button")
	w.Until(`document.getElementById("opened").textContent === "2"`)
}

// browseReload edits a page that is open. The browser shows it by itself.
func browseReload(t *testing.T, browser *browsertest.Browser) {
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	server := serve(t, func(c *engine.Config) { c.Root, c.Dev = folder, true })
	w := browser.Open(t, server.URL, "layout.asp")
	edit := func(name, old, change string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(text), old, change, 1)
		if changed == string(text) {
			t.Fatalf("%s has no %s", name, old)
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit("layout.asp", "Layout", "Moved in")
	w.Until(`document.querySelector("h1")?.textContent === "Moved in" && document.readyState === "complete"`)
	edit("inc/bottom.inc", "Made of naja pages only", "Made anew")
	w.Until(`document.querySelector("footer")?.textContent.includes("Made anew")`)

	// A page that fails says where, and comes back when it is mended.
	w.Until(`document.readyState === "complete"`)
	edit("layout.asp", "<!--#include file=\"inc/top.inc\"-->", "<% let = = %>")
	w.Until(`document.body?.textContent.includes("layout.asp") && !document.querySelector("footer")`)
	w.Picture("dev-error")
	edit("layout.asp", "<% let = = %>", "<!--#include file=\"inc/top.inc\"-->")
	w.Until(`document.querySelector("h1")?.textContent === "Moved in"`)
	refused(t, w, "500", "404") // the error page has no icon
}
