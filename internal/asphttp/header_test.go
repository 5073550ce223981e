package asphttp

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/najahost/naja/asp"
)

// controls are texts that must not get into a header, anywhere.
func controls(prefix string) []string {
	var out []string
	for _, c := range []string{"\r\nX-Second: 1", "\n", "\r", "\x00", "\x01", "\x0b", "\x1f", "\x7f"} {
		out = append(out, prefix+c, c, prefix+c+"tail")
	}
	return out
}

func TestControlCharactersAreRefusedEverywhere(t *testing.T) {
	setters := map[string]func(*Response, string) error{
		"AddHeader value":     func(r *Response, s string) error { return r.AddHeader("X-A", s) },
		"AddHeader name":      func(r *Response, s string) error { return r.AddHeader(s, "v") },
		"Set-Cookie":          func(r *Response, s string) error { return r.AddHeader("Set-Cookie", s) },
		"Location":            func(r *Response, s string) error { return r.AddHeader("Location", s) },
		"Content-Type header": func(r *Response, s string) error { return r.AddHeader("Content-Type", s) },
		"ContentType":         func(r *Response, s string) error { return r.SetContentType(s) },
		"Charset":             func(r *Response, s string) error { return r.SetCharset(s) },
		"CacheControl":        func(r *Response, s string) error { return r.SetCacheControl(s) },
		"PICS":                func(r *Response, s string) error { return r.PICS(s) },
		"Status":              func(r *Response, s string) error { return r.SetStatus("404 " + s) },
		"Redirect":            func(r *Response, s string) error { return r.Redirect(s) },
		"AppendToLog":         func(r *Response, s string) error { return r.AppendToLog(s) },
		"cookie name":         func(r *Response, s string) error { return r.Cookies().Set(s, "v") },
		"keyed cookie name":   func(r *Response, s string) error { return r.Cookies().SetKey(s, "k", "v") },
		"cookie path":         func(r *Response, s string) error { return r.Cookies().SetPath("c", s) },
		"cookie domain":       func(r *Response, s string) error { return r.Cookies().SetDomain("c", s) },
		"cookie SameSite":     func(r *Response, s string) error { return r.Cookies().SetSameSite("c", s) },
	}
	for name, set := range setters {
		for _, text := range controls("a") {
			r, _ := buffered()
			if err := set(r, text); asp.CodeOf(err) != 104 {
				t.Errorf("%s took %q: %v", name, text, err)
			}
			if err := set(r, text); strings.ContainsAny(fmt.Sprint(err), "\r\n\x00") {
				t.Errorf("%s: the message %q isn't one line", name, err)
			}
			status, reason, h := r.Prepare()
			if status != 200 || reason != "OK" || len(h) != 2 {
				t.Errorf("%s: %q left %d %q %v", name, text, status, reason, h)
			}
		}
	}
}

// What is URL-encoded needs no refusal: the line stays one line.
func TestCookieValuesAreEncoded(t *testing.T) {
	for _, text := range append(controls("a"), "\u010a", "a;b,c=d&e") {
		for _, number := range []int{65001, 1252, 932, 936, 949, 950} {
			r := NewResponse(ResponseConfig{Buffering: true, CodePage: codePage(t, number)})
			must(t, r.Cookies().Set("plain", text), r.Cookies().SetKey("keyed", text, text))
			_, _, h := r.Prepare()
			for _, line := range h["Set-Cookie"] {
				if strings.IndexFunc(line, func(c rune) bool { return c < ' ' || c >= 0x7f }) >= 0 || strings.Count(line, ";") != 1 {
					t.Errorf("%d: %q became %q", number, text, line)
				}
			}
		}
	}
}

// U+010A ends in the byte 0x0A: none of the code pages makes a line end of it.
func TestWideCharactersMakeNoLineEnds(t *testing.T) {
	text := "a\u010a\u010dX-Second: 1"
	for _, number := range []int{65001, 1252, 932, 936, 949, 950, 28591, 20127} {
		r := NewResponse(ResponseConfig{Buffering: true, CodePage: codePage(t, number)})
		must(t, r.AddHeader("X-A", text), r.PICS(text), r.Redirect("/"+text), r.Cookies().SetPath("c", "/"+text))
		if err := r.SetContentType(text); err == nil {
			t.Error("a content type beyond ASCII was taken")
		}
		_, _, h := r.Prepare()
		for name, values := range h {
			if strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
				t.Errorf("%d %s: %q", number, name, values)
			}
		}
	}
}

func TestAddHeader(t *testing.T) {
	r := NewResponse(ResponseConfig{Buffering: true, CodePage: codePage(t, 1252)})
	must(t, r.AddHeader("x-a", "1"), r.AddHeader("X-A", " 2\t"), r.AddHeader("X-Tab", "a\tb"), r.AddHeader("X-Empty", ""),
		r.AddHeader("Set-Cookie", "raw=a b; path=/"), r.AddHeader("X-Name", "café"), r.PICS("(PICS-1.1)"), r.PICS("two"))
	_, _, h := r.Prepare()
	for name, want := range map[string]string{"X-A": "1|2", "X-Tab": "a\tb", "X-Empty": "", "Set-Cookie": "raw=a b; path=/", "X-Name": "caf\xe9", "Pics-Label": "(PICS-1.1)|two"} {
		if got := strings.Join(h[name], "|"); got != want || len(h[name]) == 0 {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"", "a b", "a:b", "é", "a(b)", "a/b", "a\"", "[", "a,b"} {
		wantCode(t, name, NewResponse(ResponseConfig{}).AddHeader(name, "v"), 104)
	}
}

func TestFramingHeadersAreRefused(t *testing.T) {
	r, _ := buffered()
	for _, name := range []string{"Transfer-Encoding", "transfer-encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "TE", "Trailer", "HTTP2-Settings"} {
		wantCode(t, name, r.AddHeader(name, "x"), 104)
	}
	if _, _, h := r.Prepare(); len(h) != 2 {
		t.Errorf("%v", h)
	}
}

func TestContentLengthIsAPromise(t *testing.T) {
	for _, bad := range []string{"", "-1", "+3", "3,3", "0x3", "3 3", "1e3", "99999999999999999999", "3;"} {
		r, _ := buffered()
		wantCode(t, bad, r.AddHeader("Content-Length", bad), 104)
		if _, ok := r.DeclaredLength(); ok {
			t.Errorf("%q was taken", bad)
		}
	}
	r, _ := buffered()
	if _, ok := r.DeclaredLength(); ok {
		t.Error("nothing was promised")
	}
	must(t, r.AddHeader("content-length", " 5 "), r.AddHeader("Content-Length", "5"))
	wantCode(t, "another", r.AddHeader("Content-Length", "6"), 104)
	if n, ok := r.DeclaredLength(); n != 5 || !ok {
		t.Errorf("%d %v", n, ok)
	}
	if _, _, h := r.Prepare(); h.Get("Content-Length") != "" {
		t.Error("Prepare framed the response")
	}
	zero, _ := buffered()
	must(t, zero.AddHeader("Content-Length", "0"))
	if n, ok := zero.DeclaredLength(); n != 0 || !ok {
		t.Errorf("%d %v", n, ok)
	}
}

func TestHeadersAreBounded(t *testing.T) {
	r, _ := buffered()
	var err error
	n := 0
	for ; err == nil && n < 1000000; n++ {
		err = r.AddHeader("X-Loop", strings.Repeat("x", 100))
	}
	wantCode(t, "headers", err, 104)
	if n > maxHeaderBytes/100 {
		t.Errorf("%d headers were taken", n)
	}

	r, _ = buffered()
	for n, err = 0, nil; err == nil && n < 1000000; n++ {
		err = r.Cookies().Set(fmt.Sprint("c", n), "v")
	}
	wantCode(t, "cookies", err, 104)
	if r.Cookies().Len() != maxCookies {
		t.Errorf("%d cookies", r.Cookies().Len())
	}
	for n, err = 0, nil; err == nil && n < 1000000; n++ {
		err = r.Cookies().SetKey("c1", fmt.Sprint("k", n), "v")
	}
	wantCode(t, "keys", err, 104)

	// Assigning again and again is no growth.
	r, _ = buffered()
	for range 10000 {
		must(t, r.Cookies().Set("c", strings.Repeat("x", 1000)), r.Cookies().SetExpires("c", time.Now()))
	}
}
