package engine

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/najahost/naja/engine/internal/site"
)

// empty makes a file of the site empty, as it is while it is saved in place, as
// if that had been some time ago.
func (pg *playground) empty(name string, ago time.Duration) {
	pg.Helper()
	file, at := filepath.Join(pg.dir, name), time.Now().Add(-ago)
	if err := os.Truncate(file, 0); err != nil {
		pg.Fatal(err)
	}
	if err := os.Chtimes(file, at, at); err != nil {
		pg.Fatal(err)
	}
}

// TestFilesThatAreBeingSaved: a file that is empty for a moment is served as it
// was, a page's own, an include, global.asa and a module; one that stays empty is
// served so, and so is one that never was anything else.
func TestFilesThatAreBeingSaved(t *testing.T) {
	t.Parallel()
	before := map[string]string{
		"page.asp": `page`, "with.asp": `<!--#include file="a.inc"--> with`, "a.inc": `include`,
		"global.asa":  script(`function Application_OnStart() { Application("n") = "first" }`),
		"life.asp":    `<%= Application("n") || "none" %>`,
		"module.asp":  `<%= require("./m").name || "none" %>`,
		"m.js":        `exports.name = "module"`,
		"always.asp":  ``,
		"include.asp": `<!--#include file="blank.inc"-->x`, "blank.inc": ``,
	}
	for name, cfg := range map[string]Config{"looks always": {CheckInterval: None}, "development": {Dev: true}, "looks seldom": {CheckInterval: time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pg := play(t, cfg, before)
			urls := map[string]string{"/page.asp": "page", "/with.asp": "include with", "/life.asp": "first", "/module.asp": "module", "/always.asp": "", "/include.asp": "x"}
			see := func(when string) {
				t.Helper()
				for url, want := range urls {
					pg.until(when+": "+url+" is "+want, func() bool { return pg.guest().get(url) == want })
				}
			}
			for name := range before { // nothing is read again for having been read too soon
				long := time.Now().Add(-time.Hour)
				if err := os.Chtimes(filepath.Join(pg.dir, name), long, long); err != nil {
					t.Fatal(err)
				}
			}
			see("at first")
			for _, name := range []string{"page.asp", "a.inc", "global.asa", "m.js"} {
				pg.empty(name, -time.Hour) // far from its second, however slow the machine
			}
			for range 3 {
				for url, want := range urls {
					if got := pg.guest().get(url); got != want {
						t.Errorf("while it is saved %s is %q", url, got)
					}
				}
			}
			pg.write("page.asp", "page 2")
			pg.write("a.inc", "include 2")
			pg.write("global.asa", script(`function Application_OnStart() { Application("n") = "second" }`))
			pg.write("m.js", `exports.name = "module 2"`)
			urls["/page.asp"], urls["/with.asp"], urls["/life.asp"], urls["/module.asp"] = "page 2", "include 2 with", "second", "module 2"
			see("saved")
			for _, name := range []string{"page.asp", "a.inc", "global.asa", "m.js"} {
				pg.empty(name, site.SavePatience)
			}
			urls["/page.asp"], urls["/with.asp"], urls["/life.asp"], urls["/module.asp"] = "", " with", "none", "none"
			see("empty for good")
		})
	}
}
