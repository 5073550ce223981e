package site_test

import (
	"testing"

	"github.com/najahost/naja/internal/browsertest"
)

// TestBrowser walks the paths of visitors in Chromium: one browser for all,
// visitors and windows of their own for each path. With NAJA_SCREENSHOTS=DIR
// it leaves pictures there of what it saw.
func TestBrowser(t *testing.T) {
	browser := browsertest.Start(t, browsertest.Config{})
	for _, path := range []struct {
		name string
		walk func(*testing.T, *browsertest.Browser)
	}{
		{"guestbook", browseGuestbook}, {"cart", browseCart}, {"counter", browseCounter}, {"upload", browseUpload},
		{"errors", browseErrors}, {"1999", browseOldAndNew}, {"turns", browseTurns}, {"report", browseReport},
		{"clock", browseClock}, {"reload", browseReload}, {"keyboard", browseKeyboard}, {"look", browseLook},
	} {
		t.Run(path.name, func(t *testing.T) { path.walk(t, browser) })
	}
}
