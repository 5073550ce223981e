package engine

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
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
		site := slowFS{fstest.MapFS{
			"slow.asp":  {Data: []byte("slow")},
			"small.asp": {Data: []byte("small")},
		}, make(chan struct{})}
		s := newServed(t, Config{FS: site}, func(c *Config) {
			c.ScriptTimeout, c.CheckInterval, c.ScriptFileCacheSize = 100*time.Millisecond, None, size
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
		if d := get("/slow.asp", http.StatusInternalServerError); d < 100*time.Millisecond || d > 2*time.Second {
			t.Errorf("the first was answered after %v", d)
		}
		if d := get("/slow.asp", http.StatusInternalServerError); size != None && d > 90*time.Millisecond {
			t.Errorf("the second waited %v, as if it compiled the page again", d)
		}
		get("/small.asp", http.StatusOK)
		close(site.open)
		for deadline := time.Now().Add(5 * time.Second); ; {
			rec := httptest.NewRecorder()
			s.ServeHTTP(rec, httptest.NewRequest("GET", "/slow.asp", nil))
			if rec.Code == http.StatusOK && rec.Body.String() == "slow" {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("it never works again:", rec.Code)
			}
		}
	}
}

// TestSlowGlobal: a global.asa that doesn't come out of the compiler in time
// makes requests fail, not wait, and is in force once it does.
func TestSlowGlobal(t *testing.T) {
	site := slowFS{fstest.MapFS{
		"global.asa": {Data: []byte("<!--#include file=slow.inc-->")},
		"slow.inc":   {Data: []byte("<script runat=server>function Application_OnStart() { Application('a') = 'started' }</script>")},
		"a.asp":      {Data: []byte("<%= Application('a') %>")},
	}, make(chan struct{})}
	s := newServed(t, Config{FS: site}, func(c *Config) { c.ScriptTimeout, c.CheckInterval = 100*time.Millisecond, None })
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
	for deadline := time.Now().Add(5 * time.Second); ; {
		status, body := get()
		if status == http.StatusOK && body == "started" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("at last %d %s", status, body)
		}
	}
}
