package engine

import (
	"bufio"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A maze is a site in a folder with ways out of it, and the system's own
// opinion of what lies inside.
type maze struct {
	router *router
	dir    string
	root   *os.Root // the oracle
}

func newMaze(f *testing.F) *maze {
	f.Helper()
	r, dir := newTestRouter(f, "/")
	outside := f.TempDir()
	for _, name := range []string{"secret.txt", "secret.asp", "secret.inc"} {
		writeFile(f, filepath.Join(outside, name), "secret")
	}
	symlink(f, outside, filepath.Join(dir, "up"))
	symlink(f, filepath.Join(outside, "secret.asp"), filepath.Join(dir, "secret.asp"))
	symlink(f, "a.asp", filepath.Join(dir, "source.txt"))
	symlink(f, "inc", filepath.Join(dir, "linked"))
	root, err := os.OpenRoot(dir)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { root.Close() })
	return &maze{r, dir, root}
}

// inside fails the test if the system doesn't find a regular file of that name
// below the root.
func (m *maze) inside(t *testing.T, asked, name string) {
	t.Helper()
	info, err := m.root.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		t.Errorf("%q leads to %q: %v", asked, name, err)
	}
	real, err := filepath.EvalSymlinks(filepath.Join(m.dir, filepath.FromSlash(name)))
	base, _ := filepath.EvalSymlinks(m.dir)
	if err != nil || !strings.HasPrefix(real, base+string(filepath.Separator)) {
		t.Errorf("%q leads to %q: %v", asked, real, err)
	}
	file, err := m.router.site.open(name)
	if err != nil {
		t.Fatalf("%q: %v", asked, err)
	}
	file.Close()
}

// FuzzRoute: whatever the path, what it leads to lies inside the root and is a
// regular file of the kind promised; a redirect stays on its host; and what
// the system's own os.Root refuses to open is found by nobody.
func FuzzRoute(f *testing.F) {
	for _, seed := range []string{
		"/", "/a.asp", "/A.ASP", "//other.example", "/shop", "/../x", "/colon:x.txt", "/inc/db.inc", "/in\\x", "/a\x00",
		"/.git/config", "/up/secret.txt", "/dir.asp/readme.txt", "/global.asa", "/pic.jpg.", "/aux.txt", "/tilde~1.asp", "/\xff",
		"/secret.asp", "/source.txt", "/linked/page.asp", "/LINKED/../up/secret.asp", "/%2e%2e/x", "/%2561.asp", "/a.asp/", "/x;y.jpg", "/Über/a.asp", "/ü",
	} {
		f.Add(seed)
	}
	m := newMaze(f)
	f.Fuzz(func(t *testing.T, urlPath string) {
		for _, u := range []*url.URL{{Path: urlPath}, parseTarget(urlPath)} {
			if u == nil {
				continue // net/http refuses it as a target
			}
			got := m.router.route(u)
			switch got.kind {
			case routePage, routeStatic:
				m.inside(t, urlPath, got.name)
				if isPage := strings.EqualFold(path.Ext(got.name), ".asp"); isPage != (got.kind == routePage) {
					t.Errorf("%q is routed as %v", got.name, got.kind)
				}
				if base := strings.ToLower(path.Base(got.name)); strings.HasSuffix(base, ".inc") || strings.HasSuffix(base, ".asa") {
					t.Errorf("%q leads to %q", urlPath, got.name)
				}
			case routeSlash:
				to, err := url.Parse(got.location)
				if err != nil || to.Host != "" || !strings.HasPrefix(got.location, "/") || strings.HasPrefix(got.location, "//") {
					t.Errorf("%q redirects to %q", urlPath, got.location)
				}
			}
			if name := strings.Trim(u.Path, "/"); got.kind == routePage || got.kind == routeStatic {
				if _, err := m.root.Stat(name); err != nil && strings.Contains(err.Error(), "escapes") {
					t.Errorf("%q is found, but os.Root says %v", urlPath, err)
				}
			}
		}
	})
}

// FuzzResolve: the paths that pages write, for MapPath, Execute, Transfer and
// virtual includes, never lead out of the root.
func FuzzResolve(f *testing.F) {
	for _, from := range []string{"a.asp", "inc/page.asp", "Über/a.asp"} {
		for _, name := range []string{
			"a.asp", "/a.asp", "../a.asp", `..\..\x`, "/shop/a.asp", "/SHOP/../../x", "up/secret.asp", "/linked/../../x", "a\x00", ".", "", "//x", "c:x", "../../x",
			"...", "a/./b//../c.asp", "/shop", "/shopx/a.asp", "inc/db.inc", "secret.asp", "\\\\x",
		} {
			f.Add(from, name)
		}
	}
	m := newMaze(f)
	e := &Engine{cfg: Config{Path: "/shop"}, site: m.router.site, folder: m.dir}
	f.Fuzz(func(t *testing.T, from, name string) {
		if !validName(from) || from == "." {
			return // pages have a site's names
		}
		inside, err := e.resolve(from, name)
		if err != nil {
			return
		}
		if inside != "" && !fs.ValidPath(inside) || strings.ContainsAny(inside, "\\\x00") {
			t.Fatalf("%q from %q is %q", name, from, inside)
		}
		if physical := e.physical(inside); physical != filepath.Clean(physical) || physical != m.dir && !strings.HasPrefix(physical, m.dir+string(filepath.Separator)) {
			t.Errorf("%q from %q is %q", name, from, physical)
		}
		if real, info, err := m.router.site.find(inside); err == nil && !info.IsDir() {
			m.inside(t, name, real)
		}
	})
}

// FuzzServe: whatever a client sends, if net/http takes it for a request, it
// gets an answer that is one: no panic, a status, a body of the length that is
// said, no source.
func FuzzServe(f *testing.F) {
	for _, rows := range [][]rawRow{framingRows(), lineRows(), fieldRows(), multipartRows()} {
		for _, row := range rows {
			if len(row.request) < 2000 {
				f.Add(row.request)
			}
		}
	}
	contentType, body := multipart("up@10", "a=1")
	f.Add(postRequest("/form.asp", body, contentType))
	f.Add(lines("GET /small.asp HTTP/1.1", host, "Cookie: NAJASESSIONID="+strings.Repeat("A", 32)+"; a=b; c", "Range: bytes=0-1", "If-Modified-Since: x"))
	f.Add(lines("GET /file.txt HTTP/1.1", host, "Range: bytes=1-2,3-4,0-", "If-None-Match: W/\"x\", *"))
	dir := f.TempDir()
	files := rawSite()
	files["form.asp"] = `<% for (var k in Request.Form) Response.Write(k) %><%: Request.Files.Count %><%: Request("C") %><%: Request.Cookies %><%: Request.ServerVariables("ALL_RAW") %>`
	files["global.asa"] = `<script runat=server>// SECRET
function Session_OnStart() { Session("x") = 1 }</script>`
	files["part.inc"] = "SECRET"
	for name, text := range files {
		writeFile(f, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	e, err := New(Config{Root: dir, Logger: slog.New(slog.DiscardHandler), CheckInterval: time.Hour, ErrorPage404: "/404.asp", SessionTimeout: time.Second})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = e.Shutdown(f.Context()) })
	f.Fuzz(func(t *testing.T, text string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
		if err != nil {
			return
		}
		r.RemoteAddr = "192.0.2.1:1234"
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Code < 200 || w.Code > 599 {
			t.Errorf("status %d", w.Code)
		}
		if said := w.Header().Get("Content-Length"); said != "" && r.Method != "HEAD" && w.Code != 304 && said != strconv.Itoa(w.Body.Len()) {
			t.Errorf("Content-Length %s, %d bytes", said, w.Body.Len())
		}
		if strings.Contains(w.Body.String(), "SECRET") && !strings.Contains(text, "SECRET") {
			t.Errorf("a source: %s", w.Body)
		}
	})
}
