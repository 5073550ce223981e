package browsertest

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A Look is the surroundings in which pages must be readable.
type Look struct {
	Name          string // for messages and pictures
	Width, Height int64  // of the window, in CSS pixels: half as many are twice as large
	Phone         bool   // a small device, with fingers for a mouse
	Scheme        string // "light" or "dark"
	Still         bool   // the person wants things not to move
}

// Look shows the pages in some surroundings from now on.
func (w *Window) Look(look Look) {
	w.tb.Helper()
	var opts []chromedp.EmulateViewportOption
	if look.Phone {
		opts = append(opts, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look.Scheme}}
	if look.Still {
		features = append(features, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
	}
	w.run(chromedp.EmulateViewport(look.Width, look.Height, opts...), emulation.SetEmulatedMedia().WithFeatures(features))
}

// Picture keeps what the window shows, if somebody wants to see it: as a PNG
// file in the folder that NAJA_SCREENSHOTS names, which is made where it is
// missing.
func (w *Window) Picture(name string) {
	w.tb.Helper()
	folder := os.Getenv("NAJA_SCREENSHOTS")
	if folder == "" {
		return
	}
	var png []byte
	w.run(chromedp.FullScreenshot(&png, 100))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		w.tb.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, w.cfg.Pictures+name+".png"), png, 0o644); err != nil {
		w.tb.Fatal(err)
	}
}

// TooWide names what sticks out of a window of some width, if that can be
// scrolled; "" if nothing does.
func (w *Window) TooWide(width int64) string {
	w.tb.Helper()
	return w.Text(fmt.Sprintf(tooWide, width))
}

const tooWide = `document.scrollingElement.scrollWidth <= %[1]d ? "" :
	[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > %[1]d + 1)
		.slice(0, 5).map(e => e.tagName + "." + e.className).join() || "something"`
