package engine

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/najahost/naja/internal/asptest"
)

// navigation is what a browser's own navigation to this machine is known by.
const navigation = "Sec-Fetch-Dest: document"

// tagText is the line of script, with what follows its address.
var tagText = regexp.MustCompile(`\n<script src="(/shop)?/\.naja/reload\.js\?[0-9a-f]+"([^>]*)></script>\n`)

// inDev is a site that is being written.
func inDev(c *Config) { c.Dev = true }

// TestReloadTag: which answers have the line of script, and where; the rest is
// as it was, and the length is that of what is sent.
func TestReloadTag(t *testing.T) {
	t.Parallel()
	s := serveSite(t, map[string]string{
		"whole.asp":      "<html><body>whole</body></html>",
		"bare.asp":       "<p>no end",
		"string.asp":     `<body>a</body><script>var s = "</body>";</script>`,
		"frames.asp":     "<html><head><title><frameset></title><!--<frameset>--></head><FRAMESET cols='1,*'><frame src='a'></FRAMESET></html>",
		"inner.asp":      "<html><body><frameset></body></html>",
		"flushed.asp":    "<p>one<% Response.Flush() %><p>two",
		"declared.asp":   "<% Response.AddHeader('Content-Length', '10'); %><p>one<% Response.Flush() %>-two",
		"short.asp":      "<% Response.AddHeader('Content-Length', '99'); %><p>one<% Response.Flush() %>-two",
		"broken.asp":     "<p>one<% Response.Flush(); missing() %>",
		"failed.asp":     "<% missing() %>",
		"syntax.asp":     "<% = = %>",
		"posted.asp":     "posted",
		"json.asp":       "<% Response.ContentType = 'application/json' %>{}",
		"text.asp":       "<% Response.ContentType = 'text/plain' %>a",
		"xhtml.asp":      "<% Response.ContentType = 'application/xhtml+xml' %><html/>",
		"packed.asp":     "<% Response.AddHeader('Content-Encoding', 'gzip') %>packed",
		"download.asp":   "<% Response.AddHeader('Content-Disposition', 'Attachment; filename=a.html') %>saved",
		"inline.asp":     "<% Response.AddHeader('Content-Disposition', 'inline') %>shown",
		"redirect.asp":   "<% Response.Redirect('/whole.asp') %>",
		"none.asp":       "<% Response.Status = '204 No Content' %>",
		"same.asp":       "<% Response.Status = '304 Not Modified' %>",
		"reset.asp":      "<% Response.Status = '205 Reset Content' %>",
		"gone.asp":       "<% Response.Status = '410 Gone' %>gone",
		"tagged.asp":     `<% Response.AddHeader('ETag', '"1"'); Response.AddHeader('Last-Modified', 'Thu, 02 Jan 2020 03:04:05 GMT') %>tagged`,
		"nonce.asp":      `<% Response.AddHeader('Content-Security-Policy', "default-src 'none'; script-src 'strict-dynamic' 'nonce-a+/B=='") %>nonce`,
		"page.html":      "<p>file",
		"wide.html":      "\xff\xfe<\x00p\x00",
		"style.css":      "p{}",
		"empty.asp":      "",
		"ContentType":    "",
		"large/page.asp": strings.Repeat("<p>0123456789", 1000),
	}, inDev)
	const no = "no tag"
	for _, test := range []struct {
		target, status string
		want           string // the body but for the line, which is at the @; or no
		attributes     string
	}{
		{"/whole.asp", "200", "<html><body>whole</body></html>@", ""},
		{"/bare.asp", "200", "<p>no end@", ""},
		{"/string.asp", "200", `<body>a</body><script>var s = "</body>";</script>@`, ""},
		{"/frames.asp", "200", "<html><head><title><frameset></title><!--<frameset>--></head>@<FRAMESET cols='1,*'><frame src='a'></FRAMESET></html>", ""},
		{"/inner.asp", "200", "<html><body><frameset></body></html>@", ""},
		{"/flushed.asp", "200", "<p>one<p>two@", ""},
		{"/declared.asp", "200", "<p>one-two@", ""},
		{"/large/page.asp", "200", strings.Repeat("<p>0123456789", 1000) + "@", ""},
		{"/empty.asp", "200", "@", ""},
		{"POST /posted.asp", "200", "posted@", " data-posted"},
		{"/inline.asp", "200", "shown@", ""},
		{"/gone.asp", "410", "gone@", ""},
		{"/tagged.asp", "200", "tagged@", ""},
		{"/nonce.asp", "200", "nonce@", ` nonce="a+/B=="`},
		{"/page.html", "200", "<p>file@", ""},
		{"/json.asp", "200", no, ""},
		{"/text.asp", "200", no, ""},
		{"/xhtml.asp", "200", no, ""},
		{"/packed.asp", "200", no, ""},
		{"/download.asp", "200", no, ""},
		{"/redirect.asp", "302", no, ""},
		{"/none.asp", "204", no, ""},
		{"/same.asp", "304", no, ""},
		{"/reset.asp", "205", no, ""},
		{"/wide.html", "200", no, ""},
		{"/style.css", "200", no, ""},
		{"HEAD /whole.asp", "200", no, ""},
	} {
		r := s.navigate(test.target, navigation)
		body := string(r.Body)
		found := tagText.FindStringSubmatch(body)
		switch {
		case strconv.Itoa(r.Status) != test.status || r.Err != nil:
			t.Errorf("%s: %d, %v", test.target, r.Status, r.Err)
		case test.want == no && found != nil, test.want != no && found == nil:
			t.Errorf("%s: %q", test.target, clipBody(r.Body))
		case test.want != no && (tagText.ReplaceAllString(body, "@") != test.want || found[2] != test.attributes):
			t.Errorf("%s: %q %q", test.target, clipBody(r.Body), found[2])
		case test.want != no && r.Header.Get("Etag")+r.Header.Get("Last-Modified") != "":
			t.Errorf("%s: a browser would ask by %v", test.target, r.Header)
		case test.want != no && r.Header.Get("Content-Length") != strconv.Itoa(len(body)) && test.target != "/flushed.asp":
			t.Errorf("%s: Content-Length %v of %d", test.target, r.Header["Content-Length"], len(body))
		}
	}
	// Answers of the engine's own, so that a page that comes or is mended shows.
	for _, target := range []string{"/missing.asp", "/failed.asp", "/syntax.asp", "POST /failed.asp"} {
		if r := s.navigate(target, navigation); r.Status < 400 || !tagText.Match(r.Body) || r.Header.Get("Content-Length") != strconv.Itoa(len(r.Body)) {
			t.Errorf("%s: %d %q", target, r.Status, clipBody(r.Body))
		}
	}
	// What ends in the middle doesn't look whole, but for a browser, which is shown
	// the error and then the mended page.
	for _, target := range []string{"/short.asp", "/broken.asp"} {
		if r := s.get(target); r.Err == nil || tagText.Match(r.Body) {
			t.Errorf("%s: %v %q", target, r.Err, clipBody(r.Body))
		}
	}
	if r := s.navigate("/short.asp", navigation); r.Err == nil || tagText.Match(r.Body) {
		t.Errorf("less than was said: %v %q", r.Err, clipBody(r.Body))
	}
	if r := s.navigate("/broken.asp", navigation, "Accept: text/html"); r.Err != nil || !tagText.Match(r.Body) || !strings.Contains(string(r.Body), "missing is not defined") {
		t.Errorf("broken: %v %q", r.Err, clipBody(r.Body))
	}
}

// navigate asks for "METHOD TARGET", or gets a target.
func (s *served) navigate(target string, headers ...string) *asptest.Response {
	s.t.Helper()
	method, rest, ok := strings.Cut(target, " ")
	switch {
	case !ok:
		return s.get(target, headers...)
	case method == http.MethodPost:
		return s.post(rest, "a=1", headers...)
	}
	c := s.dial()
	defer c.Close()
	return c.Get("HTTP/1.1", method, rest, headers...)
}

// TestReloadTagIsForNavigations: scripts that fetch a fragment, programs, frames
// and everybody in production get the page as it is.
func TestReloadTagIsForNavigations(t *testing.T) {
	t.Parallel()
	files := map[string]string{"default.asp": "<p>page", "page.html": "<p>file"}
	s := serveSite(t, files, inDev, func(c *Config) { c.Path = "/shop" })
	const accept = "Accept: text/html,application/xhtml+xml,*/*;q=0.8"
	for _, test := range []struct {
		headers []string
		tagged  bool
	}{
		{[]string{navigation}, true},
		{[]string{"Upgrade-Insecure-Requests: 1", accept}, true}, // from another machine
		{[]string{"Upgrade-Insecure-Requests: 1", accept, "Sec-Fetch-Dest: iframe"}, false},
		{nil, false},
		{[]string{accept}, false},
		{[]string{"Sec-Fetch-Dest: empty", accept}, false}, // fetch and XMLHttpRequest
		{[]string{"Sec-Fetch-Dest: frame"}, false},
		{[]string{"Sec-Fetch-Dest: object"}, false},
	} {
		for _, target := range []string{"/shop/", "/shop/page.html", "/shop/missing.asp"} {
			if r := s.get(target, test.headers...); tagText.Match(r.Body) != test.tagged || tagText.Match(r.Body) != strings.Contains(string(r.Body), `"/shop/.naja`) {
				t.Errorf("%s %q: %q", target, test.headers, clipBody(r.Body))
			}
		}
	}
	production := serveSite(t, files)
	for _, target := range []string{"/", "/page.html", "/missing.asp"} {
		if r := production.get(target, navigation); strings.Contains(string(r.Body), "reload") {
			t.Errorf("%s: %q", target, clipBody(r.Body))
		}
	}
	for _, name := range []string{reloadName, reloadScript} {
		want(t, production.get("/"+name), 404, notFound.page())
	}
}

// TestReloadAsks: the script hears of files that come, change and go, and of none
// that pages and editors write beside them.
func TestReloadAsks(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write := func(name, text string) { asptest.WriteFile(t, filepath.Join(root, name), text) }
	write("default.asp", "<p>one")
	s := newServed(t, Config{Root: root}, inDev)
	s.addr = asptest.Serve(t, &http.Server{Handler: s.Engine})

	script := s.get("/.naja/reload.js?x")
	if script.Header.Get("Content-Type") != "text/javascript; charset=utf-8" || !strings.Contains(string(script.Body), "location.reload") {
		t.Errorf("the script: %+v", script.Header)
	}
	seen := func() string {
		t.Helper()
		return strings.Trim(tagText.FindString(string(s.get("/", navigation).Body)), "\n")
	}
	ask := func(tag string) string {
		t.Helper()
		_, print, _ := strings.Cut(tag, "?")
		print, _, _ = strings.Cut(print, `"`)
		r := s.get("/.naja/reload?" + print + "&1")
		if r.Status != 200 || r.Header.Get("Cache-Control") != "no-store" || r.Framing != asptest.FramedByLength {
			t.Errorf("%d %v", r.Status, r.Header)
		}
		return strings.TrimSpace(string(r.Body))
	}
	const yes, no = "export default true;", "export default false;"
	for _, step := range []struct {
		what string
		do   func()
		want string
	}{
		{"nothing", func() {}, no},
		{"another text", func() { write("default.asp", "<p>two, longer") }, yes},
		{"an include", func() { write("a.inc", "x") }, yes},
		{"global.asa", func() { write("global.asa", "<script runat=server>var a;</script>") }, yes},
		{"a style sheet", func() { write("a.css", "p{}") }, yes},
		{"gone", func() { os.Remove(filepath.Join(root, "a.css")) }, yes},
		{"a database", func() { write("a.mdb", "x"); write("a.db-wal", "x") }, no},
		{"a log", func() { write("a.log", "x") }, no},
		{"an editor's copy", func() { write("default.asp~", "x"); write(".default.asp.swp", "x") }, no},
	} {
		tag := seen()
		step.do()
		s.Engine.lookout.Now() // the last look may have been a moment ago
		if got := ask(tag); got != step.want {
			t.Errorf("%s: %q", step.what, got)
		}
	}
	if got := ask(""); got != no {
		t.Errorf("who has seen nothing hears %q", got)
	}
	if got := s.Status().Requests; got != 9 {
		t.Errorf("%d requests are counted, of which 9 were a visit", got)
	}
	tag := seen()
	write("default.asp", "three")
	s.stop()
	if got := ask(tag); got != no {
		t.Errorf("an engine that has ended says %q", got)
	}
}

// TestReloadWaitsForNothing: a page that is open holds up no restart for a new
// global.asa, and no end.
func TestReloadWaitsForNothing(t *testing.T) {
	t.Parallel()
	s := serveSite(t, map[string]string{"default.asp": "x"}, inDev)
	var guest place
	if err := s.gate.enter(t.Context(), &guest); err != nil {
		t.Fatal(err)
	}
	parked := make(chan struct{})
	go func() { defer close(parked); _ = s.gate.park(t.Context()) }()
	eventually(t, "the gate is parked", func() bool {
		s.gate.mu.Lock()
		defer s.gate.mu.Unlock()
		return s.gate.parked != nil
	})
	want(t, s.get("/.naja/reload?x"), 200, "export default true;\n")
	s.gate.leave(&guest)
	<-parked
	s.gate.open()
}

// TestStaticsAreAskedFor: an edited style sheet or script is seen at once.
func TestStaticsAreAskedFor(t *testing.T) {
	t.Parallel()
	files := map[string]string{"a.css": "p{}", "a.html": "<p>"}
	for _, test := range []struct {
		name string
		edit func(*Config)
		want string
	}{
		{"default", func(*Config) {}, "no-cache"},
		{"an hour", func(c *Config) { c.StaticMaxAge = 3600e9 }, "max-age=3600"},
		{"in development", func(c *Config) { c.StaticMaxAge, c.Dev = 3600e9, true }, "no-cache"},
	} {
		s := serveSite(t, files, test.edit)
		for _, headers := range [][]string{nil, {navigation}} {
			for _, target := range []string{"/a.css", "/a.html"} {
				if got := s.get(target, headers...).Header["Cache-Control"]; len(got) != 1 || got[0] != test.want {
					t.Errorf("%s: %s has %q", test.name, target, got)
				}
			}
		}
		tag := s.get("/a.css").Header.Get("Etag")
		if r := s.get("/a.css", "If-None-Match: "+tag); r.Status != 304 || r.Header.Get("Cache-Control") != test.want {
			t.Errorf("%s: asked again: %d %v", test.name, r.Status, r.Header)
		}
	}
}
