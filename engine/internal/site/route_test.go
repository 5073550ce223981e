package site

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/setting"
)

// routeFiles is a site with something in every corner.
func routeFiles() map[string]string {
	files := make(map[string]string)
	for _, name := range []string{
		"a.asp", "B.ASP", "default.asp", "index.html", "pic.jpg", "upload/x;y.jpg", "style.CSS",
		"dir.asp/readme.txt", "dir.com/a.asp", "pics.jpg/a.asp",
		"Shop/Default.ASP", "shop2/index.html", "inc/db.inc", "inc/page.asp", "empty/readme.md", "Über/a.asp",
		"global.asa", "naja.toml", ".git/config", ".env", ".htaccess.txt", "data/s.db", "data/old.mdb", "a.asp~", "a.asp.bak",
		".a.asp.swp", "b.html~", "c.html.old", "#d.html#", "server.log", "go.mod", "noextension", "other.example/default.asp",
		".well-known/security.txt", ".well-known/acme-challenge/tok-en_1", ".well-known/a.asp", ".well-known/global.asa",
		".well-known/.git/config", ".well-known/.git/HEAD", ".well-known/.env", ".well-known/.hidden", ".well-known/acme-challenge/.tok", ".well-known/x~", ".well-known/x.bak",
		".well-known/x.db", ".well-known/db.inc", ".well-known/key.pem", ".well-known/.well-known/x", ".well-known/docs/Default.HTM", "Shop/.well-known/x", "Shop/.well-known/x.txt",
		"a b.asp", "a+b.asp", "100%.asp", "hash#.asp",
		// Their names are odd: no URL leads to them.
		"colon:x.txt", "back\\slash.txt", "dot./x.txt", "blank /x.txt", "con.d/a.asp", "aux.txt", "com1.asp", "q?.asp", "star*.html", "tilde~1.asp",
	} {
		files[name] = "content of " + name
	}
	return files
}

func newTestRouter(t testing.TB, mount string) (*router, string) {
	t.Helper()
	s, dir := newSite(t, routeFiles())
	return newRouter(s, withDefaults(mount)), dir
}

// withDefaults are the rules of a site at mount that sets nothing else.
func withDefaults(mount string) Rules {
	return Rules{Mount: mount, Documents: defaultOf("default_documents"), Statics: defaultOf("static_extensions")}
}

// defaultOf is the default of a setting that is a list.
func defaultOf(name string) []string {
	s, _ := setting.Find(name)
	return s.Default.([]string)
}

// parseTarget reads a request target as net/http does, "" if it refuses it.
func parseTarget(target string) *url.URL {
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil
	}
	return u
}

// TestRoute has a row for each rule about names.
func TestRoute(t *testing.T) {
	r, _ := newTestRouter(t, "/")
	page := func(name string) Route { return Route{Kind: Page, Name: name} }
	static := func(name string) Route { return Route{Kind: Static, Name: name} }
	slash := func(location string) Route { return Route{Kind: Slash, Location: location} }
	gone, bad := Route{}, Route{Kind: Bad}
	tests := []struct {
		rule, target string
		want         Route
	}{
		{"plain", "/a.asp", page("a.asp")},
		{"plain", "/a.asp?x=/../b&y=%2f", page("a.asp")},
		{"plain", "/pic.jpg", static("pic.jpg")},
		{"plain", "/a%20b.asp", page("a b.asp")},
		{"plain", "/a+b.asp", page("a+b.asp")},
		{"plain", "/%C3%9Cber/a.asp", page("Über/a.asp")},
		{"plain", "/nothing.asp", gone},
		{"plain", "/nowhere/a.asp", gone},

		{"well known", "/.well-known/security.txt", static(".well-known/security.txt")},
		{"well known", "/.well-known/acme-challenge/tok-en_1", static(".well-known/acme-challenge/tok-en_1")},
		{"well known", "//.well-known//acme-challenge/tok-en_1", static(".well-known/acme-challenge/tok-en_1")},
		{"well known", "/%2ewell-known/acme-challenge/tok-en_1", static(".well-known/acme-challenge/tok-en_1")},
		{"well known", "/.well-known/acme-challenge/tok-en_1/", gone},
		{"well known", "/.well-known/acme-challenge/none", gone},
		{"well known", "/.well-known/acme-challenge/", gone},
		{"well known", "/.well-known/acme-challenge", gone},
		{"well known", "/.well-known/", gone},
		{"well known, a page", "/.well-known/a.asp", page(".well-known/a.asp")},
		{"well known, a folder", "/.well-known/docs", slash("/.well-known/docs/")},
		{"well known, a folder", "/.well-known/docs/", static(".well-known/docs/Default.HTM")},
		{"well known, another case", "/.Well-Known/security.txt", gone},
		{"well known, but hidden", "/.well-known/.git/config", gone},
		{"well known, but hidden", "/.well-known/.git/HEAD", gone},
		{"well known, but hidden", "/.well-known/.env", gone},
		{"well known, but hidden", "/.well-known/.hidden", gone},
		{"well known, but hidden", "/.well-known/acme-challenge/.tok", gone},
		{"well known, but hidden", "/.well-known/.well-known/x", gone},
		{"well known, but a source", "/.well-known/global.asa", gone},
		{"well known, but a source", "/.well-known/db.inc", gone},
		{"well known, but a copy", "/.well-known/x~", gone},
		{"well known, but a copy", "/.well-known/x.bak", gone},
		{"well known, but data", "/.well-known/x.db", gone},
		{"well known, but not of the list", "/.well-known/key.pem", gone},
		{"well known, and out of it", "/.well-known/%2e%2e/noextension", gone},
		{"well known, and out of it", "/.well-known/../.git/config", gone},
		{"not at the root", "/Shop/.well-known/x", gone},
		{"not at the root", "/Shop/.well-known/x.txt", gone},

		{"folder", "/", page("default.asp")},
		{"folder", "/Shop/", page("Shop/Default.ASP")},
		{"folder", "/shop/", page("Shop/Default.ASP")},
		{"folder", "/shop2/", static("shop2/index.html")},
		{"folder", "/Shop", slash("/Shop/")},
		{"folder", "/shop?a=1&b=//x", slash("/Shop/?a=1&b=//x")},
		{"folder without document", "/inc/", gone},
		{"folder without document", "/inc", gone},
		{"folder without document", "/upload/", gone},
		{"folder not listed", "/data/", gone},
		{"file as folder", "/a.asp/", gone},
		{"file as folder", "/pic.jpg/", gone},

		{"redirect on its host", "//other.example", slash("/other.example/")},
		{"redirect on its host", "///other.example", slash("/other.example/")},
		{"redirect on its host", "//other.example/..", gone},
		{"redirect on its host", `/\other.example`, gone},
		{"redirect on its host", "/%2fother.example", gone},
		{"doubled slash", "//a.asp", page("a.asp")},
		{"doubled slash", "/inc//page.asp", page("inc/page.asp")},

		{"colon", "/colon:x.txt", gone},
		{"colon", "/colon%3ax.txt", gone},
		{"backslash", `/back\slash.txt`, gone},
		{"backslash", "/back%5cslash.txt", gone},
		{"dot at the end", "/dot./x.txt", gone},
		{"dot at the end", "/dot%2e/x.txt", gone},
		{"dot at the end", "/pic.jpg.", gone},
		{"dot, encoded", "/a%2easp", page("a.asp")},
		{"blank at the end", "/blank%20/x.txt", gone},
		{"blank at the end", "/pic.jpg%20", gone},
		{"plus at the end", "/pic.jpg+", gone},
		{"file as folder", "/a.asp/x", gone},
		{"file as folder", "/pic.jpg/a.asp", gone},
		{"folder with an extension", "/dir.asp/readme.txt", static("dir.asp/readme.txt")},
		{"folder with an extension", "/dir.com/a.asp", page("dir.com/a.asp")},
		{"folder with an extension", "/pics.jpg/a.asp", page("pics.jpg/a.asp")},
		{"control character", "/pic%00.jpg", bad},
		{"control character", "/pic%0a.jpg", bad},
		{"control character", "/pic%7f.jpg", bad},
		{"no UTF-8", "/pic%ff.jpg", bad},
		{"no UTF-8", "/inc%c3page.asp", bad},
		{"decoded once", "/%2561.asp", gone},
		{"decoded once", "/inc%252fpage.asp", gone},
		{"decoded once", "/100%25.asp", page("100%.asp")},
		{"slash, encoded", "/inc%2fpage.asp", gone},
		{"slash, encoded", "/inc%2Fpage.asp", gone},
		{"dots", "/inc/%2e%2e/a.asp", gone},
		{"dots", "/inc/../a.asp", gone},
		{"dots", "/%2e%2e/a.asp", gone},
		{"dots", "/./a.asp", gone},
		{"short name", "/tilde~1.asp", gone},
		{"wildcard", "/star*.html", gone},
		{"wildcard", "/q%3f.asp", gone},
		{"device", "/con.d/a.asp", gone},
		{"device", "/aux.txt", gone},
		{"device", "/com1.asp", gone},
		{"source", "/global.asa", gone},
		{"source", "/GLOBAL.ASA", gone},
		{"source", "/inc/db.inc", gone},
		{"source", "/INC/DB.INC", gone},
		{"settings", "/naja.toml", gone},
		{"settings", "/go.mod", gone},
		{"dot", "/.git/config", gone},
		{"dot", "/.env", gone},
		{"dot", "/.htaccess.txt", gone},
		{"data", "/data/s.db", gone},
		{"data", "/data/old.mdb", gone},
		{"copy", "/a.asp~", gone},
		{"copy", "/a.asp.bak", gone},
		{"copy", "/.a.asp.swp", gone},
		{"copy", "/b.html~", gone},
		{"copy", "/c.html.old", gone},
		{"copy", "/%23d.html%23", gone},
		{"other", "/server.log", gone},
		{"other", "/noextension", gone},
		{"case", "/A.ASP", page("a.asp")},
		{"case", "/a.AsP", page("a.asp")},
		{"case", "/B.ASP", page("B.ASP")},
		{"case", "/b.asp", page("B.ASP")},
		{"case", "/STYLE.css", static("style.CSS")},
		{"semicolon", "/upload/x;y.jpg", static("upload/x;y.jpg")},
		{"semicolon", "/pic.jpg;x", gone},
		{"long name", "/" + strings.Repeat("a", 300) + ".asp", gone},
		{"many parts", "/" + strings.Repeat("a/", 300), gone},
	}
	for _, test := range tests {
		u := parseTarget(test.target)
		if u == nil {
			t.Errorf("%s: net/http refuses %.80q", test.rule, test.target)
			continue
		}
		if got := r.route(u); got != test.want {
			t.Errorf("%s: %.80s leads to %+v, want %+v", test.rule, test.target, got, test.want)
		}
	}
}

// TestRouteOfFilesWithoutExtension: only a setting serves them elsewhere, and
// nothing that is hidden.
func TestRouteOfFilesWithoutExtension(t *testing.T) {
	s, _ := newSite(t, map[string]string{
		"LICENSE": "", "sub/readme": "", "sub/.env": "", ".htpasswd": "", "x~": "", "a.asp": "", "global.asa": "", ".well-known/x": "", "noext/index": "", "file.pem": "",
	})
	r := newRouter(s, Rules{Mount: "/", Documents: []string{"index"}, Statics: []string{"", ".txt"}})
	for target, want := range map[string]Route{
		"/LICENSE": {Kind: Static, Name: "LICENSE"}, "/license": {Kind: Static, Name: "LICENSE"}, "/sub/readme": {Kind: Static, Name: "sub/readme"},
		"/.well-known/x": {Kind: Static, Name: ".well-known/x"}, "/noext/": {Kind: Static, Name: "noext/index"}, "/a.asp": {Kind: Page, Name: "a.asp"},
		"/sub/.env": {}, "/.htpasswd": {}, "/x~": {}, "/global.asa": {}, "/sub": {}, "/sub/": {}, "/LICENSE/": {}, "/LICENSE.": {}, "/file.pem": {},
	} {
		if got := r.route(parseTarget(target)); got != want {
			t.Errorf("%s leads to %+v, want %+v", target, got, want)
		}
	}
}

// TestDefaultDocuments: the first of the list that is there, in whatever case
// its name has on disk, and in the file's own order otherwise.
func TestDefaultDocuments(t *testing.T) {
	for _, test := range []struct {
		files, documents []string
		want             string
	}{
		{[]string{"default.asp", "index.asp", "index.html"}, nil, "default.asp"},
		{[]string{"index.html", "index.asp"}, nil, "index.asp"},
		{[]string{"index.htm", "index.html", "iisstart.htm"}, nil, "index.htm"},
		{[]string{"iisstart.htm", "index.html"}, nil, "index.html"},
		{[]string{"default.asp", "default.htm"}, nil, "default.htm"},
		{[]string{"iisstart.htm"}, nil, "iisstart.htm"},
		{[]string{"Default.ASP"}, nil, "Default.ASP"},
		{[]string{"INDEX.HTM"}, nil, "INDEX.HTM"},
		{[]string{"IISStart.htm"}, nil, "IISStart.htm"},
		{[]string{"INDEX.HTML", "Default.ASP"}, nil, "Default.ASP"},
		{[]string{"Default.asp", "default.asp"}, nil, "default.asp"},
		{[]string{"default.htm/x.txt", "Default.Asp"}, nil, "Default.Asp"},
		{[]string{"start.asp", "default.asp"}, []string{"Start.ASP", "DEFAULT.asp"}, "start.asp"},
		{[]string{"start.pem", "default.asp"}, []string{"start.pem", "default.asp"}, "default.asp"},
		{[]string{"default.asp"}, []string{"start.asp"}, ""},
		{[]string{"default.asp"}, []string{}, ""},
		{[]string{"default.asp.bak", "default"}, nil, ""},
	} {
		site := fstest.MapFS{}
		for _, name := range test.files {
			site["shop/"+name] = &fstest.MapFile{}
		}
		s, err := Open("", site)
		asptest.Check(t, err)
		r := withDefaults("/")
		if test.documents != nil {
			r.Documents = test.documents
		}
		got := newRouter(s, r).route(parseTarget("/SHOP/"))
		if want := "shop/" + test.want; test.want != "" && got.Name != want || test.want == "" && got.Kind != Missing {
			t.Errorf("%v of %v: %+v, want %s", test.documents, test.files, got, want)
		}
	}
}

// What never gets to the router because net/http answers it with 400 itself.
func TestTargetsThatNetHTTPRefuses(t *testing.T) {
	for _, target := range []string{"/%3p", "/%zz", "/%u0061", "/a\x00", "/a\x7f", "/a\n"} {
		if u := parseTarget(target); u != nil {
			t.Errorf("%q became %q", target, u.Path)
		}
	}
}

// A path is looked at part by part, and each once.
func TestManyPartsCostNothing(t *testing.T) {
	r, _ := newTestRouter(t, "/")
	for _, part := range []string{"../", "./", "/", "a/", "inc/../", "%2e%2e/"} {
		u := parseTarget("/" + strings.Repeat(part, 2000))
		best := time.Hour // of several: others use the machine too
		for range 10 {
			start := time.Now()
			r.route(u)
			best = min(best, time.Since(start))
		}
		if best > 10*time.Millisecond {
			t.Errorf("%s: %v", part, best)
		}
	}
}

// CONNECT has no path, OPTIONS and PRI have a star.
func TestRouteOfNoPath(t *testing.T) {
	for _, mount := range []string{"/", "/shop"} {
		r, _ := newTestRouter(t, mount)
		for _, urlPath := range []string{"", "*", "a.asp", "shop"} {
			if got := r.route(&url.URL{Path: urlPath}); got != (Route{}) {
				t.Errorf("%s: %q leads to %+v", mount, urlPath, got)
			}
		}
	}
}

func TestRouteUnderAMountPath(t *testing.T) {
	r, _ := newTestRouter(t, "/my shop/ä")
	tests := map[string]Route{
		"/my%20shop/%C3%A4/a.asp":    {Kind: Page, Name: "a.asp"},
		"/my%20shop/%C3%A4/":         {Kind: Page, Name: "default.asp"},
		"/my%20shop/%C3%A4":          {Kind: Slash, Location: "/my%20shop/%C3%A4/"},
		"/my%20shop/%C3%A4/Shop?a=b": {Kind: Slash, Location: "/my%20shop/%C3%A4/Shop/?a=b"},
		"/my%20shop/%C3%A4//Shop":    {Kind: Slash, Location: "/my%20shop/%C3%A4/Shop/"},
		"/my%20shop/%C3%A4x/a.asp":   {},
		"/my%20shop/a.asp":           {},
		"/a.asp":                     {},
		"/":                          {},
		"//my%20shop/%C3%A4/a.asp":   {},
		"/My%20Shop/%C3%A4/a.asp":    {},
	}
	for target, want := range tests {
		if got := r.route(parseTarget(target)); got != want {
			t.Errorf("%s leads to %+v, want %+v", target, got, want)
		}
	}
}

func TestRouteToLinksAndFoldersThatLookLikePages(t *testing.T) {
	r, dir := newTestRouter(t, "/")
	outside := filepath.Join(t.TempDir(), "outside.asp")
	asptest.WriteFile(t, outside, "")
	symlink(t, outside, filepath.Join(dir, "x.asp"))
	symlink(t, "a.asp", filepath.Join(dir, "source.txt"))
	symlink(t, "inc", filepath.Join(dir, "linked"))
	if err := os.Mkdir(filepath.Join(dir, "folder.asp"), 0o755); err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]Route{
		"/x.asp": {}, "/source.txt": {}, "/folder.asp": {}, "/folder.asp/": {},
		"/linked/page.asp": {Kind: Page, Name: "linked/page.asp"},
		"/linked/db.inc":   {},
	} {
		if got := r.route(parseTarget(target)); got != want {
			t.Errorf("%s leads to %+v, want %+v", target, got, want)
		}
	}
}

func TestDefaultDocumentsAreTriedInOrder(t *testing.T) {
	s := &Site{fsys: fstest.MapFS{
		"a/second.asp": {}, "a/third.html": {}, "b/third.html": {}, "c/first.inc": {}, "c/second.asp/x.txt": {},
	}}
	r := newRouter(s, Rules{Mount: "/", Documents: []string{"first.inc", "second.asp", "third.html"}, Statics: []string{".html"}})
	for target, want := range map[string]Route{
		"/a/": {Kind: Page, Name: "a/second.asp"},
		"/b/": {Kind: Static, Name: "b/third.html"},
		"/c/": {}, "/c": {}, "/": {},
	} {
		if got := r.route(parseTarget(target)); got != want {
			t.Errorf("%s leads to %+v, want %+v", target, got, want)
		}
	}
}

func TestRouteCacheKnowsAPageForAWhile(t *testing.T) {
	r, dir := newTestRouter(t, "/")
	c := &Routes{router: r, pages: make(map[string]cachedRoute)}
	c.KeepFor(time.Hour)
	u, want := parseTarget("/a.asp"), Route{Kind: Page, Name: "a.asp"}
	if got := c.Route(u); got != want {
		t.Fatalf("got %+v", got)
	}
	if err := os.Remove(filepath.Join(dir, "a.asp")); err != nil {
		t.Fatal(err)
	}
	if got := c.Route(u); got != want {
		t.Errorf("forgotten: %+v", got)
	}
	// Another spelling of its slash is another URL.
	if got := c.Route(&url.URL{Path: "/a.asp", RawPath: "/%2fa.asp"}); got != (Route{}) {
		t.Errorf("got %+v", got)
	}
	c.pages["/a.asp"] = cachedRoute{want, time.Now().Add(-time.Second)}
	if got := c.Route(u); got != (Route{}) {
		t.Errorf("remembered too long: %+v", got)
	}
	dev := &Routes{router: r, pages: make(map[string]cachedRoute)}
	if dev.Route(parseTarget("/B.ASP")); len(dev.pages) != 0 {
		t.Error("remembered without a time")
	}
}

func TestRouteCacheIsBounded(t *testing.T) {
	r, _ := newTestRouter(t, "/")
	c := &Routes{router: r, pages: make(map[string]cachedRoute)}
	c.KeepFor(time.Hour)
	for i := range maxCachedRoutes + 10 {
		c.remember(strings.Repeat("/", i%7)+string(rune(i)), cachedRoute{}, 0)
	}
	if len(c.pages) > maxCachedRoutes {
		t.Errorf("%d routes", len(c.pages))
	}
	c.Route(parseTarget(strings.Repeat("/", maxCachedPath) + "a.asp"))
	for urlPath := range c.pages {
		if len(urlPath) > maxCachedPath {
			t.Error("a long path was remembered")
		}
	}
}

func BenchmarkRoutePage(b *testing.B) {
	r, _ := newTestRouter(b, "/")
	cache := &Routes{router: r, pages: make(map[string]cachedRoute)}
	cache.KeepFor(time.Hour)
	for _, bench := range []struct {
		name, target string
		route        func(*url.URL) Route
	}{
		{"top", "/a.asp", r.route},
		{"folder", "/inc/page.asp", r.route},
		{"folded", "/INC/page.ASP", r.route},
		{"missing", "/inc/nothing.asp", r.route},
		{"remembered", "/inc/page.asp", cache.Route},
	} {
		b.Run(bench.name, func(b *testing.B) {
			u := parseTarget(bench.target)
			for b.Loop() {
				bench.route(u)
			}
		})
	}
}
