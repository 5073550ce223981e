package engine

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/najahost/naja/internal/asptest"
)

// framingSite has a page for each way in which an answer can be framed.
func framingSite() map[string]string {
	big := string(repeated(100 << 10))
	return map[string]string{
		"big.asp":         big,
		"flushed.asp":     big + `<% Response.Flush() %>`,
		"pieces.asp":      `<% for (var i = 0; i < 5; i++) { %>piece<%= i %><% Response.Flush() } %>`,
		"small.asp":       `small`,
		"empty.asp":       ``,
		"unbuffered.asp":  `<% Response.Buffer = false %>one<% Response.Write("two") %>`,
		"204.asp":         `<% Response.Status = "204 No Content" %>never`,
		"304.asp":         `<% Response.Status = 304 %>never`,
		"205.asp":         `<% Response.Status = "205 Reset Content"; Response.AddHeader("Content-Length", "5") %>never`,
		"205f.asp":        `<% Response.Status = 205; Response.Flush() %>never<% Response.Flush() %>never`,
		"204f.asp":        `<% Response.Status = 204; Response.Flush() %>never<% Response.Flush() %>`,
		"304f.asp":        `<% Response.Status = 304; Response.Flush() %>never<% Response.Flush() %>`,
		"error.asp":       `text<% nope() %>`,
		"late.asp":        `text<% Response.Flush(); nope() %>`,
		"broken.asp":      `<% if ( %>`,
		"redirect.asp":    `before<% Response.Redirect("/small.asp") %>`,
		"status.asp":      `<% Response.Status = Number(Request.QueryString("s")) %>body`,
		"file.txt":        "a static file",
		"sub/default.asp": "default",
	}
}

// steps is a client that keeps asking on one connection.
func steps(t *testing.T, c *asptest.Conn, proto string, keep string) func(method, target string, status int, headers ...string) *asptest.Response {
	n := 0
	return func(method, target string, status int, headers ...string) *asptest.Response {
		t.Helper()
		n++
		if keep != "" {
			headers = append(headers, keep)
		}
		r := c.Get(proto, method, target, headers...)
		if r.Status != status || !r.KeepAlive || !r.Whole() {
			t.Errorf("step %d, %s %s %s: %d, keep-alive %v, %v, want %d", n, method, target, proto, r.Status, r.KeepAlive, r.Err, status)
		}
		return r
	}
}

// TestKnownLengthsKeepTheConnection is the promise of the project: whatever
// is asked for, one connection serves it all as long as nobody flushes.
func TestKnownLengthsKeepTheConnection(t *testing.T) {
	s := serveSite(t, framingSite())
	for _, version := range []struct{ proto, keep string }{{"HTTP/1.0", "Connection: keep-alive"}, {"HTTP/1.1", ""}} {
		t.Run(version.proto, func(t *testing.T) {
			step := steps(t, s.dial(), version.proto, version.keep)
			for range 10 {
				r := step("GET", "/big.asp", 200)
				if r.Framing != asptest.FramedByLength || !bytes.Equal(r.Body, repeated(100<<10)) {
					t.Fatalf("framed by %s, %d bytes", r.Framing, len(r.Body))
				}
			}
			for _, method := range []string{"GET", "HEAD"} {
				for target, status := range map[string]int{
					"/small.asp": 200, "/empty.asp": 200, "/error.asp": 500, "/broken.asp": 500, "/redirect.asp": 302, "/none.asp": 404,
					"/file.txt": 200, "/sub/": 200, "/sub": 301, "/none.txt": 404, "/a%00b": 400, "/status.asp?s=404": 404, "/status.asp?s=503": 503,
					"/204.asp": 204, "/205.asp": 205, "/304.asp": 304,
				} {
					r := step(method, target, status)
					framed := asptest.FramedByLength
					if method == "HEAD" || status == 204 || status == 304 {
						framed = asptest.FramedByNothing
					}
					if r.Framing != framed {
						t.Errorf("%s %s is framed by %s", method, target, r.Framing)
					}
					if status != 204 && status != 304 && r.Header.Get("Content-Length") == "" {
						t.Errorf("%s %s has no Content-Length", method, target)
					}
				}
			}
			r := step("GET", "/file.txt", 206, "Range: bytes=2-7")
			if string(r.Body) != "static" {
				t.Errorf("got %q", r.Body)
			}
			step("GET", "/file.txt", 304, "If-None-Match: "+r.Header.Get("Etag"))
			step("PUT", "/small.asp", 405)
			step("DELETE", "/none.asp", 405)
			step("OPTIONS", "/small.asp", 204)
			want(t, step("GET", "/small.asp", 200), 200, "small")
		})
	}
}

func TestHTTP10WithoutKeepAliveCloses(t *testing.T) {
	s := serveSite(t, framingSite())
	c := s.dial()
	r := c.Get("HTTP/1.0", "GET", "/big.asp")
	if r.Framing != asptest.FramedByLength || r.KeepAlive || len(r.Body) != 100<<10 || !c.Closed() {
		t.Errorf("framed by %s, keep-alive %v, %d bytes", r.Framing, r.KeepAlive, len(r.Body))
	}
	c = s.dial()
	r = c.Get("HTTP/1.1", "GET", "/big.asp", "Connection: close")
	if r.Framing != asptest.FramedByLength || r.KeepAlive || !c.Closed() {
		t.Errorf("framed by %s, keep-alive %v", r.Framing, r.KeepAlive)
	}
}

// TestFlushedPages are chunked where the protocol has chunks, and end with
// the connection where it has none.
func TestFlushedPages(t *testing.T) {
	s := serveSite(t, framingSite())
	for target, body := range map[string]string{
		"/flushed.asp": string(repeated(100 << 10)), "/pieces.asp": "piece0piece1piece2piece3piece4", "/unbuffered.asp": "onetwo",
	} {
		c := s.dial()
		for range 3 { // chunks keep the connection too
			r := c.Get("HTTP/1.1", "GET", target)
			if r.Framing != asptest.FramedByChunks || !r.KeepAlive || r.Header.Get("Content-Length") != "" {
				t.Errorf("%s is framed by %s, keep-alive %v", target, r.Framing, r.KeepAlive)
			}
			want(t, r, 200, body)
		}
		c = s.dial()
		r := c.Get("HTTP/1.0", "GET", target, "Connection: keep-alive")
		if r.Framing != asptest.FramedByClose || r.KeepAlive {
			t.Errorf("%s on HTTP/1.0 is framed by %s, keep-alive %v", target, r.Framing, r.KeepAlive)
		}
		want(t, r, 200, body)
		step := steps(t, s.dial(), "HTTP/1.1", "")
		if r := step("HEAD", target, 200); r.Header.Get("Content-Length") != "" {
			t.Errorf("HEAD of a flushed page has Content-Length %s", r.Header.Get("Content-Length"))
		}
		step("GET", "/small.asp", 200)
	}
}

// TestPiecesComeAsTheyAreFlushed reads each piece before the page goes on.
func TestPiecesComeAsTheyAreFlushed(t *testing.T) {
	s := serveSite(t, map[string]string{
		"page.asp": `one<% Response.Flush(); Application("go"); while (!Application("two")) {} %>two<% Response.Flush(); while (!Application("three")) {} %>three`,
		"go.asp":   `<% Application(String(Request.QueryString("key"))) = true %>`,
	})
	c := s.dial()
	c.Send("GET /page.asp HTTP/1.1\r\nHost: test\r\n\r\n")
	c.ReadHeader()
	for _, piece := range []string{"one", "two", "three", ""} {
		if piece == "two" || piece == "three" {
			want(t, s.get("/go.asp?key="+piece), 200, "")
		}
		if got, err := c.ReadChunk(); string(got) != piece || err != nil {
			t.Fatalf("got %q, %v; want %q", got, err, piece)
		}
	}
}

func TestNoBodyWhereNoneBelongs(t *testing.T) {
	s := serveSite(t, framingSite())
	step := steps(t, s.dial(), "HTTP/1.1", "")
	for _, target := range []string{"/204.asp", "/304.asp", "/204f.asp", "/304f.asp"} {
		status, _ := strconv.Atoi(target[1:4])
		r := step("GET", target, status)
		if r.Header.Get("Content-Length") != "" || r.Header.Get("Transfer-Encoding") != "" {
			t.Errorf("%s: %v", target, r.Header)
		}
	}
	for _, target := range []string{"/big.asp", "/flushed.asp", "/error.asp", "/redirect.asp"} {
		r := step("HEAD", target, map[string]int{"/error.asp": 500, "/redirect.asp": 302}[target]|map[string]int{"/big.asp": 200, "/flushed.asp": 200}[target])
		if target == "/big.asp" && r.Header.Get("Content-Length") != strconv.Itoa(100<<10) {
			t.Errorf("HEAD %s: Content-Length %q", target, r.Header.Get("Content-Length"))
		}
	}
	want(t, step("GET", "/small.asp", 200), 200, "small")
}

// statuses are those that have a name, and some that have none.
func statuses() (all []int) {
	for status := 200; status < 600; status++ {
		if http.StatusText(status) != "" || slices.Contains([]int{200, 299, 418, 499, 599}, status) {
			all = append(all, status)
		}
	}
	return all
}

// TestEveryStatus: whatever status a page sets, and however it writes, its
// answer is framed as clients expect it for that status (RFC 9112 section 6.3),
// and the next one is in step. 204 and 304 end with their header; 205 has no
// body either, but clients look for its length (RFC 9110 section 15.3.6);
// net/http of go1.26.8 sends one (findings/nethttp-sends-205-body.sh).
func TestEveryStatus(t *testing.T) {
	t.Parallel()
	s := serveSite(t, map[string]string{
		"buffered.asp":   `<% Response.Status = Number(Request.QueryString("s")) %>body`,
		"flushed.asp":    `<% Response.Status = Number(Request.QueryString("s")) %>bo<% Response.Flush() %>dy`,
		"unbuffered.asp": `<% Response.Buffer = false; Response.Status = Number(Request.QueryString("s")) %>body`,
		"declared.asp":   `<% Response.Status = Number(Request.QueryString("s")); Response.AddHeader("Content-Length", "4") %>bo<% Response.Flush() %>dy`,
		"empty.asp":      `<% Response.Status = Number(Request.QueryString("s")); Response.Flush() %>`,
	})
	for _, proto := range []string{"HTTP/1.1", "HTTP/1.0"} {
		for _, method := range []string{"GET", "HEAD", "POST"} {
			for _, target := range []string{"/buffered.asp", "/flushed.asp", "/unbuffered.asp", "/declared.asp", "/empty.asp"} {
				c := s.dial()
				for _, status := range statuses() {
					bodiless, body, framed, kept := status == 204 || status == 205 || status == 304, "body", asptest.FramedByLength, true
					if streams := target != "/buffered.asp" && target != "/declared.asp"; streams && proto == "HTTP/1.1" {
						framed = asptest.FramedByChunks
					} else if streams {
						framed, kept = asptest.FramedByClose, false
					}
					if bodiless || method == "HEAD" || target == "/empty.asp" {
						body = ""
					}
					switch {
					case status == 205 && method != "HEAD":
						framed, kept = asptest.FramedByLength, true
					case bodiless:
						framed, kept = asptest.FramedByNothing, true
					case method == "HEAD":
						framed, kept = asptest.FramedByNothing, true
					}
					r := c.Get(proto, method, fmt.Sprint(target, "?s=", status), "Connection: keep-alive")
					if r.Status != status || string(r.Body) != body || r.Framing != framed || r.KeepAlive != kept || r.Err != nil {
						t.Errorf("%s %s %s?s=%d: %d %q, framed by %s, keep-alive %v, %v", proto, method, target, status, r.Status, r.Body, r.Framing, r.KeepAlive, r.Err)
					}
					if length := r.Header.Get("Content-Length"); status == 205 && length != "0" || (status == 204 || status == 304) && length != "" {
						t.Errorf("%s %s %s?s=%d: Content-Length %q", proto, method, target, status, length)
					}
					if !r.KeepAlive {
						c = s.dial()
					}
				}
			}
		}
	}
}

// TestAnErrorAfterAFlushIsNoEnd: what was sent is all there is, and the
// client can tell that it isn't whole.
func TestAnErrorAfterAFlushIsNoEnd(t *testing.T) {
	s := serveSite(t, framingSite())
	c := s.dial()
	r := c.Get("HTTP/1.1", "GET", "/late.asp")
	if r.Status != 200 || string(r.Body) != "text" || r.Err == nil || !c.Closed() {
		t.Errorf("got %d %q, %v", r.Status, r.Body, r.Err)
	}
	s.log.has(t, "page failed", "late.asp", "line=1", "nope is not defined")
}

func TestADeclaredLength(t *testing.T) {
	page := func(rest string) string { return `<% Response.AddHeader("Content-Length", "10"); ` + rest + ` %>` }
	s := serveSite(t, map[string]string{
		"kept.asp":     page(`Response.Write("01234"); Response.Flush(); Response.Write("56789")`),
		"short.asp":    page(`Response.Write("01234"); Response.Flush()`),
		"long.asp":     page(`Response.Write("01234"); Response.Flush(); Response.Write("0123456789")`),
		"fails.asp":    page(`Response.Write("0123456789"); Response.Flush(); nope()`),
		"buffered.asp": page(`Response.Write("01234")`),
		"head.asp":     page(``),
		"end.asp":      page(`Response.Write("0123456789"); Response.Flush(); Response.End()`),
	})
	step := steps(t, s.dial(), "HTTP/1.1", "")
	for _, target := range []string{"/kept.asp", "/end.asp"} {
		r := step("GET", target, 200)
		if r.Framing != asptest.FramedByLength || string(r.Body) != "0123456789" {
			t.Errorf("%s: %s %q", target, r.Framing, r.Body)
		}
		step("HEAD", target, 200)
	}
	if r := s.dial().Get("HTTP/1.0", "GET", "/kept.asp", "Connection: keep-alive"); r.Framing != asptest.FramedByLength || !r.KeepAlive {
		t.Errorf("on HTTP/1.0: %s, keep-alive %v", r.Framing, r.KeepAlive)
	}
	// A buffered page's length is what it is.
	want(t, step("GET", "/buffered.asp", 200), 200, "01234")
	if r := step("HEAD", "/head.asp", 200); r.Header.Get("Content-Length") != "10" {
		t.Errorf("HEAD: Content-Length %q", r.Header.Get("Content-Length"))
	}
	for _, target := range []string{"/short.asp", "/long.asp", "/fails.asp"} {
		c := s.dial()
		r := c.Get("HTTP/1.1", "GET", target)
		if r.Err == nil || len(r.Body) >= 10 || !c.Closed() {
			t.Errorf("%s: looks whole: %q %v", target, r.Body, r.Err)
		}
	}
}

func TestTheBufferLimit(t *testing.T) {
	s := serveSite(t, map[string]string{
		"over.asp":       `<% for (var i = 0; i < 200; i++) Response.Write("0123456789") %>`,
		"text.asp":       "<% var a %>" + string(repeated(2000)),
		"caught.asp":     `<% try { for (;;) Response.Write("0123456789") } catch (e) { Response.Clear(); Response.Write(e.description.substr(4, 8)) } %>`,
		"flushed.asp":    `<% for (var i = 0; i < 200; i++) { Response.Write("0123456789"); Response.Flush() } %>`,
		"late.asp":       `<% Response.Write("a"); Response.Flush(); for (var i = 0; i < 200; i++) Response.Write("0123456789") %>`,
		"unbuffered.asp": `<% Response.Buffer = false; for (var i = 0; i < 200; i++) Response.Write("0123456789") %>`,
	}, func(c *Config) { c.BufferingLimit, c.Dev = 1000, true })
	step := steps(t, s.dial(), "HTTP/1.1", "")
	wantIn(t, step("GET", "/over.asp", 500), 500, "ASP 0251")
	wantIn(t, step("GET", "/text.asp", 500), 500, "ASP 0251")
	want(t, step("GET", "/caught.asp", 200), 200, "ASP 0251")
	want(t, step("GET", "/flushed.asp", 200), 200, string(repeated(2000)))
	want(t, step("GET", "/unbuffered.asp", 200), 200, string(repeated(2000)))
	if r := s.get("/late.asp"); r.Err == nil {
		t.Error("a page over its limit looks whole")
	}
}

func TestPipelining(t *testing.T) {
	s := serveSite(t, framingSite())
	c := s.dial()
	targets := []string{"/small.asp", "/flushed.asp", "/error.asp", "/file.txt", "/204.asp", "/205.asp", "/205f.asp", "/big.asp", "/none.asp"}
	for _, target := range targets {
		c.Send("GET %s HTTP/1.1\r\nHost: test\r\n\r\n", target)
	}
	for i, status := range []int{200, 200, 500, 200, 204, 205, 205, 200, 404} {
		if r := c.ReadResponse("GET"); r.Status != status || !r.Whole() || !r.KeepAlive {
			t.Errorf("%s: %d %v", targets[i], r.Status, r.Err)
		}
	}
}

// TestExpectContinue: the body is asked for when the request was let in.
func TestExpectContinue(t *testing.T) {
	s := serveSite(t, map[string]string{"page.asp": `<%= Request.Form("a") %>`})
	c := s.dial()
	c.Send("POST /page.asp HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
	if r := c.ReadHeader(); r.Status != 100 {
		t.Fatalf("got %d", r.Status)
	}
	c.Send("a=1")
	want(t, c.ReadResponse("POST"), 200, "1")
}

func TestServedHTTP2(t *testing.T) {
	site := fstest.MapFS{}
	for name, text := range framingSite() {
		site[name] = &fstest.MapFile{Data: []byte(text)}
	}
	s := newServed(t, Config{FS: site})
	server := httptest.NewUnstartedServer(s.Engine)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	client := server.Client()
	fetch := func(method, target string) (*http.Response, []byte, error) {
		r, err := http.NewRequest(method, server.URL+target, nil)
		if err != nil {
			t.Fatal(err)
		}
		client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		resp, err := client.Do(r)
		if err != nil {
			return nil, nil, err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return resp, body, err
	}
	for target, length := range map[string]int{"/big.asp": 100 << 10, "/flushed.asp": 100 << 10, "/pieces.asp": 30, "/small.asp": 5, "/file.txt": 13} {
		resp, body, err := fetch("GET", target)
		if err != nil || resp.ProtoMajor != 2 || resp.StatusCode != 200 || len(body) != length {
			t.Errorf("%s: %v %v, %d bytes", target, resp, err, len(body))
			continue
		}
		flushed := target == "/flushed.asp" || target == "/pieces.asp"
		if flushed != (resp.ContentLength < 0) {
			t.Errorf("%s: Content-Length %d", target, resp.ContentLength)
		}
	}
	for target, status := range map[string]int{"/error.asp": 500, "/redirect.asp": 302, "/204.asp": 204, "/205.asp": 205, "/205f.asp": 205, "/304f.asp": 304, "/none.asp": 404} {
		if resp, body, err := fetch("GET", target); err != nil || resp.StatusCode != status || strings.Contains(string(body), "never") {
			t.Errorf("%s: %v %v", target, resp, err)
		}
	}
	if resp, body, err := fetch("HEAD", "/big.asp"); err != nil || resp.ContentLength != 100<<10 || len(body) != 0 {
		t.Errorf("HEAD: %v %v", resp, err)
	}
	if _, body, err := fetch("GET", "/late.asp"); err == nil || string(body) != "text" {
		t.Errorf("an error after a flush: %q %v", body, err)
	}
	want := fmt.Sprint([]string{"h2"})
	if got := fmt.Sprint(server.TLS.NextProtos[:1]); got != want {
		t.Errorf("protocols %s", got)
	}
}

// TestTheLengthIsOfBytes: characters of another code page have another length.
func TestTheLengthIsOfBytes(t *testing.T) {
	s := serveSite(t, map[string]string{
		"utf8.asp": "<%@ CodePage=65001 %>é漢", "latin.asp": "<%@ CodePage=65001 %><% Response.CodePage = 1252 %>é", "sjis.asp": "<% Response.CodePage = 932 %>漢",
	})
	for target, body := range map[string]string{"/utf8.asp": "é漢", "/latin.asp": "\xe9", "/sjis.asp": "\x8a\xbf"} {
		want(t, s.get(target), 200, body)
	}
	if r := s.get("/sjis.asp"); !strings.EqualFold(r.Header.Get("Content-Type"), "text/html; charset=shift_jis") {
		t.Errorf("got %s", r.Header.Get("Content-Type"))
	}
}

// TestWhatProxiesAreTold: a page has no pieces, unless it makes them itself, and
// an event stream isn't collected. A file has pieces.
func TestWhatProxiesAreTold(t *testing.T) {
	events := `Response.ContentType = "text/event-stream";`
	s := serveSite(t, map[string]string{
		"buffered.asp": `text`, "flushed.asp": `text<% Response.Flush() %>`, "error.asp": `<% nope() %>`, "file.txt": `text`,
		"own.asp":    `<% Response.AddHeader("Accept-Ranges", "bytes") %>text`,
		"piece.asp":  `<% Response.Status = "206 Partial Content"; Response.AddHeader("Content-Range", "bytes 0-3/10") %>text`,
		"events.asp": `<% ` + events + ` Response.Write("data: 1\n\n"); Response.Flush() %>`,
		"upper.asp":  `<% Response.ContentType = "Text/Event-Stream; charset=utf-8"; Response.Write("data: 1\n\n"); Response.Flush() %>`,
		"yes.asp":    `<% ` + events + ` Response.AddHeader("X-Accel-Buffering", "yes"); Response.Flush() %>`,
		"once.asp":   `<% ` + events + ` Response.Write("data: 1\n\n") %>`,
	})
	for target, want := range map[string]string{
		"/buffered.asp": "none|", "/flushed.asp": "none|", "/error.asp": "none|", "/file.txt": "bytes|", "/own.asp": "bytes|", "/piece.asp": "|",
		"/events.asp": "none|no", "/upper.asp": "none|no", "/yes.asp": "none|yes", "/once.asp": "none|",
	} {
		h := s.get(target).Header
		if got := strings.Join(h["Accept-Ranges"], ",") + "|" + strings.Join(h["X-Accel-Buffering"], ","); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
		if got := strings.Join(s.dial().Get("HTTP/1.1", "HEAD", target).Header["Accept-Ranges"], ",") + "|"; got != want[:len(got)] {
			t.Errorf("HEAD %s: %s, want %s", target, got, want)
		}
	}
}
