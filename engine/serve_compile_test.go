package engine

import (
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/internal/asptest"
)

// countingFS counts how often each file is opened.
type countingFS struct {
	fstest.MapFS
	mu    sync.Mutex
	opens map[string]int
	held  chan struct{} // an open waits for it
	asked atomic.Int64
}

// Open is [fs.FS].
func (c *countingFS) Open(name string) (fs.File, error) {
	c.mu.Lock()
	c.opens[name]++
	c.mu.Unlock()
	if c.held != nil && strings.HasSuffix(name, ".asp") {
		c.asked.Add(1)
		<-c.held
	}
	return c.MapFS.Open(name)
}

func (c *countingFS) opened(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.opens[name]
}

// TestAPageIsCompiledOnce, by one of the requests that want it, and not again
// as long as its files stay as they are. Other pages don't wait for it.
func TestAPageIsCompiledOnce(t *testing.T) {
	c := &countingFS{opens: map[string]int{}, MapFS: fstest.MapFS{
		"page.asp": {Data: []byte(`<!--#include file="a.inc"-->page`)}, "a.inc": {Data: []byte("a")}, "other.asp": {Data: []byte("other")},
	}}
	s := newServed(t, Config{FS: c}, func(cfg *Config) { cfg.CheckInterval = None })
	s.addr = asptest.Serve(t, &http.Server{Handler: s.Engine})
	want(t, s.get("/other.asp"), 200, "other")
	c.held = make(chan struct{})
	var wg sync.WaitGroup
	for range 20 {
		conn := s.dial()
		ask(conn, "/page.asp")
		wg.Go(func() { want(t, conn.ReadResponse("GET"), 200, "apage") })
	}
	eventually(t, "it is read", func() bool { return c.asked.Load() > 0 })
	want(t, s.get("/other.asp"), 200, "other")
	close(c.held)
	wg.Wait()
	for range 5 {
		want(t, s.get("/page.asp"), 200, "apage")
	}
	if c.opened("page.asp") != 1 || c.opened("a.inc") != 1 || s.Status().Pages != 2 {
		t.Errorf("opened %d and %d times, %d pages kept", c.opened("page.asp"), c.opened("a.inc"), s.Status().Pages)
	}
}

// TestTheCacheIsBounded: the pages used last stay.
func TestTheCacheIsBounded(t *testing.T) {
	c := &countingFS{opens: map[string]int{}, MapFS: fstest.MapFS{}}
	for i := range 20 {
		c.MapFS[fmt.Sprintf("%d.asp", i)] = &fstest.MapFile{Data: []byte(fmt.Sprint("page ", i))}
	}
	s := newServed(t, Config{FS: c, ScriptFileCacheSize: 3})
	s.addr = asptest.Serve(t, &http.Server{Handler: s.Engine})
	for i := range 20 {
		want(t, s.get(fmt.Sprintf("/%d.asp", i)), 200, fmt.Sprint("page ", i))
		want(t, s.get("/0.asp"), 200, "page 0")
	}
	if c.opened("0.asp") != 1 || s.Status().Pages != 3 {
		t.Errorf("opened %d times, %d pages kept", c.opened("0.asp"), s.Status().Pages)
	}
	want(t, s.get("/1.asp"), 200, "page 1")
	if c.opened("1.asp") != 2 {
		t.Errorf("opened %d times", c.opened("1.asp"))
	}
}

// TestALargePage: the time to compile grows with the page, not with its
// square.
func TestALargePage(t *testing.T) {
	var page, body strings.Builder
	const blocks = 5000
	for i := range blocks {
		fmt.Fprintf(&page, "<li><%%= %d %%></li>\n", i)
		fmt.Fprintf(&body, "<li>%d</li>\n", i)
	}
	s := serveSite(t, map[string]string{"page.asp": page.String()})
	began := time.Now()
	want(t, s.get("/page.asp"), 200, body.String())
	inTime(t, "compiling and running", began, 5*time.Second)
}

// TestTheSessionsCookieIsSetBeforeAFlush, for a page that names Session later.
func TestTheSessionsCookieIsSetBeforeAFlush(t *testing.T) {
	s := serveSite(t, map[string]string{
		"late.asp":   `text<% Response.Flush(); Session("n") = 1 %>`,
		"never.asp":  `text<% Response.Flush() %>`,
		"hidden.asp": `text<% Response.Flush(); try { Server.Execute("late.asp"); } catch (e) { %>[<%= e.description.substr(4, 8) %>]<% } %>`,
		"read.asp":   `<%= String(Session("n")) %>`,
	})
	r := s.get("/late.asp")
	cookie := r.Header.Get("Set-Cookie")
	if cookie == "" || string(r.Body) != "text" || r.Err != nil {
		t.Fatalf("got %q, %q, %v", cookie, r.Body, r.Err)
	}
	want(t, s.get("/read.asp", "Cookie: "+strings.SplitN(cookie, ";", 2)[0]), 200, "1")
	if r := s.get("/never.asp"); r.Header.Get("Set-Cookie") != "" {
		t.Errorf("a page without Session sets %q", r.Header.Get("Set-Cookie"))
	}
	want(t, s.get("/hidden.asp"), 200, "texttext[ASP 0156]")
}

// TestThePageCantSetTheSessionsCookie, which is no page's business.
func TestThePageCantSetTheSessionsCookie(t *testing.T) {
	s := serveSite(t, map[string]string{
		"page.asp": `<% function f(n) { try { Response.Cookies(n) = "x"; return "set" } catch (e) { return e.description.substr(4, 8) } } %><%= [f("NAJASESSIONID"), f("NajaSessionId"), f("__Secure-NAJASESSIONID"), f("other")] %>`,
	})
	r := s.get("/page.asp")
	want(t, r, 200, "ASP 0162,ASP 0162,ASP 0162,set")
	if c := r.Header.Values("Set-Cookie"); len(c) != 1 || !strings.HasPrefix(c[0], "other=") {
		t.Errorf("got %q", c)
	}
}

// TestExpectContinueIsRefused before the body comes.
func TestExpectContinueIsRefused(t *testing.T) {
	s := serveSite(t, map[string]string{"page.asp": "x"})
	c := s.dial()
	c.Send("POST /page.asp HTTP/1.1\r\nHost: test\r\nContent-Length: 300000\r\nExpect: 100-continue\r\n\r\n")
	if r := c.ReadHeader(); r.Status != 413 {
		t.Errorf("got %d", r.Status)
	}
}
