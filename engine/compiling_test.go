package engine

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
)

// slowFS keeps whoever opens slow.asp, or global.asa's include, waiting.
type slowFS struct {
	fstest.MapFS
	open chan struct{}
}

func (s slowFS) Open(name string) (fs.File, error) {
	if name == "slow.asp" || name == "slow.inc" {
		<-s.open
	}
	return s.MapFS.Open(name)
}

// TestSlowCompilation: a page that doesn't come out of the compiler in time is
// 500, is not compiled a second time meanwhile, and works once it does.
func TestSlowCompilation(t *testing.T) {
	for _, size := range []int{0, None} {
		synctest.Test(t, func(t *testing.T) { slowCompilation(t, size) })
	}
}

func slowCompilation(t *testing.T, size int) {
	site := slowFS{fstest.MapFS{
		"slow.asp":  {Data: []byte("slow")},
		"small.asp": {Data: []byte("small")},
	}, make(chan struct{})}
	s := newServed(t, Config{FS: site}, func(c *Config) {
		c.ScriptTimeout, c.CheckInterval, c.ScriptFileCacheSize = 10*time.Second, None, size
	})
	get := func(path string, status int) time.Duration {
		t.Helper()
		began := time.Now()
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		if rec.Code != status {
			t.Errorf("%s is %d, want %d", path, rec.Code, status)
		}
		return time.Since(began)
	}
	if d := get("/slow.asp", http.StatusInternalServerError); d != 10*time.Second {
		t.Errorf("the first was answered after %v", d)
	}
	if d := get("/slow.asp", http.StatusInternalServerError); size != None && d != 0 {
		t.Errorf("the second waited %v, as if it compiled the page again", d)
	}
	get("/small.asp", http.StatusOK)
	close(site.open)
	synctest.Wait()
	get("/slow.asp", http.StatusOK)
}

// TestSlowGlobal: a global.asa that doesn't come out of the compiler in time
// makes requests fail, not wait, and is in force once it does.
func TestSlowGlobal(t *testing.T) { synctest.Test(t, slowGlobal) }

func slowGlobal(t *testing.T) {
	site := slowFS{fstest.MapFS{
		"global.asa": {Data: []byte("<!--#include file=slow.inc-->")},
		"slow.inc":   {Data: []byte("<script runat=server>function Application_OnStart() { Application('a') = 'started' }</script>")},
		"a.asp":      {Data: []byte("<%= Application('a') %>")},
	}, make(chan struct{})}
	s := newServed(t, Config{FS: site}, func(c *Config) { c.ScriptTimeout, c.CheckInterval = 10*time.Second, None })
	get := func() (int, string) {
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, httptest.NewRequest("GET", "/a.asp", nil))
		return rec.Code, rec.Body.String()
	}
	for range 2 {
		if status, body := get(); status != http.StatusInternalServerError {
			t.Errorf("%d %s", status, body)
		}
	}
	close(site.open)
	synctest.Wait()
	if status, body := get(); status != http.StatusOK || body != "started" {
		t.Fatalf("at last %d %s", status, body)
	}
}

// TestDevelopmentWarns of what naja check would say, each time a page is compiled.
func TestDevelopmentWarns(t *testing.T) {
	files := map[string]string{"a.asp": "<!--#include file=\"b.inc\"--><% var n = Request.Form(\"n\") || 1; if (Request.QueryString(\"q\") === \"x\") Response.Wrte(1) %>fine", "b.inc": "\n<% var r = /\\p{L}/ %>"}
	s := serveSite(t, files, func(c *Config) { c.Dev = true })
	wantIn(t, s.get("/a.asp"), 200, "fine")
	for _, said := range []string{"noDefault", "neverIdentical", "Wrte", "b.inc"} {
		want := map[string]string{
			"noDefault": "is never used", "neverIdentical": "never identical", "Wrte": "did you mean Response.Write?", "b.inc": "file=b.inc line=2",
		}[said]
		s.log.has(t, "page warning", "page=a.asp", want)
	}
	quiet := serveSite(t, files)
	wantIn(t, quiet.get("/a.asp"), 200, "fine")
	if said := quiet.log.find("page warning"); said != "" {
		t.Errorf("outside of development: %s", said)
	}
}
