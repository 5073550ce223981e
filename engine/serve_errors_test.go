package engine

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/asptest"
)

// folder serves a real folder, whose files a test can change.
type folder struct {
	*served
	root string
	age  time.Duration
}

func serveFolder(t *testing.T, files map[string]string, edit ...func(*Config)) *folder {
	t.Helper()
	f := &folder{root: t.TempDir(), age: time.Hour}
	for name, text := range files {
		f.write(t, name, text)
	}
	f.served = newServed(t, Config{Root: f.root}, edit...)
	f.addr = asptest.Serve(t, &http.Server{Handler: f.Engine})
	return f
}

// write makes or replaces a file. Each has another time than the one before,
// all of them in the past: how fast a disk's clock ticks is none of our
// business.
func (f *folder) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(f.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	f.age -= time.Second
	when := time.Now().Add(-f.age)
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
}

// errorSite is a page whose error is two includes deep, and its layout.
func errorSite() map[string]string {
	return map[string]string{
		"default.asp":      `<!--#include virtual="/inc/one.inc"-->`,
		"inc/one.inc":      "<p>\n<!--#include file=\"deep/two.inc\"-->",
		"inc/deep/two.inc": "é\n<% function f(x) {\n\treturn x.name.first; } %>\n<%= f({\"a\": \"<b>\"}) %>",
		"thrown.asp":       `<% throw new Error("<script>alert('x')</script>") %>`,
		"broken.asp":       "<p>\n<% if (1 { %> <b>",
		"good.asp":         `good`,
	}
}

// TestTheBrowserSeesErrorsOnlyWhenTold, and never more than it is told.
func TestTheBrowserSeesErrorsOnlyWhenTold(t *testing.T) {
	quiet := serveFolder(t, errorSite())
	for _, target := range []string{"/", "/thrown.asp", "/broken.asp"} {
		r := quiet.get(target)
		wantIn(t, r, 500, "An error occurred on the server when processing the URL.")
		for _, secret := range []string{quiet.root, "inc", "first", "alert", "TypeError", "132", ".asp"} {
			if strings.Contains(string(r.Body), secret) {
				t.Errorf("%s tells %q: %s", target, secret, r.Body)
			}
		}
		if r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%v", r.Header)
		}
	}
	quiet.log.has(t, "page failed", "page=default.asp include=inc/deep/two.inc line=3 column=16", "stack=f (inc/deep/two.inc:3:16) < ")
	quiet.log.has(t, "page failed", "page=broken.asp", "line=2")
	own := serveFolder(t, errorSite(), func(c *Config) { c.ScriptErrorMessage = "Sorry & <b>goodbye</b>" })
	wantIn(t, own.get("/"), 500, "Sorry &amp; &lt;b&gt;goodbye&lt;/b&gt;")

	for name, edit := range map[string]func(*Config){
		"dev":  func(c *Config) { c.Dev = true },
		"told": func(c *Config) { c.ScriptErrorSentToBrowser = true },
	} {
		t.Run(name, func(t *testing.T) {
			s := serveFolder(t, errorSite(), edit)
			r := s.get("/")
			for _, part := range []string{"inc/deep/two.inc:3:16", "TypeError", "return x.name.first;"} {
				wantIn(t, r, 500, part)
			}
			wantIn(t, s.get("/thrown.asp"), 500, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
			wantIn(t, s.get("/broken.asp"), 500, "broken.asp:2:")
			wantIn(t, s.get("/broken.asp"), 500, "&lt;% if (1 { %&gt; &lt;b&gt;")
			for _, target := range []string{"/", "/thrown.asp", "/broken.asp"} {
				r := s.get(target)
				for _, secret := range []string{s.root, "<script>alert", ".go:", "goja"} {
					if strings.Contains(string(r.Body), secret) {
						t.Errorf("%s tells %q: %s", target, secret, r.Body)
					}
				}
			}
		})
	}
}

// TestWhatAFailedPageMadeIsNotSent: nothing of its header and body, but what
// it kept in its session.
func TestWhatAFailedPageMadeIsNotSent(t *testing.T) {
	s := serveSite(t, map[string]string{
		"page.asp": `half<% Session("kept") = "kept"; Application("now") = "kept"; Application.Lock(); Application("locked") = "dropped"; Response.AddHeader("X-Page", "1"); Response.Cookies("c") = "1"; Response.Status = 201; Response.ContentType = "text/plain"; Response.Expires = 60; Response.CodePage = 1252; nope() %>`,
		"read.asp": `<%= Session("kept") %>|<%= Application("now") %>|<%= String(Application("locked")) %>`,
	})
	r := s.get("/page.asp")
	wantIn(t, r, 500, "An error occurred")
	for _, name := range []string{"X-Page", "Expires"} {
		if r.Header.Get(name) != "" {
			t.Errorf("%s: %q", name, r.Header.Get(name))
		}
	}
	cookies := r.Header.Values("Set-Cookie")
	if len(cookies) != 1 || !strings.HasPrefix(cookies[0], "NAJASESSIONID=") || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%v", r.Header)
	}
	if strings.Contains(string(r.Body), "half") {
		t.Errorf("got %s", r.Body)
	}
	want(t, s.get("/read.asp", "Cookie: "+strings.SplitN(cookies[0], ";", 2)[0]), 200, "kept|kept|undefined")
}

// errorPage shows all of ASPError.
const errorPage = `<% var e = Server.GetLastError() %>[<%= [e.ASPCode, e.Number, e.Source, e.Category, e.File, e.Line, e.Column, e.Description, e.ASPDescription].join("|") %>]`

func TestTheErrorPage(t *testing.T) {
	t.Parallel()
	files := errorSite()
	files["err/500.asp"] = errorPage
	files["timeout.asp"] = "<%\n" + outOfTime + "for (;;) ; %>"
	files["asp.asp"] = "<%\n\nResponse.Redirect(\"\") %>"
	files["form.asp"] = `<% nope() %>`
	files["flushed.asp"] = `text<% Response.Flush(); nope() %>`
	s := serveSite(t, files, func(c *Config) { c.ErrorPage = "/err/500.asp" })
	for target, body := range map[string]string{
		"/":            "[|-2146823281|\treturn x.name.first; } %>|Microsoft JScript runtime|/inc/deep/two.inc|3|16|TypeError: Cannot read property 'first' of undefined|]",
		"/asp.asp":     "[ASP 0158|-2147467259|Response.Redirect(\"\") %>|Response object|/asp.asp|3|18|Missing URL|A URL is required.]",
		"/broken.asp":  "[ASP 0132|-2146827286|<% if (1 { %> <b>|Microsoft JScript compilation|/broken.asp|2|10|Compilation Error|Unexpected token {]",
		"/timeout.asp": "[ASP 0113|-2147467259|",
	} {
		r := s.get(target)
		if r.Status != 500 || !strings.HasPrefix(string(r.Body), body) || !r.KeepAlive {
			t.Errorf("%s: %d %s\nwant %s", target, r.Status, r.Body, body)
		}
	}
	if r := s.get("/flushed.asp"); string(r.Body) != "text" || r.Err == nil {
		t.Errorf("a page that has flushed: %q, %v", r.Body, r.Err)
	}
	if r := s.post("/form.asp", "a=1"); r.Status != 500 || !strings.HasPrefix(string(r.Body), "[|") {
		t.Errorf("got %d %s", r.Status, r.Body)
	}
	want(t, s.get("/good.asp"), 200, "good")
	if c := s.dial(); true {
		r := c.Get("HTTP/1.1", "HEAD", "/")
		if r.Status != 500 || r.Header.Get("Content-Length") == "0" {
			t.Errorf("HEAD: %d %v", r.Status, r.Header)
		}
	}
}

// TestTheFileOfAnErrorIsMapped: from wherever the error page lies, and below the
// application's own path.
func TestTheFileOfAnErrorIsMapped(t *testing.T) {
	files := errorSite()
	files["err/500.asp"] = `<% var e = Server.GetLastError() %><%= e.File %> <%= Server.MapPath(e.File) == Server.MapPath("/shop/inc/deep/two.inc") %> <%= Server.MapPath(e.File) == Server.MapPath("../inc/deep/two.inc") %>`
	s := serveSite(t, files, func(c *Config) { c.ErrorPage, c.Path = "/err/500.asp", "/shop" })
	want(t, s.get("/shop/default.asp"), 500, "/shop/inc/deep/two.inc True True")
}

// TestAnErrorPageIsAPage: it may answer in its own way.
func TestAnErrorPageIsAPage(t *testing.T) {
	for _, tt := range []struct {
		name, page string
		status     int
		body       string
	}{
		{"status", `<% Response.Status = 503; Response.AddHeader("X-Own", "1") %>own`, 503, "own"},
		{"redirect", `<% Response.Redirect("/good.asp") %>`, 302, "Object Moved"},
		{"flush", `own<% Response.Flush() %>er`, 500, "owner"},
		{"session", `<% Session("n") = 1 %><%= Session("n") %><%= Request.QueryString("q") %><%= Request.Form("f") %>`, 500, "1qf"},
		{"execute", `<% Server.Execute("good.asp") %>`, 500, "good"},
		{"transfer", `<% Server.Transfer("good.asp") %>`, 500, "good"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := errorSite()
			files["500.asp"] = tt.page
			files["f.asp"] = `half<% Response.Cookies("half") = 1; nope() %>`
			s := serveSite(t, files, func(c *Config) { c.ErrorPage = "500.asp" })
			wantIn(t, s.post("/f.asp?q=q", "f=f"), tt.status, tt.body)
		})
	}
}

// TestAnErrorPageThatFailsGivesWay to the built-in one.
func TestAnErrorPageThatFailsGivesWay(t *testing.T) {
	for name, page := range map[string]string{
		"fails": `own<% Response.AddHeader("X-Own", "1"); alsoNope() %>`, "broken": `<% if ( %>`, "missing": "", "loops": `<%` + outOfTime + `for (;;) ; %>`,
		"panics": `<% console.log("the log panics") %>`, "fills": `<% for (;;) Response.Write("0123456789") %>`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := errorSite()
			if name != "missing" {
				files["500.asp"] = page
			}
			s := serveSite(t, files, func(c *Config) { c.ErrorPage, c.BufferingLimit = "/500.asp", 64<<10 })
			for _, target := range []string{"/", "/broken.asp"} {
				r := s.get(target)
				wantIn(t, r, 500, "An error occurred on the server")
				if r.Header.Get("X-Own") != "" || strings.Contains(string(r.Body), "own<") || !r.KeepAlive {
					t.Errorf("got %v %s", r.Header, r.Body)
				}
			}
			s.log.has(t, "page failed", "page=default.asp", "include=inc/deep/two.inc", "line=3")
			want(t, s.get("/good.asp"), 200, "good")
			if n := s.Status().Orphans; n != 0 {
				t.Errorf("%d orphans", n)
			}
		})
	}
}

// TestAnErrorPageThatFailsAfterAFlush can't give way any more.
func TestAnErrorPageThatFailsAfterAFlush(t *testing.T) {
	files := errorSite()
	files["500.asp"] = `own<% Response.Flush(); alsoNope() %>`
	s := serveSite(t, files, func(c *Config) { c.ErrorPage, c.BufferingLimit = "/500.asp", 64<<10 })
	if r := s.get("/"); r.Status != 500 || string(r.Body) != "own" || r.Err == nil {
		t.Errorf("got %d %q, %v", r.Status, r.Body, r.Err)
	}
}

// TestApplicationOnError hears of pages that don't compile, too, and may
// answer.
func TestApplicationOnError(t *testing.T) {
	files := errorSite()
	files["global.asa"] = `<script runat=server>function Session_OnStart() { Session("started") = 1 }
function Application_OnError() { var e = Server.GetLastError(); Application("seen") = e.File + ":" + e.Line; if (e.File == "/broken.asp") Response.Redirect("/sorry?" + Session("started")) }</script>`
	files["seen.asp"] = `<%= Application("seen") %>`
	s := serveSite(t, files)
	wantIn(t, s.get("/thrown.asp"), 500, "An error occurred")
	want(t, s.get("/seen.asp"), 200, "/thrown.asp:1")
	if r := s.get("/broken.asp"); r.Status != 302 || r.Header.Get("Location") != "/sorry?1" {
		t.Errorf("got %d %v", r.Status, r.Header)
	}
	want(t, s.get("/seen.asp"), 200, "/broken.asp:2")
}

func TestThePageForMissingFiles(t *testing.T) {
	files := errorSite()
	files["404.asp"] = `<% var e = Server.GetLastError() %>nothing at <%: e.File %>: <%= e.Description %>`
	s := serveSite(t, files, func(c *Config) { c.ErrorPage404 = "/404.asp" })
	c := s.dial()
	for target, shown := range map[string]string{"/none.asp": "/none.asp", "/none.gif": "/none.gif", "/%3Cb%3E.asp": "/&lt;b&gt;.asp", "/global.asa": "/global.asa"} {
		r := c.Get("HTTP/1.1", "GET", target)
		want(t, r, 404, "nothing at "+shown+": The page cannot be found")
	}
	files["404.asp"] = `<%= Request.QueryString %>|<%= Request.ServerVariables("QUERY_STRING") %>|<%= Request.QueryString("b") %>|<%= Request.ServerVariables("URL") %>`
	friendly := serveSite(t, files, func(c *Config) { c.ErrorPage404, c.Path = "/404.asp", "/shop" }).dial()
	friendly.Send("%s", "GET /shop/books/a%20b?x=1&b=2 HTTP/1.1\r\nHost: www.example.org\r\n\r\n")
	const query = "404;http://www.example.org:80/shop/books/a%20b?x=1&b=2"
	want(t, friendly.ReadResponse("GET"), 404, query+"|"+query+"|2|/shop/404.asp")
	if r := c.Get("HTTP/1.1", "HEAD", "/none.asp"); r.Status != 404 || !r.KeepAlive {
		t.Errorf("HEAD: %d", r.Status)
	}
	for name, page := range map[string]string{"fails": `own<% nope() %>`, "broken": `<% if ( %>`, "missing": ""} {
		t.Run(name, func(t *testing.T) {
			files := errorSite()
			if name != "missing" {
				files["404.asp"] = page
			}
			files["500.asp"] = "the error page"
			s := serveSite(t, files, func(c *Config) { c.ErrorPage404, c.ErrorPage = "/404.asp", "/500.asp" })
			r := s.get("/none.asp")
			wantIn(t, r, 404, "The page cannot be found")
			if strings.Contains(string(r.Body), "own") {
				t.Errorf("got %s", r.Body)
			}
		})
	}
}

// TestOwnAnswers: a site's own files in the place of naja's small answers, with
// the status, the length and the header that they have.
func TestOwnAnswers(t *testing.T) {
	gate, gated := withGate(t)
	files := workSite()
	maps.Copy(files, errorSite())
	for _, status := range []int{400, 404, 405, 413, 500, 503} {
		files[fmt.Sprintf("errors/%d.html", status)] = fmt.Sprintf("\ufeff<h1>our %d</h1>", status)
	}
	files["form.asp"] = `<%= Request.Form("a") %>`
	files["404.asp"] = `<% nope() %>`
	s := serveSite(t, files, gated, workers(1, -1), func(c *Config) { c.ErrorFolder, c.MaxRequestEntity = "/errors/", 1000 })
	own := func(r *asptest.Response, status int) {
		t.Helper()
		want(t, r, status, fmt.Sprintf("<h1>our %d</h1>", status))
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || !strings.Contains("no-store private", r.Header.Get("Cache-Control")) || r.Framing != asptest.FramedByLength {
			t.Errorf("%d: %v", status, r.Header)
		}
	}
	own(s.get("/none.asp"), 404)
	own(s.get("/none.gif"), 404)
	own(s.get("/a%00.asp"), 400)
	own(s.get("/thrown.asp"), 500)
	own(s.get("/broken.asp"), 500)
	own(s.dial().Post("/form.asp", 4000), 413)
	if r := s.dial().Get("HTTP/1.1", "PUT", "/good.asp"); r.Header.Get("Allow") == "" {
		t.Errorf("405: %v", r.Header)
	} else {
		own(r, 405)
	}
	if r := s.dial().Get("HTTP/1.1", "OPTIONS", "/good.asp"); r.Status != 204 || len(r.Body) != 0 {
		t.Errorf("OPTIONS: %d %q", r.Status, r.Body)
	}
	if r := s.dial().Get("HTTP/1.1", "HEAD", "/none.asp"); r.Status != 404 || !r.KeepAlive || r.Header.Get("Content-Length") != "16" {
		t.Errorf("HEAD: %d %v", r.Status, r.Header)
	}
	first := s.dial()
	ask(first, "/wait.asp")
	gate.arrived(t, 1)
	busy := s.get("/count.asp")
	own(busy, 503)
	if busy.Header.Get("Retry-After") == "" || !busy.KeepAlive {
		t.Errorf("503: %v", busy.Header)
	}
	gate.open("wait")
	want(t, first.ReadResponse("GET"), 200, "done")

	// Pages for errors come first, and their own failure gives way to the file.
	both := serveSite(t, files, func(c *Config) { c.ErrorFolder, c.ErrorPage404, c.ErrorPage = "errors", "/404.asp", "/good.asp" })
	want(t, both.get("/thrown.asp"), 500, "good")
	own(both.get("/none.asp"), 404)
	// What can't be sent gives way to naja's.
	files = map[string]string{"errors/404.html/a": "", "errors/400.html": strings.Repeat("x", 1<<20+1)}
	bad := serveSite(t, files, func(c *Config) { c.ErrorFolder = "errors" })
	wantIn(t, bad.get("/none.asp"), 404, "The page cannot be found")
	wantIn(t, bad.get("/a%00.asp"), 400, "Bad Request")
}

// TestABrokenPageKeepsItsLastGoodVersion, except in development.
func TestABrokenPageKeepsItsLastGoodVersion(t *testing.T) {
	for _, dev := range []bool{false, true} {
		t.Run(fmt.Sprint("dev ", dev), func(t *testing.T) {
			f := serveFolder(t, map[string]string{"page.asp": `<!--#include file="a.inc"-->one`, "a.inc": `<% var v = 1 %>`},
				func(c *Config) { c.CheckInterval, c.Dev = None, dev })
			plain := "Sec-Fetch-Dest: empty" // what a browser shows gets a script in development
			want(t, f.get("/page.asp", plain), 200, "one")
			for _, broken := range []struct{ file, text string }{{"page.asp", "<p>\n<% if ( %>"}, {"a.inc", "\n<% } %>"}} {
				f.write(t, broken.file, broken.text)
				for range 2 {
					r := f.get("/page.asp", plain)
					if dev {
						wantIn(t, r, 500, broken.file+":2:")
					} else {
						want(t, r, 200, "one")
					}
				}
				f.log.has(t, "page does not compile", "page=page.asp", broken.file+":2:", "line=2")
				f.write(t, "page.asp", `<!--#include file="a.inc"-->one`)
				f.write(t, "a.inc", `<% var v = 1 %>`)
				want(t, f.get("/page.asp", plain), 200, "one")
			}
			// An include that goes, and comes back.
			os.Remove(filepath.Join(f.root, "a.inc"))
			r := f.get("/page.asp", plain)
			if dev {
				wantIn(t, r, 500, "ASP 0126")
			} else {
				want(t, r, 200, "one")
			}
			f.write(t, "a.inc", `<% var v = 2 %><%= v %>`)
			want(t, f.get("/page.asp", plain), 200, "2one")
			// A page that goes is gone.
			os.Remove(filepath.Join(f.root, "page.asp"))
			if r := f.get("/page.asp"); r.Status != 404 {
				t.Errorf("a page that was removed: %d", r.Status)
			}
			f.write(t, "page.asp", "back")
			want(t, f.get("/page.asp", plain), 200, "back")
		})
	}
}

// TestABrokenNewPageIsAnErrorUntilItIsMended.
func TestABrokenNewPageIsAnErrorUntilItIsMended(t *testing.T) {
	f := serveFolder(t, map[string]string{"page.asp": `<% if ( %>`, "needs.asp": `<!--#include file="later.inc"-->x`}, func(c *Config) { c.CheckInterval = None })
	for range 2 {
		wantIn(t, f.get("/page.asp"), 500, "An error occurred")
		wantIn(t, f.get("/needs.asp"), 500, "An error occurred")
	}
	f.write(t, "page.asp", "mended")
	f.write(t, "later.inc", "later")
	want(t, f.get("/page.asp"), 200, "mended")
	want(t, f.get("/needs.asp"), 200, "laterx")
}

// TestAChangeIsServedWithinTheCheckInterval, in includes of includes too.
func TestAChangeIsServedWithinTheCheckInterval(t *testing.T) {
	t.Parallel()
	files := map[string]string{"page.asp": `page <!--#include file="a.inc"-->`, "a.inc": `a <!--#include file="b.inc"-->`, "b.inc": "b"}
	const interval = 300 * time.Millisecond
	f := serveFolder(t, files, func(c *Config) { c.CheckInterval = interval })
	want(t, f.get("/page.asp"), 200, "page a b")
	for _, change := range []struct{ file, text, body string }{
		{"page.asp", `PAGE <!--#include file="a.inc"-->`, "PAGE a b"}, {"b.inc", "B", "PAGE a B"}, {"a.inc", `A <!--#include file="b.inc"-->`, "PAGE A B"},
	} {
		f.write(t, change.file, change.text)
		began := time.Now()
		eventually(t, change.body, func() bool { return string(f.get("/page.asp").Body) == change.body })
		inTime(t, "seeing the change", began, interval)
	}
	// The interval is long: within it the page isn't looked at again.
	f = serveFolder(t, files, func(c *Config) { c.CheckInterval = time.Hour })
	want(t, f.get("/page.asp"), 200, "page a b")
	f.write(t, "page.asp", "changed")
	want(t, f.get("/page.asp"), 200, "page a b")
	// None looks each time, and so does the cache of no page.
	for _, edit := range []func(*Config){func(c *Config) { c.CheckInterval = None }, func(c *Config) { c.ScriptFileCacheSize = None }, func(c *Config) { c.ScriptFileCacheSize, c.CheckInterval = 1, None }} {
		f = serveFolder(t, files, edit)
		want(t, f.get("/page.asp"), 200, "page a b")
		f.write(t, "b.inc", "changed")
		want(t, f.get("/page.asp"), 200, "page a changed")
	}
}

// TestOnErrorHearsOfEveryError, once.
func TestOnErrorHearsOfEveryError(t *testing.T) {
	var heard atomic.Int64
	var last atomic.Pointer[asp.Error]
	s := serveSite(t, errorSite(), func(c *Config) {
		c.OnError = func(e *asp.Error) { heard.Add(1); last.Store(e) }
	})
	for i, target := range []string{"/", "/broken.asp", "/thrown.asp", "/thrown.asp"} {
		s.get(target)
		if heard.Load() != int64(i+1) {
			t.Errorf("%s: heard of %d errors", target, heard.Load())
		}
	}
	if e := last.Load(); e.File != "thrown.asp" || e.Line != 1 {
		t.Errorf("got %v", e)
	}
	if st := s.Status(); st.Failed != 4 {
		t.Errorf("%d failed", st.Failed)
	}
}

// TestNothingOfARequestIsEchoedRaw, in whatever answer the server makes.
func TestNothingOfARequestIsEchoedRaw(t *testing.T) {
	files := errorSite()
	files["redirect.asp"] = `<% Response.Redirect(String(Request.QueryString("u"))) %>`
	files["sub/default.asp"] = "x"
	s := serveSite(t, files, func(c *Config) { c.Dev = true })
	for _, target := range []string{
		"/%3Cscript%3Ealert(1)%3C/script%3E.asp", "/?%3Cscript%3Ealert(1)", "/redirect.asp?u=%22%3E%3Cscript%3Ealert(1)", "/sub?%3Cscript%3Ealert(1)", "/redirect.asp?u='><script>alert(1)",
	} {
		c := s.dial()
		c.Send("GET %s HTTP/1.1\r\nHost: test\r\nReferer: <script>alert(1)\r\nUser-Agent: <script>alert(1)\r\n\r\n", target)
		if r := c.ReadResponse("GET"); strings.Contains(string(r.Body), "<script>alert") {
			t.Errorf("%s: %s", target, r.Body)
		}
	}
}
