package asphttp

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/najahost/naja/asp"
	"github.com/najahost/naja/internal/codepage"
)

// recorder is a Sink that writes down what happens: "start 200", "write abc", "flush".
type recorder struct {
	events  []string
	header  http.Header
	gone    bool
	failAt  string // the event that fails
	failure error
}

func (s *recorder) note(event string) error {
	s.events = append(s.events, event)
	if s.failAt != "" && strings.HasPrefix(event, s.failAt) {
		return s.failure
	}
	return nil
}

func (s *recorder) Start(status int, reason string, h http.Header) error {
	s.header = h
	return s.note(fmt.Sprintf("start %d %s", status, reason))
}
func (s *recorder) Write(p []byte) error { return s.note("write " + string(p)) }
func (s *recorder) Flush() error         { return s.note("flush") }
func (s *recorder) Connected() bool      { return !s.gone }

func (s *recorder) check(t *testing.T, want ...string) {
	t.Helper()
	if got := strings.Join(s.events, "|"); got != strings.Join(want, "|") {
		t.Errorf("the sink saw\n %s\nwant\n %s", got, strings.Join(want, "|"))
	}
}

func buffered() (*Response, *recorder) {
	s := &recorder{}
	return NewResponse(ResponseConfig{Sink: s, Buffering: true}), s
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func wantCode(t *testing.T, what string, err error, code int) {
	t.Helper()
	if asp.CodeOf(err) != code {
		t.Errorf("%s: got %v, want ASP %04d", what, err, code)
	}
}

func codePage(t testing.TB, n int) *codepage.CodePage {
	cp, ok := codepage.Lookup(n)
	if !ok {
		t.Fatalf("no code page %d", n)
	}
	return cp
}

func TestBufferedPageReachesTheSinkNever(t *testing.T) {
	r, s := buffered()
	must(t, r.WriteText([]byte("<p>")), r.WriteString("é"), r.BinaryWrite([]byte{0, 1}), r.WriteString(""))
	status, reason, h := r.Prepare()
	if status != 200 || reason != "OK" || h.Get("Content-Type") != "text/html; charset=utf-8" || h.Get("Cache-Control") != "private" || len(h) != 2 {
		t.Errorf("%d %s %v", status, reason, h)
	}
	if r.BufferedBytes() != 7 || r.Flushed() || !r.HeadersSent() {
		t.Errorf("%d bytes, flushed %v", r.BufferedBytes(), r.Flushed())
	}
	body := r.Finish()
	if got := string(body.Bytes()); got != "<p>é\x00\x01" || body.Len() != 7 {
		t.Errorf("body %q", got)
	}
	body.Release()
	s.check(t)
}

func TestFlushSendsHeaderThenBody(t *testing.T) {
	r, s := buffered()
	must(t, r.SetStatus("404 Gone fishing"), r.WriteString("a"), r.Flush(), r.Flush(), r.WriteString("b"), r.WriteString("c"), r.Flush(), r.WriteString("d"))
	s.check(t, "start 404 Gone fishing", "write a", "flush", "flush", "write bc", "flush")
	if got := string(r.Finish().Bytes()); got != "d" {
		t.Errorf("left: %q", got)
	}
}

func TestFlushOfAnEmptyPageSendsTheHeader(t *testing.T) {
	r, s := buffered()
	must(t, r.Flush())
	s.check(t, "start 200 OK", "flush")
}

func TestWithoutBufferingEachWriteIsSent(t *testing.T) {
	s := &recorder{}
	r := NewResponse(ResponseConfig{Sink: s})
	must(t, r.WriteString(""), r.WriteString("a"), r.WriteText([]byte("b")), r.BinaryWrite([]byte("c")))
	s.check(t, "start 200 OK", "write a", "flush", "write b", "flush", "write c", "flush")
	wantCode(t, "Flush", r.Flush(), 159)
	wantCode(t, "Clear", r.Clear(), 159)
}

func TestBufferCanOnlyChangeBeforeOutput(t *testing.T) {
	r, s := buffered()
	must(t, r.WriteString("a"), r.SetBuffer(false), r.SetBuffer(true), r.SetBuffer(false), r.WriteString("b"))
	s.check(t, "start 200 OK", "write ab", "flush")
	must(t, r.SetBuffer(false))
	wantCode(t, "turning it on", r.SetBuffer(true), 156)

	r, _ = buffered()
	must(t, r.Flush(), r.SetBuffer(true))
	wantCode(t, "turning it off", r.SetBuffer(false), 157)
	if !r.Buffer() {
		t.Error("Buffer is off")
	}
}

func TestClearDropsTheBodyNotTheHeaders(t *testing.T) {
	r, s := buffered()
	must(t, r.WriteString("gone"), r.AddHeader("X-A", "1"), r.Cookies().Set("c", "1"), r.SetStatus("201"), r.Clear(), r.WriteString("kept"))
	must(t, r.Flush())
	s.check(t, "start 201 Created", "write kept", "flush")
	if s.header.Get("X-A") != "1" || s.header.Get("Set-Cookie") == "" {
		t.Errorf("%v", s.header)
	}
	must(t, r.WriteString("gone"), r.Clear(), r.WriteString("kept"), r.Flush())
	s.check(t, "start 201 Created", "write kept", "flush", "write kept", "flush")
}

func TestBufferLimitIsRaisedAtTheWriteThatPassesIt(t *testing.T) {
	s := &recorder{}
	r := NewResponse(ResponseConfig{Sink: s, Buffering: true, Limit: 10})
	must(t, r.WriteString("12345"))
	wantCode(t, "string", r.WriteString("678901"), 251)
	wantCode(t, "text", r.WriteText([]byte("678901")), 251)
	wantCode(t, "bytes", r.BinaryWrite([]byte("678901")), 251)
	must(t, r.WriteString("67890"), r.Flush(), r.WriteString("1234567890"))
	wantCode(t, "after a flush", r.WriteString("x"), 251)
	if r.BufferedBytes() != 10 {
		t.Errorf("%d bytes are buffered", r.BufferedBytes())
	}

	if d := NewResponse(ResponseConfig{Buffering: true}); d.WriteString(strings.Repeat("x", 4<<20)) != nil || asp.CodeOf(d.WriteString("x")) != 251 {
		t.Error("the default limit isn't 4 MiB")
	}
	unlimited := NewResponse(ResponseConfig{Buffering: true, Limit: -1})
	must(t, unlimited.WriteString(strings.Repeat("x", 5<<20)))
}

func TestHeadersAreRefusedAfterAFlush(t *testing.T) {
	r, _ := buffered()
	cookies := r.Cookies()
	must(t, r.Flush())
	now := time.Now()
	for what, err := range map[string]error{
		"AddHeader":       r.AddHeader("X-A", "1"),
		"PICS":            r.PICS("x"),
		"Status":          r.SetStatus("404"),
		"ContentType":     r.SetContentType("text/plain"),
		"Charset":         r.SetCharset("utf-8"),
		"CacheControl":    r.SetCacheControl("public"),
		"Expires":         r.SetExpires(1),
		"ExpiresAbsolute": r.SetExpiresAbsolute(now),
		"CodePage":        r.SetCodePage(1252),
		"Redirect":        r.Redirect("/x"),
		"Session cookie":  r.SetSessionCookie(&http.Cookie{Name: "s", Value: "1"}),
		"Reset":           r.Reset(),
		"Cookie":          cookies.Set("a", "1"),
		"Key":             cookies.SetKey("a", "k", "1"),
		"Path":            cookies.SetPath("a", "/"),
		"Domain":          cookies.SetDomain("a", "x"),
		"Expiry":          cookies.SetExpires("a", now),
		"MaxAge":          cookies.SetMaxAge("a", 1),
		"Secure":          cookies.SetSecure("a", true),
		"HttpOnly":        cookies.SetHttpOnly("a", true),
		"SameSite":        cookies.SetSameSite("a", "lax"),
		"Partitioned":     cookies.SetPartitioned("a", true),
	} {
		wantCode(t, what, err, 156)
	}
	must(t, r.SetCodePage(65001), r.SetLCID(1031), r.AppendToLog("x"))
}

func TestStatus(t *testing.T) {
	for in, want := range map[string]string{
		"404 Not Found": "404 Not Found", "404": "404 Not Found", " 500  Oh no ": "500 Oh no", "299": "299", "200 \t": "200 OK",
		"304 Not Modified": "304 Not Modified", "599 x": "599 x",
	} {
		r, _ := buffered()
		if err := r.SetStatus(in); err != nil || r.Status() != want {
			t.Errorf("%q: %q, %v", in, r.Status(), err)
		}
	}
	for _, in := range []string{"", " ", "abc", "100 Continue", "101", "199", "600", "999", "20", "2000", "-404", "+404", "404\r\nX: y", "404 a\x00b", "404 a\nb", "0x1", "404 " + strings.Repeat("x", 600)} {
		r, _ := buffered()
		if err := r.SetStatus(in); asp.CodeOf(err) != 104 || r.Status() != "200 OK" || r.StatusCode() != 200 {
			t.Errorf("%q was taken: %q, %v", in, r.Status(), err)
		}
	}
}

func TestContentTypeAndCharset(t *testing.T) {
	set := func(f func(*Response) error) func(*Response) error { return f }
	tests := []struct {
		name string
		page func(*Response) error
		want string
	}{
		{"default", set(func(r *Response) error { return nil }), "text/html; charset=utf-8"},
		{"other text", func(r *Response) error { return r.SetContentType("Text/XML") }, "Text/XML; charset=utf-8"},
		{"not text", func(r *Response) error { return r.SetContentType("image/gif") }, "image/gif"},
		{"back to the default", func(r *Response) error { return errors.Join(r.SetContentType("a/b"), r.SetContentType("")) }, "text/html; charset=utf-8"},
		{"own parameter", func(r *Response) error { return r.SetContentType("text/html; CharSet=x") }, "text/html; CharSet=x"},
		{"own parameter and charset", func(r *Response) error {
			return errors.Join(r.SetContentType("text/html;charset=x"), r.SetCharset("y"))
		}, "text/html;charset=x"},
		{"charset", func(r *Response) error { return r.SetCharset("windows-1251") }, "text/html; charset=windows-1251"},
		{"charset of no text", func(r *Response) error {
			return errors.Join(r.SetContentType("application/json"), r.SetCharset("utf-8"))
		}, "application/json; charset=utf-8"},
		{"no charset", func(r *Response) error { return r.SetCharset("") }, "text/html"},
		{"code page", func(r *Response) error { return r.SetCodePage(1252) }, "text/html; charset=windows-1252"},
		{"code page and type", func(r *Response) error {
			return errors.Join(r.SetCodePage(949), r.SetContentType("text/plain; format=flowed;"))
		}, "text/plain; format=flowed; charset=euc-kr"},
		{"by AddHeader", func(r *Response) error { return r.AddHeader("content-TYPE", "text/css") }, "text/css; charset=utf-8"},
	}
	for _, tt := range tests {
		r, _ := buffered()
		must(t, tt.page(r))
		if _, _, h := r.Prepare(); h.Get("Content-Type") != tt.want || len(h["Content-Type"]) != 1 {
			t.Errorf("%s: %q, want %q", tt.name, h["Content-Type"], tt.want)
		}
	}
	r, _ := buffered()
	must(t, r.SetContentType("text/plain"), r.SetCharset("x"))
	if r.ContentType() != "text/plain" || r.Charset() != "x" {
		t.Errorf("%q %q", r.ContentType(), r.Charset())
	}
}

func TestTextIsWrittenInTheCodePage(t *testing.T) {
	r, _ := buffered()
	must(t, r.WriteString("é"), r.SetCodePage(1252), r.WriteString("é€😀"), r.WriteText([]byte("ü")), r.BinaryWrite([]byte("é")),
		r.SetCodePage(932), r.WriteString("日"))
	if got := string(r.Body()); got != "é"+"\xe9\x80?\xfc"+"é"+"\x93\xfa" {
		t.Errorf("%q", got)
	}
	if r.CodePage().Number() != 932 {
		t.Errorf("%v", r.CodePage())
	}
	for _, n := range []int{0, -1, 7, 1200, 1201, 65000} {
		wantCode(t, fmt.Sprint(n), r.SetCodePage(n), 204)
	}
}

func TestLCID(t *testing.T) {
	r, _ := buffered()
	if r.LCID() != 1033 {
		t.Errorf("default %d", r.LCID())
	}
	must(t, r.SetLCID(1031))
	for _, n := range []int{0, -1, 1 << 20} {
		wantCode(t, fmt.Sprint(n), r.SetLCID(n), 219)
	}
	if r.LCID() != 1031 {
		t.Errorf("%d", r.LCID())
	}
}

func TestCacheControl(t *testing.T) {
	tests := []struct {
		page func(*Response) error
		want string
	}{
		{func(r *Response) error { return r.SetCacheControl("Public") }, "Public"},
		{func(r *Response) error { return r.SetCacheControl("") }, ""},
		{func(r *Response) error { return r.AddHeader("cache-control", "no-store") }, "no-store"},
		{func(r *Response) error {
			return errors.Join(r.AddHeader("cache-control", "no-store"), r.SetCacheControl("no-cache"))
		}, "no-cache|no-store"},
		{func(r *Response) error {
			return errors.Join(r.SetCacheControl("private"), r.AddHeader("cache-control", "max-age=0"))
		}, "private|max-age=0"},
		{func(r *Response) error {
			return errors.Join(r.SetCacheControl("no-cache"), r.Reset(), r.AddHeader("cache-control", "no-store"))
		}, "no-store"},
		{func(r *Response) error {
			return errors.Join(r.AddHeader("Cache-Control", "no-store"), r.AddHeader("Cache-Control", "no-cache"))
		}, "no-store|no-cache"},
	}
	for _, tt := range tests {
		r, _ := buffered()
		must(t, tt.page(r))
		if _, _, h := r.Prepare(); strings.Join(h["Cache-Control"], "|") != tt.want {
			t.Errorf("%q, want %q", h["Cache-Control"], tt.want)
		}
	}
}

// Of a property and a header that is added under its name none is lost, and the one comes first that a cache is to go by.
func TestExpiresBesideAddHeader(t *testing.T) {
	const set, past, later = "Thu, 02 Jan 2031 00:00:00 GMT", "Mon, 26 Jul 1997 05:00:00 GMT", "Fri, 03 Jan 2031 00:00:00 GMT"
	for added, want := range map[string]string{later: set + "|" + later, past: past + "|" + set, "-1": "-1|" + set, set: set + "|" + set} {
		r, _ := buffered()
		must(t, r.AddHeader("Expires", added), r.SetExpiresAbsolute(time.Date(2031, 1, 2, 0, 0, 0, 0, time.UTC)))
		if _, _, h := r.Prepare(); strings.Join(h["Expires"], "|") != want {
			t.Errorf("%q, want %q", h["Expires"], want)
		}
	}
}

func TestExpiresTheShortestWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now() // the bubble's clock stands still
		at := func(d time.Duration) string { return start.Add(d).UTC().Format(http.TimeFormat) }
		tests := []struct {
			page func(*Response) error
			want string
		}{
			{func(r *Response) error { return nil }, ""},
			{func(r *Response) error { return r.SetExpires(10) }, at(10 * time.Minute)},
			{func(r *Response) error { return errors.Join(r.SetExpires(10), r.SetExpires(5), r.SetExpires(20)) }, at(5 * time.Minute)},
			{func(r *Response) error { return r.SetExpires(0) }, at(0)},
			{func(r *Response) error { return r.SetExpires(-1500) }, at(-1500 * time.Minute)},
			{func(r *Response) error {
				return errors.Join(r.SetExpires(10), r.SetExpiresAbsolute(start.Add(time.Minute)))
			}, at(time.Minute)},
			{func(r *Response) error {
				return errors.Join(r.SetExpiresAbsolute(start.Add(time.Hour)), r.SetExpires(10))
			}, at(10 * time.Minute)},
			{func(r *Response) error { return r.SetExpires(1e300) }, at(maxExpiresMinutes * time.Minute)},
		}
		for i, tt := range tests {
			r, _ := buffered()
			must(t, tt.page(r))
			if _, _, h := r.Prepare(); h.Get("Expires") != tt.want {
				t.Errorf("%d: %q, want %q", i, h.Get("Expires"), tt.want)
			}
		}
		r, _ := buffered()
		if _, ok := r.Expires(); ok {
			t.Error("nothing was set")
		}
		must(t, r.SetExpires(7))
		time.Sleep(2 * time.Minute) // in the bubble
		if n, ok := r.Expires(); n != 5 || !ok {
			t.Errorf("%d minutes", n)
		}
		if when, ok := r.ExpiresAbsolute(); !ok || !when.Equal(start.Add(7*time.Minute)) {
			t.Errorf("%v", when)
		}
		wantCode(t, "year 1", r.SetExpiresAbsolute(time.Time{}), 200)
		wantCode(t, "year 10000", r.SetExpiresAbsolute(time.Date(10000, 1, 2, 0, 0, 0, 0, time.UTC)), 200)
	})
}

func TestAppendToLog(t *testing.T) {
	r, _ := buffered()
	must(t, r.AppendToLog("one"), r.AppendToLog(strings.Repeat("é", 100)))
	wantCode(t, "comma", r.AppendToLog("a,b"), 163)
	for _, s := range []string{"a\nb", "a\rb", "a\x00", "a\u2028b"} {
		wantCode(t, s, r.AppendToLog(s), 104)
	}
	if want := "one," + strings.Repeat("é", 80); r.LogText() != want {
		t.Errorf("%q", r.LogText())
	}
	for range 200 {
		r.AppendToLog(strings.Repeat("x", 80))
	}
	if len(r.LogText()) > maxLogText {
		t.Errorf("%d bytes", len(r.LogText()))
	}
}

func TestIsClientConnected(t *testing.T) {
	r, s := buffered()
	if !r.IsClientConnected() {
		t.Error("connected at first")
	}
	s.gone = true
	if r.IsClientConnected() {
		t.Error("the client has gone")
	}
	s.gone = false
	r.Detach()
	if r.IsClientConnected() {
		t.Error("a detached page has no client")
	}
	if !NewResponse(ResponseConfig{}).IsClientConnected() {
		t.Error("without a Sink nobody has left")
	}
}

func TestSinkErrorsAreTheLastWord(t *testing.T) {
	boom := errors.New("boom")
	for _, at := range []string{"start", "write", "flush"} {
		s := &recorder{failAt: at, failure: boom}
		r := NewResponse(ResponseConfig{Sink: s, Buffering: true})
		must(t, r.WriteString("abc"))
		if err := r.Flush(); !errors.Is(err, boom) || asp.CodeOf(err) != 0 {
			t.Errorf("%s: %v", at, err)
		}
		n := len(s.events)
		if err := r.WriteString("more"); !errors.Is(err, boom) {
			t.Errorf("%s: %v", at, err)
		}
		if err := r.Flush(); !errors.Is(err, boom) || len(s.events) != n || r.BufferedBytes() != 0 || r.IsClientConnected() {
			t.Errorf("%s: %v, %v", at, err, s.events)
		}
	}
}

func TestDetachedResponseChangesNothing(t *testing.T) {
	r, s := buffered()
	must(t, r.WriteString("a"))
	cookies := r.Cookies()
	r.Detach()
	r.Detach()
	for what, err := range map[string]error{
		"WriteString": r.WriteString("x"), "WriteText": r.WriteText([]byte("x")), "BinaryWrite": r.BinaryWrite([]byte("x")),
		"Flush": r.Flush(), "Clear": r.Clear(), "Buffer": r.SetBuffer(false), "Status": r.SetStatus("404"),
		"ContentType": r.SetContentType("a/b"), "AddHeader": r.AddHeader("X", "y"), "Redirect": r.Redirect("/"),
		"Cookie": cookies.Set("a", "b"), "CodePage": r.SetCodePage(1252), "LCID": r.SetLCID(1031), "Log": r.AppendToLog("x"),
		"Reset": r.Reset(), "Expires": r.SetExpires(1),
	} {
		if !errors.Is(err, ErrDetached) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if r.Status() != "200 OK" || r.BufferedBytes() != 0 || r.Finish().Len() != 0 {
		t.Error("something changed")
	}
	s.check(t)
}

func TestFinishedResponseTakesNothingMore(t *testing.T) {
	r, _ := buffered()
	must(t, r.WriteString("abc"))
	body := r.Finish()
	if err := r.WriteString("late"); !errors.Is(err, ErrDetached) {
		t.Errorf("%v", err)
	}
	var out bytes.Buffer
	if n, err := body.WriteTo(&out); n != 3 || err != nil || out.String() != "abc" {
		t.Errorf("%d %v %q", n, err, out.String())
	}
	body.Release()
	body.Release()
	if body.Len() != 0 {
		t.Error("released and not empty")
	}
}

func TestResetMakesTheResponseNew(t *testing.T) {
	r, _ := buffered()
	held := r.Cookies()
	must(t, r.SetSessionCookie(&http.Cookie{Name: "S", Value: "1"}), r.WriteString("half a page"), r.SetStatus("201"),
		r.AddHeader("X-A", "1"), r.Cookies().Set("c", "1"), r.SetContentType("image/gif"), r.AddHeader("Content-Length", "5"),
		r.SetExpires(1), r.SetCodePage(1252), r.SetBuffer(false), r.SetCacheControl("public"), r.Reset())
	must(t, r.WriteString("é"), held.Set("d", "2"))
	status, _, h := r.Prepare()
	if status != 200 || len(h) != 3 || strings.Join(h["Set-Cookie"], "|") != "S=1|d=2; path=/" || h.Get("Content-Type") != "text/html; charset=utf-8" ||
		string(r.Body()) != "é" || !r.Buffer() {
		t.Errorf("%d %v %q", status, h, r.Body())
	}
	if _, ok := r.DeclaredLength(); ok {
		t.Error("the length is still promised")
	}
}

func TestPrepareFillsTheGivenHeader(t *testing.T) {
	own := http.Header{"X-Powered-By": {"naja"}, "Content-Type": {"x"}}
	r := NewResponse(ResponseConfig{Buffering: true, Header: own})
	must(t, r.AddHeader("x-powered-by", "a page"))
	_, _, h := r.Prepare()
	_, _, again := r.Prepare()
	if h.Get("Content-Type") != "text/html; charset=utf-8" || strings.Join(own["X-Powered-By"], "|") != "naja|a page" || len(again) != len(h) {
		t.Errorf("%v", own)
	}
}

func TestWithoutASinkNothingIsSentButTheLimitHolds(t *testing.T) {
	r := NewResponse(ResponseConfig{Limit: 5})
	must(t, r.WriteString("abc"))
	if !r.HeadersSent() || r.Flushed() || string(r.Body()) != "abc" {
		t.Errorf("%v %v %q", r.HeadersSent(), r.Flushed(), r.Body())
	}
	wantCode(t, "limit", r.WriteString("def"), 251)
}
