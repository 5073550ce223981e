package browsertest

import (
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Keys that Type presses besides those of letters.
const (
	Tab    = kb.Tab
	Enter  = kb.Enter
	Escape = kb.Escape
)

// Type presses the keys of a text, one after the other, wherever the focus is.
func (w *Window) Type(text string) {
	w.tb.Helper()
	w.run(chromedp.KeyEvent(text))
}

// Fill types a text into the field that a selector finds, in the place of what
// stands there.
func (w *Window) Fill(selector, text string) {
	w.tb.Helper()
	w.Do(fmt.Sprintf("document.querySelector(%q).select()", selector))
	w.Type(text)
}

// Choose puts files, by their paths, into the field for files that a selector
// finds.
func (w *Window) Choose(selector string, paths ...string) {
	w.tb.Helper()
	w.run(chromedp.SetUploadFiles(selector, paths, chromedp.ByQuery))
}

// Click presses with the mouse what a selector finds, once nothing lies over
// it, for a dialog may still be closing, and it isn't busy with the last press.
// The page may also move beneath the mouse, as it does for anybody: then it is
// pressed again.
func (w *Window) Click(selector string) {
	w.tb.Helper()
	find := fmt.Sprintf(`(() => {
		const found = document.querySelector(%q);
		found?.scrollIntoView({block: "center", behavior: "instant"});
		const box = found?.getBoundingClientRect(), x = box?.x + box?.width / 2, y = box?.y + box?.height / 2;
		if (!found?.contains(document.elementFromPoint(x, y)) || found.closest("[aria-busy=true]")) return null;
		window.clickHit = null;
		window.addEventListener("click", e => { window.clickHit = found.contains(e.target); }, {capture: true, once: true});
		return [x, y];
	})()`, selector)
	for {
		w.Until("/* can be clicked */ " + find)
		var at []float64
		if err := chromedp.Run(w.ctx, chromedp.Evaluate(find, &at)); err != nil || len(at) != 2 {
			continue // the page went on meanwhile; who waits in vain is told so by Until
		}
		w.run(chromedp.MouseClickXY(at[0], at[1]))
		if w.hit(selector) {
			return
		}
	}
}

// hit says whether a click came to what it was meant for, or to the page's end:
// the next page knows of no click, even where it has the same button. The page
// may hear of it a moment later; between two pages there is none to ask.
func (w *Window) hit(selector string) bool {
	w.tb.Helper()
	ask := fmt.Sprintf(`String(window.clickHit === undefined ||
		(window.clickHit ?? (document.querySelector(%q) ? "none" : true)))`, selector)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for range 100 {
		var answer string
		err := chromedp.Run(w.ctx, chromedp.Evaluate(ask, &answer))
		switch {
		case err == nil && answer == "true":
			return true
		case err == nil && answer == "false":
			return false
		}
		<-tick.C
	}
	return false
}

// Leave clicks, and waits for the whole page to which that leads.
func (w *Window) Leave(selector string) {
	w.tb.Helper()
	w.Do("window.leaving = true")
	w.Click(selector)
	w.Until(`!window.leaving && document.readyState === "complete"`)
}
