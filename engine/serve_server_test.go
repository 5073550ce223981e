package engine

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/internal/asptest"
)

// TestMapPath: paths below the root, wherever the page is, and none outside.
func TestMapPath(t *testing.T) {
	page := `<% var list = ["/", "/a/b.asp", "x.asp", "../y.asp", "..\\y.asp", ".", "\\a\\b", "sub/./z//w.asp", "/none/at/all.gif", "a/../../b.asp"];
for (var i = 0; i < list.length; i++) { %><%= Server.MapPath(list[i]) %>
<% } %>`
	f := serveFolder(t, map[string]string{"dir/page.asp": page})
	var lines []string
	for _, name := range []string{"", "a/b.asp", "dir/x.asp", "y.asp", "y.asp", "dir", "a/b", "dir/sub/z/w.asp", "none/at/all.gif", "b.asp"} {
		lines = append(lines, filepath.Join(f.root, filepath.FromSlash(name)))
	}
	want(t, f.get("/dir/page.asp"), 200, strings.Join(lines, "\n")+"\n")

	bad := `<% function f(p) { try { return Server.MapPath(p) } catch (e) { return e.description.substr(4, 8) } } %><%= [f("../../x"), f("/.."), f("..\\..\\x"), f("/a/../../b"), f("a\0b"), f("../" + new Array(5000).join("../")), f(""), f("c:\\x"), f("c:/x"), f("\\\\server\\share"), f("//server/x"), f("a?b"), f("a*"), f("a|b"), f("<a>"), f("a:b"), f("\"")] %>`
	f = serveFolder(t, map[string]string{"dir/page.asp": bad})
	want(t, f.get("/dir/page.asp"), 200, "ASP 0175,ASP 0175,ASP 0175,ASP 0175,ASP 0173,ASP 0175,ASP 0171,ASP 0172,ASP 0172,ASP 0172,ASP 0172,ASP 0173,ASP 0173,ASP 0173,ASP 0173,ASP 0172,ASP 0173")

	f = serveFolder(t, map[string]string{"dir/page.asp": `<% function f(p) { try { return Server.MapPath(p) } catch (e) { return e.description.substr(4, 8) } } %><%= f("../x") %>,<%= f("x..y") == "ASP 0175" %>`},
		func(c *Config) { c.DisableParentPaths = true })
	want(t, f.get("/dir/page.asp"), 200, "ASP 0175,False")
}

// TestExecuteStaysInTheSite: no path leads out of the root, and none to what
// is no page.
func TestExecuteStaysInTheSite(t *testing.T) {
	f := serveFolder(t, map[string]string{
		"dir/page.asp": `<% function f(p) { try { Server.Execute(p); return "ran" } catch (e) { return e.description.substr(4, 8) } }
Response.Write([f("../../x.asp"), f("/../x.asp"), f("../file.txt"), f("../global.asa"), f("../link.asp"), f("../dir.asp"), f("..%2fok.asp"), f("none.asp"), f("c:\\x.asp")]); Response.Write(","); f("../ok.asp"); f("/OK.ASP"); f("\\ok.asp") %>`,
		"ok.asp": "[ok]", "file.txt": "text", "global.asa": "<script runat=server>var x</script>", "dir.asp/x.txt": "x",
	})
	outside := filepath.Join(t.TempDir(), "o.asp")
	if err := os.WriteFile(outside, []byte("outside"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(outside, filepath.Join(f.root, "link.asp")); err != nil {
		t.Skip(err)
	}
	want(t, f.get("/dir/page.asp"), 200, "ASP 0175,ASP 0175,ASP 0172,ASP 0172,ASP 0176,ASP 0176,ASP 0176,ASP 0176,ASP 0173,[ok][ok][ok]")
}

// TestExecutedPages: errors reach the caller with their own line, End ends
// all of them, and deep nesting is bounded.
func TestExecutedPages(t *testing.T) {
	files := map[string]string{
		"caught.asp":      `<% try { Server.Execute("sub/outer.asp") } catch (e) { %>[<%= e.message %>]<% } %>after`,
		"uncaught.asp":    `before<% Server.Execute("sub/outer.asp") %>after`,
		"sub/outer.asp":   `outer<% Server.Execute("inner.asp") %>never`,
		"sub/inner.asp":   "inner<%\n\n  nope() %>never",
		"end.asp":         `a<% Server.Execute("ends.asp") %>never`,
		"ends.asp":        `b<% try { Response.End() } finally { %>never<% } %>`,
		"redirect.asp":    `a<% Server.Execute("redirects.asp") %>never`,
		"redirects.asp":   `<% Response.Redirect("/x") %>`,
		"flush.asp":       `a<% Server.Execute("flushes.asp") %>c`,
		"flushes.asp":     `b<% Response.Flush() %>`,
		"deep.asp":        `<% var n = Number(Session("n") || 0); Session("n") = n + 1; Response.Write(n + " "); if (n < 25) Server.Execute("deep.asp") %>`,
		"forever.asp":     `<% Server.Execute("forever.asp") %>`,
		"ring.asp":        `<% Server.Transfer("ring.asp") %>`,
		"timeout.asp":     `<% setTimeout(function () { Response.Write("2") }, 1); Server.Execute("timer.asp") %>1`,
		"timer.asp":       `<% setTimeout(function () { Response.Write("timer") }, 5) %>`,
		"locals.asp":      `<% var v = "mine"; Server.Execute("changes.asp") %><%= v %><%= typeof changed %><%= String([].bad) %>`,
		"changes.asp":     `<% var v = "yours", changed = 1; Array.prototype.bad = 1 %>`,
		"application.asp": `<% Application.Lock(); Application("n") = 1; Server.Execute("unlocks.asp"); %><%= Application("n") %>`,
		"unlocks.asp":     `<% Application("n")++; Application.Unlock() %>`,
		"session.asp":     `<% Session("cart") = [1]; Session("cart").push(2); Server.Execute("adds.asp"); %><%= Session("cart") %>`,
		"adds.asp":        `<% var c = Session("cart"); c.push(3); %>`,
	}
	s := serveSite(t, files, func(c *Config) { c.Dev = true })
	want(t, s.get("/caught.asp"), 200, "outerinner[sub/inner.asp:3:3: ReferenceError: nope is not defined]after")
	wantIn(t, s.get("/uncaught.asp"), 500, "sub/inner.asp:3:3")
	want(t, s.get("/end.asp"), 200, "ab")
	if r := s.get("/redirect.asp"); r.Status != 302 {
		t.Errorf("got %d", r.Status)
	}
	if r := s.get("/flush.asp"); string(r.Body) != "abc" || r.Framing != asptest.FramedByChunks {
		t.Errorf("%q, %s", r.Body, r.Framing)
	}
	wantIn(t, s.get("/deep.asp"), 200, "25 ")
	wantIn(t, s.get("/forever.asp"), 500, "deep")
	wantIn(t, s.get("/ring.asp"), 500, "without end")
	want(t, s.get("/timeout.asp"), 200, "timer12")
	want(t, s.get("/locals.asp"), 200, "mineundefinedundefined")
	want(t, s.get("/application.asp"), 200, "2")
	want(t, s.get("/session.asp"), 200, "1,2,3")
}

// TestAChangedExecutedPageIsServed: it is a page like any other.
func TestAChangedExecutedPageIsServed(t *testing.T) {
	f := serveFolder(t, map[string]string{"page.asp": `<% Server.Execute("part.asp") %>`, "part.asp": "one"}, func(c *Config) { c.CheckInterval = None })
	want(t, f.get("/page.asp"), 200, "one")
	f.write(t, "part.asp", "two")
	want(t, f.get("/page.asp"), 200, "two")
}

// shopSite is an application that may be mounted anywhere.
func shopSite(name string) map[string]string {
	return map[string]string{
		"default.asp":     name + ` <%= Request.ServerVariables("URL") %> <!--#include virtual="` + "MOUNT" + `/inc/a.inc"--> <!--#include virtual="/inc/a.inc"--> <%= Server.MapPath("` + "MOUNT" + `/x/y.asp") %> <%= Server.MapPath("/x/y.asp") %> <%= Request.ServerVariables("APPL_MD_PATH") %>`,
		"inc/a.inc":       `(inc of ` + name + `)`,
		"count.asp":       `<% Session("n")++; Application("n")++ %><%= Session("n") %>,<%= Application("n") %>`,
		"zero.asp":        `<% Session("n") = 0; if (!Application("n")) Application("n") = 0; Response.Cookies("c") = "1" %>zero`,
		"go.asp":          `<% Response.Redirect("count.asp") %>`,
		"execute.asp":     `<% Server.Execute("MOUNT/part.asp"); Server.Execute("part.asp"); Server.Execute("/part.asp") %>`,
		"part.asp":        `[part of ` + name + `]`,
		"sub/default.asp": "sub of " + name,
		"file.txt":        "file of " + name,
	}
}

// mounted makes an application's engine.
func mounted(t *testing.T, name, mount string) *Engine {
	t.Helper()
	site := fstest.MapFS{}
	for file, text := range shopSite(name) {
		site[file] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(text, "MOUNT", strings.TrimSuffix(mount, "/")))}
	}
	return newServed(t, Config{FS: site, Path: mount}).Engine
}

// TestSeveralApplicationsInOneProcess are strangers to each other, each with
// its own URL space, sessions and Application.
func TestSeveralApplicationsInOneProcess(t *testing.T) {
	mux := http.NewServeMux()
	root, shop, deep := mounted(t, "root", "/"), mounted(t, "shop", "/shop"), mounted(t, "deep", "/shop/deep/")
	mux.Handle("/", root)
	for mount, e := range map[string]*Engine{"/shop": shop, "/shop/deep": deep} {
		mux.Handle(mount, e)
		mux.Handle(mount+"/", e)
	}
	addr := asptest.Serve(t, &http.Server{Handler: mux})
	c := asptest.Dial(t, addr)
	get := func(target string, headers ...string) *asptest.Response {
		return c.Get("HTTP/1.1", "GET", target, headers...)
	}

	want(t, get("/"), 200, "root /default.asp (inc of root) (inc of root) /x/y.asp /x/y.asp /LM/W3SVC/1/ROOT")
	want(t, get("/shop/"), 200, "shop /shop/default.asp (inc of shop) (inc of shop) /x/y.asp /x/y.asp /LM/W3SVC/1/ROOT/shop")
	want(t, get("/shop/deep/"), 200, "deep /shop/deep/default.asp (inc of deep) (inc of deep) /x/y.asp /x/y.asp /LM/W3SVC/1/ROOT/shop/deep")
	want(t, get("/shop/execute.asp"), 200, "[part of shop][part of shop][part of shop]")
	want(t, get("/shop/file.txt"), 200, "file of shop")
	for target, location := range map[string]string{"/shop": "/shop/", "/shop/sub": "/shop/sub/", "/shop/deep": "/shop/deep/", "/sub": "/sub/"} {
		if r := get(target); r.Status != 301 || r.Header.Get("Location") != location {
			t.Errorf("%s: %d to %q", target, r.Status, r.Header.Get("Location"))
		}
	}
	if r := get("/shop/go.asp"); r.Header.Get("Location") != "count.asp" {
		t.Errorf("got %q", r.Header.Get("Location"))
	}
	// One browser, three applications: it sends the cookies of all the paths
	// that a page lies below.
	jar := map[string][]string{}
	for _, mount := range []string{"/", "/shop/", "/shop/deep/"} {
		r := get(mount + "zero.asp")
		path := strings.TrimSuffix(mount, "/")
		if path == "" {
			path = "/"
		}
		for _, line := range r.Header.Values("Set-Cookie") {
			if !strings.Contains(strings.ToLower(line), "; path="+path+";") && !strings.HasSuffix(strings.ToLower(line), "; path="+path) {
				t.Errorf("%s sets %s", mount, line)
			}
			jar[mount] = append(jar[mount], strings.SplitN(line, ";", 2)[0])
		}
	}
	all := append(append(append([]string{}, jar["/shop/deep/"]...), jar["/shop/"]...), jar["/"]...)
	cookie := "Cookie: " + strings.Join(all, "; ")
	for i := 1; i <= 3; i++ {
		for j, mount := range []string{"/", "/shop/", "/shop/deep/"} {
			if j == 2 && i == 3 {
				continue
			}
			want(t, get(mount+"count.asp", cookie), 200, fmt.Sprintf("%d,%d", i, i))
		}
	}
	if root.Status().Sessions != 1 || shop.Status().Sessions != 1 {
		t.Errorf("%d and %d sessions", root.Status().Sessions, shop.Status().Sessions)
	}
}

// TestEnginesOfOneSiteShareNothing, though they serve the same files.
func TestEnginesOfOneSiteShareNothing(t *testing.T) {
	site := fstest.MapFS{"page.asp": {Data: []byte(`<% Application("n") = (Application("n") || 0) + 1; Object.prototype.leak = 1 %><%= Application("n") %>`)}}
	a, b := newServed(t, Config{FS: site}), newServed(t, Config{FS: site})
	var wg sync.WaitGroup
	for _, s := range []*served{a, b} {
		wg.Go(func() {
			for i := 1; i <= 50; i++ {
				if w, _ := s.record(httptest.NewRequest("GET", "/page.asp", nil)); w.Body.String() != fmt.Sprint(i) {
					t.Errorf("request %d: %d %s", i, w.Code, w.Body)
				}
			}
		})
	}
	wg.Wait()
}

// TestFilesWithoutExtension: their type is said, and no browser looks for
// another one.
func TestFilesWithoutExtension(t *testing.T) {
	t.Parallel()
	s := serveSite(t, map[string]string{
		".well-known/acme-challenge/token": "token.key", ".well-known/apple-app-site-association": "{}", ".well-known/openid-configuration": "{}",
		".well-known/host-meta": "<XRD/>", ".well-known/page": "<html><script>", ".well-known/.git/HEAD": "SECRET", ".well-known/run.asp": "<%= 1 + 1 %>",
		"LICENSE": "<html>",
	})
	c := s.dial()
	for target, typ := range map[string]string{
		"/.well-known/acme-challenge/token": "application/octet-stream", "/.well-known/page": "application/octet-stream", "/.well-known/host-meta": "application/xrd+xml",
		"/.well-known/apple-app-site-association": "application/json", "/.well-known/openid-configuration": "application/json",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			r := c.Get("HTTP/1.1", method, target)
			if r.Status != 200 || r.Header.Get("Content-Type") != typ || r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Content-Length") == "" || !r.KeepAlive {
				t.Errorf("%s %s: %d %v", method, target, r.Status, r.Header)
			}
		}
	}
	want(t, c.Get("HTTP/1.1", "GET", "/.well-known/acme-challenge/token"), 200, "token.key")
	want(t, c.Get("HTTP/1.1", "GET", "/.well-known/run.asp"), 200, "2")
	none := c.Get("HTTP/1.1", "GET", "/none")
	for _, target := range []string{"/LICENSE", "/.well-known/.git/HEAD", "/.well-known/.git/", "/.well-known/none"} {
		if r := c.Get("HTTP/1.1", "GET", target); r.Status != 404 || string(r.Body) != string(none.Body) {
			t.Errorf("%s: %d %q", target, r.Status, r.Body)
		}
	}
	if r := c.Get("HTTP/1.1", "POST", "/.well-known/acme-challenge/token"); r.Status != 405 || r.Header.Get("Allow") != "GET, HEAD, OPTIONS" {
		t.Errorf("POST: %d %v", r.Status, r.Header)
	}
	s = serveSite(t, map[string]string{"LICENSE": "<html>"}, func(c *Config) { c.StaticExtensions = []string{""} })
	if r := s.get("/LICENSE"); r.Status != 200 || r.Header.Get("Content-Type") != "application/octet-stream" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("with the setting: %d %v", r.Status, r.Header)
	}
}
