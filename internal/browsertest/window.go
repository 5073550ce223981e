package browsertest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// windowTime bounds what one window lives.
const windowTime = 40 * time.Second

// A Window shows pages to one person. It is closed when its test ends, which
// fails if the window's console said what nobody expected. It lives 40 seconds
// at most: what waits for longer fails the test. The goroutine of its test uses
// it.
type Window struct {
	tb   testing.TB
	cfg  Config
	tab  context.Context // lives as long as the test
	ctx  context.Context // the same, bounded in time
	base string

	mu        sync.Mutex
	complains []string // what a developer would see in the console
	expects   []string // parts of what may stand there
}

// Window opens an empty window for somebody new, who has no cookies yet. base
// is the address that the names of pages are added to.
func (b *Browser) Window(tb testing.TB, base string) *Window {
	tb.Helper()
	return newWindow(tb, b.cfg, b.ctx, base, chromedp.WithNewBrowserContext())
}

// Open opens a page in a window for somebody new; see Window.
func (b *Browser) Open(tb testing.TB, base, page string) *Window {
	tb.Helper()
	w := b.Window(tb, base)
	w.Open(page)
	return w
}

// Another opens a page in a second window of the same person.
func (w *Window) Another(base, page string) *Window {
	w.tb.Helper()
	other := newWindow(w.tb, w.cfg, w.tab, base)
	other.Open(page)
	return other
}

func newWindow(tb testing.TB, cfg Config, parent context.Context, base string, opts ...chromedp.ContextOption) *Window {
	tb.Helper()
	w := &Window{tb: tb, cfg: cfg, base: strings.TrimSuffix(base, "/") + "/", expects: slices.Clone(cfg.Expects)}
	tab, end := chromedp.NewContext(parent, opts...)
	tb.Cleanup(end)
	w.tab = tab
	chromedp.ListenTarget(tab, w.listen)
	w.do(tab)
	ctx, cancel := context.WithTimeout(tab, windowTime)
	tb.Cleanup(cancel)
	w.ctx = ctx
	tb.Cleanup(func() {
		for _, line := range w.Heard() {
			tb.Errorf("the console says: %s", line)
		}
	})
	w.run(chromedp.EmulateViewport(cfg.Width, cfg.Height))
	return w
}

// Open goes to a page, and waits until all of it is there.
func (w *Window) Open(page string) {
	w.tb.Helper()
	w.run(chromedp.Navigate(w.base + page))
}

// Reload loads the page again, and waits until all of it is there.
func (w *Window) Reload() {
	w.tb.Helper()
	w.run(chromedp.Reload())
}

func (w *Window) run(actions ...chromedp.Action) {
	w.tb.Helper()
	w.do(w.ctx, actions...)
}

func (w *Window) do(ctx context.Context, actions ...chromedp.Action) {
	w.tb.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		w.tb.Fatal(err)
	}
}
