// Package browsertest drives headless Chromium for tests of pages: one browser
// for a test, a window for each person, a mouse that behaves like one, and what
// a look at a page can find wrong with it. Only tests import it, and it alone
// imports the driver.
package browsertest

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A Config is what the windows of a browser have in common.
type Config struct {
	// Width and Height of a new window, in CSS pixels. 0: 1280 and 800.
	Width, Height int64

	// Expects are parts of what the console of every window may say; see
	// Window.Expect.
	Expects []string

	// Pictures is what the names of this browser's pictures begin with.
	Pictures string
}

// A Browser makes windows. Any goroutine may use it.
type Browser struct {
	cfg Config
	ctx context.Context // windows are made of it; it ends with the test
}

// Start starts Chromium until the test ends. Where none is installed, the test
// is skipped.
func Start(tb testing.TB, cfg Config) *Browser {
	tb.Helper()
	if cfg.Width == 0 {
		cfg.Width = 1280
	}
	if cfg.Height == 0 {
		cfg.Height = 800
	}
	path := program()
	if path == "" {
		tb.Skip("neither chromium nor google-chrome is installed; make deps installs it on Debian")
	}
	all, end := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.UserDataDir(tb.TempDir()), chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true), chromedp.Flag("lang", "en"))
	tb.Cleanup(end)
	// Events that the library is too old for are no errors of the page.
	ctx, closeAll := chromedp.NewContext(all, chromedp.WithErrorf(func(string, ...any) {}))
	tb.Cleanup(func() {
		ending, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if err := chromedp.Cancel(ending); err != nil {
			closeAll()
		}
	})
	if err := chromedp.Run(ctx); err != nil {
		tb.Fatalf("starting %s: %v", path, err)
	}
	return &Browser{cfg, ctx}
}

// program is the path of the browser, "" if there is none.
func program() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}
