package engine

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/najahost/naja/internal/answer"
	"github.com/najahost/naja/internal/asptest"
	"github.com/najahost/naja/internal/setting"
)

func TestMethods(t *testing.T) {
	for method, want := range map[string]struct {
		taken  bool
		status int
	}{
		"GET": {taken: true}, "HEAD": {taken: true}, "POST": {taken: true},
		"OPTIONS": {status: 204},
		"PUT":     {status: 405}, "DELETE": {status: 405}, "PATCH": {status: 405}, "TRACE": {status: 405}, "CONNECT": {status: 405},
		"PROPFIND": {status: 405}, "DEBUG": {status: 405}, "FOO": {status: 405}, "get": {status: 405}, "Post": {status: 405}, "PRI": {status: 405}, "": {status: 405},
	} {
		c := &Config{Root: "site"}
		setting.Fill(setting.Engine, c)
		if c.takes(method) != want.taken {
			t.Errorf("%q is taken: %v", method, !want.taken)
		}
		if want.taken {
			continue
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.Method = method
		w := httptest.NewRecorder()
		if status := answer.Method(w, r, c.allow()); status != want.status || w.Code != want.status || w.Header().Get("Allow") != "GET, HEAD, POST, OPTIONS" {
			t.Errorf("%q: %d %d %v", method, status, w.Code, w.Header())
		}
	}
	for _, given := range [][]string{{"GET", "OPTIONS"}, {"PUT", "OPTIONS", "PUT"}, {"POST"}} {
		c := &Config{Methods: wholeMethods(given)}
		if want := map[string]string{"GET": "GET, HEAD, OPTIONS", "PUT": "PUT, OPTIONS", "POST": "POST, OPTIONS"}[given[0]]; c.allow() != want {
			t.Errorf("%v: Allow is %q, want %q", given, c.allow(), want)
		}
	}
}

// Over the wire, with what net/http makes of them.
func TestOddMethodsOverTheWire(t *testing.T) {
	s := serveSite(t, map[string]string{"a.asp": "page"})
	for _, test := range []struct {
		method, target string
		status         int
		alive          bool
	}{
		{"PUT", "/a.asp", 405, true}, {"get", "/a.asp", 405, true}, {"FOO", "/a.asp", 405, true}, {"TRACE", "/", 405, true},
		{"OPTIONS", "/a.asp", 204, true}, {"CONNECT", "host:1", 405, false},
	} {
		c := s.dial()
		r := c.Get("HTTP/1.1", test.method, test.target)
		if r.Status != test.status || r.KeepAlive != test.alive || r.Header.Get("Allow") == "" || len(r.Body) != 0 {
			t.Errorf("%s: %+v", test.method, r)
		}
		if !test.alive && !c.Closed() {
			t.Errorf("%s: the connection is open", test.method)
		}
	}
	c := s.dial()
	c.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	if r := c.ReadResponse("PRI"); r.Status != 405 || r.KeepAlive {
		t.Errorf("PRI: %+v", r)
	}
}

// methodSite has pages that say what reached them.
func methodSite() map[string]string {
	return map[string]string{
		"echo.asp": `<%@ EnableSessionState=False %><%= Request.ServerVariables("REQUEST_METHOD") %> ` +
			`<% var b = Request.BinaryRead(Request.TotalBytes); for (var i = 0, s = ""; i < b.length; i++) s += String.fromCharCode(b[i]) %>` +
			`<%= Request.ServerVariables("CONTENT_TYPE") %> [<%= s %>]`,
		"form.asp": `<%= Request.ServerVariables("REQUEST_METHOD") %> a=<%= String(Request.Form("a")) %> b=<%= Request.Form("b").Count %>` +
			`<% if (Request.Files.Count) { %> <%= Request.Files(1).FileName %><% } %>`,
		"sub/default.asp": `<%= Request.ServerVariables("REQUEST_METHOD") %> sub`,
		"404.asp":         `<%= Request.ServerVariables("REQUEST_METHOD") %> is missing`,
		"flush.asp":       `one<% Response.Flush() %>two`,
		"file.txt":        "a static file",
	}
}

func withMethods(methods ...string) func(*Config) {
	return func(c *Config) { c.Methods = methods }
}

// bodied is a request with a body, under its length or in chunks.
func bodied(proto, method, target, contentType, body string, chunked bool) string {
	head := method + " " + target + " " + proto + "\r\nHost: test\r\nContent-Type: " + contentType + "\r\nConnection: keep-alive\r\n"
	if chunked {
		half := len(body) / 2
		return head + fmt.Sprintf("%s\r\n\r\n%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n", isChunked, half, body[:half], len(body)-half, body[half:])
	}
	return head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

// TestBodiesOfAllMethods: what a page may read of a body is decided by its
// type, not by the method; and the connection stays in step.
func TestBodiesOfAllMethods(t *testing.T) {
	t.Parallel()
	const multipart = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=f; filename=f.txt\r\n\r\nfile\r\n--x--\r\n"
	s := serveSite(t, methodSite(), withMethods("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT"))
	for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
		c := s.dial()
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "REPORT"} {
			for _, chunked := range []bool{false, true} {
				if chunked && proto == "HTTP/1.0" {
					continue // has no chunks
				}
				for _, test := range []struct{ target, contentType, body, want string }{
					{"/echo.asp", "application/json", `{"a":1}`, `application/json [{"a":1}]`},
					{"/echo.asp", "application/x-www-form-urlencoded", "a=1", "application/x-www-form-urlencoded [a=1]"},
					{"/form.asp", "application/x-www-form-urlencoded; charset=utf-8", "a=1&b=2&b=3", "a=1 b=2"},
					{"/form.asp", "application/json", `{"a":1}`, "a=undefined b=0"},
					{"/form.asp", "multipart/form-data; boundary=x", multipart, "a=1 b=0 f.txt"},
				} {
					c.Send("%s", bodied(proto, method, test.target, test.contentType, test.body, chunked))
					r := c.ReadResponse(method)
					want(t, r, 200, method+" "+test.want)
					if !r.KeepAlive {
						t.Fatalf("%s %s: the connection is closed", proto, method)
					}
				}
			}
		}
		want(t, c.Get(proto, "DELETE", "/echo.asp", "Connection: keep-alive"), 200, "DELETE  []")
	}
}

// TestMethodsAreASetting: what is in the list reaches pages, what isn't says
// so, and files keep their own.
func TestMethodsAreASetting(t *testing.T) {
	t.Parallel()
	s := serveSite(t, methodSite(), withMethods("GET", "PUT", "OPTIONS"), func(c *Config) { c.ErrorPage404 = "/404.asp" })
	c := s.dial()
	for _, test := range []struct {
		method, target string
		status         int
		allow, body    string
	}{
		{"GET", "/echo.asp", 200, "", "GET  []"},
		{"HEAD", "/echo.asp", 200, "", ""},
		{"PUT", "/echo.asp", 200, "", "PUT  []"},
		{"OPTIONS", "/echo.asp", 200, "", "OPTIONS  []"},
		{"POST", "/echo.asp", 405, "GET, HEAD, PUT, OPTIONS", ""},
		{"PATCH", "/echo.asp", 405, "GET, HEAD, PUT, OPTIONS", ""},
		{"TRACE", "/echo.asp", 405, "GET, HEAD, PUT, OPTIONS", ""},
		{"put", "/echo.asp", 405, "GET, HEAD, PUT, OPTIONS", ""},
		{"POST", "/none.asp", 405, "GET, HEAD, PUT, OPTIONS", ""},
		{"PUT", "/none.asp", 404, "", "PUT is missing"},
		{"OPTIONS", "/none", 404, "", "OPTIONS is missing"},
		{"PUT", "/global.asa", 404, "", "PUT is missing"},
		{"PUT", "/sub", 308, "", ""},
		{"OPTIONS", "/sub/", 200, "", "OPTIONS sub"},
		{"PUT", "/flush.asp", 200, "", "onetwo"},
		{"PUT", "/file.txt", 405, "GET, HEAD, OPTIONS", ""},
		{"OPTIONS", "/file.txt", 204, "GET, HEAD, OPTIONS", ""},
		{"GET", "/file.txt", 200, "", "a static file"},
	} {
		r := c.Get("HTTP/1.1", test.method, test.target)
		if r.Status != test.status || r.Header.Get("Allow") != test.allow || string(r.Body) != test.body || !r.KeepAlive || !r.Whole() {
			t.Errorf("%s %s: %d, Allow %q, %q", test.method, test.target, r.Status, r.Header.Get("Allow"), r.Body)
		}
	}
	if r := c.Get("HTTP/1.1", "OPTIONS", "*"); r.Status != 200 || len(r.Body) != 0 || !r.KeepAlive {
		t.Errorf("OPTIONS *, which is the server's: %+v", r)
	}
}

func TestBodiesOfAllMethodsAreBounded(t *testing.T) {
	t.Parallel()
	s := serveSite(t, methodSite(), withMethods("PUT", "DELETE"), func(c *Config) { c.MaxRequestEntity = 100 })
	for _, method := range []string{"PUT", "DELETE"} {
		for _, chunked := range []bool{false, true} {
			c := s.dial()
			c.Send("%s", bodied("HTTP/1.1", method, "/echo.asp", "text/plain", strings.Repeat("x", 200), chunked))
			if r := c.ReadResponse(method); r.Status != 413 || r.KeepAlive {
				t.Errorf("%s, chunked %v: %d, keep-alive %v", method, chunked, r.Status, r.KeepAlive)
			}
		}
		if r := s.get("/echo.asp"); r.Status != 405 || r.Header.Get("Allow") != "PUT, DELETE, OPTIONS" {
			t.Errorf("GET: %d, %v", r.Status, r.Header)
		}
	}
}

func TestMethodsChangeWhileRequestsRun(t *testing.T) {
	t.Parallel()
	s := serveSite(t, methodSite())
	c := s.dial()
	if r := c.Get("HTTP/1.1", "PUT", "/echo.asp"); r.Status != 405 {
		t.Errorf("before: %d", r.Status)
	}
	next := s.cfg
	next.Methods = []string{"GET", "PUT"}
	if got, err := s.Reconfigure(t.Context(), next); err != nil || !slices.Equal(got.Changed, []string{"methods"}) {
		t.Errorf("%+v, %v", got, err)
	}
	want(t, c.Get("HTTP/1.1", "PUT", "/echo.asp"), 200, "PUT  []")
	if r := c.Get("HTTP/1.1", "POST", "/echo.asp"); r.Status != 405 || r.Header.Get("Allow") != "GET, HEAD, PUT, OPTIONS" {
		t.Errorf("after: %d, %v", r.Status, r.Header)
	}
}

// TestPreflight is the page of docs/pages.md: a browser asks it whether a
// script of another site may send a PUT.
func TestPreflight(t *testing.T) {
	t.Parallel()
	s := serveSite(t, map[string]string{
		"items.asp":  docsPage(t, "../docs/pages.md", `Response.AddHeader("Access-Control-Allow-Origin"`),
		"global.asa": `<script runat=server>function Session_OnStart() {}</script>`,
	}, withMethods("GET", "PUT", "DELETE", "OPTIONS"))
	c := s.dial()
	r := c.Get("HTTP/1.1", "OPTIONS", "/items.asp?id=7", "Origin: https://app.example.com", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: content-type")
	if r.Status != 204 || r.Header.Get("Access-Control-Allow-Origin") != "https://app.example.com" || !strings.Contains(r.Header.Get("Access-Control-Allow-Methods"), "PUT") ||
		!strings.Contains(strings.ToLower(r.Header.Get("Access-Control-Allow-Headers")), "content-type") || r.Header.Get("Vary") != "Origin" || r.Header.Get("Set-Cookie") != "" || !r.KeepAlive {
		t.Errorf("the question: %d %v", r.Status, r.Header)
	}
	c.Send("%s", bodied("HTTP/1.1", "PUT", "/items.asp?id=7", "application/json\r\nOrigin: https://app.example.com", `{"name":"näja"}`, false))
	want(t, c.ReadResponse("PUT"), 200, `{"name":"näja"}`)
	r = c.Get("HTTP/1.1", "GET", "/items.asp?id=7", "Origin: https://app.example.com")
	want(t, r, 200, `{"name":"näja"}`)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || r.Header.Get("Access-Control-Allow-Origin") != "https://app.example.com" {
		t.Errorf("got %v", r.Header)
	}
	if r := c.Get("HTTP/1.1", "OPTIONS", "/items.asp", "Origin: https://other.example"); r.Status != 204 || r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another site: %d %v", r.Status, r.Header)
	}
	c.Send("%s", bodied("HTTP/1.1", "PUT", "/items.asp?id=7", "application/json", "{", false))
	if r := c.ReadResponse("PUT"); r.Status != 400 {
		t.Errorf("no JSON: %d %q", r.Status, r.Body)
	}
	if r := c.Get("HTTP/1.1", "DELETE", "/items.asp?id=7"); r.Status != 204 || !r.KeepAlive {
		t.Errorf("delete: %d", r.Status)
	}
	if r := c.Get("HTTP/1.1", "GET", "/items.asp?id=7"); r.Status != 404 {
		t.Errorf("after delete: %d %q", r.Status, r.Body)
	}
}

// TestMethodsOverHTTP2 has what another framing could change.
func TestMethodsOverHTTP2(t *testing.T) {
	t.Parallel()
	s := serveSite(t, methodSite(), withMethods("GET", "PUT", "DELETE"))
	server := httptest.NewUnstartedServer(s.Engine)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	for _, method := range []string{"PUT", "DELETE"} {
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/echo.asp", strings.NewReader("body"))
		asptest.Check(t, err)
		r.Header.Set("Content-Type", "text/plain")
		answer, err := server.Client().Do(r)
		asptest.Check(t, err)
		body, err := io.ReadAll(answer.Body)
		asptest.Check(t, err)
		answer.Body.Close()
		if answer.ProtoMajor != 2 || string(body) != method+" text/plain [body]" {
			t.Errorf("%s: %s %q", method, answer.Proto, body)
		}
	}
}

// docsPage is the page of a document that has a text in it.
func docsPage(t *testing.T, document, text string) string {
	t.Helper()
	all, err := os.ReadFile(document)
	asptest.Check(t, err)
	for block := range strings.SplitSeq(string(all), "\n```") {
		if page, ok := strings.CutPrefix(block, "asp\n"); ok && strings.Contains(page, text) {
			return page
		}
	}
	t.Fatalf("%s has no such page", document)
	return ""
}
